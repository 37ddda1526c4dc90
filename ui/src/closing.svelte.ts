// Closing was asked for while something is pending: says so for as long as a second close counts as the answer.

/** For so long the backend takes a second close as the answer, milliseconds. */
const ANSWER_MS = 60_000;

export class Closing {
  /** How many entries are pending; 0 when nobody asked. */
  pending = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  ask(pending: number): void {
    this.pending = pending;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.pending = 0), ANSWER_MS);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.pending = 0;
  }
}
