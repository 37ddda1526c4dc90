// Looking back: today by default, searches, sums, the bound, exports, and releasing a bill number.
import { fireEvent } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { past, sums } from '../src/fake/ledger';
import { open, settle } from './open';

const ctrlH = ['h', { code: 'KeyH', ctrlKey: true }] as const;

async function opened(count = 40) {
  const s = await open({ supervisors: { names: ['王芳'], session: '王芳', wait_s: 0 } });
  s.host.books.history = async () => ({ found: past(count) });
  s.host.books.daySums = async () => ({ found: sums });
  await s.press(...ctrlH);
  await settle();
  return s;
}

test('it opens on today, with counts and sums', async () => {
  const s = await opened();
  const [, query] = s.host.calls.find(([name]) => name === 'history')!;
  const { from, to, state } = query as { from: string; to: string; state: null };
  expect(from).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect([to, state]).toEqual([from, null]);
  expect(s.host.calls.find(([name]) => name === 'daySums')).toEqual(['daySums', from]);
  expect(s.all('history-row')).toHaveLength(40);
  expect(s.all('day-sum').map((sum) => sum.textContent?.replace(/\s+/g, ' ').trim())).toContain('收款成功 182 笔 ¥48,620.00');
  await s.press('Escape');
  expect(s.all('history')).toHaveLength(0);
});

test('a search carries every field as it was typed; Enter searches', async () => {
  const s = await opened();
  s.host.calls.length = 0;
  const typed = { from: '2026-11-01', to: '2026-11-22', bill: 'T1', card: 'C6', code: '6789', operator: 'S0107', amount: '260.00' };
  for (const [field, text] of Object.entries(typed)) await s.type(`history-${field}`, text);
  await fireEvent.change(s.at('history-state'), { target: { value: 'late-success' } });
  s.at('history-amount').focus();
  await s.press('Enter');
  expect(s.host.calls).toEqual([['history', { ...typed, state: 'late-success' }]]);
  await settle();
  expect(s.all('day-sums')).toHaveLength(0);
});

test('a wrong field is named; nothing found, and 500 found, are said', async () => {
  const s = await opened(500);
  expect(s.at('history-says').textContent).toContain('只显示最新的 500 笔');
  s.host.books.history = async () => ({ failure: { kind: 'query', field: 'from' } });
  await s.type('history-from', 'yesterday');
  await fireEvent.click(s.at('history-search'));
  await settle();
  expect(s.at('history-says').textContent).toContain('2026-06-01');
  expect(s.at('history-from').getAttribute('aria-invalid')).toBe('true');
  s.host.books.history = async () => ({ found: [] });
  await fireEvent.click(s.at('history-search'));
  await settle();
  expect(s.at('history-says').textContent).toContain('没有符合条件');
  s.host.books.history = () => Promise.reject(new Error('gone'));
  await fireEvent.click(s.at('history-search'));
  await settle();
  expect(s.at('history-says').textContent).toContain('技术支持');
});

test('an older answer never replaces a newer one', async () => {
  const s = await opened();
  let answer: (rows: { found: ReturnType<typeof past> }) => void = () => {};
  s.host.books.history = () => new Promise((resolve) => (answer = resolve));
  const slow = s.screen.sheets.history.search();
  s.host.books.history = async () => ({ found: past(3) });
  await s.screen.sheets.history.search();
  answer({ found: past(7) });
  await slow;
  await settle();
  expect(s.all('history-row')).toHaveLength(3);
});

test('an export says that it is being written, and then where it is', async () => {
  const s = await opened();
  let written: (path: { found: string }) => void = () => {};
  s.host.books.exportCharges = () => new Promise((resolve) => (written = resolve));
  await fireEvent.click(s.at('export-jsonl'));
  await settle();
  expect(s.at('export-says').textContent).toContain('正在写');
  expect(s.all('export-csv'), 'one at a time').toHaveLength(0);
  s.host.tellExport({ written: 4200, total: 100000 });
  await settle();
  const bar = s.at('export-progress') as HTMLProgressElement;
  expect([bar.value, bar.max]).toEqual([4200, 100000]);
  expect(s.at('export-says').textContent).toContain('4200 / 100000');
  written({ found: 'exports/charges.jsonl' });
  await settle();
  expect(s.at('export-says').textContent).toContain('exports/charges.jsonl');
  expect(s.host.calls.at(-1)?.[1]).toBe('jsonl');
  expect(s.all('export-progress')).toHaveLength(0);
  s.host.tellExport({ written: 1, total: 2 });
  await settle();
  expect(s.at('export-says').textContent).toContain('exports/charges.jsonl');
});

test('an export that takes too long is stopped, and goes on when one only looks elsewhere', async () => {
  const s = await opened();
  let ended: (failure: { failure: { kind: 'stopped' } }) => void = () => {};
  s.host.books.exportCharges = () => new Promise((resolve) => (ended = resolve));
  await fireEvent.click(s.at('export-csv'));
  await s.screen.act('history');
  await s.screen.act('history');
  await settle();
  expect(s.at('export-says').textContent).toContain('正在写');
  await fireEvent.click(s.at('export-stop'));
  expect(s.host.calls.at(-1)).toEqual(['stopExport']);
  ended({ failure: { kind: 'stopped' } });
  await settle();
  expect(s.at('export-says').textContent).toContain('已停止导出');
  expect(s.all('export-csv')).toHaveLength(1);
});

test('a paid bill number is released from here', async () => {
  const s = await opened();
  const paid = past(40).find((charge) => charge.state === 'paid')!;
  await fireEvent.click(s.all('history-row').find((row) => row.dataset.charge === paid.id)!);
  await settle();
  await fireEvent.change(s.at('settle-as'), { target: { value: 'release' } });
  await s.type('settle-reason', '单据号录错');
  s.host.books.timeline = async () => ({ found: { charge: { ...paid, state: 'released', may_settle: [] }, lines: [] } });
  await s.press('Enter', { code: 'Enter', ctrlKey: true });
  await settle();
  expect(s.host.calls.find(([name]) => name === 'settle')).toEqual(['settle', paid.id, 'release', '单据号录错', '']);
  expect(s.all('history-row').find((row) => row.dataset.charge === paid.id)?.dataset.state).toBe('released');
});
