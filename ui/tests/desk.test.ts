// The pending desk: order, filters, details, help, and one key to query.
import { fireEvent } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import { desk, entry, everyLine, many, timed } from '../src/fake/ledger';
import { languages } from '../src/i18n/texts';
import { byRisk } from '../src/pending';
import { lineSentence } from '../src/trail';
import { open, settle } from './open';

const states = (s: Awaited<ReturnType<typeof open>>) => s.all('pending-row').map((row) => row.dataset.state);

test('what moved money comes first, then the oldest of what is undecided', () => {
  expect(byRisk(desk).map((charge) => charge.state)).toEqual([
    'late-success',
    'unmatched-success',
    'returned',
    'recharge-refused',
    'recharge-undecided',
    'paid',
    'parked',
    'checking',
    'beginning',
  ]);
  const old = entry(1, 'parked', { sent_at: '2026-11-20T08:00:00.000+08:00' });
  expect(byRisk([...desk, { ...old, id: 'OLD' }]).map((charge) => charge.id).indexOf('OLD')).toBe(6);
});

test('the first row is looked at, arrow keys walk, and a new row does not take the choice away', async () => {
  const s = await open({ pending: desk });
  await s.press('F10');
  expect(s.at('details').dataset.charge).toBe(desk[2]?.id);
  await s.press('ArrowDown');
  expect(s.at('details').dataset.charge).toBe(desk[6]?.id);
  await s.push({ pending: [...desk, entry(30, 'late-success')] });
  expect(s.at('details').dataset.charge).toBe(desk[6]?.id);
  await s.press('End');
  expect(s.at('details').dataset.charge).toBe(desk[7]?.id);
});

test('a row that leaves the list stays in sight, and nothing else is chosen instead', async () => {
  const s = await open({ pending: desk });
  await s.press('F10');
  const left = desk[2]!;
  s.host.books.timeline = async () => ({ found: { charge: { ...left, state: 'settled-applied', may_settle: [] }, lines: [] } });
  await s.push({ pending: desk.filter((charge) => charge !== left) });
  await settle();
  expect(s.at('details').dataset.charge).toBe(left.id);
  expect(s.at('details').textContent).toContain('已不在待处理列表');
  expect(s.at('details').textContent).toContain('主管认定：已入本单');
});

test('filters by kind and by text', async () => {
  const s = await open({ pending: desk });
  await s.press('F10');
  const kind = s.at('pending-kind') as HTMLSelectElement;
  for (const [wanted, expected] of [
    ['undecided', ['parked', 'checking']],
    ['recharge', ['recharge-refused', 'recharge-undecided', 'paid']],
    ['help', ['checking']],
    ['all', states(s)],
  ] as const) {
    await fireEvent.change(kind, { target: { value: wanted } });
    await settle();
    expect(states(s), wanted).toEqual(expected);
  }
  await s.type('pending-find', 's0107 c600100200');
  expect(states(s)).toEqual(['recharge-refused', 'recharge-undecided']);
  await s.type('pending-find', 'nothing of the kind');
  expect(states(s)).toEqual([]);
  expect(s.at('pending-list').textContent).toContain('没有符合条件的');
});

test('a row says who, what, how old, what was answered, how often it was asked, and when again', async () => {
  const s = await open({ pending: [desk[0]!] });
  await s.press('F10');
  const text = s.at('pending-row').textContent;
  for (const part of ['待定，已转后台', 'T2026112200001', '¥50.00', 'S0107', '10 分钟', '门票', '超时', '已查询 41 次', '42 秒后再查'])
    expect(text).toContain(part);
});

test('with the desk open F7 asks about the row that is looked at; F1 asks for help, once', async () => {
  const s = await open({ pending: [desk[0]!], front: entry(20, 'checking') });
  await s.press('F10');
  s.host.calls.length = 0;
  await s.press('F7');
  await s.press('F1');
  expect(s.host.calls).toEqual([
    ['queryNow', desk[0]!.id],
    ['askHelp', desk[0]!.id],
  ]);
  expect(s.state()).toBe('checking');
  await s.push({ pending: [{ ...desk[0]!, help: true }] });
  expect(s.all('help-flag')).toHaveLength(1);
  await s.press('F1');
  expect(s.asked().filter((name) => name === 'askHelp')).toHaveLength(1);
});

test('no money is at risk while a recharge is only registered', async () => {
  const s = await open({ pending: [desk[7]!] });
  await s.press('F10');
  expect(s.at('pending-row').textContent).toContain('登记没有得到答复');
  expect(s.at('details').textContent).toContain('不涉及资金');
});

test('none, one and five hundred entries', { timeout: 20_000 }, async () => {
  const s = await open({ pending: [] });
  await s.press('F10');
  expect(s.at('pending-list').textContent).toContain('没有待处理的收款');
  await s.push({ pending: [desk[0]!] });
  expect(s.all('pending-row')).toHaveLength(1);
  await s.push({ pending: many(500) });
  await vi.waitFor(() => expect(s.all('pending-row')).toHaveLength(500), 10_000);
  expect(s.at('pending-count').textContent).toBe('500');
});

test.each(Object.entries(languages))('%s has a line for everything that can be written about a charge', (language, t) => {
  const lines = everyLine.map((line) => lineSentence(line, t));
  expect(new Set(lines).size).toBe(lines.length);
  for (const line of lines) {
    expect(line).toMatch(/[.。]$|\w$|[\u4e00-\u9fff]$/);
    expect(line).not.toMatch(/undefined|\[object/);
    if (language === 'en') expect(line.replace(/王芳|系统错误|重复充值|顾客手机显示已付款/g, '')).not.toMatch(/[\u4e00-\u9fff]/);
  }
});

test('the timeline is shown with its times and read again when something happened', async () => {
  const s = await open({ pending: [desk[0]!] });
  s.host.books.timeline = async () => ({ found: { charge: desk[0]!, lines: timed(everyLine) } });
  await s.press('F10');
  await settle();
  expect(s.all('trail-line')).toHaveLength(everyLine.length);
  expect(s.at('trail').textContent).toContain('11月22日 19:00:00');
  expect(s.at('trail').textContent).toContain('凭证：4200002234202611220123456789');
  const before = s.asked().filter((name) => name === 'timeline').length;
  await s.push({});
  expect(s.asked().filter((name) => name === 'timeline')).toHaveLength(before);
  await s.push({ pending: [{ ...desk[0]!, said: { said: 'unreadable' } }] });
  expect(s.asked().filter((name) => name === 'timeline')).toHaveLength(before + 1);
});
