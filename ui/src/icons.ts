// The symbols, as strokes on a 24 × 24 grid.
import type { IconName } from './states';

const CARD = 'M3 6h18v12H3zM3 10h18';
const STAMP = 'M9 3h6v3l-1 5h4v4H6v-4h4L9 6zM5 20h14';

export const strokes: Record<IconName, string> = {
  pencil: 'M4 20l1-5L16 4l4 4L9 19zM13.5 6.5l4 4',
  scan: 'M3 8V4h4M17 4h4v4M21 16v4h-4M7 20H3v-4M7 8v8M10.5 8v8M13.5 8v8M17 8v8',
  card: `${CARD}M6 14.5h5`,
  send: 'M3 11.5L21 3l-6 18-4-7.500zM11 13.500L21 3',
  phone: 'M7 2.500h10v19H7zM11 18.500h2M10 9h4v4h-4zM10.800 9V7.500a1.200 1.200 0 0 1 2.400 0V9',
  search: 'M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM15.500 15.500L21 21M10.500 7.500v3.500l2 1.500',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.500l3.500 2',
  check: 'M4.500 12.500l5 5L19.500 7',
  cross: 'M6 6l12 12M18 6L6 18',
  unplugged: 'M4 4l16 16M9 3v4M15 3v5M7 9v2a5 5 0 0 0 7 4.600M17 12.500V9h-4M12 16v5',
  'card-check': `${CARD}M8.500 14l2 2 4-3.500`,
  'card-question': 'M3 6h18v12H3zM10 10.500a2 2 0 1 1 2.600 1.900c-.500.200-.600.600-.600 1.100M12 15.800v.200',
  'card-cross': `${CARD}M10 13l4 3.500M14 13l-4 3.500`,
  'check-bell': 'M6 17V11a6 6 0 0 1 12 0v6l1.500 1.500h-15zM10.500 21.500h3M9.500 12.500l2 2 3.500-3.500',
  question: 'M8 9a4 4 0 1 1 5.500 3.700c-1.100.500-1.500 1.200-1.500 2.300M12 18.800v.200',
  return: 'M8 5L3.500 9.500 8 14M4 9.500h10a5.500 5.500 0 0 1 0 11H9',
  'stamp-check': `${STAMP}M15.500 5l1.500 1.500 3-3`,
  'stamp-cross': `${STAMP}M17 3l3 3M20 3l-3 3`,
  unlock: 'M5 11h14v10H5zM8 11V7.500a4 4 0 0 1 7.700-1.500M12 15v2.500',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l1.500 1.500h-15zM10.500 21.500h3',
  stop: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12h8',
  spinner: 'M12 3a9 9 0 1 1-9 9',
};
