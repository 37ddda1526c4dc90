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

  #fade: ReturnType<typeof setTimeout> | undefined;

  good(say: Strip['say']): void {
    this.#show({ bad: false, say });
    this.#fade = setTimeout(() => this.clear(), GOOD_STRIP_MS);
  }

  bad(say: Strip['say']): void {
    this.#show({ bad: true, say });
  }

  clear(): void {
    this.#show(null);
  }

  #show(strip: Strip | null): void {
    clearTimeout(this.#fade);
    this.strip = strip;
  }
}
