// What is heard and what the customer sees, in Chinese.

export const hall = {
  title: '声音与客显',
  open: '声音',
  on: (volume: number) => `${volume}%`,
  muted: '静音',
  none: '无声',
  noneMore: '这台电脑放不出声音：没有声卡或扬声器，或被系统占用。一切以屏幕为准。',
  heardMore: '声音正常。',
  untriedMore: '还没有放过声音。',
  volume: '音量',
  mute: '静音：提示音、警报和语音都不放',
  voice: '语音播报：收款确认后报出金额',
  voices: {
    screen: '跟随屏幕语言',
    'zh-CN': '中文',
    en: '英文',
    both: '中文，再英文',
    off: '不播报',
  },
  listen: '试听',
  tones: {
    scan: '扫到码',
    paid: '已收款',
    refused: '未成功',
    attention: '请注意',
    alarm: '叫主管',
    voice: '语音',
  },
  customer: '客显',
  customerOn: '打开顾客屏',
  customerMore: '有第二台显示器时放在那里，否则是一个普通窗口。顾客只看到金额和该做什么。',
};
