// A keyboard scanner is told from a person, its code is removed, and its suffix presses nothing.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CODE_DIGITS_MIN, GAP_MAX_MS, Wedge } from '../src/wedge';
import { fireEvent } from '@testing-library/svelte';
import { sale } from '../src/fake/views';
import { open, settle } from './open';

/** Feeds keys into a field as a browser does, and gives back what stands in it at the end and what passed besides. */
function typed(keys: { key: string; gap: number }[], start = ''): { value: string; passed: string[] } {
  const wedge = new Wedge();
  const passed: string[] = [];
  let value = start;
  let at = 1000;
  for (const { key, gap } of keys) {
    at += gap;
    const verdict = wedge.judge({ key, at, value, field: 'bill' });
    if (verdict.kind === 'restore') value = verdict.before;
    if (verdict.kind !== 'pass') continue;
    if (key.length === 1) value += key;
    else passed.push(key);
  }
  return { value, passed };
}

const code = (digits: string, gap: number) => [...digits].map((key, i) => ({ key, gap: i === 0 ? 500 : gap }));

test('a burst of a code leaves the field as it was and swallows its suffixes', () => {
  for (const suffix of [['Enter'], ['Tab'], ['Enter', 'Enter'], []]) {
    const keys = [...code('134567890123456789', 8), ...suffix.map((key) => ({ key, gap: 8 }))];
    expect(typed(keys, 'T1')).toEqual({ value: 'T1', passed: [] });
  }
});

test('a person is never taken for a scanner', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ key: fc.constantFrom(...'0123456789', 'T', 'Enter'), gap: fc.integer({ min: GAP_MAX_MS + 1, max: 900 }) })), (keys) => {
      const { value, passed } = typed(keys);
      expect(value.length + passed.length).toBe(keys.length);
    }),
  );
});

test('any burst of a code, at any scanner speed and into any text, leaves no digit behind', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: CODE_DIGITS_MIN, maxLength: 40 }),
      fc.integer({ min: 0, max: GAP_MAX_MS }),
      fc.string({ maxLength: 12 }),
      (digits, gap, start) => {
        expect(typed([...code(digits.join(''), gap), { key: 'Enter', gap }], start)).toEqual({ value: start, passed: [] });
      },
    ),
  );
});

test('Enter works again soon after a burst', () => {
  expect(typed([...code('134567890123456789', 8), { key: 'Enter', gap: 8 }, { key: 'Enter', gap: 900 }]).passed).toEqual(['Enter']);
});

test('on the screen: the field is put back, the sale is not armed, and the reason is said', async () => {
  const s = await open();
  await s.type('bill', sale.bill);
  const amount = s.at('amount') as HTMLInputElement;
  amount.focus();
  for (const [i, key] of [...'134567890123456789', 'Enter'].entries()) {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
    Object.defineProperty(event, 'timeStamp', { value: 5000 + i * 8 });
    if (amount.dispatchEvent(event) && key.length === 1) await fireEvent.input(amount, { target: { value: amount.value + key } });
  }
  await settle();
  expect([s.value('bill'), s.value('amount')]).toEqual([sale.bill, '']);
  expect(s.asked()).not.toContain('arm');
  expect(s.at('scan-strip').textContent).toContain('串口扫码枪');
});
