// The cashier's day: sign in, bill, amount, armed, charge, next bill; all by keyboard.
import { fireEvent } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import { Closing } from '../src/closing.svelte';
import { charge, sale } from '../src/fake/views';
import { open } from './open';

test('the story: operator, bill, amount, armed, waiting, paid, ready for the next bill', async () => {
  const s = await open({ operator: null });
  expect(s.focused()).toBe('operator');
  await s.type('operator', 'S0107');
  await s.press('Enter');
  expect(s.host.calls).toEqual([['signIn', 'S0107']]);
  await s.push({ operator: 'S0107' });
  expect(s.focused()).toBe('bill');
  expect(s.value('business')).toBe('1');

  await s.type('bill', sale.bill);
  await s.press('Enter');
  expect(s.focused()).toBe('amount');
  await s.type('amount', '260');
  await s.press('Enter');
  const entry = { operator: 'S0107', business: 1, bill: sale.bill, amount: '260', card: '' };
  expect(s.host.calls.at(-1)).toEqual(['arm', entry, false]);

  await s.push({ armed: sale });
  expect(s.state()).toBe('armed');
  expect(s.at('charge-amount').textContent).toBe('¥260.00');
  expect(s.at('charge-state').textContent).toContain('请扫描顾客付款码');

  await s.push({ armed: null, front: charge('confirming') });
  expect(s.state()).toBe('confirming');
  expect((s.at('bill') as HTMLInputElement).readOnly).toBe(true);

  await s.push({ front: charge('paid') });
  expect(s.state()).toBe('paid');
  expect(s.at('charge-amount').textContent).toBe('¥260.00');
  expect([s.value('bill'), s.value('amount'), s.focused()]).toEqual(['', '', 'bill']);

  await s.type('bill', 'T2');
  expect(s.asked().at(-1)).toBe('nextCustomer');
  await s.push({ front: null });
  expect([s.state(), s.value('bill')]).toEqual(['entering', 'T2']);
});

test('what stands in the field that a key led to is typed over, even if its mark was taken away meanwhile', async () => {
  const s = await open();
  await s.type('bill', 'T-OLD');
  await s.press('F3');
  const bill = s.at('bill') as HTMLInputElement;
  const marked = () => bill.value.slice(bill.selectionStart ?? 0, bill.selectionEnd ?? 0);
  const lose = () => bill.setSelectionRange(5, 5);
  expect(marked()).toBe('T-OLD');
  lose();
  await s.press('Shift');
  expect(marked()).toBe('');
  await s.press('N');
  expect(marked()).toBe('T-OLD');
  // Once is enough: now the caret is where the cashier has it.
  lose();
  await s.press('X');
  expect(marked()).toBe('');

  await s.press('F3');
  lose();
  await fireEvent.pointerDown(bill);
  await s.press('X');
  expect(marked()).toBe('');

  // Fingers on the number pad likewise.
  await s.push({ look: { theme: 'system', language: 'zh-CN', pad: true } });
  await s.press('F3');
  lose();
  await fireEvent.click(s.at('pad-7'));
  expect(bill.value).toBe('7');
});

test('an edit disarms at once, in every field', async () => {
  for (const field of ['operator', 'bill', 'amount']) {
    const s = await open({ armed: sale });
    await s.type(field, '7');
    expect(s.asked(), field).toEqual(['disarm']);
    document.body.replaceChildren();
  }
});

test('an edit while arming is under way disarms after it', async () => {
  const s = await open();
  await s.type('bill', 'T1');
  await s.type('amount', '1');
  void s.screen.enter('amount');
  s.screen.edit('amount', '12');
  await s.push({});
  expect(s.asked()).toEqual(['arm', 'disarm']);
  await s.push({ armed: { ...sale, bill: 'T1', amount: '1.00' } });
  await s.screen.enter('amount');
  expect(s.asked()).toEqual(['arm', 'disarm', 'arm']);
});

test('what is typed while a sign-in or a refusal is on its way is never armed unconfirmed', async () => {
  const s = await open({ operator: null });
  await s.type('operator', 'S0107');
  await s.type('amount', '1');
  void s.screen.enter('amount');
  s.screen.edit('amount', '12');
  await s.push({});
  expect(s.asked()).not.toContain('arm');

  await s.push({ operator: 'S0107' });
  s.host.answers.arm = { kind: 'confirm-large', amount: '2600.00' };
  s.screen.edit('amount', '2600');
  void s.screen.enter('amount');
  s.screen.edit('amount', '9600');
  await s.push({});
  expect(s.all('question')).toHaveLength(0);
  await s.press('1', { code: 'Digit1', altKey: true });
  expect(s.host.calls.filter((call) => call[0] === 'arm' && call[2])).toEqual([]);
});

test('after declined everything is kept and the screen says that a fresh scan is enough', async () => {
  const s = await open({ armed: sale });
  await s.push({ armed: null, front: charge('sending') });
  await s.push({ armed: sale, front: charge('declined') });
  expect(s.state()).toBe('declined');
  expect([s.value('bill'), s.value('amount')]).toEqual([sale.bill, '260.00']);
  expect(s.at('charge-state').textContent).toContain('未收款：余额不足');
  expect(s.at('charge-message').textContent).toContain('直接重扫');
  expect((s.at('amount') as HTMLInputElement).readOnly).toBe(false);
});

test('stop waiting parks the charge, says so, and frees the fields', async () => {
  const s = await open({ armed: sale });
  await s.push({ armed: null, front: charge('checking') });
  await s.press('Escape');
  await s.press('F2');
  expect(s.asked()).toEqual([]);
  await s.press('Backspace', { ctrlKey: true });
  expect(s.asked()).toEqual(['stopWaiting']);
  await s.push({ front: null, pending: [charge('parked')] });
  expect([s.state(), s.value('bill'), s.focused()]).toEqual(['parked', '', 'bill']);
  await s.type('bill', 'T2');
  expect(s.state()).toBe('entering');
});

test('F7 asks about the charge in front; a held key asks once', async () => {
  const s = await open({ front: charge('checking') });
  await s.press('F7');
  await s.press('F7', { repeat: true });
  expect(s.host.calls).toEqual([['queryNow', charge('checking').id]]);
});

test('a wrong field is named, described and focused', async () => {
  const s = await open();
  await s.type('bill', 'T1');
  await s.type('amount', '1.234');
  s.host.answers.arm = { kind: 'entry', error: { kind: 'amount', why: 'too-fine' } };
  await s.screen.enter('amount');
  await s.push({});
  const amount = s.at('amount');
  expect(amount.getAttribute('aria-invalid')).toBe('true');
  expect(document.getElementById(amount.getAttribute('aria-describedby') ?? '')?.textContent).toContain('两位小数');
  expect([s.focused(), s.value('bill')]).toEqual(['amount', 'T1']);
  await s.type('amount', '1.23');
  expect(amount.getAttribute('aria-invalid')).toBe('false');
});

test('a large amount is confirmed by its own key, never by Enter', async () => {
  const s = await open();
  await s.type('bill', 'T1');
  await s.type('amount', '2600');
  s.host.answers.arm = { kind: 'confirm-large', amount: '2600.00' };
  await s.screen.enter('amount');
  await s.push({});
  expect(s.at('charge-amount').textContent).toBe('¥2,600.00');
  s.host.answers.arm = { kind: 'confirm-large', amount: '2600.00' };
  s.at('amount').focus();
  await s.press('Enter');
  expect(s.host.calls.map((call) => call[2])).toEqual([false, false]);
  await s.press('1', { code: 'Digit1', altKey: true });
  expect(s.host.calls.at(-1)?.[2]).toBe(true);
});

test('a recharge asks for the card, and Enter there arms', async () => {
  const s = await open();
  s.screen.choose(7);
  await s.push({});
  await s.type('bill', 'T1');
  await s.type('amount', '100');
  s.at('amount').focus();
  await s.press('Enter');
  expect(s.focused()).toBe('card');
  await s.type('card', 'C100200');
  await s.press('Enter');
  const entry = { operator: 'S0107', business: 7, bill: 'T1', amount: '100', card: 'C100200' };
  expect(s.host.calls.at(-1)).toEqual(['arm', entry, false]);
});

test('another operator in the field is signed in before anything is armed', async () => {
  const s = await open();
  await s.type('operator', 'S0200');
  await s.type('bill', 'T1');
  await s.type('amount', '1');
  await s.screen.enter('amount');
  expect(s.asked()).toEqual(['signIn', 'arm']);
});

test('a backend that fails leaves the screen usable and says that no charge was sent', async () => {
  const s = await open();
  s.host.answers.arm = new Error('gone');
  await s.screen.enter('amount');
  await s.push({});
  expect(s.at('scan-strip').textContent).toContain('没有发出任何收款');
  await s.screen.enter('amount');
  expect(s.asked()).toEqual(['arm', 'arm']);
});

test('a scan in the middle of an edit shows what is charged, not what was typed', async () => {
  const s = await open({ armed: sale });
  await s.type('amount', '26');
  await s.push({ armed: null, front: charge('sending') });
  expect(s.value('amount')).toBe('260.00');
});

test('"sending" on the strip is gone as soon as the charge has moved on', async () => {
  const s = await open({ armed: sale });
  await s.push({ armed: null, front: charge('sending'), scan: { number: 1, read: '13…6789', outcome: { kind: 'charging', charge: charge('sending').id } } });
  expect(s.at('scan-strip').textContent).toContain('13…6789');
  await s.push({ front: charge('paid') });
  expect(s.all('scan-strip')).toHaveLength(0);
});

test('Enter in the field of the operator who is signed in signs nobody in again', async () => {
  const s = await open();
  s.at('operator').focus();
  await s.press('Enter');
  expect([s.asked(), s.focused()]).toEqual([[], 'bill']);
});

test('after a restart the screen shows the charge in front and the sale it came from', async () => {
  const s = await open({ front: charge('checking') });
  expect([s.state(), s.value('bill'), s.value('amount')]).toEqual(['checking', sale.bill, '260.00']);
});

test('a closing question that nobody answers goes away, and a later one stays as long as the first', () => {
  vi.useFakeTimers();
  const closing = new Closing();
  closing.ask(2);
  vi.advanceTimersByTime(59_000);
  expect(closing.pending).toBe(2);
  closing.ask(3);
  vi.advanceTimersByTime(59_000);
  expect(closing.pending, 'the first one took its time with it').toBe(3);
  vi.advanceTimersByTime(1_000);
  expect(closing.pending).toBe(0);
  vi.useRealTimers();
});

test('closing with something pending says what goes on and what waits, and touches nothing', async () => {
  const s = await open({ operator: 'S0107' });
  await s.type('bill', 'T1');
  const parked = (n: number) => charge('parked', { id: `01JDB0000000000000000000P${n}`, bill: `P${n}` });
  await s.push({ pending: [1, 2, 3].map(parked) });
  s.host.close(3);
  await s.push({});
  expect(s.at('closing').textContent).toContain('还有 3 笔待处理');
  expect(s.value('bill')).toBe('T1');
  await s.push({ pending: [parked(2)] });
  expect(s.at('closing').textContent, 'two have ended meanwhile').toContain('还有 1 笔待处理');
  await s.push({ pending: [] });
  expect(s.all('closing'), 'closing closes at once now').toEqual([]);
});

test('after a refusal a page loaded anew needs one Enter to confirm again, and after a start the operator comes first', async () => {
  const s = await open({ front: charge('declined') });
  expect([s.focused(), s.value('bill'), s.value('amount')]).toEqual(['amount', sale.bill, '260.00']);
  document.body.replaceChildren();
  const started = await open({ operator: null, front: charge('declined') });
  expect(started.focused()).toBe('operator');
});
