// A keyboard scanner is told from a person, its code is handed over whole, and its suffix presses nothing.
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { patternOf } from '../src/board';
import { Guard } from '../src/guard';
import { CODE_DIGITS_MIN, GAP_MAX_MS, QUIET_END_MS, type Venue, Wedge } from '../src/wedge';
import { fireEvent } from '@testing-library/svelte';
import { sale, view } from '../src/fake/views';
import type { TypingView } from '../src/generated/bindings';
import { open, settle } from './open';

interface Stroke {
  key: string;
  gap: number;
  composing?: boolean;
  ctrl?: boolean;
  shift?: boolean;
  /** Where it differs from what the key types: the layout, Caps Lock. */
  place?: string;
}

const CODE = '134567890123456789';
const OTHER = '281234567890123456789012';
const PLAIN: Venue = { gapMs: GAP_MAX_MS, patterns: [], codes: [] };
const BILLS: Venue = { ...PLAIN, patterns: [/^(?:B[0-9]{6})$/] };

/** Feeds keys into a field as a browser does, with timers on time: what stands in it, what passed besides, what was scanned. */
function typed(keys: Stroke[], { start = '', holds = true, venue = PLAIN }: { start?: string; holds?: boolean; venue?: Venue } = {}): { value: string; passed: string[]; codes: string[] } {
  const { value, passed, codes } = played(keys, { start, holds, venue });
  return { value, passed, codes };
}

/** The same, with all that was not taken as one text: a line feed for each Enter. */
function played(keys: Stroke[], { start, holds, venue }: { start: string; holds: boolean; venue: Venue }): ReturnType<typeof typed> & { all: string } {
  const wedge = new Wedge(() => holds, () => venue);
  const passed: string[] = [];
  const codes: string[] = [];
  let value = start;
  let all = start;
  let at = 1000;
  const take = (ruling: ReturnType<Wedge['judge']>) => {
    if (ruling.restore !== null) value = ruling.restore;
    value += ruling.typed;
    all += ruling.typed;
    codes.push(...ruling.codes);
    return ruling.act;
  };
  for (const { key, gap, composing = false, ctrl = false, shift = false, place } of [...keys, { key: 'Shift', gap: 5000 }]) {
    const { patience } = wedge;
    if (patience !== null && gap > patience) take(wedge.quiet(at + patience + 1));
    at += gap;
    const letter = /^[a-zA-Z]$/.test(key) ? `Key${key.toUpperCase()}` : key;
    const code = place ?? (/^\d$/.test(key) ? `Digit${key}` : letter);
    const act = take(wedge.judge({ key: composing ? 'Process' : key, code, at, ctrl, alt: false, shift, repeat: false, composing, value, field: 'bill' }));
    if (act === 'swallow') continue;
    // An input method brings its digit in whatever the page says.
    if (act === 'hold' && !composing) continue;
    if (key.length === 1) value += key;
    else if (key !== 'Shift') passed.push(key);
    all += key === 'Enter' ? '\n' : key.length === 1 ? key : '';
  }
  return { value, passed, codes, all };
}

const code = (digits: string, gap: number, more: Partial<Stroke> = {}): Stroke[] => [...digits].map((key, i) => ({ key, gap: i === 0 ? 500 : gap, ...more }));
const enter: Stroke = { key: 'Enter', gap: 8 };

test('a code is handed over whole and swallows its suffixes', () => {
  const suffixes: Stroke[][] = [[enter], [{ key: 'Tab', gap: 8 }], [enter, enter], [{ key: 'j', gap: 8, ctrl: true }], [{ key: 'F12', gap: 8 }], []];
  for (const suffix of suffixes) {
    for (const holds of [true, false]) {
      expect(typed([...code(CODE, 8), ...suffix], { start: 'T1', holds })).toEqual({ value: 'T1', passed: [], codes: [CODE] });
    }
  }
});

test('a slow code, a hiccup in it, and two codes 100 ms apart', () => {
  expect(typed([...code(OTHER, 40), enter])).toEqual({ value: '', passed: [], codes: [OTHER] });
  const hiccup = code(OTHER, 40).map((stroke, i) => (i === 9 ? { ...stroke, gap: 110 } : stroke));
  expect(typed([...hiccup, enter]).codes).toEqual([OTHER]);
  for (const end of [[enter], []]) {
    const second = code(OTHER, 8).map((stroke, i) => (i === 0 ? { ...stroke, gap: 100 } : stroke));
    expect(typed([...code(CODE, 8), ...end, ...second, ...end])).toEqual({ value: '', passed: [], codes: [CODE, OTHER] });
  }
});

test('with an input method on, the code is read from the places of the keys and the field is put back', () => {
  expect(typed([...code(CODE, 8, { composing: true }), enter], { start: 'T1' })).toEqual({ value: 'T1', passed: [], codes: [CODE] });
});

/** Cases that the backend's detector is held to as well; a capital is typed with Shift. */
const table = JSON.parse(readFileSync('../src-tauri/till/src/keys/cases.json', 'utf8')) as {
  venues: { name: string; typing: TypingView }[];
  cases: { name: string; venue: string; keys: [string, number][]; typed: string; scans: string[]; damaged: number }[];
};

function venueOf(name: string): Venue {
  const typing = table.venues.find((venue) => venue.name === name)?.typing;
  if (!typing) throw new Error(`no venue is called ${name}`);
  const patterns = [typing.bill_pattern, typing.card_pattern].map(patternOf).filter((pattern) => pattern !== null);
  return { gapMs: typing.key_gap_ms, patterns, codes: typing.codes };
}

const strokes = (text: string, gap: number): Stroke[] =>
  [...text].map((c) => (c === '\n' ? { key: 'Enter', gap } : { key: c, gap, shift: /[A-Z]/.test(c), place: /[a-z]/i.test(c) ? `Key${c.toUpperCase()}` : `Digit${c}` }));

test.each(table.cases)('as the detector below the page: $name', ({ venue, keys, typed: left, scans, damaged }) => {
  const { all, codes } = played(keys.flatMap(([text, gap]) => strokes(text, gap)), { start: '', holds: true, venue: venueOf(venue) });
  expect(all).toBe(left);
  expect(codes.length - damaged, 'a damaged one is the backend\'s to judge').toBe(scans.length);
  expect(codes).toEqual(expect.arrayContaining(scans));
});

const FACE = 'fp0123456789abcdef0123456789ABCDEF0';
const SHIPPED = venueOf('shipped');

test('letters that begin no code pass at once, and those that do wait one gap', () => {
  const wedge = new Wedge(() => true, () => SHIPPED);
  const press = (key: string, at: number) => wedge.judge({ key, code: `Key${key.toUpperCase()}`, at, ctrl: false, alt: false, shift: false, repeat: false, composing: false, value: '', field: 'bill' });
  expect(press('a', 0)).toMatchObject({ act: 'pass', typed: '' });
  expect(wedge.patience).toBe(null);
  expect(press('f', 30)).toMatchObject({ act: 'hold', typed: '' });
  expect(wedge.patience).toBe(GAP_MAX_MS);
  expect(press('a', 60)).toMatchObject({ act: 'pass', typed: 'f' });
  expect(press('f', 90).act).toBe('hold');
  expect(wedge.quiet(141)).toMatchObject({ typed: 'f', codes: [] });
});

test('any code with letters, at any scanner speed and into any text, leaves no character behind', () => {
  const alphabet = fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ');
  fc.assert(
    fc.property(fc.array(alphabet, { minLength: 33, maxLength: 33 }), fc.integer({ min: 0, max: GAP_MAX_MS }), fc.string({ maxLength: 12 }), fc.boolean(), (rest, gap, start, ends) => {
      const burst = `fp${rest.join('')}`;
      expect(typed(strokes(ends ? `${burst}\n` : burst, gap), { start, venue: SHIPPED })).toEqual({ value: start, passed: [], codes: [burst] });
    }),
  );
});

test('with an input method on, a code with letters or a bill is read all the same and the field is put back', () => {
  const loose = (text: string) => strokes(text, 8).map((stroke) => (stroke.key === 'Enter' ? stroke : { ...stroke, composing: true }));
  for (const end of ['\n', '']) {
    expect(typed(loose(FACE + end), { start: 'T1', venue: SHIPPED })).toEqual({ value: 'T1', passed: [], codes: [FACE] });
    expect(typed(loose(`B123456${end}`), { start: 'T1', venue: BILLS })).toEqual({ value: 'T1', passed: [], codes: ['B123456'] });
  }
  expect(typed(loose(FACE.slice(0, 12)), { start: 'T1', venue: SHIPPED }), 'no code').toEqual({ value: `T1${FACE.slice(0, 12)}`, passed: [], codes: [] });
  const begun = [...strokes('1', 300), ...loose('f').map((stroke) => ({ ...stroke, gap: 30 }))];
  expect(typed(begun, { venue: SHIPPED }).value, 'what is kept back goes in once, and first').toBe('1f');
});

test('a person is never taken for a scanner, and no key is lost', () => {
  const stroke = fc.record({ key: fc.constantFrom(...'0123456789fpab', 'T', 'Enter'), gap: fc.integer({ min: GAP_MAX_MS + 1, max: 900 }) });
  const run = fc.record({ key: fc.constantFrom(...'0123456789fpx'), gap: fc.integer({ min: 0, max: GAP_MAX_MS }) });
  fc.assert(
    fc.property(fc.array(fc.tuple(stroke, fc.array(run, { maxLength: 3 }))), fc.boolean(), (runs, holds) => {
      const keys = runs.flatMap(([first, rest]) => [first, ...rest]);
      const { value, passed, codes } = typed(keys, { holds, venue: SHIPPED });
      expect(value).toBe(keys.map(({ key }) => key).filter((key) => key.length === 1).join(''));
      expect([passed.length, codes]).toEqual([keys.filter(({ key }) => key === 'Enter').length, []]);
    }),
  );
});

test('any burst of a code, at any scanner speed and into any text, leaves no digit behind', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: CODE_DIGITS_MIN, maxLength: 40 }),
      fc.integer({ min: 0, max: GAP_MAX_MS }),
      fc.string({ maxLength: 12 }),
      fc.boolean(),
      (digits, gap, start, holds) => {
        const burst = digits.join('');
        expect(typed([...code(burst, gap), { key: 'Enter', gap }], { start, holds })).toEqual({ value: start, passed: [], codes: [burst] });
      },
    ),
  );
});

/** A bill slip, as a scanner set to a US keyboard sends it. */
const slip = (gap: number, caps = false): Stroke[] => [
  { key: 'Shift', gap: 500 },
  { key: caps ? 'b' : 'B', place: 'KeyB', shift: true, gap },
  ...code('123456', gap).map((stroke) => ({ ...stroke, gap })),
];

test('a bill slip that fits the pattern is handed over and leaves no key behind, with Caps Lock on too', () => {
  for (const caps of [false, true]) {
    for (const end of [[enter], []]) {
      expect(typed([...slip(8, caps), ...end], { start: 'T1', venue: BILLS })).toEqual({ value: 'T1', passed: [], codes: ['B123456'] });
    }
  }
  expect(typed([...slip(8), enter]), 'without a pattern it is typed').toEqual({ value: 'B123456', passed: ['Enter'], codes: [] });
  expect(typed([...slip(8), enter], { holds: false, venue: BILLS }).value, 'judged below the page already').toBe('B123456');
  expect(typed([...slip(8), { key: '7', gap: 8 }, enter], { venue: BILLS }).value, 'one digit too many').toBe('B1234567');
});

test('a pause that the settings allow is part of the code', () => {
  const slow: Venue = { ...BILLS, gapMs: 90 };
  expect(typed([...slip(80), enter], { venue: slow })).toEqual({ value: '', passed: [], codes: ['B123456'] });
  expect(typed([...code(OTHER, 80), enter], { venue: slow }).codes).toEqual([OTHER]);
  expect(typed([...slip(80), enter], { venue: BILLS }).codes).toEqual([]);
});

test('with a pattern set a code with something foreign in it is handed over whole and typed nowhere', () => {
  const noisy = code(OTHER, 8).map((stroke, i) => (i === 5 ? { ...stroke, key: 'x' } : stroke));
  expect(typed([...noisy, enter], { venue: BILLS })).toEqual({ value: '', passed: [], codes: ['28123x567890123456789012'] });
});

test('with a pattern set a person types as before: every key arrives, in order, as the layout means it', () => {
  const stroke = fc.record({ key: fc.constantFrom(...'0123456789Bbz-', 'Enter'), gap: fc.integer({ min: GAP_MAX_MS + 1, max: 900 }) });
  const roll = fc.record({ key: fc.constantFrom(...'0123456789Bb'), gap: fc.integer({ min: 0, max: GAP_MAX_MS }) });
  fc.assert(
    fc.property(fc.array(fc.tuple(stroke, fc.array(roll, { maxLength: 3 }))), (runs) => {
      const keys = runs.flatMap(([first, rest]) => [first, ...rest]);
      const { value, passed, codes } = typed(keys, { venue: BILLS });
      expect(value).toBe(keys.map(({ key }) => key).filter((key) => key.length === 1).join(''));
      expect([passed.length, codes]).toEqual([keys.filter(({ key }) => key === 'Enter').length, []]);
    }),
  );
  expect(typed([{ key: 'y', place: 'KeyZ', gap: 300 }], { venue: BILLS }).value, 'another layout').toBe('y');
});

test('a pattern of the settings fits whole numbers, and one in a dialect of its own fits none', () => {
  expect(patternOf('B?[0-9]{4,6}|K\\d+')?.test('B12345')).toBe(true);
  expect(patternOf('B?[0-9]{4,6}')?.test('xB12345')).toBe(false);
  expect(patternOf('(?i)b[0-9]+')?.test('B1')).toBe(true);
  expect(patternOf('(?P<year>[0-9]{4})[0-9]+')?.test('202612')).toBe(true);
  expect(patternOf('(?:A|B)-[0-9]+')?.test('A-1')).toBe(true);
  for (const foreign of ['', '(?x) B [0-9]', '\\p{Nd}+', '[a-z&&[^b]]', '[[:digit:]]+', '(', '\\x{41}']) expect(patternOf(foreign), foreign).toBe(null);
});

test('on the screen: a bill slip that the page has to judge goes to the backend, and its Enter confirms nothing', async () => {
  vi.useFakeTimers();
  const shop = view();
  const s = await open({ window: { ...shop.window, typing: { ...shop.window.typing, bill_pattern: 'B[0-9]{6}' } } });
  Object.defineProperty(s.host, 'keysBelow', { value: false });
  const bill = s.at('bill') as HTMLInputElement;
  bill.focus();
  for (const key of [...'B123456', 'Enter']) {
    const place = key === 'B' ? 'KeyB' : key.length === 1 ? `Digit${key}` : key;
    const event = new KeyboardEvent('keydown', { key, code: place, shiftKey: key === 'B', bubbles: true, cancelable: true });
    Object.defineProperty(event, 'timeStamp', { value: performance.now() });
    if (bill.dispatchEvent(event) && key.length === 1) await fireEvent.input(bill, { target: { value: bill.value + key } });
    await vi.advanceTimersByTimeAsync(10);
  }
  await settle();
  expect([s.value('bill'), s.focused()]).toEqual(['', 'bill']);
  expect(s.host.calls).toContainEqual(['typedScan', 'B123456']);
  vi.useRealTimers();
});

/** Strikes keys at a screen that has to judge them itself; with an input method, which types them whatever the page says. */
async function strike(input: HTMLInputElement, keys: Stroke[]): Promise<void> {
  for (const { key, gap, shift = false, place = key, composing = false } of keys) {
    await vi.advanceTimersByTimeAsync(gap);
    const event = new KeyboardEvent('keydown', { key: composing ? 'Process' : key, code: place, shiftKey: shift, isComposing: composing, bubbles: true, cancelable: true });
    Object.defineProperty(event, 'timeStamp', { value: performance.now() });
    const acts = input.dispatchEvent(event);
    if (key.length !== 1 || !(acts || composing)) continue;
    input.value += key;
    input.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: composing, data: key }));
  }
  await settle();
}

test('on the screen: a code with letters stays out of every field that takes text, and its Enter presses nothing', async () => {
  vi.useFakeTimers();
  const s = await open({ armed: sale });
  Object.defineProperty(s.host, 'keysBelow', { value: false });
  for (const field of ['bill', 'amount']) {
    const input = s.at(field) as HTMLInputElement;
    const before = input.value;
    input.focus();
    await strike(input, strokes(`${FACE}\n`, 10));
    await vi.advanceTimersByTimeAsync(200);
    expect([input.value, s.focused()]).toEqual([before, field]);
  }
  expect(s.asked()).toEqual(['typedScan', 'typedScan']);
  expect(s.host.calls).toContainEqual(['typedScan', FACE]);
  vi.useRealTimers();
});

test('on the screen: what an input method made of a code is taken back, late words too, and the sale stays armed', async () => {
  vi.useFakeTimers();
  const s = await open({ armed: sale });
  Object.defineProperty(s.host, 'keysBelow', { value: false });
  const bill = s.at('bill') as HTMLInputElement;
  const compose = (type: string) => bill.dispatchEvent(new CompositionEvent(type, { bubbles: true }));
  bill.focus();
  compose('compositionstart');
  const loose = strokes(FACE, 10).map((stroke) => ({ ...stroke, composing: true }));
  await strike(bill, [...loose, ...strokes('\n', 10)]);
  expect(bill.value).toBe(sale.bill);
  bill.value = `${sale.bill}${FACE}`;
  bill.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true, data: FACE }));
  compose('compositionend');
  await settle();
  expect([bill.value, s.value('bill')]).toEqual([sale.bill, sale.bill]);
  expect(s.asked(), 'nothing was disarmed').toEqual(['typedScan']);

  compose('compositionstart');
  await strike(bill, strokes('fa', 90).map((stroke) => ({ ...stroke, composing: true })));
  await vi.advanceTimersByTimeAsync(200);
  await settle();
  expect(s.screen.desk.bill, 'a person\'s words arrive').toBe(`${sale.bill}fa`);
  vi.useRealTimers();
});

test('on the screen: a list that has the focus stays where it is under a scan, and goes where a person wants it', async () => {
  vi.useFakeTimers();
  const s = await open({ armed: sale });
  Object.defineProperty(s.host, 'keysBelow', { value: false });
  const business = s.at('business') as HTMLSelectElement;
  business.focus();
  const press = async (keys: Stroke[]) => {
    for (const { key, gap, place = key } of keys) {
      await vi.advanceTimersByTimeAsync(gap);
      const event = new KeyboardEvent('keydown', { key, code: place, bubbles: true, cancelable: true });
      Object.defineProperty(event, 'timeStamp', { value: performance.now() });
      // What a browser does with a key that it is left.
      if (business.dispatchEvent(event) && key.length === 1) await fireEvent.change(business, { target: { value: key } });
    }
    await vi.advanceTimersByTimeAsync(200);
    await settle();
  };
  await press(strokes(`${OTHER}\n`, 10));
  expect([business.value, s.asked()]).toEqual(['1', ['typedScan']]);
  await press(strokes('3', 300));
  expect([business.value, s.screen.desk.business]).toEqual(['3', 3]);
  vi.useRealTimers();
});

test('a slider keeps its keys: it takes no text that could be held back and typed later', () => {
  vi.useFakeTimers();
  const guard = new Guard({ putBack: () => undefined, scanned: () => undefined, holds: () => true, venue: () => SHIPPED });
  const slider = document.body.appendChild(Object.assign(document.createElement('input'), { type: 'range' }));
  const event = new KeyboardEvent('keydown', { key: '4', code: 'Digit4', bubbles: true });
  slider.addEventListener('keydown', (happened) => expect(guard.takes(happened)).toBe(false));
  slider.dispatchEvent(event);
  expect(() => vi.advanceTimersByTime(200)).not.toThrow();
  slider.remove();
  vi.useRealTimers();
});

test('Enter works again soon after a burst', () => {
  expect(typed([...code(CODE, 8), enter, { key: 'Enter', gap: 900 }]).passed).toEqual(['Enter']);
  expect(typed([...code(CODE, 8), { key: 'Enter', gap: QUIET_END_MS + 400 }]).passed).toEqual(['Enter']);
});

test('on the screen: no field changes, nothing is armed or disarmed, and the code goes to the backend', async () => {
  const s = await open();
  await s.type('bill', sale.bill);
  const amount = s.at('amount') as HTMLInputElement;
  amount.focus();
  for (const [i, key] of [...CODE, 'Enter'].entries()) {
    const place = key.length === 1 ? `Numpad${key}` : key;
    const event = new KeyboardEvent('keydown', { key, code: place, bubbles: true, cancelable: true });
    Object.defineProperty(event, 'timeStamp', { value: 5000 + i * 8 });
    if (amount.dispatchEvent(event) && key.length === 1) await fireEvent.input(amount, { target: { value: amount.value + key } });
  }
  await settle();
  expect([s.value('bill'), s.value('amount')]).toEqual([sale.bill, '']);
  expect(s.asked()).not.toContain('arm');
  expect(s.host.calls).toContainEqual(['typedScan', CODE]);
});

test('where keys are not judged before: digits wait for the gap, a code for an armed sale disarms nothing', async () => {
  vi.useFakeTimers();
  const s = await open({ armed: sale });
  Object.defineProperty(s.host, 'keysBelow', { value: false });
  const amount = s.at('amount') as HTMLInputElement;
  amount.focus();
  const before = [s.value('bill'), s.value('amount')];
  const strike = async (key: string, ms: number) => {
    const place = key.length === 1 ? `Numpad${key}` : key;
    const event = new KeyboardEvent('keydown', { key, code: place, bubbles: true, cancelable: true });
    Object.defineProperty(event, 'timeStamp', { value: performance.now() });
    if (amount.dispatchEvent(event) && key.length === 1) await fireEvent.input(amount, { target: { value: amount.value + key } });
    await vi.advanceTimersByTimeAsync(ms);
  };
  for (const key of OTHER) await strike(key, 40);
  await strike('Enter', 8);
  await settle();
  expect([s.value('bill'), s.value('amount')]).toEqual(before);
  expect(s.asked().filter((name) => name !== 'daySums')).toEqual(['typedScan']);
  expect(s.host.calls).toContainEqual(['typedScan', OTHER]);

  amount.select();
  for (const key of '31') await strike(key, 30);
  expect(s.value('amount')).toBe(before[1]);
  await vi.advanceTimersByTimeAsync(60);
  await settle();
  expect(s.value('amount'), 'a person waits one gap').toBe('31');
  await strike('0', 5);
  await strike('Enter', 5);
  await settle();
  expect(s.value('amount'), 'what is held comes before the next key acts').toBe('310');
  vi.useRealTimers();
});
