// Theme, language, number pad, the day's sums, the health of the parts.
import { fireEvent } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import { sums } from '../src/fake/ledger';
import { pairing } from '../src/fake/settings';
import { charge } from '../src/fake/views';
import { open, settle, type Opened } from './open';

async function click(s: Opened, id: string): Promise<void> {
  await fireEvent.click(s.at(id));
  await settle();
}

const dressed = () => [document.documentElement.dataset.theme, document.documentElement.lang];

test('theme and language change at once, are told to the backend, and touch no sale', async () => {
  const s = await open();
  await s.type('bill', 'T1');
  await click(s, 'theme');
  await click(s, 'theme');
  expect(dressed()).toEqual(['dark', 'zh-CN']);
  await click(s, 'language');
  expect(dressed()).toEqual(['dark', 'en']);
  expect(s.host.calls.at(-1)).toEqual(['setLook', { theme: 'dark', language: 'en', pad: false }]);
  expect(s.value('bill')).toBe('T1');
  // A view that says nothing new about the look changes nothing.
  await s.push({});
  expect(dressed()).toEqual(['dark', 'en']);
  await s.push({ look: { theme: 'dark', language: 'en', pad: false } });
  await s.push({ look: { theme: 'light', language: 'zh-CN', pad: false } });
  expect(dressed()).toEqual(['light', 'zh-CN']);
});

test('a page that is loaded anew looks as it did', async () => {
  const s = await open({ look: { theme: 'dark', language: 'en', pad: true } });
  expect(dressed()).toEqual(['dark', 'en']);
  expect(s.at('pad').getAttribute('aria-label')).toBe('Number pad');
});

test('the number pad types a whole sale into the field that has the focus', async () => {
  const s = await open({ look: { theme: 'system', language: 'zh-CN', pad: true } });
  for (const key of ['1', '00', '7']) await click(s, `pad-${key}`);
  expect(s.value('bill')).toBe('1007');
  await click(s, 'pad-back');
  expect(s.value('bill')).toBe('100');
  await click(s, 'pad-enter');
  expect(s.focused()).toBe('amount');
  for (const key of ['9', '0', '.', '5']) await click(s, `pad-${key}`);
  await click(s, 'pad-enter');
  expect(s.host.calls.at(-1)).toEqual(['arm', { operator: 'S0107', business: 1, bill: '100', amount: '90.5', card: '' }, false]);
  await click(s, 'pad-clear');
  expect(s.value('amount')).toBe('');
  await click(s, 'pad-toggle');
  expect(s.all('pad')).toHaveLength(0);
  expect(s.host.calls.at(-1)).toEqual(['setLook', { theme: 'system', language: 'zh-CN', pad: false }]);
});

test('the day is summed by state and read again when a charge moved', async () => {
  vi.useFakeTimers();
  const s = await open({ recent: [charge('sending')] });
  // The charge on its way is on the panel; as a row it would come and go with every sale.
  s.host.books.daySums = async () => ({ found: [...sums, { state: 'sending', count: 1, sum: '260.00' }] });
  await vi.advanceTimersByTimeAsync(300);
  expect(s.all('today-sum').map((row) => row.dataset.state)).toEqual(['paid', 'recharged', 'late-success', 'parked']);
  expect(s.at('today').textContent).toContain('¥48,620.00');
  const read = () => s.host.calls.filter(([name]) => name === 'daySums').length;
  const before = read();
  await s.push({});
  await vi.advanceTimersByTimeAsync(300);
  expect(read()).toBe(before);
  await s.push({ recent: [charge('paid')] });
  await vi.advanceTimersByTimeAsync(300);
  expect(read()).toBe(before + 1);
  vi.useRealTimers();
});

test('the last charges are the operator\'s own', async () => {
  const s = await open({ recent: [charge('paid', { id: 'A' }), charge('paid', { id: 'B', operator: 'S0999' })] });
  expect(s.all('recent-row').map((row) => row.dataset.charge)).toEqual(['A']);
});

test('each part has one word, more on demand, and trouble speaks by itself', async () => {
  const s = await open();
  expect(s.at('health-more').textContent).toBe('');
  await click(s, 'health-clock');
  expect(s.at('health-more').textContent).toContain('一致');
  await click(s, 'health-clock');
  expect(s.at('health-more').textContent).toBe('');
  const health = { gateway: { kind: 'answering' as const }, scanner: { kind: 'off' as const }, journal_ok: true, clock: { kind: 'off' as const, ahead_s: -420 } };
  await s.push({ health });
  expect(s.at('health-clock').dataset.good).toBe('false');
  expect(s.at('health-more').textContent).toContain('慢 7 分钟');
});

test('what a sale still needs is shown where its amount will stand', async () => {
  const s = await open({ operator: null });
  const now = () => s.at('charge-amount').querySelector('[aria-current]')?.textContent;
  expect(now()).toContain('操作员');
  await s.push({ operator: 'S0107' });
  expect(now()).toContain('单据号');
  await s.type('bill', 'T1');
  expect(now()).toContain('金额');
  await s.type('amount', '1');
  expect(now()).toContain('Enter 确认');
});

test('training needs no scanner of glass, and a pairing is no trouble', async () => {
  const searching = { gateway: { kind: 'answering' as const }, scanner: { kind: 'searching' as const }, journal_ok: true, clock: { kind: 'right' as const } };
  const s = await open({ training: true, health: searching });
  expect(s.at('health-scanner').dataset.good).toBe('true');
  expect(s.at('health-more').textContent).toBe('');
  await s.push({ health: { ...searching, scanner: { kind: 'lost', port: 'training', reason: '' } } });
  expect(s.at('health-scanner').dataset.good).toBe('false');
  await s.push({ training: false, health: searching });
  expect(s.at('health-scanner').dataset.good).toBe('false');
  await s.push({ pairing });
  expect(s.at('health-scanner').textContent).toContain('配对中');
});
