// The locked screen: what is out of sight, what stays in sight, and the way back.
import { fireEvent } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { charge, sale } from '../src/fake/views';
import { open, settle } from './open';

test('F8 locks; nothing of the sale is on the page, and no other key does anything', async () => {
  const s = await open({ armed: sale, recent: [charge('paid')], pending: [charge('parked')] });
  await s.press('F8');
  expect(s.asked()).toEqual(['lock']);
  await s.push({ locked: true, armed: null });
  expect(s.focused()).toBe('unlock-operator');
  expect(document.body.textContent).not.toContain(sale.bill);
  expect(document.body.textContent).not.toContain('260');
  expect(s.all('bill')).toHaveLength(0);
  for (const key of ['F2', 'F3', 'F4', 'F7', 'F10']) await s.press(key);
  await s.press('h', { code: 'KeyH', ctrlKey: true });
  expect(s.asked()).toEqual(['lock']);
});

test('a charge under way is seen as such, without bill, amount, code or the words of the gateway', async () => {
  const s = await open({ locked: true, front: charge('confirming', { text: 'T2026112200017 ¥260.00' }) });
  expect([s.state(), s.at('charge-state').dataset.tone]).toEqual(['confirming', 'wait']);
  expect(s.at('charge-state').textContent).toContain('等待顾客确认');
  expect(s.at('charge-state').textContent).not.toMatch(/T20261|260|6789/);
  await s.push({ front: charge('declined', { asks_phone: true }) });
  expect(s.all('question')).toHaveLength(0);
  expect(s.at('charge-state').textContent).toContain('未收款');
});

test('the same operator comes back to what was entered and confirms it again with one key', async () => {
  const s = await open();
  await s.type('bill', sale.bill);
  await s.type('amount', '260');
  await s.push({ locked: true });
  await s.type('unlock-operator', 'S0107');
  await s.press('Enter');
  expect(s.host.calls.at(-1)).toEqual(['unlock', 'S0107', false]);
  await s.push({ locked: false });
  expect([s.value('bill'), s.value('amount'), s.focused()]).toEqual([sale.bill, '260', 'amount']);
  await s.press('Enter');
  expect(s.asked().at(-1)).toBe('arm');
});

test('another number is asked about before it takes over, and nothing entered goes over to it', async () => {
  const s = await open();
  await s.type('bill', sale.bill);
  await s.push({ locked: true });
  s.host.answers.unlock = { kind: 'other-operator', operator: 'S0107' };
  await s.type('unlock-operator', 'S0108');
  await s.press('Enter');
  expect(s.at('take-over').textContent).toContain('S0108');
  await s.type('unlock-operator', 'S010');
  expect(s.all('take-over')).toHaveLength(0);

  s.host.answers.unlock = { kind: 'other-operator', operator: 'S0107' };
  await s.type('unlock-operator', 'S0108');
  await s.press('Enter');
  await s.press('Enter');
  expect(s.host.calls.at(-1)).toEqual(['unlock', 'S0108', true]);
  await s.push({ locked: false, operator: 'S0108' });
  expect([s.value('operator'), s.value('bill'), s.focused()]).toEqual(['S0108', '', 'bill']);
});

test('notices wait behind the lock, and are counted', async () => {
  const s = await open({ locked: true, notices: [charge('paid', { bill: 'T-BEHIND' })] });
  expect(s.at('locked').textContent).toContain('有 1 条提醒');
  expect(document.body.textContent).not.toContain('T-BEHIND');
});

test('with nobody signed in there is nothing to lock', async () => {
  const s = await open({ operator: null });
  await s.press('F8');
  await settle();
  expect(s.asked()).toEqual([]);
  expect(s.focused()).toBe('operator');
});

test('the backend is told that somebody types or points, and not with every key', async () => {
  const s = await open();
  await s.type('bill', 'T1');
  await s.press('1');
  await s.press('2');
  await fireEvent.pointerDown(s.at('bill'));
  expect(s.host.present).toBe(1);
  expect(s.asked()).not.toContain('stillHere');
});

test('a screen that locks by itself keeps what was typed, and arms nothing', async () => {
  const s = await open();
  await s.type('bill', 'T1');
  await s.type('amount', '26');
  await s.push({ locked: true });
  expect(s.all('bill')).toHaveLength(0);
  expect(s.focused()).toBe('unlock-operator');
  await s.push({ locked: false });
  expect([s.value('bill'), s.value('amount')]).toEqual(['T1', '26']);
  expect(s.asked()).not.toContain('arm');
});
