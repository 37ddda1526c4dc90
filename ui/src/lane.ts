// Commands about the sale being entered reach the backend one after the other, in the order of the keys.
import type { Outcome } from './host';

/** The command itself failed: nobody knows why. */
export const FAILED = 'failed';

export class Lane {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs the command once those before it are answered. */
  async run(call: () => Promise<Outcome>): Promise<Outcome | typeof FAILED> {
    const turn = this.#last.then(call);
    this.#last = turn.catch(() => undefined);
    return turn.catch(() => FAILED);
  }
}
