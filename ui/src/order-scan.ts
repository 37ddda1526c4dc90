// A burst of digits into the field for a wallet's order number: it is taken only if it is longer than any payment code can be.
import { SUFFIX_MS, type Judgement } from './wedge';

/** The longest payment code has 24 digits; an order number of the wallets has 28. */
const DIGITS_MIN = 26;
/** Two payment codes in one burst have at least 32. */
const DIGITS_MAX = 31;

export class OrderScan {
  #digits = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes a key that the wedge held back; `done` gets the number, or nothing if it was none, once the burst is over. */
  take(key: string, verdict: Judgement, value: string, done: (digits: string | null) => void): void {
    if (verdict.kind === 'restore') {
      const typed = value.startsWith(verdict.before) ? value.slice(verdict.before.length) : '';
      this.#digits = /^\d*$/.test(typed) ? typed + key : '';
    } else if (/^\d$/.test(key)) this.#digits += key;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const digits = this.#digits;
      this.#digits = '';
      done(digits.length >= DIGITS_MIN && digits.length <= DIGITS_MAX ? digits : null);
    }, SUFFIX_MS);
  }
}
