// The wallet's order number as evidence: whose form it is put into, and that the backend knows which one is open.
import { fireEvent } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { desk } from '../src/fake/ledger';
import type { Refusal, ScanOutcome, SupervisorsView } from '../src/types';
import { open, settle } from './open';

const ORDER = '4200002234202611220123456789';
const wang: SupervisorsView = { names: ['王芳'], session: '王芳', wait_s: 0 };
const nobody: SupervisorsView = { ...wang, session: null };

function scan(number: number, outcome: ScanOutcome) {
  return { scan: { number, read: ORDER, outcome } };
}

test('the backend is told which form is open, for as long as it is, and of no other', async () => {
  const s = await open({ pending: desk, supervisors: nobody });
  expect(s.host.wanted, 'a page that died may have left its form open').toEqual([null]);
  await s.press('F10');
  expect(s.host.wanted, 'a cashier settles nothing').toEqual([null]);
  await s.push({ supervisors: wang });
  const [first, second] = s.all('pending-row').map((row) => row.dataset.charge!);
  expect(s.host.wanted.at(-1)).toBe(first);
  await s.push({ pending: [...desk] });
  expect(s.host.wanted, 'a new view is no new form').toEqual([null, first]);
  await fireEvent.click(s.all('pending-row')[1]!);
  await settle();
  expect(s.host.wanted.at(-1)).toBe(second);
  await s.press('Escape');
  expect(s.host.wanted.at(-1)).toBeNull();
});

test('a scanned order number is put into the form it belongs to and into no other', async () => {
  const s = await open({ pending: desk, supervisors: wang });
  await s.press('F10');
  const [first, second] = s.all('pending-row').map((row) => row.dataset.charge!);
  await s.push(scan(1, { kind: 'evidence', charge: first!, text: ORDER }));
  expect(s.value('settle-evidence')).toBe(ORDER);
  expect(s.at('scan-strip').textContent).toContain(ORDER);
  await fireEvent.click(s.all('pending-row')[1]!);
  await settle();
  expect(s.value('settle-evidence'), 'another charge, another form').toBe('');
  await s.push(scan(2, { kind: 'evidence', charge: first!, text: ORDER }));
  expect(s.value('settle-evidence')).toBe('');
  await s.push(scan(3, { kind: 'evidence', charge: second!, text: ORDER }));
  expect(s.value('settle-evidence')).toBe(ORDER);
});

test.each<[Refusal, string]>([
  [{ kind: 'code-for-evidence' }, '付款码'],
  [{ kind: 'not-an-order' }, '不是钱包订单号'],
])('what is no order number is refused in words: %o', async (refusal, words) => {
  const s = await open({ pending: desk, supervisors: wang });
  await s.press('F10');
  await s.push(scan(1, { kind: 'refused', refusal }));
  expect(s.at('scan-strip').textContent).toContain(words);
  expect(s.value('settle-evidence')).toBe('');
});
