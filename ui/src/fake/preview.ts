// The screen in a plain browser: `/preview.html?scene=desk-session&lang=en&do=pending` shows one scene. Never part of the program.
import { mount } from 'svelte';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/tones.css';
import '../styles/marks.css';
import '../styles/buttons.css';
import '../styles/fields.css';
import { Customer } from '../customer.svelte';
import type { CustomerHost } from '../host';
import { FakeHost } from '../host.fake';
import App from '../parts/App.svelte';
import CustomerScreen from '../parts/CustomerScreen.svelte';
import { Screen } from '../screen.svelte';
import { findings, pairing, traces } from './settings';
import { everyLine, past, sums, timed } from './ledger';
import { scenes } from './scenes';
import type { CustomerView, Shows, Theme, Word } from '../types';
import { keepUnit } from '../unit';

const wanted = new URLSearchParams(location.search);
const [first, then] = scenes[wanted.get('scene') ?? 'entering'] ?? scenes['entering']!;
const language = wanted.get('lang') ?? 'zh-CN';

const theme = (wanted.get('theme') ?? first.look.theme) as Theme;
const host = new FakeHost({ ...first, window: { ...first.window, language }, look: { ...first.look, language, theme } });
const rows = past(wanted.get('scene') === 'history-500' ? 500 : 40);
host.books.history = async () => ({ found: rows });
host.books.daySums = async () => ({ found: sums });
host.books.exportCharges = async () => ({ found: '/var/lib/wicket/exports/charges-20261122-190211.csv' });
host.books.timeline = async (id) => {
  const charge = [...first.pending, ...rows].find((charge) => charge.id === id);
  return { found: charge ? { charge, lines: timed(everyLine) } : null };
};
keepUnit();
const screen = new Screen(host);
const target = document.getElementById('app')!;
const shows = wanted.get('customer') as Shows['kind'] | null;
if (shows) mount(CustomerScreen, { target, props: { customer: new Customer(customerHost(shows)) } });
else mount(App, { target, props: { screen } });

/** One thing on the customer's screen: `/preview.html?customer=code`. */
function customerHost(kind: typeof shows): CustomerHost {
  const given: Shows = { kind: kind!, amount: wanted.get('amount') ?? '260.00', card: 'none', again: true } as Shows;
  const first: CustomerView = { number: 1, name: '东门售票处 1 号窗口', training: wanted.has('training'), shows: given };
  return { next: (seen) => (seen === null ? Promise.resolve(first) : new Promise(() => {})) };
}

setTimeout(() => {
  if (then) host.push(then);
  const act = wanted.get('do');
  if (act === 'pending' || act === 'hall' || act === 'lessons') void screen.act(act);
  if (act === 'history' || act === 'export') void screen.act('history');
  if (act === 'export') setTimeout(() => void screen.sheets.history.export('csv'), 100);
  if (act === 'exporting') {
    void screen.act('history');
    host.books.exportCharges = () => new Promise(() => {});
    setTimeout(() => void screen.sheets.history.export('csv'), 100);
    setTimeout(() => host.tellExport({ written: 42_000, total: 100_000 }), 200);
  }
  // `do=settings`, `do=locked`, `do=devices`, `do=paired`, and `do=set-up&step=gateway`.
  const signedIn = { names: ['王芳'], session: act === 'locked' ? null : '王芳', wait_s: 0 };
  Object.assign(host.office, { checkGateway: findings, traces });
  if (act === 'settings' || act === 'locked' || act === 'devices' || act === 'paired') {
    host.push({ supervisors: signedIn });
    void screen.act('settings');
    if (act === 'settings') setTimeout(() => void screen.sheets.office.check(), 100);
    if (act === 'devices' || act === 'paired') screen.sheets.office.page = 'devices';
    if (act === 'devices') host.push({ pairing });
    if (act === 'paired') {
      const ended = { kind: 'answered', source: 'serial', device: 'Honeywell 1470g', port: '/dev/ttyACM0' } as const;
      host.push({ pairing: { ...pairing, ended } });
    }
  }
  if (act === 'set-up') {
    host.push({ set_up: true, operator: null, supervisors: { names: [], session: null, wait_s: 0 } });
    screen.setUp.step = (wanted.get('step') ?? 'language') as typeof screen.setUp.step;
    if (wanted.get('step') === 'gateway') setTimeout(() => void screen.sheets.office.check(), 300);
    if (wanted.get('step') === 'scanner') host.push({ pairing });
  }
  if (act === 'pins') {
    void screen.act('pending');
    screen.sheets.supervision.managing = true;
  }
  // For example `do=settle&charge=2&word=credit-now` is the second entry on the desk, settled with these words.
  const word = wanted.get('word') as Word | null;
  if (act === 'settle') {
    screen.sheets.chosen = first.pending[+(wanted.get('charge') ?? 1) - 1]?.id ?? null;
    void screen.act('pending');
    setTimeout(() => {
      screen.sheets.dossier.choose(word);
      screen.sheets.dossier.reason = wanted.get('reason') ?? '';
      if (wanted.get('press') !== null) void screen.act('settle');
    }, 100);
  }
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
