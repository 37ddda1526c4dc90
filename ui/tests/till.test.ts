// Views in order, time counted on between them, and how amounts and times read.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { charge, view } from '../src/fake/views';
import { age, clock, waited, yuan } from '../src/format';
import { languages } from '../src/i18n/texts';
import { Till } from '../src/till.svelte';
import { open } from './open';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an older view is dropped', () => {
  const till = new Till();
  expect(till.take(view({ number: 5, operator: 'new' }))).toBe(true);
  expect(till.take(view({ number: 4, operator: 'old' }))).toBe(false);
  expect(till.view?.operator).toBe('new');
});

test('the count-up goes on without the backend, a second at a time', async () => {
  const s = await open({ front: charge('confirming') });
  expect(s.at('count-up').textContent).toBe('已等待 12 秒');
  await vi.advanceTimersByTimeAsync(3000);
  expect(s.at('count-up').textContent).toBe('已等待 15 秒');
  expect(s.at('charge-state').textContent).toContain('正在查询');
});

test('good news on the strip fades, a refusal does not', async () => {
  const s = await open();
  await s.push({ scan: { number: 1, read: 'T9', outcome: { kind: 'bill', text: 'T9' } } });
  expect(s.at('scan-strip').dataset.kind).toBe('seen');
  await vi.advanceTimersByTimeAsync(5000);
  expect(s.all('scan-strip')).toHaveLength(0);
  await s.push({ scan: { number: 2, read: '', outcome: { kind: 'refused', refusal: { kind: 'not-armed' } } } });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(s.all('scan-strip')).toHaveLength(1);
});

test('amounts keep every digit', () => {
  const cases = [['12.30', '¥12.30'], ['2600.00', '¥2,600.00'], ['99999999.99', '¥99,999,999.99'], ['7', '¥7']];
  for (const [amount, shown] of cases) expect(yuan(amount ?? '')).toBe(shown);
});

test('times and ages read as people say them', () => {
  const { en, 'zh-CN': zh } = languages;
  expect(clock('2026-11-22T19:02:11.120+08:00')).toBe('19:02');
  expect([waited(999, en), waited(61_000, zh), waited(185_000, en)]).toEqual(['Waiting 0 s', '已等待 61 秒', 'Waiting 3 min 5 s']);
  expect([age(60_000, zh), age(600_000, zh), age(7_200_000, en), age(400_000_000, en)]).toEqual(['60 秒', '10 分钟', '2 h', '4 d']);
});
