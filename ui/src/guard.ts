// The page's guard against scanners that type: acts on what the wedge rules, and hands over what was scanned.
import { type Press, type Ruling, type Venue, Wedge } from './wedge';

/** The wallets' order numbers have 28 digits: longer than any payment code, shorter than two. */
const ORDER_DIGITS = /^\d{26,31}$/;

/** The number of any key that an input method has. */
const IME_KEY = 229;

/** What the guard needs of the screen. */
export interface Guarded {
  /** A field of the sale is put back to what stood there. */
  putBack: (field: string, before: string) => void;
  scanned: (code: string) => void;
  /** Whether keys are kept back here; not where they were judged before the page got them. */
  holds: () => boolean;
  venue: () => Venue;
}

export class Guard {
  readonly #wedge: Wedge;
  readonly #screen: Guarded;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #composing = false;
  /** A code went into this field by an input method, which may yet bring the rest of it in. */
  #late: { input: HTMLInputElement; before: string } | null = null;
  /** The screen was not told what stands in this field. */
  #untold: EventTarget | null = null;

  constructor(screen: Guarded) {
    this.#wedge = new Wedge(screen.holds, screen.venue);
    this.#screen = screen;
  }

  /** Whether this key is none of the page's business. */
  takes(event: KeyboardEvent): boolean {
    const input = textField(event.target) ?? list(event.target);
    // What is over with this key began where the last burst did, and the key may begin the next one elsewhere.
    const { field } = this.#wedge;
    const ruling = this.#wedge.judge(press(event, input));
    this.#act(ruling, field);
    this.#wait();
    // Outside a field a character is nothing anyway.
    return ruling.act === 'swallow' || (ruling.act === 'hold' && input !== null);
  }

  /** Whether the screen is not to know yet what an input method made of keys: they may be a code, or the rest of one. */
  keeps(event: Event): boolean {
    const composing = event instanceof InputEvent && event.isComposing;
    const begun = this.#wedge.loose && this.#screen.holds() && this.#wedge.field === event.target;
    if (!composing || !(begun || this.#late?.input === event.target)) return false;
    this.#untold = event.target;
    return true;
  }

  /** An input method begins something new. */
  composes(): void {
    this.#composing = true;
    this.#late = null;
  }

  /** An input method has brought in what it had. */
  composed(event: Event): void {
    this.#composing = false;
    const late = this.#late;
    this.#late = null;
    if (late && event.target === late.input) this.#putBack(late.input, late.before);
    this.#tell();
  }

  #act({ typed, codes, restore }: Ruling, field: unknown): void {
    const input = field instanceof HTMLInputElement && !field.readOnly ? field : null;
    if (input && restore !== null) {
      this.#putBack(input, restore);
      if (this.#composing) this.#late = { input, before: restore };
    }
    if (input && typed !== '') insert(input, typed);
    if (field instanceof HTMLSelectElement && typed !== '') pick(field, typed);
    for (const code of codes) {
      if (input?.dataset.takes === 'order-number' && ORDER_DIGITS.test(code)) put(input, code);
      else this.#screen.scanned(code);
    }
    this.#tell();
  }

  #tell(): void {
    const field = this.#untold;
    if (field === null || this.#wedge.loose || this.#late) return;
    this.#untold = null;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  #putBack(input: HTMLInputElement, before: string): void {
    const { field } = input.dataset;
    if (field === undefined) return put(input, before);
    input.value = before;
    this.#screen.putBack(field, before);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const { patience, field } = this.#wedge;
    if (patience === null) return;
    this.#timer = setTimeout(() => this.#act(this.#wedge.quiet(performance.now()), field), patience + 1);
  }
}

/** A list to choose from: keys move it to what begins with them. */
function list(target: EventTarget | null): HTMLSelectElement | null {
  return target instanceof HTMLSelectElement ? target : null;
}

/** A field that takes text; a box to tick and a slider are inputs too. */
function textField(target: EventTarget | null): HTMLInputElement | null {
  return target instanceof HTMLInputElement && target.selectionStart !== null ? target : null;
}

function press(event: KeyboardEvent, input: HTMLInputElement | HTMLSelectElement | null): Press {
  return {
    key: event.key,
    code: event.code,
    at: event.timeStamp,
    ctrl: event.ctrlKey,
    alt: event.altKey || event.metaKey,
    shift: event.shiftKey,
    repeat: event.repeat,
    // Some engines name the key all the same, and tell by the number alone.
    composing: event.isComposing || event.key === 'Process' || event.keyCode === IME_KEY,
    // What stands in a PIN's field is never even looked at.
    value: input && input.type !== 'password' ? input.value : '',
    field: input,
  };
}

/** Types into a field, as the keys would have. */
function insert(input: HTMLInputElement, text: string): void {
  const [from, to] = [input.selectionStart ?? input.value.length, input.selectionEnd ?? input.value.length];
  const room = input.maxLength < 0 ? text.length : Math.max(0, input.maxLength - (input.value.length - (to - from)));
  input.setRangeText(text.slice(0, room), from, to, 'end');
  input.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }));
}

/** Chooses from a list, as the keys would have. */
function pick(select: HTMLSelectElement, text: string): void {
  const wanted = [...select.options].findIndex((option) => option.text.toLowerCase().startsWith(text.toLowerCase()));
  if (wanted < 0 || wanted === select.selectedIndex) return;
  select.selectedIndex = wanted;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

/** Gives a field another value, and whatever it is bound to as well. */
function put(input: HTMLInputElement, value: string): void {
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}
