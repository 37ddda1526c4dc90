// What stands around the sale in English: lock, looks, number pad, the day, the clock.
import type { Texts } from './texts';

export const lock: Texts['lock'] = {
  lock: 'Lock',
  title: 'Locked',
  by: (operator) => `Operator ${operator} is away; the sale is put out of sight.`,
  operator: 'Operator number to unlock',
  unlock: 'Unlock',
  other: (operator) => `${operator} locked the screen; this is another number.`,
  takeOver: (operator) => `Does ${operator} take over? What was entered and not confirmed is cleared.`,
  takeOverKey: (operator) => `${operator} takes over`,
  stay: 'Type again',
  goesOn: 'While the screen is locked, charges under way are still asked about; nothing is lost.',
  noCharge: 'No charge under way',
  notices: (count) => (count === 1 ? '1 notice waits: unlock to read it.' : `${count} notices wait: unlock to read them.`),
  refused: 'The screen is locked, so this was not used. Unlock it first.',
  armAgain: 'Unlocked. Check the amount and press Enter to confirm it again, then scan.',
};

export const look: Texts['look'] = {
  theme: 'Appearance',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  language: 'Language',
};

export const pad: Texts['pad'] = {
  show: 'Number pad',
  hide: 'Hide pad',
  label: 'Number pad',
  back: 'Delete',
  clear: 'Clear',
  enter: 'Enter',
};

export const today: Texts['today'] = {
  title: 'Today',
  count: (count) => (count === 1 ? '1 charge' : `${count} charges`),
  none: 'Nothing taken yet today',
  label: (day) => `Sums of this window on ${day}`,
};

export const steps: Texts['steps'] = {
  label: 'Steps of a sale',
  operator: 'Operator',
  bill: 'Bill',
  amount: 'Amount',
  card: 'Card',
  confirm: 'Press Enter',
  scan: 'Scan',
  done: 'done',
  now: 'now',
};

export const clock: Texts['clock'] = {
  name: 'Clock',
  unknown: { word: 'not checked', more: 'Not compared with the gateway yet. Times are for reading; no outcome depends on them.' },
  right: { word: 'correct', more: 'This clock agrees with the gateway.' },
  off: {
    word: 'wrong',
    fast: (minutes) => `This clock is ${minutes} min ahead of the gateway. Charges are not affected; ask support to set it.`,
    slow: (minutes) => `This clock is ${minutes} min behind the gateway. Charges are not affected; ask support to set it.`,
  },
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export const dates: Texts['dates'] = {
  moment: (month, day, time) => `${day} ${MONTHS[month - 1] ?? month} ${time}`,
};
