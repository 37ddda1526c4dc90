// The screen in a plain browser: `/preview.html?scene=paid&lang=en&do=pending` shows one scene. Never part of the program.
import { mount } from 'svelte';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/tones.css';
import '../styles/marks.css';
import { FakeHost } from '../host.fake';
import App from '../parts/App.svelte';
import { Screen } from '../screen.svelte';
import { scenes } from './scenes';

const wanted = new URLSearchParams(location.search);
const [first, then] = scenes[wanted.get('scene') ?? 'entering'] ?? scenes['entering']!;
const language = wanted.get('lang') ?? 'zh-CN';

const host = new FakeHost({ ...first, window: { ...first.window, language } });
const screen = new Screen(host);
mount(App, { target: document.getElementById('app')!, props: { screen } });

setTimeout(() => {
  if (then) host.push(then);
  if (wanted.get('do') === 'pending') void screen.act('pending');
  if (wanted.get('do') === 'large') {
    screen.edit('bill', 'T2026112200017');
    screen.edit('amount', '2600');
    host.answers.arm = { kind: 'confirm-large', amount: '2600.00' };
    void screen.enter('amount');
  }
  if (wanted.get('do') === 'wrong') {
    screen.edit('bill', 'T2026112200017');
    screen.edit('amount', '12.345');
    host.answers.arm = { kind: 'entry', error: { kind: 'amount', why: 'too-fine' } };
    void screen.enter('amount');
  }
}, 50);
