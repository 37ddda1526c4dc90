// The alarm of a late truth: it rings a few times, until somebody has taken note.
import { play } from './sound';

const RINGS = 5;
const GAP_MS = 3500;

export class Alarm {
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Rings now, and again until it is hushed or has rung often enough. */
  ring(left = RINGS): void {
    this.hush();
    play('alarm');
    if (left > 1) this.#timer = setTimeout(() => this.ring(left - 1), GAP_MS);
  }

  hush(): void {
    clearTimeout(this.#timer);
  }
}
