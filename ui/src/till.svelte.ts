// What the backend last said, and how much time has passed since.
import type { ChargeView, View } from './types';

const TICK_MS = 250;

export class Till {
  /** The newest view; `null` until the first one arrives. */
  view: View | null = $state.raw(null);

  #received = $state.raw(0);
  #now = $state.raw(0);

  /** Takes a view in; `false` if the screen already shows a newer one. */
  take(view: View): boolean {
    if (this.view && view.number < this.view.number) return false;
    this.view = view;
    this.#received = this.#now = performance.now();
    return true;
  }

  /** Lets time pass until the result is called. */
  run(): () => void {
    const timer = setInterval(() => (this.#now = performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }

  /** Milliseconds since the charge was sent, counted on between two views. */
  ageOf(charge: ChargeView): number {
    if (charge.live) return charge.live.age_ms + this.#passed;
    const sent = Date.parse(charge.sent_at);
    return Number.isNaN(sent) ? 0 : Math.max(0, Date.now() - sent);
  }

  /** Milliseconds until the next query. */
  nextQueryOf(charge: ChargeView): number {
    return Math.max(0, (charge.live?.next_query_ms ?? 0) - this.#passed);
  }

  /** Seconds left of a wait that the view named. */
  secondsLeft(seconds: number): number {
    return Math.max(0, Math.ceil(seconds - this.#passed / 1000));
  }

  get #passed(): number {
    return Math.max(0, this.#now - this.#received);
  }
}
