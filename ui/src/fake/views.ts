// Made-up views for tests and for work in a plain browser.
import type { ChargeView, SaleView, State, TypedCode, View, Why, Word } from '../types';

/** The sale of the story. */
export const sale: SaleView = { bill: 'T2026112200017', amount: '260.00', business: 1, card: null };

/** The one wallet's code with letters in the table that ships. */
const face: TypedCode = { least: 35, most: 35, prefixes: ['fp'], mark_at: 0, mark: '', letters: true };

/** A view with nothing in it but a signed-in operator, changed as told. */
export function view(change: Partial<View> = {}): View {
  return {
    number: 1,
    training: false,
    window: { id: 'W01', name: '1号窗口', language: 'zh-CN', businesses: [1, 2, 3, 4, 5, 6, 7], bill_length_max: 20, typing: { key_gap_ms: 50, bill_pattern: '', card_pattern: '', takes_codes: true, codes: [face] } },
    operator: 'S0107',
    locked: false,
    look: { theme: 'system', language: 'zh-CN', pad: false },
    gate: null,
    armed: null,
    held: null,
    front: null,
    scan: null,
    notices: [],
    pending: [],
    recent: [],
    supervisors: { names: ['王芳'], session: null, wait_s: 0 },
    health: {
      gateway: { kind: 'answering' },
      scanner: { kind: 'ready', port: '/dev/ttyACM0', label: 'Honeywell 1470g' },
      journal_ok: true,
      clock: { kind: 'right' },
    },
    traced: 0,
    pairing: null,
    set_up: false,
    hall: { volume: 70, mute: false, voice: 'screen', customer_screen: false },
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
    said: null,
    autoid: '202611220000017',
    help: false,
    begun: false,
    credits: 0,
    left_to_platform: false,
    owes_credit: false,
    may_settle: words[state] ?? [],
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
  recharging: { why: 'crediting' },
  recharged: { why: 'credited' },
  'recharge-undecided': { why: 'not-certain', said: { said: 'lost', how: 'timeout' } },
  'recharge-refused': { why: 'credit-refused', said: { said: 'error', errcode: 50012, text: '卡状态异常' }, already: false },
  'settled-paid': { why: 'settled', by: '王芳', reason: '顾客手机显示已付款' },
  'settled-not-paid': { why: 'settled', by: '王芳', reason: '顾客手机没有扣款' },
  'settled-credited': { why: 'settled', by: '王芳', reason: '卡机读出余额已增加' },
  'settled-not-credited': { why: 'settled', by: '王芳', reason: '顾客不要了' },
  'settled-applied': { why: 'settled', by: '王芳', reason: '补记' },
  'settled-refund': { why: 'settled', by: '王芳', reason: '顾客另付了现金' },
  released: { why: 'settled', by: '王芳', reason: '单据号录错' },
};

/** What may be settled, as the backend says it. */
const words: Partial<Record<State, Word[]>> = {
  sending: ['paid', 'not-paid'],
  confirming: ['paid', 'not-paid'],
  checking: ['paid', 'not-paid'],
  parked: ['paid', 'not-paid'],
  paid: ['release'],
  'recharge-undecided': ['credit-now', 'credited', 'not-credited'],
  'recharge-refused': ['credit-now', 'credited', 'not-credited'],
  'late-success': ['applied', 'refund'],
  'unmatched-success': ['applied', 'refund'],
  returned: ['applied', 'refund'],
};
