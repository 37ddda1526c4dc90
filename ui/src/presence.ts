// Tells the backend that somebody is at the screen, typing or pointing, and not more often than it needs to know.
import type { Host } from './host';

/** So much earlier than set a screen may lock by itself. */
const EVERY_MS = 20_000;

export class Presence {
  #told = -Infinity;

  constructor(readonly host: Host) {}

  /** Somebody did something; `at` is the event's own time, which nobody sets. */
  here(at: number): void {
    if (at - this.#told < EVERY_MS) return;
    this.#told = at;
    // Whoever does not hear it locks too early, which loses nothing.
    this.host.stillHere().catch(() => undefined);
  }
}
