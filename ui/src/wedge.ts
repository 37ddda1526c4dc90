// Tells a keyboard-wedge scanner from a person, by rhythm and length alone; it keeps no character of what was typed.

/** A scanner leaves at most this long between two keys. */
export const GAP_MAX_MS = 50;
/** The shortest payment code. */
export const CODE_DIGITS_MIN = 16;
/** An Enter or Tab this soon after a burst belongs to the scan. */
export const SUFFIX_MS = 150;

/** What to do with a key press. */
export type Judgement =
  | { kind: 'pass' }
  /** A burst is complete enough to be a code: put the field back to `before`; this key is no text. */
  | { kind: 'restore'; before: string }
  /** More of the same burst, or its suffix: no text, no action. */
  | { kind: 'swallow' };

/** A key press, as far as the rhythm needs it. */
export interface Press {
  key: string;
  /** Milliseconds, from the event itself. */
  at: number;
  /** What stands in the field before this key, and which field it is. */
  value: string;
  field: unknown;
}

const PASS: Judgement = { kind: 'pass' };
const SWALLOW: Judgement = { kind: 'swallow' };

/** Watches the keys of one screen. */
export class Wedge {
  #digits = 0;
  #last = Number.NEGATIVE_INFINITY;
  #before = '';
  #field: unknown = null;
  #caught = false;

  /** Judges the next key press. */
  judge(press: Press): Judgement {
    const gap = press.at - this.#last;
    const digit = press.key.length === 1 && press.key >= '0' && press.key <= '9';
    if (this.#caught && gap <= (digit ? GAP_MAX_MS : SUFFIX_MS)) return this.#tail(press, digit);
    this.#caught = false;
    if (!digit) {
      if (press.key.length === 1 || press.key === 'Enter' || press.key === 'Tab') this.#digits = 0;
      return PASS;
    }
    if (this.#digits === 0 || gap > GAP_MAX_MS || press.field !== this.#field) {
      this.#digits = 0;
      this.#before = press.value;
      this.#field = press.field;
    }
    this.#digits += 1;
    this.#last = press.at;
    if (this.#digits < CODE_DIGITS_MIN) return PASS;
    const before = this.#before;
    this.#caught = true;
    this.#before = '';
    return { kind: 'restore', before };
  }

  #tail(press: Press, digit: boolean): Judgement {
    if (digit || press.key.length === 1) {
      this.#last = press.at;
      return SWALLOW;
    }
    if (press.key !== 'Enter' && press.key !== 'Tab') return PASS;
    // A scanner may send two suffixes (CR, LF), so the burst is not over yet.
    return SWALLOW;
  }
}
