// Tells a keyboard-wedge scanner from a person where keys are not taken below the page: by shape first, by rhythm second. The
// rules are those of the backend's detector, for digits.

/** A scanner leaves at most this long between two keys. */
export const GAP_MAX_MS = 50;
/** Silence that ends a code without a terminator. */
export const QUIET_END_MS = 120;
/** So many keys a gap apart are a machine's: a hiccup up to the quiet end does not end the code. */
export const MACHINE_KEYS = 5;
/** The shortest payment code. */
export const CODE_DIGITS_MIN = 16;
/** An Enter or Tab this soon after a burst belongs to the scan. */
export const SUFFIX_MS = 150;

/** What to do with a key press. */
export interface Ruling {
  /** Let it act; keep it back, it may be the beginning of a code; or it belongs to a code and does nothing. */
  act: 'pass' | 'hold' | 'swallow';
  /** Digits kept back that were typing after all; they go into the field where the burst began, before this key acts. */
  typed: string;
  /** What was scanned, now that it is over. */
  codes: string[];
  /** The field where the burst began is put back to this. */
  restore: string | null;
}

/** A key press, as far as the rules need it. */
export interface Press {
  key: string;
  /** The key's place: layout and input method do not matter. */
  code: string;
  /** Milliseconds, from the event itself. */
  at: number;
  ctrl: boolean;
  alt: boolean;
  repeat: boolean;
  /** An input method has the key already, so that it cannot be kept back. */
  composing: boolean;
  /** What stands in the field before this key, and which field it is. */
  value: string;
  field: unknown;
}

const SUFFIXES = ['Enter', 'NumpadEnter', 'Tab', 'F12'];
const MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta', 'CapsLock', 'NumLock', 'AltGraph'];

/** Watches the keys of one screen. `holds`: digits are kept back for the gap, so that none is ever text before it is judged. */
export class Wedge {
  readonly #holds: () => boolean;
  #digits = '';
  #pauses: number[] = [];
  #last = Number.NEGATIVE_INFINITY;
  #scanned = Number.NEGATIVE_INFINITY;
  #before = '';
  #field: unknown = null;
  #held = false;
  #caught = false;

  constructor(holds: () => boolean) {
    this.#holds = holds;
  }

  /** Where the burst began. */
  get field(): unknown {
    return this.#field;
  }

  /** How long to wait for another key before `quiet` is called; nothing while nothing was begun. */
  get patience(): number | null {
    if (this.#digits === '') return null;
    return this.#digits.length >= MACHINE_KEYS ? QUIET_END_MS : GAP_MAX_MS;
  }

  /** Judges the next key press. */
  judge(press: Press): Ruling {
    const digit = digitOf(press);
    const gap = press.at - this.#last;
    const over = gap > (this.patience ?? 0) || (press.field !== this.#field && !this.#caught) || (digit === null && !MODIFIERS.includes(press.key));
    const ruling = over ? this.#end(press.at) : pass();
    if (digit === null) {
      if (isSuffix(press) && press.at - this.#scanned <= SUFFIX_MS) {
        // A scanner may send two suffixes (CR, LF).
        this.#scanned = press.at;
        ruling.act = 'swallow';
      }
      return ruling;
    }
    if (press.repeat) return ruling;
    if (this.#digits === '') {
      this.#before = press.value;
      this.#field = press.field;
      this.#held = this.#holds() && !press.composing;
    } else if (gap > GAP_MAX_MS) this.#pauses.push(this.#digits.length);
    this.#digits += digit;
    this.#last = press.at;
    ruling.act = this.#held ? 'hold' : 'pass';
    if (this.#digits.length < CODE_DIGITS_MIN) return ruling;
    if (!this.#caught && !this.#held) ruling.restore = this.#before;
    this.#caught = true;
    ruling.act = 'swallow';
    return ruling;
  }

  /** Nothing came for as long as `patience` said. */
  quiet(now: number): Ruling {
    return this.#end(now);
  }

  #end(now: number): Ruling {
    const ruling = pass();
    if (this.#digits === '') return ruling;
    if (this.#caught) {
      const parts = split(this.#digits, this.#pauses);
      ruling.codes = parts.every((part) => part.length >= CODE_DIGITS_MIN) ? parts : [this.#digits];
      // An input method may have brought some of them in after all.
      if (!this.#held) ruling.restore = this.#before;
      this.#scanned = now;
    } else if (this.#held) ruling.typed = this.#digits;
    this.#digits = '';
    this.#before = '';
    this.#pauses = [];
    this.#caught = false;
    return ruling;
  }
}

function pass(): Ruling {
  return { act: 'pass', typed: '', codes: [], restore: null };
}

function digitOf({ code, key, ctrl, alt }: Press): string | null {
  if (ctrl || alt) return null;
  const place = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  return place ?? (/^\d$/.test(key) ? key : null);
}

/** What scanners send after a code; some send a line feed as Ctrl+J, a return as Ctrl+M. */
function isSuffix({ code, key, ctrl, alt }: Press): boolean {
  if (alt) return false;
  return ctrl ? code === 'KeyJ' || code === 'KeyM' : SUFFIXES.includes(key) || SUFFIXES.includes(code);
}

function split(text: string, at: number[]): string[] {
  return [...at, text.length].map((end, i) => text.slice(at[i - 1] ?? 0, end));
}
