// How a charge stands, in look and words: its state, and what makes two charges of one state different for people.
import type { Texts } from './i18n/texts';
import { looks, type Look } from './states';
import type { ChargeView, State } from './types';

/** What the state alone does not say. */
export type Special = keyof Texts['special'];

/** Word, sentence and next step. */
export type Words = Texts['states'][State];

const MARKS: Record<Special, Look> = {
  begun: { tone: 'unsent', icon: 'card' },
  'begin-lost': { tone: 'unsent', icon: 'card-question' },
  'begin-refused': { tone: 'unsent', icon: 'card-cross' },
  'left-to-platform': { tone: 'paid', icon: 'check' },
  'owes-credit': { tone: 'call', icon: 'card-question' },
  'credited-before': { tone: 'call', icon: 'card-question' },
};

export function specialOf(charge: ChargeView): Special | null {
  const { state, why } = charge;
  if (state === 'beginning') return charge.begun ? 'begun' : charge.said ? 'begin-lost' : null;
  if (state === 'never-sent' && why?.why === 'begin-refused') return 'begin-refused';
  if (state === 'recharge-refused' && why?.why === 'credit-refused' && why.already) return 'credited-before';
  if (state === 'paid' && charge.left_to_platform) return 'left-to-platform';
  return charge.owes_credit ? 'owes-credit' : null;
}

export function wordsOf(charge: ChargeView, t: Texts): Words {
  const special = specialOf(charge);
  return special ? t.special[special] : t.states[charge.state];
}

export function lookOf(charge: ChargeView): Look {
  const special = specialOf(charge);
  return special ? MARKS[special] : looks[charge.state];
}

/** What became of the second leg of a recharge, once the money is in. */
export type Leg = Exclude<keyof Texts['legs'], 'label' | 'money'>;

const LEGS: Partial<Record<State, Leg>> = {
  recharging: 'recharging',
  recharged: 'recharged',
  'recharge-undecided': 'recharge-undecided',
  'recharge-refused': 'recharge-refused',
  'settled-credited': 'settled-credited',
  'settled-not-credited': 'settled-not-credited',
};

/** `null` for a charge without a second leg, or whose money is not in. */
export function legOf(charge: ChargeView): Leg | null {
  const special = specialOf(charge);
  if (special === 'left-to-platform' || special === 'owes-credit' || special === 'credited-before') return special;
  return LEGS[charge.state] ?? null;
}

/** The beginning of a recharge that is still being answered. */
export function isBeginning(charge: ChargeView): boolean {
  return charge.state === 'beginning' && specialOf(charge) === null;
}

const LATE: readonly State[] = ['late-success', 'unmatched-success', 'returned'];

/** A late truth: nothing a cashier can leave for later. */
export function isLoud(charge: ChargeView): boolean {
  return LATE.includes(charge.state);
}
