// How the screen looks: theme, language, number pad. A choice shows at once; the backend remembers it.
import type { Host } from './host';
import type { Tongue } from './i18n/language.svelte';
import type { Look, Theme } from './types';

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };

export class Looks {
  theme: Theme = $state('system');
  pad = $state(false);

  /** Choices on their way; a view from before them says nothing new. */
  #under = 0;

  constructor(
    readonly host: Host,
    readonly tongue: Tongue,
  ) {}

  /** Takes over what a view says otherwise than the one before it. */
  take(before: Look | null, now: Look): void {
    if (this.#under > 0) return;
    if (before?.theme !== now.theme) this.#dress(now.theme);
    if (before?.language !== now.language) this.tongue.begin(now.language);
    if (before?.pad !== now.pad) this.pad = now.pad;
  }

  nextTheme(): void {
    this.#dress(NEXT[this.theme]);
    this.#tell();
  }

  toggleLanguage(): void {
    this.tongue.toggle();
    this.#tell();
  }

  togglePad(): void {
    this.pad = !this.pad;
    this.#tell();
  }

  #dress(theme: Theme): void {
    this.theme = theme;
    document.documentElement.dataset.theme = theme;
  }

  #tell(): void {
    this.#under += 1;
    const look = { theme: this.theme, language: this.tongue.language, pad: this.pad };
    // A choice that is not remembered is still shown; it is nothing to trouble a cashier with.
    const done = () => (this.#under -= 1);
    this.host.setLook(look).then(done, done);
  }
}
