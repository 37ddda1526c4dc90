// Every state has its own look and words in every language, and the panel shows them.
import { expect, test } from 'vitest';
import { charge, view } from '../src/fake/views';
import { strokes } from '../src/icons';
import { languages } from '../src/i18n/texts';
import { looks, shownOf } from '../src/states';
import type { Shown, State } from '../src/types';
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
