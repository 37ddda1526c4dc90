// What a screen reader is told: every change of the state, without the focus being moved; and what every control is called.
import { expect, test } from 'vitest';
import { charge, sale } from '../src/fake/views';
import type { State } from '../src/types';
import { open, settle, type Opened } from './open';

const STORY: State[] = ['sending', 'confirming', 'checking', 'declined', 'paid'];

/** Polite regions that were on the page all along; one that comes with its text may be missed. */
function regions(s: Opened): HTMLElement[] {
  return [...s.at('charge-state').querySelectorAll<HTMLElement>('[role="status"], [aria-live="polite"]')];
}

test('each state is announced where it was always listened to, and the focus stays', async () => {
  const s = await open({ armed: sale });
  s.at('amount').focus();
  const listened = regions(s);
  expect(listened.length).toBeGreaterThanOrEqual(2);
  let before = listened.map((region) => region.textContent);
  for (const state of STORY) {
    await s.push({ armed: null, front: charge(state) });
    const now = listened.map((region) => region.textContent);
    expect(listened.every((region) => region.isConnected), state).toBe(true);
    expect(now[0], state).not.toBe(before[0]);
    expect(now.join(' '), state).toContain(screenWord(s, state));
    // Paid clears the form for the next sale, as a press of F2 does; nothing else moves the focus.
    expect(s.focused(), state).toBe(state === 'paid' ? 'bill' : 'amount');
    before = now;
  }
});

test('the counter is no announcement: nobody is told every second', async () => {
  const s = await open({ front: charge('confirming') });
  expect(s.at('count-up').closest('[role="status"], [aria-live]')).toBeNull();
});

test('a refused scan and a refused key are alerts, and a notice says so by itself', async () => {
  const s = await open({ front: null });
  s.at('bill').focus();
  await s.push({ scan: { number: 1, read: '13…6789', outcome: { kind: 'refused', refusal: { kind: 'not-armed' } } } });
  const alert = s.at('scan-strip').closest('[role="alert"], [role="status"], [aria-live]');
  expect(alert).not.toBeNull();
  expect(s.focused()).toBe('bill');
  await s.push({ notices: [charge('late-success', { id: 'LATE' })] });
  const notice = s.at('notice').closest('[role="alert"], [role="status"], [aria-live]') ?? s.at('notice').querySelector('[role="alert"], [role="status"]');
  expect(notice).not.toBeNull();
  expect(s.focused()).toBe('bill');
});

test('trouble with a part is announced with its name, and its word can be read where it has no room', async () => {
  const s = await open();
  const more = s.at('health-more');
  expect(more.getAttribute('role')).toBe('status');
  await s.push({
    health: { gateway: { kind: 'silent' }, scanner: { kind: 'searching' }, journal_ok: true, clock: { kind: 'right' } },
  });
  await settle();
  expect(more.isConnected && more.textContent).toContain('平台没有应答');
  expect(s.at('health-scanner').textContent).toContain('寻找中');
  expect(s.at('health-journal').textContent).toContain('正常');
});

function screenWord(s: Opened, state: State): string {
  return s.screen.t.states[state].word;
}
