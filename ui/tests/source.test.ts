// Rules about the source of the screen: words, money, styles, and who imports whom.
import { expect, test } from 'vitest';

const files = Object.entries(import.meta.glob<string>(['../src/**/*.ts', '../src/**/*.svelte'], { query: '?raw', import: 'default', eager: true }));
const own = files.filter(([path]) => !path.includes('/generated/'));
const svelte = own.filter(([path]) => path.endsWith('.svelte'));

function lacks(path: string, source: string, banned: RegExp): void {
  expect(banned.exec(source)?.[0], path).toBeUndefined();
}

test('no text for people stands outside the language files', () => {
  for (const [path, source] of svelte) {
    const markup = source
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/<script[\s\S]*?<\/script>/g, '')
      .replace(/<style[\s\S]*?<\/style>/g, '');
    const text = markup.replace(/\{[^{}]*\}/g, '').replace(/\{[\s\S]*?\}(?=[\s<])/g, '').replace(/<[^>]*>/g, '');
    // Enter is what is printed on the key.
    expect(text.replace('Enter', ''), path).not.toMatch(/[\p{L}]/u);
    lacks(path, markup, /(aria-label|title|placeholder|alt)="[^"{]*\p{L}/u);
  }
  for (const [path, source] of own.filter(([path]) => !/i18n|fake/.test(path))) {
    lacks(path, source, /[\u4e00-\u9fff]/);
  }
});

test('an amount never becomes a number', () => {
  for (const [path, source] of own) {
    lacks(path, source, /parseFloat|parseInt|\bNumber\(|toFixed|Intl\.NumberFormat/);
    lacks(path, source, /\+\s*(\w+\.)*amount\b/);
  }
});

test('the strict content security policy holds: no inline style, no network, no storage, no raw markup', () => {
  for (const [path, source] of own) {
    lacks(path, source, /\sstyle[=:]\S|\{@html|innerHTML/);
    // What a script sets on an element is no inline style to the policy; only the unit of the page is set so.
    if (path !== '../src/unit.ts') lacks(path, source, /\.style\b/);
    lacks(path, source, /\bfetch\(|XMLHttpRequest|WebSocket|localStorage|sessionStorage|indexedDB/);
    // An address stands in a sentence at most: the backend alone goes there.
    if (!/i18n|fake/.test(path)) lacks(path, source, /https?:/);
    if (path.endsWith('.svelte')) lacks(path, source, /svelte\/(transition|animate)/);
  }
});

test('one file opens the door to the backend', () => {
  for (const [path, source] of own) {
    if (path !== '../src/host.ts') lacks(path, source, /@tauri-apps/);
    if (!/src\/(host|types)\.ts$/.test(path)) lacks(path, source, /generated\//);
    if (!/fake/.test(path)) lacks(path, source, /from '.*fake/);
  }
});

test('every file says at its top what it is for, and none is long', () => {
  for (const [path, source] of own) {
    expect(/^(\/\/ |<!-- )[A-Z]/.test(source), path).toBe(true);
    expect(source.split('\n').length, path).toBeLessThan(500);
  }
});
