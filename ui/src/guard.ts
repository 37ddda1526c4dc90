// The page's guard against scanners that type: acts on what the wedge rules, and hands over what was scanned.
import { type Press, type Ruling, type Venue, Wedge } from './wedge';

/** The wallets' order numbers have 28 digits: longer than any payment code, shorter than two. */
const ORDER_DIGITS = /^\d{26,31}$/;

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

  constructor(screen: Guarded) {
    this.#wedge = new Wedge(screen.holds, screen.venue);
    this.#screen = screen;
  }

  /** Whether this key is none of the page's business. */
  takes(event: KeyboardEvent): boolean {
    const input = event.target instanceof HTMLInputElement ? event.target : null;
    // What is over with this key began where the last burst did, and the key may begin the next one elsewhere.
    const { field } = this.#wedge;
    const ruling = this.#wedge.judge(press(event, input));
    this.#act(ruling, field);
    this.#wait();
    // Outside a field a character is nothing anyway.
    return ruling.act === 'swallow' || (ruling.act === 'hold' && input !== null);
  }

  #act({ typed, codes, restore }: Ruling, field: unknown): void {
    const input = field instanceof HTMLInputElement && !field.readOnly ? field : null;
    if (input && typed !== '') insert(input, typed);
    if (input && restore !== null) this.#putBack(input, restore);
    for (const code of codes) {
      if (input?.dataset.takes === 'order-number' && ORDER_DIGITS.test(code)) put(input, code);
      else this.#screen.scanned(code);
    }
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

function press(event: KeyboardEvent, input: HTMLInputElement | null): Press {
  return {
    key: event.key,
    code: event.code,
    at: event.timeStamp,
    ctrl: event.ctrlKey,
    alt: event.altKey || event.metaKey,
    shift: event.shiftKey,
    repeat: event.repeat,
    composing: event.isComposing || event.key === 'Process',
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

/** Gives a field another value, and whatever it is bound to as well. */
function put(input: HTMLInputElement, value: string): void {
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}
