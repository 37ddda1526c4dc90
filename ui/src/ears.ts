// What is heard when a view arrives: a tone for what happened in front, and the alarm of a late truth.
import { Alarm } from './alarm';
import { play, type Cue } from './sound';
import { isLoud, lookOf } from './standing';
import type { Tone } from './states';
import type { ChargeView, View } from './types';

const CUES: Partial<Record<Tone, Cue>> = { paid: 'paid', working: 'paid', refused: 'refused', unsent: 'refused', call: 'attention' };

export class Ears {
  readonly #alarm = new Alarm();

  /** The charge in front is another one, or stands elsewhere now. */
  front(front: ChargeView): void {
    const cue = CUES[lookOf(front).tone];
    if (isLoud(front)) this.#alarm.ring();
    else if (cue) play(cue);
  }

  /** A new notice is heard; a late truth rings until it was taken note of. */
  notices(before: ChargeView[], { front, notices }: View): void {
    const known = new Set(before.map(({ id, state }) => `${id} ${state}`));
    const fresh = notices.filter(({ id, state }) => !known.has(`${id} ${state}`));
    if (fresh.some(isLoud)) this.#alarm.ring();
    else if (fresh.length > 0) play('attention');
    if (!notices.some(isLoud) && !(front && isLoud(front))) this.hush();
  }

  hush(): void {
    this.#alarm.hush();
  }
}
