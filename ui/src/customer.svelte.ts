// What the customer's screen shows: asked for again and again, each answer being the next view of it.
import type { CustomerHost } from './host';
import type { CustomerView } from './types';

/** Before the backend is asked again after it did not answer. */
const PAUSE_MS = 1000;

export class Customer {
  /** `null` until the first answer. */
  view: CustomerView | null = $state.raw(null);

  /** Not the view's own number: following must not begin anew with each view. */
  #seen: number | null = null;

  constructor(readonly host: CustomerHost) {}

  /** Follows the till until the result is called. */
  begin(): () => void {
    let stopped = false;
    const follow = async () => {
      while (!stopped) {
        try {
          const view = await this.host.next(this.#seen);
          if (stopped) return;
          this.view = view;
          this.#seen = view.number;
        } catch {
          // An amount that may be over must not stay in front of the next customer.
          this.view = this.#seen = null;
          await new Promise((again) => setTimeout(again, PAUSE_MS));
        }
      }
    };
    void follow();
    return () => (stopped = true);
  }
}
