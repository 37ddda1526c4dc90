// The one way to the loudspeaker: loudness, mute, and whether anything can be heard at all. Without a sound card the web
// engine plays into nothing and says nothing, so the backend is asked as well.

/** Whether the machine gives sound: not tried yet, yes, or no. */
export type Hearing = 'untried' | 'heard' | 'none';

/** Where sound goes. */
export interface Out {
  context: AudioContext;
  gain: GainNode;
}

/** A device that has not begun to play by then is none. */
const PATIENCE_MS = 3000;

export class Audio {
  /** Whether the machine has a sound card, as the backend knows it. */
  card = $state(true);

  #plays: Hearing = $state('untried');

  #out: Out | null = null;
  #level = 0;
  #watching: ReturnType<typeof setTimeout> | undefined;

  get hearing(): Hearing {
    return this.card ? this.#plays : 'none';
  }

  /** Loudness from 0 to 100, as an ear takes it; 0 is silence. */
  setVolume(volume: number): void {
    this.#level = (volume / 100) ** 2;
    if (this.#out) this.#out.gain.gain.value = this.#level;
  }

  /** `null` where there is no sound, or none is wanted. */
  out(): Out | null {
    return this.#level === 0 ? null : this.wake();
  }

  /** Seconds on the audio's own clock. */
  now(): number {
    return this.#out?.context.currentTime ?? 0;
  }

  /** Opens the way to the loudspeaker and finds out whether there is one. */
  wake(): Out | null {
    try {
      this.#out ??= this.#open();
      if (this.#out.context.state === 'suspended') this.#out.context.resume().catch(() => (this.#plays = 'none'));
      this.#watch(this.#out.context);
      return this.#out;
    } catch {
      // No audio at all: said in the health details, and the screen says everything else.
      this.#plays = 'none';
      return null;
    }
  }

  /** Ends the watch, for a page that goes. */
  rest(): void {
    clearTimeout(this.#watching);
    this.#watching = undefined;
  }

  #open(): Out {
    const context = new AudioContext();
    const gain = context.createGain();
    gain.gain.value = this.#level;
    gain.connect(context.destination);
    return { context, gain };
  }

  /** A device that plays moves the clock on. */
  #watch(context: AudioContext): void {
    if (this.#watching !== undefined) return;
    const before = context.currentTime;
    this.#watching = setTimeout(() => {
      this.#watching = undefined;
      this.#plays = context.state === 'running' && context.currentTime > before ? 'heard' : 'none';
    }, PATIENCE_MS);
  }
}

/** That of this page. */
export const audio = new Audio();
