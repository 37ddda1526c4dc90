// Tells a keyboard-wedge scanner from a person where keys are not taken below the page: by shape first, by rhythm second. The
// rules are those of the backend's detector, which the same cases hold to account (src-tauri/till/src/keys/cases.json).
import { plainOf, printableOf } from './board';
import { beginsListed, isListed } from './codes';
import type { TypedCode } from './types';

/** A scanner leaves at most this long between two keys, unless the settings say otherwise. */
export const GAP_MAX_MS = 50;
/** Silence that ends a code without a terminator. */
export const QUIET_END_MS = 120;
/** So many keys a gap apart are a machine's: a hiccup up to the quiet end does not end the code. */
export const MACHINE_KEYS = 5;
/** The shortest payment code. */
export const CODE_DIGITS_MIN = 16;
/** The shortest number of the venue's patterns that is told from typing: shorter ones hands can roll. */
export const PATTERN_KEYS_MIN = 6;
/** An Enter or Tab this soon after a burst belongs to the scan. */
export const SUFFIX_MS = 150;

/** What scanners type at this window besides payment codes, and how slowly. */
export interface Venue {
  gapMs: number;
  /** Each fits the whole of a number. */
  patterns: readonly RegExp[];
  /** The wallets' table. */
  codes: readonly TypedCode[];
}

/** What to do with a key press. */
export interface Ruling {
  /** Let it act; keep it back, it may be the beginning of a code; or it belongs to a code and does nothing. */
  act: 'pass' | 'hold' | 'swallow';
  /** Keys kept back that were typing after all; they go into the field where the burst began, before this key acts. */
  typed: string;
  /** What was scanned, now that it is over. */
  codes: string[];
  /** The field where the burst began is put back to this, before anything is typed there. */
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
  shift: boolean;
  repeat: boolean;
  /** An input method has the key already, so that it cannot be kept back. */
  composing: boolean;
  /** What stands in the field before this key, and which field it is. */
  value: string;
  field: unknown;
}

const SUFFIXES = ['Enter', 'NumpadEnter', 'Tab', 'F12'];
const MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta', 'CapsLock', 'NumLock', 'AltGraph'];

/** Watches the keys of one screen. `holds`: keys are kept back for the gap, so that no code is ever text before it is judged. */
export class Wedge {
  readonly #holds: () => boolean;
  readonly #venue: () => Venue;
  /** What the keys of the burst mean by their places, and what each would have typed, if it did not. */
  #text = '';
  #typed: string[] = [];
  #pauses: number[] = [];
  #last = Number.NEGATIVE_INFINITY;
  #scanned = Number.NEGATIVE_INFINITY;
  #before = '';
  #field: unknown = null;
  /** Some key of the burst reached the field: it was not ours to keep. */
  #loose = false;
  #caught = false;

  constructor(holds: () => boolean, venue: () => Venue = () => ({ gapMs: GAP_MAX_MS, patterns: [], codes: [] })) {
    this.#holds = holds;
    this.#venue = venue;
  }

  /** Where the burst began. */
  get field(): unknown {
    return this.#field;
  }

  /** Whether what stands in that field may yet be put back. */
  get loose(): boolean {
    return this.#text !== '' && this.#loose;
  }

  /** How long to wait for another key before `quiet` is called; nothing while nothing was begun. */
  get patience(): number | null {
    if (this.#text === '') return null;
    const { gapMs } = this.#venue();
    return this.#text.length >= MACHINE_KEYS ? Math.max(QUIET_END_MS, gapMs) : gapMs;
  }

  /** Judges the next key press. */
  judge(press: Press): Ruling {
    const meant = this.#meaning(press);
    const gap = press.at - this.#last;
    const elsewhere = press.field !== this.#field && !this.#caught;
    const here = press.field === this.#field;
    const other = meant === null ? !MODIFIERS.includes(press.key) : !this.#goesOn(meant, press);
    const ruling = gap > (this.patience ?? 0) || elsewhere || other ? this.#end(press.at) : pass();
    if (meant === null) {
      if (isSuffix(press) && press.at - this.#scanned <= SUFFIX_MS) {
        // A scanner may send two suffixes (CR, LF).
        this.#scanned = press.at;
        ruling.act = 'swallow';
      }
      return ruling;
    }
    if (press.repeat || !this.#goesOn(meant, press)) return ruling;
    if (this.#text === '') {
      // What is over is in the field, or out of it, before this key acts.
      this.#before = here ? (ruling.restore ?? press.value) + ruling.typed : press.value;
      this.#field = press.field;
    } else if (gap > this.#venue().gapMs) this.#pauses.push(this.#text.length);
    this.#text += meant;
    this.#last = press.at;
    this.#loose ||= press.composing || !this.#holds();
    if (!this.#caught && isRun(this.#text)) {
      // Nothing else is so long.
      this.#caught = true;
      if (this.#loose) ruling.restore = this.#before;
    }
    ruling.act = this.#caught ? 'swallow' : this.#loose ? 'pass' : 'hold';
    this.#typed.push(ruling.act === 'pass' ? '' : press.composing ? meant : press.key);
    return ruling;
  }

  /** Nothing came for as long as `patience` said. */
  quiet(now: number): Ruling {
    return this.#end(now);
  }

  /** What a key means to a scanner's code; nothing where it ends one. Where keys were judged before, digits alone mean something. */
  #meaning(press: Press): string | null {
    if (press.ctrl || press.alt) return null;
    const digit = plainOf(press.code) ?? (/^\d$/.test(press.key) ? press.key : null);
    if (digit !== null && !press.shift) return digit;
    // A letter that repeats is held down by a hand.
    if (!this.#holds() || press.repeat) return digit;
    return printableOf(press.code, press.shift, press.key) ?? digit;
  }

  /** Whether this key may belong to the code that was begun, or begin one. */
  #goesOn(meant: string, { composing }: Press): boolean {
    const machine = this.#text.length >= MACHINE_KEYS;
    // What is kept back stands before whatever an input method makes of the next key.
    if (composing && this.#text !== '' && !this.#loose && !machine) return false;
    const longer = this.#text + meant;
    const { patterns, codes } = this.#venue();
    return machine || /^\d*$/.test(longer) || patterns.length > 0 || beginsListed(codes, longer);
  }

  #end(now: number): Ruling {
    const ruling = pass();
    if (this.#text === '') return ruling;
    const parts = split(this.#text, this.#pauses);
    const [first = ''] = parts;
    const rest = this.#text.length - first.length;
    let taken = this.#text.length;
    if (parts.every((part) => this.#isScan(part))) ruling.codes = parts;
    else if (rest > 0 && rest < MACHINE_KEYS && this.#isWhole(first) && !this.#isWhole(this.#text)) {
      // A person typed on right after a code without a terminator.
      ruling.codes = [first];
      taken = first.length;
    } else if (this.#isScan(this.#text) || digitsIn(this.#text) >= CODE_DIGITS_MIN) {
      // A damaged code is no typing either: the backend says what is wrong with it.
      ruling.codes = [this.#text];
    } else taken = 0;
    // An input method may have brought some of them in after all.
    if (taken > 0 && this.#loose) ruling.restore = this.#before;
    this.#scanned = taken > 0 ? now : Number.NEGATIVE_INFINITY;
    ruling.typed = this.#typed.slice(taken).join('');
    this.#text = '';
    this.#typed = [];
    this.#before = '';
    this.#pauses = [];
    this.#loose = false;
    this.#caught = false;
    return ruling;
  }

  #isScan(text: string): boolean {
    return isRun(text) || this.#isWhole(text);
  }

  /** What the table or a pattern knows. */
  #isWhole(text: string): boolean {
    if (!this.#holds() || text.length < MACHINE_KEYS) return false;
    const { patterns, codes } = this.#venue();
    return isListed(codes, text) || (text.length >= PATTERN_KEYS_MIN && patterns.some((pattern) => pattern.test(text)));
  }
}

function pass(): Ruling {
  return { act: 'pass', typed: '', codes: [], restore: null };
}

function isRun(text: string): boolean {
  return text.length >= CODE_DIGITS_MIN && /^\d*$/.test(text);
}

function digitsIn(text: string): number {
  return text.replace(/\D/g, '').length;
}

/** What scanners send after a code; some send a line feed as Ctrl+J, a return as Ctrl+M. */
function isSuffix({ code, key, ctrl, alt }: Press): boolean {
  if (alt) return false;
  return ctrl ? code === 'KeyJ' || code === 'KeyM' : SUFFIXES.includes(key) || SUFFIXES.includes(code);
}

function split(text: string, at: number[]): string[] {
  return [...at, text.length].map((end, i) => text.slice(at[i - 1] ?? 0, end));
}
