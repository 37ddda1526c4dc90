// What is heard and what the customer sees, in English.

export const hall = {
  title: 'Sound and customer screen',
  open: 'Sound',
  on: (volume: number) => `${volume}%`,
  muted: 'Muted',
  none: 'No sound',
  noneMore: 'This computer plays no sound: no sound card or loudspeaker, or the system keeps it. The screen is what counts.',
  heardMore: 'Sound works.',
  untriedMore: 'Nothing was played yet.',
  volume: 'Volume',
  mute: 'Mute: no tones, no alarm, no voice',
  voice: 'Voice: says the amount once the payment is proved',
  voices: {
    screen: 'Language of the screen',
    'zh-CN': 'Chinese',
    en: 'English',
    both: 'Chinese, then English',
    off: 'No voice',
  },
  listen: 'Listen',
  tones: {
    scan: 'Scan seen',
    paid: 'Paid',
    refused: 'Not done',
    attention: 'Attention',
    alarm: 'Supervisor',
    voice: 'Voice',
  },
  customer: 'Customer screen',
  customerOn: 'Show the customer screen',
  customerMore: 'On the second monitor where there is one, else in a window. The customer sees the amount and what to do, nothing else.',
};
