// Supervisors: signing in, PINs that leave no trace, the first set-up, and settling.
import { fireEvent } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { desk } from '../src/fake/ledger';
import { charge } from '../src/fake/views';
import type { Screen } from '../src/screen.svelte';
import type { SupervisorsView } from '../src/types';
import { open, settle } from './open';

afterEach(() => void vi.useRealTimers());

const wang: SupervisorsView = { names: ['王芳', '李强'], session: '王芳', wait_s: 0 };
const nobody: SupervisorsView = { ...wang, session: null };
const ctrlEnter = ['Enter', { code: 'Enter', ctrlKey: true }] as const;
const PIN = '918273';

type Opened = Awaited<ReturnType<typeof open>>;

async function choose(s: Opened, word: string, reason: string): Promise<void> {
  await fireEvent.change(s.at('settle-as'), { target: { value: word } });
  await s.type('settle-reason', reason);
}

/** Nothing on the page or in the screen's own state holds this text. */
function nowhere(screen: Screen, text: string): void {
  expect(document.documentElement.outerHTML).not.toContain(text);
  for (const input of document.querySelectorAll('input')) expect(input.value).not.toContain(text);
  const { supervision, dossier } = screen.sheets;
  expect(JSON.stringify([supervision.trouble, dossier.reason, dossier.evidence, screen.desk.entry])).not.toContain(text);
}

test('a supervisor signs in by name and PIN; the PIN is nowhere afterwards', async () => {
  const s = await open({ pending: desk, supervisors: nobody });
  await s.press('F10');
  expect(s.all('settle')).toHaveLength(0);
  expect((s.at('supervisor-pin') as HTMLInputElement).type).toBe('password');
  await s.type('settle-name', '李强');
  s.at('settle-name').focus();
  await s.press('Enter');
  expect(s.focused()).toBe('supervisor-pin');
  await s.type('supervisor-pin', PIN);
  await s.press('Enter');
  expect(s.host.calls.at(-1)).toEqual(['supervisorIn', '李强', PIN]);
  nowhere(s.screen, PIN);
  await s.push({ supervisors: { ...wang, session: '李强' } });
  expect(s.at('supervisor-bar').textContent).toContain('李强 已登录');
  expect(s.all('settle')).toHaveLength(1);
  await fireEvent.click(s.at('supervisor-out'));
  expect(s.asked().at(-1)).toBe('supervisorOut');
  await s.push({ supervisors: nobody });
  expect(s.all('settle')).toHaveLength(0);
});

test('a wrong PIN is said, and too many are counted down', async () => {
  vi.useFakeTimers();
  const s = await open({ pending: desk, supervisors: { ...nobody, names: ['王芳'] } });
  await s.press('F10');
  expect(s.value('settle-name')).toBe('王芳');
  s.host.answers.supervisorIn = { kind: 'pin', error: { pin: 'wrong' } };
  s.at('supervisor-pin').focus();
  await s.type('supervisor-pin', PIN);
  await s.press('Enter');
  expect(s.at('supervisor-says').textContent).toBe('姓名或 PIN 不对。');
  expect([s.value('supervisor-pin'), s.focused()]).toEqual(['', 'supervisor-pin']);
  await s.push({ supervisors: { names: ['王芳'], session: null, wait_s: 30 } });
  expect(s.at('supervisor-says').textContent).toContain('30 秒');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(s.at('supervisor-says').textContent).toContain('20 秒');
  await s.type('supervisor-pin', PIN);
  await s.press('Enter');
  expect(s.asked().filter((name) => name === 'supervisorIn')).toHaveLength(1);
  nowhere(s.screen, PIN);
  await vi.advanceTimersByTimeAsync(20_500);
  await s.type('supervisor-pin', PIN);
  await s.press('Enter');
  expect(s.asked().filter((name) => name === 'supervisorIn')).toHaveLength(2);
});

test('an undecided charge is settled with a word, a reason and evidence, after the gateway was asked once more', async () => {
  const s = await open({ pending: [desk[0]!], supervisors: wang });
  await s.press('F10');
  expect(s.at('settle-form').textContent).toContain('会再问平台一次');
  await s.press(...ctrlEnter);
  expect(s.at('settle-says').textContent).toContain('请先选择');
  await fireEvent.change(s.at('settle-as'), { target: { value: 'not-paid' } });
  await settle();
  expect(s.at('settle-form').textContent).toContain('可以重新收款');
  await s.press(...ctrlEnter);
  expect(s.at('settle-says').textContent).toContain('请写明原因');
  await s.type('settle-reason', '顾客手机没有扣款');
  await s.type('settle-evidence', '4200002234202611220123456789');
  s.host.answers.settle = { kind: 'too-early', wait_s: 41 };
  await s.press(...ctrlEnter);
  expect(s.at('settle-says').textContent).toContain('41 秒');
  await s.press(...ctrlEnter);
  await settle();
  expect(s.host.calls.filter((call) => call[0] === 'settle')).toEqual([
    ['settle', desk[0]!.id, 'not-paid', '顾客手机没有扣款', '4200002234202611220123456789'],
    ['settle', desk[0]!.id, 'not-paid', '顾客手机没有扣款', '4200002234202611220123456789'],
  ]);
  expect(s.at('scan-strip').textContent).toContain('已认定：未收款');
  expect([s.value('settle-reason'), s.value('settle-evidence')]).toEqual(['', '']);
});

test('the truth that comes first is said loudly', async () => {
  const s = await open({ pending: [desk[0]!], supervisors: wang });
  await s.press('F10');
  await choose(s, 'not-paid', '没有扣款');
  s.host.answers.settle = { kind: 'overtaken', state: 'paid' };
  await s.press(...ctrlEnter);
  await settle();
  expect(s.at('scan-strip').dataset.kind).toBe('refused');
  expect(s.at('scan-strip').textContent).toContain('平台刚刚答复：收款成功');
});

test('crediting moves value: it takes two different keys', async () => {
  const s = await open({ pending: [desk[1]!], supervisors: wang });
  await s.press('F10');
  await choose(s, 'credit-now', '卡机读出未到账');
  await s.press('9', { code: 'Digit9', altKey: true });
  await s.press(...ctrlEnter);
  await s.press(...ctrlEnter);
  expect(s.asked()).not.toContain('settle');
  expect(s.at('settle-sure').textContent).toContain('C600100200 充值 ¥60.00');
  await s.type('settle-reason', '卡机读出还未到账');
  expect(s.all('settle-sure')).toHaveLength(0);
  await s.press(...ctrlEnter);
  await s.press('9', { code: 'Digit9', altKey: true });
  expect(s.host.calls.filter((call) => call[0] === 'settle')).toEqual([['settle', desk[1]!.id, 'credit-now', '卡机读出还未到账', '']]);
});

test('what was typed for one charge is never used for another', async () => {
  const s = await open({ pending: desk, supervisors: wang });
  await s.press('F10');
  await choose(s, 'refund', '顾客要退');
  s.at('pending-list').querySelector<HTMLElement>('[role="listbox"]')?.focus();
  await s.press('ArrowDown');
  expect([s.value('settle-as'), s.value('settle-reason')]).toEqual(['', '']);
  await s.press(...ctrlEnter);
  expect(s.asked()).not.toContain('settle');
});

test('a session that ended leaves no way to settle, and its refusal is a sentence', async () => {
  const s = await open({ pending: [desk[0]!], supervisors: wang });
  await s.press('F10');
  await choose(s, 'paid', '看过手机');
  s.host.answers.settle = { kind: 'pin', error: { pin: 'no-session' } };
  await s.press(...ctrlEnter);
  expect(s.at('settle-says').textContent).toContain('请主管先登录');
  await s.push({ supervisors: nobody });
  expect(s.all('settle')).toHaveLength(0);
  await s.push({ supervisors: { ...wang, session: '李强' } });
  expect([s.value('settle-as'), s.value('settle-reason')]).toEqual(['', '']);
});

test('a scanned order number is evidence; a payment code never stands there', async () => {
  vi.useFakeTimers();
  const s = await open({ pending: [desk[0]!], supervisors: wang });
  await s.press('F10');
  const burst = async (digits: string) => {
    const field = s.at('settle-evidence') as HTMLInputElement;
    field.focus();
    for (const key of digits) {
      const event = new KeyboardEvent('keydown', { key, code: `Digit${key}`, bubbles: true, cancelable: true });
      Object.defineProperty(event, 'timeStamp', { value: performance.now() });
      if (field.dispatchEvent(event)) {
        field.value += key;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }
      await vi.advanceTimersByTimeAsync(5);
    }
    expect(field.value).toBe('');
    await vi.advanceTimersByTimeAsync(400);
  };
  await burst('134567890123456789');
  expect([s.value('settle-evidence'), s.screen.sheets.dossier.evidence]).toEqual(['', '']);
  expect(s.host.calls).toContainEqual(['typedScan', '134567890123456789']);
  await burst('4200002234202611220123456789');
  expect(s.screen.sheets.dossier.evidence).toBe('4200002234202611220123456789');
});

test('the first set-up is offered before anybody signs in, and does not stand in the way', async () => {
  const s = await open({ operator: null, supervisors: { names: [], session: null, wait_s: 0 } });
  expect(s.focused()).toBe('operator');
  expect(s.at('set-up').textContent).toContain('没有人能处理');
  await s.type('new-name', '王芳');
  await s.type('new-pin', PIN);
  await s.type('new-pin-again', '111111');
  await fireEvent.click(s.at('save-pin'));
  await settle();
  expect(s.at('new-pin-says').textContent).toContain('不一样');
  nowhere(s.screen, PIN);
  await s.type('new-pin', PIN);
  await s.type('new-pin-again', PIN);
  s.at('new-pin-again').focus();
  await s.press('Enter');
  expect(s.host.calls).toEqual([['setPin', '王芳', PIN]]);
  nowhere(s.screen, PIN);
  await s.push({ supervisors: { names: ['王芳'], session: null, wait_s: 0 } });
  expect(s.all('set-up')).toHaveLength(0);
});

test('the first set-up can be put off, and a charge in front is not touched by it', async () => {
  const none = { names: [], session: null, wait_s: 0 };
  const s = await open({ operator: null, supervisors: none, front: charge('checking') });
  expect(s.state()).toBe('checking');
  await s.press('Backspace', { ctrlKey: true });
  expect(s.asked()).toEqual(['stopWaiting']);
  await fireEvent.click(s.at('set-up-later'));
  await settle();
  expect(s.all('set-up')).toHaveLength(0);
  await s.push({ operator: 'S0107', pending: desk });
  await s.press('F10');
  expect(s.at('supervisor-bar').textContent).toContain('没有人能处理');
  await fireEvent.click(s.at('open-set-up'));
  await settle();
  expect(s.all('new-pin')).toHaveLength(1);
});

test('a supervisor adds and removes names; removing takes two presses', async () => {
  const s = await open({ pending: desk, supervisors: wang });
  await s.press('F10');
  await fireEvent.click(s.at('manage-pins'));
  await settle();
  const [, second] = s.all('remove-pin');
  await fireEvent.click(second!);
  await settle();
  expect(s.asked()).not.toContain('removePin');
  await fireEvent.click(s.all('remove-pin')[1]!);
  expect(s.host.calls.at(-1)).toEqual(['removePin', '李强']);
  s.host.answers.setPin = { kind: 'pin', error: { pin: 'bad-pin' } };
  await s.type('new-name', '赵敏');
  await s.type('new-pin', '123');
  await s.type('new-pin-again', '123');
  await fireEvent.click(s.at('save-pin'));
  await settle();
  expect(s.at('new-pin-says').textContent).toContain('6 到 32 位');
  expect(s.value('new-name')).toBe('赵敏');
  await s.press('Escape');
  expect([s.all('pin-desk').length, s.all('pending-list').length]).toEqual([0, 1]);
});
