// The order and the filters of the pending desk.
import { isOpen } from './states';
import type { ChargeView, State } from './types';

/** What can be picked out. */
export type Kind = 'all' | 'call' | 'recharge' | 'undecided' | 'help';

export const KINDS: Kind[] = ['all', 'call', 'recharge', 'undecided', 'help'];

/** Money that moved and is not where it belongs comes before money nobody knows about. */
const RISK: State[] = ['late-success', 'unmatched-success', 'returned', 'recharge-refused', 'recharge-undecided'];

function rank(charge: ChargeView): number {
  const grave = RISK.indexOf(charge.state);
  if (grave >= 0) return grave;
  if (charge.owes_credit) return RISK.length;
  if (charge.state === 'beginning') return RISK.length + 3;
  return charge.state === 'recharging' ? RISK.length + 1 : RISK.length + 2;
}

/** By risk, then the oldest first. */
export function byRisk(pending: readonly ChargeView[]): ChargeView[] {
  return [...pending].sort((a, b) => rank(a) - rank(b) || order(a.sent_at, b.sent_at) || order(a.id, b.id));
}

export function isOfKind(charge: ChargeView, kind: Kind): boolean {
  switch (kind) {
    case 'all':
      return true;
    case 'call':
      return rank(charge) <= RISK.length;
    case 'recharge':
      return charge.card !== null && (charge.owes_credit || charge.state.startsWith('recharg'));
    case 'undecided':
      return isOpen(charge.state) && charge.state !== 'beginning';
    case 'help':
      return charge.help;
  }
}

/** Every part of the text stands in something that names the charge. */
export function holds(charge: ChargeView, text: string): boolean {
  const named = [charge.bill, charge.operator, charge.amount, charge.card ?? '', charge.code, charge.autoid ?? ''];
  const all = named.join(' ').toLowerCase();
  return text.toLowerCase().split(/\s+/).every((part) => all.includes(part));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
