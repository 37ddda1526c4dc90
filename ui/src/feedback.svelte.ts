// The strip that answers a scan or a key press at once, in words; good news fades, a refusal stays until the next action.
import type { Texts } from './i18n/texts';

/** What the strip says, in the language of the moment. */
export interface Strip {
  bad: boolean;
  say: (t: Texts) => string;
}

const GOOD_STRIP_MS = 4000;

export class Feedback {
  strip: Strip | null = $state.raw(null);

  #timer: ReturnType<typeof setTimeout> | undefined;

  good(say: Strip['say']): void {
    this.#show({ bad: false, say });
    this.#timer = setTimeout(() => this.fade(), GOOD_STRIP_MS);
  }

  bad(say: Strip['say']): void {
    this.#show({ bad: true, say });
  }

  /** Takes good news away; a refusal stays. */
  fade(): void {
    if (this.strip && !this.strip.bad) this.clear();
  }

  clear(): void {
    this.#show(null);
  }

  #show(strip: Strip | null): void {
    clearTimeout(this.#timer);
    this.strip = strip;
  }
}
