// What stands around the sale in Chinese: lock, looks, number pad, the day, the clock.

export const lock = {
  lock: '锁屏',
  title: '已锁屏',
  by: (operator: string) => `操作员 ${operator} 暂时离开，本单已收起。`,
  operator: '输入操作员号解锁',
  unlock: '解锁',
  other: (operator: string) => `锁屏的是 ${operator}，号码不一样。`,
  takeOver: (operator: string) => `换成 ${operator} 接班？本单未确认的内容会清空。`,
  takeOverKey: (operator: string) => `${operator} 接班`,
  stay: '重新输入',
  goesOn: '锁屏期间，已开始的收款照常查询，不会丢失。',
  noCharge: '没有进行中的收款',
  notices: (count: number) => `有 ${count} 条提醒，解锁后查看。`,
  refused: '屏幕已锁，没有采用。请先解锁。',
  armAgain: '已解锁。请核对金额，按 Enter 重新确认后再扫码。',
};

export const look = {
  theme: '外观',
  themes: { system: '跟随系统', light: '浅色', dark: '深色' },
  language: '语言',
};

export const pad = {
  show: '小键盘',
  hide: '收起键盘',
  label: '数字小键盘',
  back: '退格',
  clear: '清空',
  enter: '确认',
};

export const today = {
  title: '今日合计',
  count: (count: number) => `${count} 笔`,
  none: '今天还没有收款',
  label: (day: string) => `${day} 本窗口合计`,
};

export const steps = {
  label: '收款步骤',
  operator: '操作员',
  bill: '单据号',
  amount: '金额',
  card: '卡号',
  confirm: 'Enter 确认',
  scan: '扫码',
  done: '已完成',
  now: '现在',
};

export const clock = {
  name: '时钟',
  unknown: { word: '未对时', more: '还没有与平台对过时间。时间只供查看，不影响收款结果。' },
  right: { word: '准确', more: '本机时间与平台一致。' },
  off: {
    word: '不准',
    fast: (minutes: number) => `本机时间比平台快 ${minutes} 分钟：收款不受影响，请联系技术支持校时。`,
    slow: (minutes: number) => `本机时间比平台慢 ${minutes} 分钟：收款不受影响，请联系技术支持校时。`,
  },
};

export const dates = {
  moment: (month: number, day: number, time: string) => `${month}月${day}日 ${time}`,
};
