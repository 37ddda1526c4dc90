// Made-up views for tests and for work in a plain browser.
import type { ChargeView, SaleView, State, View, Why } from '../types';

/** The sale of the story. */
export const sale: SaleView = { bill: 'T2026112200017', amount: '260.00', business: 1, card: null };

/** A view with nothing in it but a signed-in operator, changed as told. */
export function view(change: Partial<View> = {}): View {
  return {
    number: 1,
    training: false,
    window: { id: 'W01', name: '1号窗口', language: 'zh-CN', businesses: [1, 2, 3, 4, 5, 6, 7], bill_length_max: 20 },
    operator: 'S0107',
    gate: null,
    armed: null,
    held: null,
    front: null,
    scan: null,
    notices: [],
    pending: [],
    recent: [],
    health: {
      gateway: { kind: 'answering' },
      scanner: { kind: 'ready', port: '/dev/ttyACM0', label: 'Honeywell 1470g' },
      journal_ok: true,
    },
    ...change,
  };
}

/** A charge of the story's sale, changed as told. */
export function charge(state: State, change: Partial<ChargeView> = {}): ChargeView {
  return {
    ...sale,
    id: '01JDB0000000000000000000C1',
    operator: 'S0107',
    wallet: 'wechat',
    code: '13…6789',
    state,
    why: whys[state] ?? null,
    text: state === 'declined' ? '余额不足' : '',
    sent_at: '2026-11-22T19:02:11.120+08:00',
    moved_at: '2026-11-22T19:02:12.480+08:00',
    phone: null,
    asks_phone: false,
    live: live.includes(state) ? { age_ms: 12_400, queries: 7, next_query_ms: 1800 } : null,
    ...change,
  };
}

const live: State[] = ['beginning', 'sending', 'confirming', 'checking', 'parked', 'declined'];

const whys: Partial<Record<State, Why>> = {
  confirming: { why: 'customer-must-act' },
  checking: { why: 'not-certain', said: { said: 'lost', how: 'timeout' } },
  parked: { why: 'front-window-over' },
  paid: { why: 'paid-by-query' },
  declined: { why: 'refused-by-platform', errcode: 40004 },
  'never-sent': { why: 'connection-never-made' },
  'late-success': { why: 'paid-after-all' },
  returned: { why: 'returned-by-gateway' },
};
