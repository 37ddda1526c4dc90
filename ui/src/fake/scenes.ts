// Named scenes for looking at the screen: every state, and everything that can lie over or beside it.
import { desk, many } from './ledger';
import { charge, sale, view } from './views';
import type { ScanOutcome, State, View } from '../types';

const STATES: State[] = [
  'beginning',
  'sending',
  'confirming',
  'checking',
  'parked',
  'paid',
  'declined',
  'never-sent',
  'recharging',
  'recharged',
  'recharge-undecided',
  'recharge-refused',
  'late-success',
  'unmatched-success',
  'returned',
  'settled-paid',
  'settled-not-paid',
  'settled-credited',
  'settled-not-credited',
  'settled-applied',
  'settled-refund',
  'released',
];

const card = { business: 7, card: 'C600100200' };

const other = (n: number, state: State, amount: string) =>
  charge(state, {
    id: `01JDB00000000000000000000${n}`,
    bill: `T20261122000${10 + n}`,
    amount,
    sent_at: `2026-11-22T18:5${9 - n}:0${n}.000+08:00`,
  });

const recent = [
  other(1, 'paid', '180.00'),
  other(2, 'declined', '1260.00'),
  other(3, 'paid', '90.00'),
  other(4, 'parked', '320.00'),
  other(5, 'late-success', '45.50'),
  other(6, 'paid', '12800.00'),
];
const pending = [other(5, 'late-success', '45.50'), other(4, 'parked', '320.00')];

const scan = (outcome: ScanOutcome): Partial<View> => ({ scan: { number: 1, read: '13…6789', outcome } });

const base = (change: Partial<View> = {}) => view({ recent, pending, ...change });

/** Scenes of two steps are reached as in life: the first view, then the change. */
export type Scene = [View, Partial<View>?];

export const scenes: Record<string, Scene> = {
  'signed-out': [base({ operator: null, pending: [] })],
  empty: [base({ recent: [], pending: [] })],
  entering: [base()],
  armed: [base({ armed: sale })],
  'armed-large': [base({ armed: { ...sale, amount: '12345678.90' } })],
  held: [base({ armed: sale, held: { code: '99…6789' } })],
  'asks-phone': [base({ front: charge('declined', { asks_phone: true, text: '系统错误，请稍后再试' }) })],
  'long-text': [base({ armed: sale, front: charge('declined', { text: '该笔交易已被发卡行拒绝，请顾客联系发卡行或更换其他支付方式后重试' }) })],
  unlooked: [base({ armed: sale, front: charge('declined', { why: { why: 'refused-unlooked', status: 401 }, text: '' }) })],
  rescan: [base({ armed: sale, front: charge('declined') })],
  notice: [base({ armed: sale, notices: [other(4, 'paid', '320.00'), other(3, 'declined', '90.00')] })],
  gate: [base({ gate: { gate: 'behind-witness', journal: 1201, witness: 1203 } })],
  locked: [base({ locked: true })],
  'locked-confirming': [base({ locked: true, front: charge('confirming'), notices: [other(4, 'paid', '320.00')] })],
  pad: [base({ look: { theme: 'system', language: 'zh-CN', pad: true } })],
  'pad-recharge': [base({ armed: { ...sale, ...card }, look: { theme: 'system', language: 'zh-CN', pad: true } })],
  silent: [base({ health: { gateway: { kind: 'silent' }, scanner: { kind: 'lost', port: '/dev/ttyACM0', reason: '' }, journal_ok: true, clock: { kind: 'off', ahead_s: -420 } } })],
  'paid-now': [base({ armed: sale }), { armed: null, front: charge('paid') }],
  'scan-seen': [base(), scan({ kind: 'bill', text: 'T2026112200018' })],
  'scan-refused': [base(), scan({ kind: 'refused', refusal: { kind: 'not-armed' } })],
  'scan-busy': [
    base({ front: charge('checking') }),
    scan({ kind: 'refused', refusal: { kind: 'front-busy', charge: '' } }),
  ],
  'scan-used': [
    base({ front: charge('declined'), armed: sale }),
    scan({ kind: 'refused', refusal: { kind: 'code-used', charge: '' } }),
  ],
  desk: [base({ pending: desk })],
  'desk-none': [base({ pending: [] })],
  'desk-500': [base({ pending: many(500) })],
  'desk-session': [base({ pending: desk, supervisors: { names: ['王芳', '李强'], session: '王芳', wait_s: 0 } })],
  'desk-wait': [base({ pending: desk, supervisors: { names: ['王芳'], session: null, wait_s: 58 } })],
  'desk-nobody': [base({ pending: desk, supervisors: { names: [], session: null, wait_s: 0 } })],
  'desk-front': [base({ pending: desk, front: charge('confirming') })],
  'set-up': [base({ operator: null, pending: [], recent: [], supervisors: { names: [], session: null, wait_s: 0 } })],
  late: [base({ armed: sale, notices: [other(3, 'paid', '90.00'), other(5, 'late-success', '45.50')] })],
  'late-desk': [base({ pending: desk, notices: [other(5, 'returned', '45.50')] })],
  'recharge-armed': [base({ armed: { ...sale, ...card } })],
  'begin-lost': [base({ front: charge('beginning', { ...card, code: '', said: { said: 'lost', how: 'timeout' } }) })],
  'begin-refused': [
    base({ front: charge('never-sent', { ...card, code: '', why: { why: 'begin-refused', said: { said: 'error', errcode: 40011, text: '' } }, text: '卡已挂失' }) }),
  ],
  'credited-before': [
    base({ front: charge('recharge-refused', { ...card, why: { why: 'credit-refused', said: { said: 'error', errcode: 50010, text: '' }, already: true }, text: '该单已充值' }) }),
  ],
  'left-to-platform': [base({ front: charge('paid', { ...card, left_to_platform: true }) })],
  'owes-credit': [base({ front: charge('paid', { ...card, owes_credit: true }) })],
  training: [base({ training: true })],
  'training-confirming': [base({ training: true, front: charge('confirming') })],
  'training-phone': [
    base({
      training: true,
      front: charge('declined', { asks_phone: true }),
      notices: [other(4, 'paid', '320.00')],
      gate: { gate: 'disk-full' },
    }),
    scan({ kind: 'refused', refusal: { kind: 'ask-phone', bill: sale.bill, charge: '' } }),
  ],
  ...Object.fromEntries(STATES.map((state): [string, Scene] => [state, [base({ front: charge(state, state.startsWith('recharg') ? card : {}) })]])),
};
