// What is marked to be typed over stays so until something is typed: on X11 a field loses its mark as soon as any other program
// takes the display's one selection, and the next bill would be typed behind the one before.

const marked = new WeakSet<HTMLInputElement>();

const MODIFIERS = ['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'NumLock'];

/** Marks all that stands in a field; the next key acts on all of it. */
export function mark(input: HTMLInputElement): void {
  input.select();
  marked.add(input);
}

/** Before a key acts on a field: marks it again if it still should be. */
export function remark(input: HTMLInputElement): void {
  if (marked.delete(input)) input.select();
}

/** The same for a pressed key; a key that only changes others does nothing yet. */
export function remarkFor(event: KeyboardEvent & { currentTarget: HTMLInputElement }): void {
  if (!MODIFIERS.includes(event.key)) remark(event.currentTarget);
}

/** The cashier put the caret somewhere, or went elsewhere. */
export function unmark(event: Event & { currentTarget: HTMLInputElement }): void {
  marked.delete(event.currentTarget);
}
