// What the screen does for each state: its colour family, its symbol, and which functions it offers.
import type { ChargeView, Shown, State, View } from './types';

/** Colour families. `wait`, `paid` and `refused` fill the panel; the others only mark its edge. */
export type Tone = 'plain' | 'ready' | 'wait' | 'paid' | 'refused' | 'unsent' | 'working' | 'call' | 'settled';

/** Symbols, drawn by `Icon.svelte`. */
export type IconName =
  | 'pencil'
  | 'scan'
  | 'card'
  | 'send'
  | 'phone'
  | 'search'
  | 'clock'
  | 'check'
  | 'cross'
  | 'unplugged'
  | 'card-check'
  | 'card-question'
  | 'card-cross'
  | 'check-bell'
  | 'question'
  | 'return'
  | 'stamp-check'
  | 'stamp-cross'
  | 'unlock'
  | 'lock'
  | 'sun'
  | 'moon'
  | 'screen'
  | 'pad'
  | 'globe'
  | 'backspace'
  | 'enter'
  | 'person'
  | 'list'
  | 'bell'
  | 'stop'
  | 'spinner';

/** How one state looks. */
export interface Look {
  tone: Tone;
  icon: IconName;
}

export const looks: Record<Shown, Look> = {
  entering: { tone: 'plain', icon: 'pencil' },
  armed: { tone: 'ready', icon: 'scan' },
  beginning: { tone: 'wait', icon: 'card' },
  sending: { tone: 'wait', icon: 'send' },
  confirming: { tone: 'wait', icon: 'phone' },
  checking: { tone: 'wait', icon: 'search' },
  parked: { tone: 'wait', icon: 'clock' },
  paid: { tone: 'paid', icon: 'check' },
  declined: { tone: 'refused', icon: 'cross' },
  'never-sent': { tone: 'unsent', icon: 'unplugged' },
  recharging: { tone: 'working', icon: 'card' },
  recharged: { tone: 'paid', icon: 'card-check' },
  'recharge-undecided': { tone: 'call', icon: 'card-question' },
  'recharge-refused': { tone: 'call', icon: 'card-cross' },
  'late-success': { tone: 'call', icon: 'check-bell' },
  'unmatched-success': { tone: 'call', icon: 'question' },
  returned: { tone: 'call', icon: 'return' },
  'settled-paid': { tone: 'settled', icon: 'stamp-check' },
  'settled-not-paid': { tone: 'settled', icon: 'stamp-cross' },
  'settled-credited': { tone: 'settled', icon: 'card-check' },
  'settled-not-credited': { tone: 'settled', icon: 'card-cross' },
  'settled-applied': { tone: 'settled', icon: 'stamp-check' },
  'settled-refund': { tone: 'settled', icon: 'return' },
  released: { tone: 'settled', icon: 'unlock' },
};

const OPEN: readonly State[] = ['beginning', 'sending', 'confirming', 'checking', 'parked'];
export const HELD_IN_FRONT: readonly State[] = ['beginning', 'sending', 'confirming', 'checking'];
const RESCAN: readonly State[] = ['declined', 'never-sent'];

/** May have taken money, or is about to; nobody knows how it ends. */
export function isOpen(state: State): boolean {
  return OPEN.includes(state);
}

/** A query could tell something new about it. */
export function isAsked(state: State): boolean {
  return isOpen(state) && state !== 'sending' && state !== 'beginning';
}

/** While such a charge is in front, the fields are locked. */
export function locks(charge: ChargeView | null): boolean {
  return charge !== null && HELD_IN_FRONT.includes(charge.state) && !(charge.state === 'beginning' && charge.said !== null);
}

/** Ended without money: what was entered is kept for a fresh code. */
export function keepsEntry(state: State): boolean {
  return RESCAN.includes(state);
}

/** What the panel shows. A charge in front comes first, unless the sale was armed anew by the cashier's own key. */
export function shownOf(view: View, justParked: ChargeView | null): Shown {
  const { front, armed } = view;
  if (front && !(armed && !locks(front) && !(keepsEntry(front.state) && front.phone === null))) return front.state;
  if (armed) return 'armed';
  return justParked ? justParked.state : 'entering';
}
