// The first set-up on the screen: five steps, nothing saved before the end, no way round the first supervisor.
import { expect, test } from 'vitest';
import { open, settle, type Opened } from './open';

const NOBODY = { names: [], session: null, wait_s: 0 };

async function begun(supervisors: { names: string[]; session: string | null; wait_s: number } = NOBODY): Promise<Opened> {
  return open({ set_up: true, operator: null, supervisors });
}

const step = (page: Opened) => page.at('first-set-up').dataset.step;

async function toTheEnd(page: Opened): Promise<void> {
  for (const _ of ['window', 'gateway', 'scanner', 'supervisor']) {
    page.at('set-up-next').click();
    await settle();
  }
}

test('Enter goes on and Esc goes back, and no other key means anything', async () => {
  const page = await begun();
  expect([step(page), page.focused()]).toEqual(['language', 'setting-window-language']);
  await page.press('Enter');
  expect([step(page), page.focused()]).toEqual(['window', 'setting-window-name']);
  for (const key of ['F2', 'F3', 'F9', 'F10']) await page.press(key);
  expect(page.all('pending-list').concat(page.all('office'))).toEqual([]);
  await page.press('Escape');
  await page.press('Escape');
  expect(step(page)).toBe('language');
  expect(page.asked()).not.toContain('nextCustomer');
});

test('the language is that of the choice at once', async () => {
  const page = await begun();
  page.screen.sheets.office.edit('window.language', 'en');
  await settle();
  expect(page.at('first-set-up').textContent).toContain('Which language?');
});

test('everything is saved at the end, after the first supervisor, who is signed out again', async () => {
  const page = await begun();
  page.screen.sheets.office.edit('window.id', 'W02');
  await toTheEnd(page);
  await page.type('new-name', '王芳');
  await page.type('new-pin', '602214');
  await page.type('new-pin-again', '602214');
  page.at('set-up-finish').click();
  // Four acts, one after the other.
  for (const _ of [1, 2, 3, 4]) await settle();
  const acts = page.host.calls.filter(([name]) => /Pin$|supervisor|save/.test(name));
  expect(acts).toEqual([
    ['setPin', '王芳', '602214'],
    ['supervisorIn', '王芳', '602214'],
    ['saveSettings', [{ key: 'window.id', value: 'W02' }]],
    ['supervisorOut'],
  ]);
  await page.push({ set_up: false });
  expect(page.focused()).toBe('operator');
});

test('two PINs that differ, or none, end nothing', async () => {
  const page = await begun();
  await toTheEnd(page);
  page.at('set-up-finish').click();
  await settle();
  expect(page.at('set-up-says').textContent).toContain('请填写');
  await page.type('new-name', '王芳');
  await page.type('new-pin', '602214');
  await page.type('new-pin-again', '602215');
  page.at('set-up-finish').click();
  await settle();
  expect(page.at('set-up-says').textContent).toContain('不一样');
  expect(page.value('new-pin') + page.value('new-pin-again')).toBe('');
  expect(page.asked().filter((name) => name === 'setPin' || name === 'saveSettings')).toEqual([]);
});

test('a supervisor who is there already signs in instead', async () => {
  const page = await begun({ names: ['王芳'], session: null, wait_s: 0 });
  await toTheEnd(page);
  expect(page.value('new-name')).toBe('王芳');
  expect(page.all('new-pin-again')).toEqual([]);
  await page.type('new-pin', '602214');
  page.at('set-up-finish').click();
  await settle();
  expect(page.asked()).not.toContain('setPin');
  expect(page.asked()).toContain('saveSettings');
});

test('a value that is refused leads back to its step', async () => {
  const page = await begun({ names: ['王芳'], session: '王芳', wait_s: 0 });
  page.screen.sheets.office.edit('gateway.base_url', 'http://gateway.example/');
  await toTheEnd(page);
  page.host.troubles.saveSettings = { trouble: 'bad', problems: [{ key: 'gateway.base_url', together: true, text: 'must be https' }] };
  page.at('set-up-finish').click();
  await settle();
  expect(step(page)).toBe('gateway');
  expect(page.at('setting-gateway-base_url-says').textContent).toContain('https');
});
