// The customer's screen: one thing at a time, both languages, and never a word that is not proved.
import { render } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import { Customer } from '../src/customer.svelte';
import { customer as en } from '../src/i18n/en.customer';
import { customer as zh } from '../src/i18n/zh-CN.customer';
import CustomerScreen from '../src/parts/CustomerScreen.svelte';
import type { CustomerView, Shows } from '../src/types';
import { settle } from './open';

const SHOWS: Shows[] = [
  { kind: 'idle' },
  { kind: 'code', amount: '260.00' },
  { kind: 'wait', amount: '260.00' },
  { kind: 'confirm', amount: '260.00' },
  { kind: 'phone', amount: '260.00' },
  { kind: 'paid', amount: '260.00', card: 'none' },
  { kind: 'paid', amount: '260.00', card: 'working' },
  { kind: 'paid', amount: '260.00', card: 'done' },
  { kind: 'paid', amount: '260.00', card: 'ask' },
  { kind: 'not-charged', amount: '260.00', again: true },
  { kind: 'not-charged', amount: '260.00', again: false },
  { kind: 'ask', amount: '260.00' },
];

/** A screen whose answers come when the test says so. */
function opened() {
  const asked: (number | null)[] = [];
  let answer: (view: CustomerView) => void = () => {};
  let fail: (why: Error) => void = () => {};
  const host = {
    next: (seen: number | null) => {
      asked.push(seen);
      return new Promise<CustomerView>((resolve, reject) => ([answer, fail] = [resolve, reject]));
    },
  };
  render(CustomerScreen, { props: { customer: new Customer(host) } });
  let number = 0;
  const at = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
  return {
    asked,
    at,
    text: () => at('customer')!.textContent!.replace(/\s+/g, ' ').trim(),
    show: async (shows: Shows, training = false) => {
      answer({ number: (number += 1), name: '东门售票处', training, shows });
      await settle();
    },
    fail: async () => {
      fail(new Error('gone'));
      await settle();
    },
  };
}

test('every state says in both languages what to do, and shows the amount large', async () => {
  const screen = opened();
  for (const shows of SHOWS) {
    await screen.show(shows);
    const word = screen.at('customer')!.dataset.shows as keyof typeof zh;
    expect(screen.text()).toContain(zh[word]);
    expect(screen.text()).toContain(en[word]);
    if (shows.kind === 'idle') {
      expect(screen.text()).toContain('东门售票处');
      expect(screen.text()).not.toMatch(/\d/);
    } else expect(screen.at('customer-amount')!.textContent).toBe('¥260.00');
  }
});

test('no word speaks of failing, and only what is proved says that nothing was charged', () => {
  for (const text of [...Object.values(zh), ...Object.values(en)]) expect(text).not.toMatch(/fail|失败|error|错误|declin|拒/i);
  for (const word of ['code', 'wait', 'confirm', 'phone', 'ask'] as const) {
    expect(zh[word]).not.toContain('未扣款');
    expect(en[word]).not.toMatch(/not charged/i);
  }
});

test('each answer is asked on from, and a lost backend leaves no amount standing', async () => {
  vi.useFakeTimers();
  try {
    const screen = opened();
    await screen.show({ kind: 'code', amount: '9.00' });
    expect(screen.asked).toEqual([null, 1]);
    await screen.fail();
    expect(screen.at('customer')!.dataset.shows).toBe('idle');
    await vi.advanceTimersByTimeAsync(1000);
    expect(screen.asked).toEqual([null, 1, null]);
    await screen.show({ kind: 'confirm', amount: '9.00' });
    expect(screen.at('customer')!.dataset.shows).toBe('confirm');
  } finally {
    vi.useRealTimers();
  }
});

test('training is marked, and nothing on the screen can be pressed or typed into', async () => {
  const screen = opened();
  await screen.show({ kind: 'code', amount: '9.00' }, true);
  expect(screen.at('training-mark')!.textContent).toContain(zh.training);
  expect(document.querySelectorAll('button, input, a, select, [tabindex]').length).toBe(0);
});
