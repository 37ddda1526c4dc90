// The customer's screen in Chinese.

export const customer = {
  training: '培训模式 · 不动真钱',
  idle: '欢迎光临',
  code: '请出示付款码',
  wait: '请稍候',
  confirm: '请在手机上确认付款',
  phone: '请看一下手机是否已付款，并告诉收银员',
  paid: '付款成功',
  'card-working': '正在给卡充值，请稍候',
  'card-done': '卡已充值',
  'card-ask': '充值结果请问收银员',
  again: '未扣款，请出示新的付款码',
  'not-charged': '未扣款，请稍候',
  ask: '请稍候，工作人员马上为您处理',
};
