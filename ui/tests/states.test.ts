// Every state has its own look and words in every language, and the panel shows them.
import { expect, test } from 'vitest';
import { charge, sale, view } from '../src/fake/views';
import { strokes } from '../src/icons';
import { languages } from '../src/i18n/texts';
import { cutOffOf } from '../src/panel';
import { looks, shownOf } from '../src/states';
import type { ScannerState, Shown, State } from '../src/types';
import { open } from './open';

const ALL = Object.keys(looks) as Shown[];

test('there are the 22 states of a charge, entering, and armed', () => {
  expect(ALL).toHaveLength(24);
});

test.each(Object.entries(languages))('%s has a word, a sentence and a next step for each', (_, t) => {
  for (const shown of ALL) {
    for (const text of Object.values(t.states[shown])) expect(text, shown).toMatch(/\S/);
    expect(strokes[looks[shown].icon]).toMatch(/^M/);
  }
  expect(new Set(ALL.map((shown) => t.states[shown].word)).size).toBe(ALL.length);
});

test('no two states that fill the panel in one colour share a symbol', () => {
  for (const tone of ['wait', 'paid', 'refused']) {
    const icons = ALL.filter((shown) => looks[shown].tone === tone).map((shown) => looks[shown].icon);
    expect(new Set(icons).size, tone).toBe(icons.length);
  }
});

test('"not charged" is said of proved states alone', () => {
  const unproved: Shown[] = ['sending', 'confirming', 'checking', 'parked'];
  for (const t of Object.values(languages)) {
    for (const shown of unproved) {
      const { word, sentence, next } = t.states[shown];
      expect(`${word} ${sentence} ${next}`, shown).not.toMatch(/未收款|没有收款|没有被扣款|not charged|nothing (is|was) charged/i);
    }
  }
});

test.each(ALL.filter((shown) => shown !== 'entering' && shown !== 'armed') as State[])('%s is on the panel', async (state) => {
  const s = await open({ front: charge(state) });
  expect([s.state(), s.at('charge-state').dataset.tone]).toEqual([state, looks[state].tone]);
  expect(s.at('charge-state').textContent).toContain(languages['zh-CN'].states[state].word);
  expect(s.at('charge-amount').textContent).toBe('¥260.00');
  expect(s.at('charge-state').querySelector('svg path')).not.toBeNull();
});

const GONE: ScannerState = { kind: 'lost', port: 'COM3', reason: 'unplugged' };
const health = (scanner: ScannerState) => ({ health: { ...view().health, scanner } });
const typing = (takes_codes: boolean) => ({ window: { ...view().window, typing: { ...view().window.typing, takes_codes } } });

test.each(Object.entries(languages))('%s: a sale that waits for a scanner that is gone says so, and waits on when it is back', async (language, t) => {
  const s = await open({ armed: sale, look: { theme: 'system', language, pad: false } });
  const panel = s.at('charge-state');
  const armed = [panel.querySelector('h1')?.textContent, s.at('charge-message').textContent, panel.dataset.tone];
  await s.push(health(GONE));
  expect(panel.dataset).toMatchObject({ state: 'armed', cutOff: 'lost', tone: 'unsent' });
  expect(panel.querySelector('h1')?.textContent).toBe(t.cutOff.lost.word);
  for (const says of [t.cutOff.sentence, t.cutOff.lost.next, t.cutOff.orType]) expect(s.at('charge-message').textContent).toContain(says);
  expect(s.at('charge-amount').textContent).toBe('¥260.00');
  await s.push({ ...health(GONE), ...typing(false) });
  expect(s.at('charge-message').textContent, 'no other scanner is taken').not.toContain(t.cutOff.orType);
  await s.push(health({ kind: 'ready', port: 'COM4', label: 'COM4' }));
  expect([panel.querySelector('h1')?.textContent, s.at('charge-message').textContent, panel.dataset.tone]).toEqual(armed);
  expect([panel.dataset.cutOff, s.asked()]).toEqual([undefined, []]);
});

test('a sale that stands after a refusal asks for the scanner before the fresh code', async () => {
  const t = languages['zh-CN'];
  const s = await open({ armed: sale, front: charge('never-sent'), ...health(GONE) });
  expect(s.state()).toBe('never-sent');
  expect(s.at('charge-message').textContent).toContain(t.cutOff.lost.next);
  expect(s.at('charge-message').textContent).not.toContain(t.panel.stillArmed);
});

test('only a scanner that was there, or must be there, is missed', () => {
  const waits = { armed: sale };
  for (const kind of ['searching', 'not-paired'] as const) {
    expect(cutOffOf(view({ ...waits, ...health({ kind }), ...typing(true) })), 'the scanner may type').toBe(null);
    expect(cutOffOf(view({ ...waits, ...health({ kind }), ...typing(false) }))).toBe('missing');
    expect(cutOffOf(view({ ...waits, ...health({ kind }), ...typing(false), training: true })), 'one is on the screen').toBe(null);
  }
  expect(cutOffOf(view({ ...waits, ...health({ kind: 'no-right', port: 'COM3', hint: '' }), ...typing(false) }))).toBe('missing');
  expect(cutOffOf(view({ ...waits, ...health({ kind: 'off' }), ...typing(true) }))).toBe(null);
  expect(cutOffOf(view(health(GONE))), 'nothing waits').toBe(null);
  expect(cutOffOf(view({ ...waits, ...health(GONE), locked: true })), 'nobody is there').toBe(null);
});

test('a refusal before the platform looked names the settings, not the customer', async () => {
  const s = await open({ front: charge('declined', { why: { why: 'refused-unlooked', status: 401 }, text: '' }) });
  expect(s.at('charge-message').textContent).toContain('HTTP 401');
  expect(s.at('charge-message').textContent).toContain('技术支持');
});

test('a long text of the gateway is told in full below the headline', async () => {
  const text = 'The issuing bank refused this payment; ask the customer to call the bank or to pay in another way';
  const s = await open({ front: charge('declined', { text }) });
  expect(s.at('charge-state').querySelector('h1')?.textContent).toBe('未收款');
  expect(s.at('charge-message').textContent).toContain(text);
});

test('a sale armed by the cashier after a refusal is shown as armed', () => {
  const armed = { bill: 'T1', amount: '1.00', business: 1, card: null };
  expect(shownOf(view({ armed, front: charge('declined') }), null)).toBe('declined');
  expect(shownOf(view({ armed, front: charge('declined', { phone: 'no' }) }), null)).toBe('armed');
  expect(shownOf(view({ armed, front: charge('paid') }), null)).toBe('armed');
  expect(shownOf(view({ armed: null, front: charge('paid') }), null)).toBe('paid');
});
