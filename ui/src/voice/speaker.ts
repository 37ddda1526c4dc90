// Says words one clip after the other. What is being said is ended by hushing it; a second saying waits for the first.
import type { Audio } from '../audio.svelte';
import { clip, RATE } from './clips';
import type { Saying } from './words';

/** Between two words, and between two sayings, in seconds. */
const WORD_GAP = 0.02;
const SAYING_GAP = 0.35;

export class Speaker {
  readonly #audio: Audio;
  /** When the last clip that was planned ends, on the audio's clock. */
  #free = 0;
  #planned = new Set<AudioBufferSourceNode>();
  /** Sayings are prepared in their order; one that was hushed meanwhile is dropped. */
  #last: Promise<void> = Promise.resolve();
  #hushes = 0;

  constructor(audio: Audio) {
    this.#audio = audio;
  }

  /** Says all of it, not before so many seconds from now and not before what is being said has ended. */
  say(sayings: Saying[], after = 0): Promise<void> {
    const hushes = this.#hushes;
    const earliest = this.#audio.now() + after;
    const turn = this.#last.then(async () => {
      for (const saying of sayings) await this.#plan(saying, earliest, hushes);
    });
    // A clip that cannot be had costs its words: the tone was heard and the screen says everything.
    this.#last = turn.catch(() => undefined);
    return this.#last;
  }

  /** Ends what is being said, and everything that waits to be. */
  hush(): void {
    this.#hushes += 1;
    this.#free = 0;
    for (const source of this.#planned) source.stop();
    this.#planned.clear();
  }

  async #plan({ language, words }: Saying, earliest: number, hushes: number): Promise<void> {
    const clips = await Promise.all(words.map((word) => clip(language, word)));
    const out = this.#audio.out();
    // Half of a sum would be another sum.
    if (!out || hushes !== this.#hushes || clips.includes(null)) return;
    const busy = this.#free > out.context.currentTime;
    let at = Math.max(earliest, out.context.currentTime, busy ? this.#free + SAYING_GAP : 0);
    for (const samples of clips) {
      if (!samples) continue;
      const buffer = out.context.createBuffer(1, samples.length, RATE);
      buffer.copyToChannel(samples, 0);
      const source = out.context.createBufferSource();
      source.buffer = buffer;
      source.connect(out.gain);
      source.onended = () => this.#planned.delete(source);
      source.start(at);
      this.#planned.add(source);
      at += buffer.duration + WORD_GAP;
    }
    this.#free = at;
  }
}
