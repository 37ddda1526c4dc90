// Settings and devices on the screen: what is locked, what is sent, what is said.
import { fireEvent } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { advise } from '../src/advice';
import { languages } from '../src/i18n/texts';
import { settingViews, trace } from '../src/fake/settings';
import { open, settle, type Opened } from './open';

const BASE = 'setting-gateway-base_url';
const SESSION = { names: ['王芳'], session: '王芳', wait_s: 0 };

async function opened(session: string | null = '王芳'): Promise<Opened> {
  const page = await open({ supervisors: { ...SESSION, session } });
  await page.press('F9');
  return page;
}

function box(page: Opened, id: string): HTMLInputElement {
  return page.at(id) as HTMLInputElement;
}

test('every setting of the backend has its words, and F9 opens and Esc closes', async () => {
  const page = await opened();
  for (const { key } of settingViews) {
    expect(page.at(`setting-${key.replaceAll('.', '-')}`)).toBeTruthy();
    for (const t of Object.values(languages)) expect(Object.keys(t.office.fields)).toContain(key);
  }
  await page.press('Escape');
  expect(page.all('office')).toEqual([]);
  expect(page.asked()).toContain('endPairing');
});

test('without a supervisor only the language can be changed', async () => {
  const page = await opened(null);
  const open = settingViews.filter(({ key }) => !box(page, `setting-${key.replaceAll('.', '-')}`).disabled && key !== 'window.businesses');
  expect(open.map(({ key }) => key)).toEqual(['window.language']);
  expect(box(page, 'setting-window-businesses-1').disabled).toBe(true);
  expect(box(page, 'check-gateway').disabled).toBe(true);
});

test('only what differs is sent, with Ctrl+Enter, and a failure keeps what was typed', async () => {
  const page = await opened();
  expect(box(page, 'save-settings').disabled).toBe(true);
  await page.type(BASE, 'gateway.example');
  await page.type('setting-window-id', 'W02');
  await page.type('setting-window-id', 'W01');
  page.host.troubles.saveSettings = {
    trouble: 'bad',
    problems: [{ key: 'gateway.base_url', together: false, text: 'must be …' }],
  };
  await page.press('Enter', { ctrlKey: true });
  expect(page.host.calls.find(([name]) => name === 'saveSettings')?.[1]).toEqual([{ key: 'gateway.base_url', value: 'gateway.example' }]);
  expect(box(page, BASE).value).toBe('gateway.example');
  expect(box(page, BASE).getAttribute('aria-invalid')).toBe('true');
  expect(page.at(`${BASE}-says`).textContent).toContain('https://gateway.example/');
  expect(page.at('settings-says').textContent).toContain('什么都没有改');
  await page.press('Enter', { ctrlKey: true });
  expect(box(page, 'save-settings').disabled).toBe(true);
});

test('businesses keep the order in which they are chosen', async () => {
  const page = await opened();
  for (const business of ['1', '2', '3', '4', '5', '6']) page.at(`setting-window-businesses-${business}`).click();
  await settle();
  page.at('setting-window-businesses-2').click();
  await settle();
  expect(page.at('setting-window-businesses').dataset.value).toBe('7, 2');
});

test('a broken file is named, and nothing can be saved in training', async () => {
  const page = await opened();
  await page.type('setting-window-id', 'W02');
  page.host.troubles.saveSettings = { trouble: 'bad', problems: [{ key: 'polling.min_gap_ms', together: true, text: 'must be …' }] };
  await page.press('Enter', { ctrlKey: true });
  expect(page.at('settings-says').textContent).toContain('polling.min_gap_ms');
  await page.push({ training: true });
  expect(box(page, 'save-settings').disabled).toBe(true);
  expect(box(page, 'setting-window-language').disabled).toBe(true);
});

test('settings of the window act at once', async () => {
  const page = await open();
  const window = page.screen.till.view!.window;
  await page.push({ window: { ...window, businesses: [7] } });
  expect(page.screen.desk.business).toBe(7);
});

test('a pairing shows its code, takes what a scanner types, and says which scanner it is', async () => {
  const page = await opened(null);
  page.at('tab-devices').click();
  await settle();
  page.at('begin-pairing').click();
  await settle();
  const pairing = { code: 'WICKET-PAIR-0000002A', size: 25, path: 'M0 0h7v1h-7z', heard: [], ended: null };
  await page.push({ pairing });
  expect(page.at('pairing-code').dataset.code).toBe(pairing.code);
  expect(page.focused()).toBe('pairing-typed');
  await page.type('pairing-typed', 'wicket-pair-0000002a');
  await page.press('Enter');
  expect(page.host.calls.find(([name]) => name === 'typePairing')?.[1]).toBe('wicket-pair-0000002a');
  expect(page.value('pairing-typed')).toBe('');
  await page.push({ pairing: { ...pairing, heard: [{ kind: 'other-code', device: '1470g' }] } });
  expect(page.at('pairing').textContent).toContain('1470g 扫了别的码');
  await page.push({ pairing: { ...pairing, ended: { kind: 'answered', source: 'serial', device: '1470g', port: '/dev/ttyACM0' } } });
  expect(page.at('pairing-says').textContent).toContain('1470g（/dev/ttyACM0）');
});

test('a new trace is read as soon as the view tells of it, and explained', async () => {
  const page = await opened(null);
  page.at('tab-devices').click();
  page.host.office.traces = [trace({ gaps_ms: [0, 4, 9] }), trace({ number: 2, outcome: { trace: 'damaged', reason: 'noise' }, masked: '…' })];
  await page.push({ traced: 2 });
  const rows = page.all('trace').map((row) => row.textContent);
  expect(rows[0]).toContain('13…6789');
  expect(rows[0]).toContain(languages['zh-CN'].reasons.notArmed);
  expect(rows[1]).toContain('传输中有杂码');
  expect(page.at('gaps').getAttribute('aria-label')).toBe('字符间隔：平均 4 毫秒，最大 9 毫秒');
  expect(page.at('advice').textContent).toContain('波特率');
});

test('advice follows from what came in', () => {
  expect(advise([])).toEqual([]);
  expect(advise([trace({})])).toEqual(['fine']);
  expect(advise([trace({ ending: 'silence' })])).toEqual(['no-terminator']);
  expect(advise([trace({ source: 'keyboard', gaps_ms: [40, 40, 40] })])).toEqual(['slow-keys']);
  expect(advise([trace({ source: 'keyboard' })])).toEqual(['keyboard']);
  expect(advise([trace({}), trace({ outcome: { trace: 'damaged', reason: 'aim-prefix' } })])).toEqual(['aim-prefix']);
});

test('the first value that is not allowed has the focus, however far down it is', async () => {
  const s = await open({ supervisors: { names: ['王芳'], session: '王芳', wait_s: 0 } });
  await s.press('F9');
  await s.type('setting-limits-amount_ask', 'a lot');
  s.at('setting-window-name').focus();
  const problems = [{ key: 'limits.amount_ask', together: false, text: '' }];
  s.host.troubles.saveSettings = { trouble: 'bad', problems };
  await s.press('Enter', { ctrlKey: true, code: 'Enter' });
  await settle();
  expect(s.focused()).toBe('setting-limits-amount_ask');
  // Told where it is, and not on the page of the devices.
  await fireEvent.click(s.at('tab-devices'));
  await settle();
  expect(s.all('pairing-trouble')).toHaveLength(0);
});
