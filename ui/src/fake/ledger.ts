// Made-up pending entries, timelines and days, for tests and for work in a plain browser.
import { charge } from './views';
import type { ChargeView, DaySumView, Line, LineView, State } from '../types';

/** A pending entry of its own. */
export function entry(n: number, state: State, change: Partial<ChargeView> = {}): ChargeView {
  const two = String(n % 60).padStart(2, '0');
  return charge(state, {
    id: `01JDB${String(n).padStart(21, '0')}`,
    bill: `T20261122${String(n).padStart(5, '0')}`,
    amount: `${40 + n * 10}.00`,
    operator: n % 3 ? 'S0107' : 'S0211',
    sent_at: `2026-11-22T1${n % 9}:${two}:04.120+08:00`,
    moved_at: `2026-11-22T1${n % 9}:${two}:09.480+08:00`,
    ...change,
  });
}

const recharge = { business: 7, card: 'C600100200', begun: true, credits: 1 };

/** One of every kind, in the order in which they came. */
export const desk: ChargeView[] = [
  entry(1, 'parked', { said: { said: 'lost', how: 'timeout' }, live: { age_ms: 620_000, queries: 41, next_query_ms: 42_000 } }),
  entry(2, 'recharge-undecided', { ...recharge, said: { said: 'lost', how: 'timeout' } }),
  entry(3, 'late-success', { said: { said: 'word', word: 'SUCCESS' } }),
  entry(4, 'checking', { said: { said: 'still-open' }, help: true }),
  entry(5, 'recharge-refused', recharge),
  entry(6, 'returned', { said: { said: 'word', word: 'REFUND' } }),
  entry(7, 'unmatched-success', { autoid: '202611220000099' }),
  entry(8, 'beginning', { business: 7, card: 'C600100201', code: '', wallet: '', autoid: null, said: { said: 'lost', how: 'timeout' } }),
  entry(9, 'paid', { ...recharge, credits: 0, owes_credit: true, may_settle: ['credit-now', 'credited', 'not-credited', 'release'] }),
];

/** As many entries as told, some of every kind. */
export function many(count: number): ChargeView[] {
  return Array.from({ length: count }, (_, n) => ({ ...desk[n % desk.length]!, ...pick(entry(n, 'parked')) }));
}

function pick({ id, bill, sent_at }: ChargeView): Partial<ChargeView> {
  return { id, bill, sent_at };
}

/** A line of every kind. */
export const everyLine: Line[] = [
  { kind: 'beginning' },
  { kind: 'begun' },
  { kind: 'scanned', code: '13…6789', wallet: 'wechat' },
  { kind: 'receipt', autoid: '202611220000017' },
  { kind: 'moved', to: 'confirming', why: { why: 'customer-must-act' }, text: '' },
  { kind: 'answered', said: { said: 'lost', how: 'timeout' } },
  { kind: 'moved', to: 'parked', why: { why: 'front-window-over' }, text: '' },
  { kind: 'notice-raised' },
  { kind: 'notice-taken' },
  { kind: 'negative-seen', word: 'CLOSED' },
  { kind: 'negative-dropped' },
  { kind: 'refused', text: '系统错误' },
  { kind: 'refusal-contradicted' },
  { kind: 'phone-shows', answer: 'unsure' },
  { kind: 'help-asked' },
  { kind: 'settle-overtaken', word: 'not-paid', by: '王芳', reason: '顾客手机显示已付款', evidence: '' },
  { kind: 'settled', word: 'paid', by: '王芳', reason: '顾客手机显示已付款', evidence: '4200002234202611220123456789' },
  { kind: 'moved', to: 'settled-paid', why: { why: 'settled', by: '王芳', reason: '顾客手机显示已付款' }, text: '' },
  { kind: 'crediting' },
  { kind: 'left-to-platform' },
  { kind: 'watch-ended' },
  { kind: 'unmatched' },
  { kind: 'moved', to: 'recharge-refused', why: { why: 'credit-refused', said: { said: 'error', errcode: 50012, text: '' }, already: true }, text: '重复充值' },
];

/** The lines with times one after the other. */
export function timed(lines: Line[]): LineView[] {
  return lines.map((what, n) => ({ at: `2026-11-22T19:0${Math.floor(n / 6)}:${String((n * 9) % 60).padStart(2, '0')}.120+08:00`, what }));
}

export const sums: DaySumView[] = [
  { state: 'paid', count: 182, sum: '48620.00' },
  { state: 'declined', count: 11, sum: '3270.50' },
  { state: 'recharged', count: 9, sum: '2700.00' },
  { state: 'parked', count: 1, sum: '50.00' },
  { state: 'late-success', count: 1, sum: '70.00' },
];

const PAST: State[] = ['paid', 'paid', 'recharged', 'declined', 'paid', 'settled-not-paid', 'late-success', 'never-sent', 'released'];

/** A day of charges, newest first. */
export function past(count: number): ChargeView[] {
  return Array.from({ length: count }, (_, n) => entry(n, PAST[n % PAST.length]!, { live: null })).reverse();
}
