// What the panel says when a sale waits for a scan and no scanner can read one, in Chinese.

export const cutOff = {
  lost: { word: '扫码枪断开，请重新插好', next: '插好就能扫，不用重新确认。' },
  missing: { word: '现在扫不了码', next: '扫码枪就绪后直接扫，不用重新确认。' },
  sentence: '金额已确认，还没有收款，钱没有动；这一单一直有效。',
  orType: '也可以换一把键盘式扫码枪扫。',
};
