// What each state means to a cashier, in Chinese: what happened, whether money moved, what to do.

export const states = {
  entering: {
    word: '准备收款',
    sentence: '输入单据号和金额，按 Enter 确认。',
    next: '确认金额之后再扫码。',
  },
  armed: {
    word: '请扫描顾客付款码',
    sentence: '金额已确认，还没有收款。改动任何一项都要重新确认。',
    next: '扫码枪对准顾客手机上的付款码。',
  },
  beginning: {
    word: '正在登记充值',
    sentence: '正在向平台登记充值，还没有用到付款码。',
    next: '请稍候，先不要扫码。',
  },
  sending: {
    word: '正在提交',
    sentence: '付款码已提交，正在等平台答复。',
    next: '请稍候，不要重复扫码。',
  },
  confirming: {
    word: '等待顾客确认',
    sentence: '请顾客在手机上输入密码或确认。钱是否收到，还不确定。',
    next: '请勿再次收款。',
  },
  checking: {
    word: '结果确认中',
    sentence: '钱是否收到，还不知道；正在向平台查询。',
    next: '请勿再次收款，请顾客稍等一下。',
  },
  parked: {
    word: '待定，已转后台',
    sentence: '钱是否收到，还不知道。后台会一直查询，有结果马上提醒您。',
    next: '本单据先不要再收，可以接待下一位。',
  },
  paid: {
    word: '收款成功',
    sentence: '平台已确认收款。',
    next: '直接输入下一单即可。',
  },
  declined: {
    word: '未收款',
    sentence: '平台答复：这次没有收款，顾客的钱没有动。',
    next: '请顾客刷新付款码，或换一种支付方式。',
  },
  'never-sent': {
    word: '未发出，未收款',
    sentence: '请求没有离开本机，顾客没有被扣款。',
    next: '请检查网络，并请顾客刷新付款码。',
  },
  recharging: {
    word: '已收款，正在充值',
    sentence: '平台已确认收款，钱正在充进储值卡。',
    next: '不要再次充值；可以直接输入下一单。',
  },
  recharged: {
    word: '已收款，已充值',
    sentence: '平台已确认收款，储值卡已充值。',
    next: '请把卡交还顾客，直接输入下一单即可。',
  },
  'recharge-undecided': {
    word: '已收款，充值结果待定',
    sentence: '平台已确认收款；卡里到没到账，还不知道。',
    next: '请联系主管，不要再次收款或充值。',
  },
  'recharge-refused': {
    word: '已收款，未充值',
    sentence: '平台已确认收款，但拒绝了充值。',
    next: '请联系主管，不要再次收款。',
  },
  'late-success': {
    word: '更正：已收款',
    sentence: '这笔先前按未收款处理，现在平台确认已收款。',
    next: '请联系主管，本单据不要再收。',
  },
  'unmatched-success': {
    word: '有一笔对不上的收款',
    sentence: '平台报告本单据收款成功，但对不上本机的任何一次收款。',
    next: '请联系主管核对。',
  },
  returned: {
    word: '款项已退回',
    sentence: '平台答复这笔款已退回给顾客。',
    next: '请联系主管，先不要出票或交货。',
  },
  'settled-paid': {
    word: '主管认定：已收款',
    sentence: '主管已核对，这笔按已收款处理。',
    next: '本单据不用再收。',
  },
  'settled-not-paid': {
    word: '主管认定：未收款',
    sentence: '主管已核对，这笔按未收款处理；程序会继续留意。',
    next: '需要时可以重新收款。',
  },
  'settled-credited': {
    word: '主管认定：已充值',
    sentence: '款已收，主管已核对储值卡到账。',
    next: '不用再充值。',
  },
  'settled-not-credited': {
    word: '主管认定：未充值',
    sentence: '款已收，主管已核对储值卡没有到账。',
    next: '请按主管的安排办理。',
  },
  'settled-applied': {
    word: '主管认定：已入本单',
    sentence: '主管已把后来确认的收款记入本单据。',
    next: '本单据不用再收。',
  },
  'settled-refund': {
    word: '主管认定：退款',
    sentence: '主管已决定这笔款经售票系统退还。',
    next: '请按主管的安排办理。',
  },
  released: {
    word: '已收款，单据号已放行',
    sentence: '这笔已收款；主管已放行单据号。',
    next: '此单据号可以再次使用。',
  },
};
