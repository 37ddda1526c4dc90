// What a supervisor may decide, and what each decision does, in Chinese.

export const words = {
  paid: { name: '已收款', does: '按已收款处理：本单据不再收款。程序会继续留意平台的答复。' },
  'not-paid': { name: '未收款', does: '按未收款处理：本单据可以重新收款。平台以后确认已收款时会报警。' },
  'credit-now': { name: '现在充值', does: '立即向平台发出一次充值请求。请先核对卡内还没有到账。' },
  credited: { name: '已充值', does: '您已核对卡内到账：不再发出充值请求。' },
  'not-credited': { name: '未充值', does: '卡内没有到账，也不再充值：请经售票系统退款或另行处理。' },
  applied: { name: '记入本单', does: '这笔钱算作本单据的付款：本单据不再收款。' },
  refund: { name: '退款', does: '经售票系统把钱退给顾客；本机不会自动退款。' },
  release: { name: '放行单据号', does: '这笔仍是已收款，但单据号可以再次收款。' },
};
