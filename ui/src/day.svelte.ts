// The day so far: counts and sums by state, read again whenever a charge of this window moved.
import { localDay } from './format';
import type { Host } from './host';
import type { DaySumView, View } from './types';

/** Several changes in a row are read once. */
const REST_MS = 200;

export class Day {
  /** `null` until they were read. */
  sums: { day: string; rows: DaySumView[] } | null = $state.raw(null);

  #known = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly host: Host) {}

  /** Reads again if the charges of this view are others than before, or the day is another. */
  follow({ recent, pending }: View): void {
    const day = localDay();
    const moved = [...recent, ...pending].map(({ id, state }) => `${id} ${state}`);
    const known = [day, ...moved].join();
    if (known === this.#known) return;
    this.#known = known;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(day), REST_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #read(day: string): Promise<void> {
    try {
      const found = await this.host.daySums(day);
      if ('found' in found) this.sums = { day, rows: found.found };
    } catch {
      // The sums of before stay; whether the journal can be read the health strip says.
    }
  }
}
