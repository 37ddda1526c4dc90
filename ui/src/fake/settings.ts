// Made-up settings for tests and for work in a plain browser.
import type { Allowed, Finding, PairingView, ScanTrace, SettingView } from '../types';

const text = (least: number, most: number): Allowed => ({ kind: 'text', least, most });

function setting(key: string, value: string, allowed: Allowed): SettingView {
  return { key, value, default: value, allowed, leave: key === 'window.language' ? 'nobody' : 'supervisor' };
}

/** As a new till has them, with a gateway. */
export const settingViews: SettingView[] = [
  setting('window.id', 'W01', text(1, 20)),
  setting('window.name', '1号窗口', text(1, 60)),
  setting('window.language', 'zh-CN', { kind: 'choice', words: ['zh-CN', 'en'] }),
  setting('window.businesses', '1, 2, 3, 4, 5, 6, 7', { kind: 'businesses' }),
  setting('window.lock_after_minutes', '0', { kind: 'number', least: 0, most: 120 }),
  setting('gateway.base_url', 'https://gateway.example/', { kind: 'address' }),
  setting('gateway.allow_http', 'false', { kind: 'flag' }),
  setting('gateway.ca_file', '', { kind: 'file' }),
  setting('gateway.payment_type', '', { kind: 'payment-type' }),
  setting('limits.amount_max', '50000.00', { kind: 'amount' }),
  setting('limits.amount_ask', '2000.00', { kind: 'amount' }),
  setting('limits.bill_length_max', '20', { kind: 'number', least: 1, most: 32 }),
  setting('limits.bill_pattern', '', { kind: 'pattern' }),
  setting('limits.card_pattern', '', { kind: 'pattern' }),
  setting('scanner.source', 'auto', { kind: 'choice', words: ['serial', 'keyboard', 'auto'] }),
  setting('scanner.port', 'auto', { kind: 'port' }),
  setting('scanner.baud', '9600', { kind: 'number', least: 300, most: 921600 }),
  setting('scanner.key_gap_ms', '50', { kind: 'number', least: 20, most: 200 }),
  setting('scanner.quiet_gap_ms', '120', { kind: 'number', least: 20, most: 1000 }),
];

/** What a check of a gateway may teach. */
export const findings: Finding[] = [
  { grade: 'ok', learnt: { learnt: 'encrypted', ms: 42 }, text: '' },
  { grade: 'warn', learnt: { learnt: 'clock-off', seconds: 9, behind: true }, text: '' },
  { grade: 'ok', learnt: { learnt: 'charge-path-fine' }, text: '' },
  { grade: 'bad', learnt: { learnt: 'query-path-missing' }, text: '' },
  { grade: 'ok', learnt: { learnt: 'no-signature' }, text: '' },
];

/** A code of no meaning, as large as a real one. */
export const pairing: PairingView = {
  code: 'WICKET-PAIR-0000002A',
  size: 25,
  path: Array.from({ length: 25 }, (_, y) => Array.from({ length: 13 }, (_, x) => `M${2 * x - (y % 2) + (y % 2 ? 1 : 0)} ${y}h1v1h-1z`).join('')).join(''),
  heard: [{ kind: 'other-code', device: 'Honeywell 1470g' }],
  ended: null,
};

/** One scan, changed as told. */
export function trace(change: Partial<ScanTrace> = {}): ScanTrace {
  return {
    number: 1,
    at: '2026-11-22T19:02:11.120+08:00',
    source: 'serial',
    device: 'Honeywell 1470g',
    length: 18,
    masked: '13…6789',
    gaps_ms: [0, 0, 0, 12, 0, 0, 0, 9, 0, 0, 0, 14, 0, 0, 0, 9, 0, 0],
    ending: 'terminator',
    outcome: { trace: 'taken', outcome: { kind: 'refused', refusal: { kind: 'not-armed' } } },
    ...change,
  };
}

/** A few scans of every kind. */
export const traces: ScanTrace[] = [
  trace({ number: 4 }),
  trace({ number: 3, outcome: { trace: 'taken', outcome: { kind: 'bill', text: 'T2026112200017' } }, masked: 'T2026112200017', length: 14 }),
  trace({ number: 2, outcome: { trace: 'damaged', reason: 'noise' }, masked: '…', length: 7, gaps_ms: [0, 3, 80, 1] }),
  trace({ number: 1, source: 'keyboard', device: '', outcome: { trace: 'pairing' }, masked: 'WI…002A', length: 20, gaps_ms: [41, 40, 39, 44, 52, 40] }),
];
