// Opens the screen on a scripted host, and types and looks as a cashier does.
import { fireEvent, render } from '@testing-library/svelte';
import { tick } from 'svelte';
import { view } from '../src/fake/views';
import { FakeHost } from '../src/host.fake';
import App from '../src/parts/App.svelte';
import { Screen } from '../src/screen.svelte';
import type { View } from '../src/types';

export interface Opened {
  host: FakeHost;
  screen: Screen;
  /** The element with this test id; fails where there is none. */
  at: (id: string) => HTMLElement;
  all: (id: string) => HTMLElement[];
  value: (id: string) => string;
  state: () => string | undefined;
  focused: () => string | undefined;
  type: (id: string, text: string) => Promise<void>;
  press: (key: string, more?: KeyboardEventInit) => Promise<void>;
  push: (change: Partial<View>) => Promise<void>;
  /** The commands so far, by name; the day's sums are read by themselves. */
  asked: () => string[];
}

export async function open(first: Partial<View> = {}): Promise<Opened> {
  const host = new FakeHost(view(first));
  const screen = new Screen(host);
  render(App, { props: { screen } });
  await settle();
  const all = (id: string) => [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)];
  const at = (id: string) => {
    const [found] = all(id);
    if (!found) throw new Error(`nothing on the screen has the test id ${id}`);
    return found;
  };
  return {
    host,
    screen,
    at,
    all,
    value: (id) => (at(id) as HTMLInputElement).value,
    state: () => at('charge-state').dataset.state,
    focused: () => (document.activeElement as HTMLElement | null)?.dataset.testid,
    type: async (id, text) => {
      await fireEvent.input(at(id), { target: { value: text } });
      await settle();
    },
    press: async (key, more = {}) => {
      await fireEvent.keyDown(document.activeElement ?? document.body, { key, code: key, ...more });
      await settle();
    },
    push: async (change) => {
      host.push(change);
      await settle();
    },
    asked: () => host.calls.map(([name]) => name).filter((name) => name !== 'daySums'),
  };
}

/** Lets promises and the page come to rest. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 12; i += 1) await Promise.resolve();
  await tick();
}
