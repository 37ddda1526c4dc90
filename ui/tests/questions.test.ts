// Scans, questions, notices and the pending list.
import { fireEvent } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { charge, sale } from '../src/fake/views';
import type { ScanOutcome } from '../src/types';
import { open } from './open';

const scan = (number: number, outcome: ScanOutcome) => ({ scan: { number, read: '13…6789', outcome } });
const alt = (digit: number) => [String(digit), { code: `Digit${digit}`, altKey: true }] as const;

test('a refused scan is shown with its reason until the next action', async () => {
  const s = await open({ front: charge('checking') });
  await s.push(scan(1, { kind: 'refused', refusal: { kind: 'front-busy', charge: 'X' } }));
  expect(s.at('scan-strip').dataset.kind).toBe('refused');
  expect(s.at('scan-strip').textContent).toContain('没有提交');
  expect(s.at('scan-strip').closest('[role="alert"]')).not.toBeNull();
  await s.push({});
  expect(s.all('scan-strip')).toHaveLength(1);
  await s.press('F7');
  expect(s.all('scan-strip')).toHaveLength(0);
});

test('two equal scans are told apart by their number', async () => {
  const s = await open();
  await s.push(scan(1, { kind: 'refused', refusal: { kind: 'damaged' } }));
  await s.press('F3');
  expect(s.all('scan-strip')).toHaveLength(0);
  await s.push(scan(2, { kind: 'refused', refusal: { kind: 'damaged' } }));
  expect(s.all('scan-strip')).toHaveLength(1);
});

test('a double trigger of the scanner is no news once the charge has moved on', async () => {
  const s = await open({ front: charge('paid') });
  await s.push(scan(1, { kind: 'charging', charge: charge('paid').id }));
  expect(s.all('scan-strip')).toHaveLength(0);
  await s.push({ front: charge('sending'), ...scan(2, { kind: 'charging', charge: charge('sending').id }) });
  expect(s.at('scan-strip').textContent).toContain('13…6789');
});

test('a scanned bill fills its field, disarms, and never keeps the amount of another bill', async () => {
  const s = await open({ armed: sale });
  await s.push(scan(1, { kind: 'bill', text: 'T9' }));
  expect([s.value('bill'), s.value('amount'), s.focused()]).toEqual(['T9', '', 'amount']);
  expect(s.asked()).toEqual(['disarm']);
  await s.push(scan(2, { kind: 'bill', text: 'T9' }));
  expect(s.asked()).toEqual(['disarm']);
});

test('a held code waits for a key that no scanner sends', async () => {
  const s = await open({ armed: sale, held: { code: '99…6789' } });
  expect(s.at('question').textContent).toContain('99…6789');
  expect(s.state()).toBe('armed');
  await s.press('Enter');
  await s.press('Tab');
  expect(s.asked()).toEqual([]);
  await s.press(...alt(1));
  await s.press(...alt(2));
  expect(s.host.calls).toEqual([
    ['decideHeld', true],
    ['decideHeld', false],
  ]);
});

test('after a refusal by the platform the phone is asked about, by one key', async () => {
  for (const [digit, answer] of [[1, 'no'], [2, 'yes'], [3, 'unsure']] as const) {
    const s = await open({ front: charge('declined', { asks_phone: true }) });
    expect(s.at('phone-shows-payment-no').textContent).toContain('Alt+1');
    await s.press(...alt(digit));
    expect(s.host.calls).toEqual([['phoneShows', charge('declined').id, answer]]);
    document.body.replaceChildren();
  }
});

test('a bill refused earlier asks first and is armed after "no"', async () => {
  const s = await open();
  await s.type('bill', 'T1');
  await s.type('amount', '1');
  s.host.answers.arm = { kind: 'ask-phone', bill: 'T1', charge: 'C9' };
  await s.screen.enter('amount');
  await s.push({});
  expect(s.at('question').dataset.question).toBe('phone');
  // The panel names this as the next step, and not the form.
  expect(s.at('charge-message').textContent).toContain('回答下面的问题');
  await fireEvent.click(s.at('phone-shows-payment-no'));
  await s.push({});
  expect(s.host.calls.slice(1).map(([name, first]) => [name, name === 'arm' ? 'T1' : first])).toEqual([
    ['phoneShows', 'C9'],
    ['arm', 'T1'],
  ]);
});

test('a notice waits for a nod and takes neither the focus nor the sale', async () => {
  const s = await open({ armed: sale });
  s.at('amount').focus();
  await s.push({ notices: [charge('paid', { id: 'C1', bill: 'T1', amount: '12.30' }), charge('declined', { id: 'C2' })] });
  expect([s.state(), s.focused(), s.value('bill')]).toEqual(['armed', 'amount', sale.bill]);
  expect(s.at('notice').textContent).toContain('收款成功 ¥12.30');
  expect(s.at('notice').textContent).toContain('T1');
  await s.press(...alt(0));
  expect(s.host.calls).toEqual([['takeNotice', 'C1']]);
});

test('the pending list opens by key beside the charge, and closes again', async () => {
  const s = await open({ front: charge('checking'), pending: [charge('parked', { id: 'C5', text: '处理中' })] });
  expect(s.at('pending-count').textContent).toBe('1');
  await s.press('F10');
  const row = s.at('pending-row');
  expect([row.dataset.charge, row.dataset.state]).toEqual(['C5', 'parked']);
  for (const part of [sale.bill, '¥260.00', 'S0107', '12 秒', '待定', '处理中']) expect(row.textContent).toContain(part);
  expect(s.state()).toBe('checking');
  await s.press('Escape');
  expect(s.all('pending-list')).toHaveLength(0);
  expect(s.asked()).toEqual(['timeline']);
});

test('the gate stays as long as it lasts; training cannot be overlooked', async () => {
  const s = await open({ gate: { gate: 'disk-full' }, training: true });
  expect(s.at('gate').textContent).toContain('磁盘已满');
  expect(s.at('training-mark').textContent).toContain('培训模式');
  await fireEvent.click(s.at('training-scan-lost'));
  expect(s.host.calls).toEqual([['trainingScan', 'lost']]);
  await s.push({ gate: null });
  expect(s.all('gate')).toHaveLength(0);
});

test('a button pressed by mouse leaves the focus in the field', async () => {
  const s = await open({ training: true });
  s.at('bill').focus();
  for (const button of document.querySelectorAll('button')) {
    expect(await fireEvent.mouseDown(button), button.dataset.testid).toBe(false);
  }
});

test('the language changes at once and every control keeps a name', async () => {
  const s = await open({ training: true, armed: sale, pending: [charge('parked')], notices: [charge('paid')] });
  for (const [word, wrong] of [['请扫描顾客付款码', /[A-Za-z]{12,}/], ['Scan the customer', /[\u4e00-\u9fff]{3,}/]] as const) {
    expect(s.at('charge-state').textContent).toContain(word);
    for (const control of document.querySelectorAll<HTMLInputElement>('button, input, select')) {
      const name = control.labels?.[0]?.textContent ?? control.getAttribute('aria-label') ?? control.textContent;
      expect(name?.trim(), control.outerHTML).toBeTruthy();
      if (control.tagName !== 'INPUT') expect(name, control.outerHTML).not.toMatch(wrong);
    }
    await fireEvent.click(s.at('language'));
  }
  expect(document.documentElement.lang).toBe('zh-CN');
});
