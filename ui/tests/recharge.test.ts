// Business 7 on the panel: the card, the beginning, the two legs; and late truths that are loud.
import { beforeEach, expect, test, vi } from 'vitest';
import { charge, sale } from '../src/fake/views';
import * as sound from '../src/sound';
import type { ChargeView, State } from '../src/types';
import { open } from './open';

const card = { business: 7, card: 'C600100200' };
const armed = { ...sale, ...card };
const recharge = (state: State, change: Partial<ChargeView> = {}) => charge(state, { ...card, ...change });

beforeEach(() => void vi.useRealTimers());

test('F4 turns to the recharge; card by scan or by key; beginning; armed again with everything kept', async () => {
  const s = await open();
  await s.press('F4');
  expect([s.value('business'), s.focused()]).toEqual(['7', 'bill']);
  await s.type('bill', sale.bill);
  await s.press('Enter');
  await s.type('amount', '260');
  await s.press('Enter');
  expect(s.focused()).toBe('card');
  await s.push({ scan: { number: 1, read: card.card, outcome: { kind: 'card', text: card.card } } });
  expect([s.value('card'), s.focused()]).toEqual([card.card, 'card']);
  await s.press('Enter');
  expect(s.asked().at(-1)).toBe('arm');
  await s.push({ front: recharge('beginning', { code: '' }) });
  expect(s.at('charge-state').textContent).toContain('正在登记充值');
  expect((s.at('card') as HTMLInputElement).readOnly).toBe(true);
  await s.push({ front: null, armed, pending: [recharge('beginning', { begun: true, code: '' })] });
  expect([s.state(), s.value('bill'), s.value('amount'), s.value('card')]).toEqual(['armed', sale.bill, '260.00', card.card]);
  await s.press('F4');
  expect(s.value('business')).toBe('1');
});

test('a beginning without an answer frees the fields and says that no money is at risk', async () => {
  const s = await open({ front: recharge('beginning') });
  await s.push({ front: recharge('beginning', { said: { said: 'lost', how: 'timeout' } }) });
  expect(s.at('charge-message').textContent).toContain('不涉及资金');
  expect((s.at('bill') as HTMLInputElement).readOnly).toBe(false);
  expect(s.all('next-customer')).toHaveLength(1);
  await s.push({ front: recharge('never-sent', { why: { why: 'begin-refused', said: { said: 'error', errcode: 4, text: '' } }, text: '卡已挂失' }) });
  expect(s.at('charge-state').textContent).toContain('登记被拒，未收款：卡已挂失');
  expect(s.at('charge-message').textContent).not.toContain('付款码重扫');
});

test('a card scanned into a sale that is no recharge is refused aloud', async () => {
  const s = await open();
  await s.push({ scan: { number: 1, read: card.card, outcome: { kind: 'card', text: card.card } } });
  expect(s.at('scan-strip').textContent).toContain('没有采用');
});

test('the two legs are two steps, whatever became of the second', async () => {
  const cases: [ChargeView, string, string][] = [
    [recharge('recharging'), 'recharging', '充值中'],
    [recharge('recharged'), 'recharged', '已充值'],
    [recharge('recharge-undecided'), 'recharge-undecided', '结果待定'],
    [recharge('recharge-refused'), 'recharge-refused', '未充值'],
    [recharge('recharge-refused', { why: { why: 'credit-refused', said: { said: 'no-word' }, already: true } }), 'credited-before', '请核对'],
    [recharge('paid', { left_to_platform: true }), 'left-to-platform', '由平台充值，本机未确认'],
    [recharge('paid', { owes_credit: true }), 'owes-credit', '尚未充值'],
  ];
  const s = await open();
  for (const [front, leg, word] of cases) {
    await s.push({ front });
    expect(s.at('legs').dataset.leg).toBe(leg);
    expect(s.at('legs').textContent).toContain('已收款');
    expect(s.at('legs').textContent).toContain(word);
  }
  await s.push({ front: charge('paid') });
  expect(s.all('legs')).toHaveLength(0);
});

test('paid clears bill, amount and card; while the card is credited the next sale is served', async () => {
  const s = await open({ armed });
  await s.push({ armed: null, front: recharge('sending') });
  expect(s.value('card')).toBe(card.card);
  await s.push({ front: recharge('recharging') });
  expect([s.value('bill'), s.value('amount'), s.value('card')]).toEqual(['', '', '']);
  s.screen.edit('bill', 'T2');
  await s.push({ front: recharge('recharged') });
  expect(s.value('bill')).toBe('T2');
  expect(s.asked()).toContain('nextCustomer');
});

test('a late truth is read before other notices, rings until it is noted, and leaves the sale alone', async () => {
  vi.useFakeTimers();
  const heard: string[] = [];
  vi.spyOn(sound, 'play').mockImplementation((cue) => void heard.push(cue));
  const s = await open({ armed: sale });
  s.at('amount').focus();
  const late = charge('late-success', { id: 'C2', bill: 'T2' });
  await s.push({ notices: [charge('paid', { id: 'C1' }), late] });
  expect([s.at('notice').dataset.charge, s.at('notice').dataset.loud]).toEqual(['C2', 'true']);
  expect(s.at('notice').textContent).toContain('请联系主管');
  expect(s.at('notice').closest('[role="alert"]')).not.toBeNull();
  expect([s.state(), s.focused(), s.value('bill')]).toEqual(['armed', 'amount', sale.bill]);
  await vi.advanceTimersByTimeAsync(8_000);
  expect(heard.filter((cue) => cue === 'alarm').length).toBeGreaterThanOrEqual(3);
  await s.press('0', { code: 'Digit0', altKey: true });
  expect(s.host.calls.filter(([name]) => name !== 'daySums')).toEqual([['takeNotice', 'C2']]);
  await s.push({ notices: [charge('paid', { id: 'C1' })] });
  const rung = heard.length;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(heard.length).toBe(rung);
});
