// What is heard when a view arrives: a tone for what happened in front, a proved payment aloud, the alarm of a late truth.
import { Alarm } from './alarm';
import { audio } from './audio.svelte';
import type { Language } from './i18n/texts';
import { lengthOf, play, type Cue } from './sound';
import { isLoud, lookOf } from './standing';
import type { Tone } from './states';
import type { ChargeId, ChargeView, HallView, State, View, Voice } from './types';
import { Speaker } from './voice/speaker';
import { paidWords, type Speech } from './voice/words';

const CUES: Partial<Record<Tone, Cue>> = { paid: 'paid', working: 'paid', refused: 'refused', unsent: 'refused', call: 'attention' };

/** The money is in, proved by the gateway; what a person decided, or what came late, is not announced to the hall. */
const PROVED: readonly State[] = ['paid', 'recharging', 'recharged', 'recharge-undecided', 'recharge-refused'];

const SPEECHES: Record<Exclude<Voice, 'screen'>, Speech[]> = {
  'zh-CN': ['zh-CN'],
  en: ['en'],
  both: ['zh-CN', 'en'],
  off: [],
};

/** Between the tone and the voice, in seconds. */
const BREATH = 0.1;

/** The languages in which a payment is said. */
export function speeches(voice: Voice, screen: Language): Speech[] {
  return voice === 'screen' ? [screen] : SPEECHES[voice];
}

export class Ears {
  readonly #alarm = new Alarm();
  readonly #speaker = new Speaker(audio);
  /** A recharge is announced once, however many steps follow. */
  #said: ChargeId | null = null;

  /** As loud as the window is set to; the first time also finds out whether there is any sound. */
  tune({ volume, mute }: HallView): void {
    audio.setVolume(mute ? 0 : volume);
    if (mute) this.hush();
    else if (audio.hearing === 'untried') audio.wake();
  }

  /** A code was taken for a new charge: what was said about the last one gives way. */
  scan(): void {
    this.#speaker.hush();
    play('scan');
  }

  /** The charge in front is another one, or stands elsewhere now. */
  front(front: ChargeView, view: View, screen: Language): void {
    const cue = CUES[lookOf(front).tone];
    if (isLoud(front)) this.#alarm.ring();
    else if (cue) play(cue);
    if (!PROVED.includes(front.state) || this.#said === front.id) return;
    this.#said = front.id;
    void this.say(front, view, screen, lengthOf(cue ?? 'paid') + BREATH);
  }

  /** Says a payment aloud, if the window is set to. */
  say(paid: { amount: string; wallet: string }, { hall, training }: View, screen: Language, after = 0): Promise<void> {
    const sayings = speeches(hall.voice, screen).map((language) => ({
      language,
      words: paidWords({ ...paid, training }, language),
    }));
    return this.#speaker.say(sayings, after);
  }

  /** Says that the sound works; where no voice is set, in the screen's language. */
  test(voice: Voice, screen: Language): void {
    this.#speaker.hush();
    const languages = speeches(voice === 'off' ? 'screen' : voice, screen);
    void this.#speaker.say(languages.map((language) => ({ language, words: ['test'] })));
  }

  /** A new notice is heard; a late truth rings until it was taken note of. */
  notices(before: ChargeView[], { front, notices }: View): void {
    const known = new Set(before.map(({ id, state }) => `${id} ${state}`));
    const fresh = notices.filter(({ id, state }) => !known.has(`${id} ${state}`));
    if (fresh.some(isLoud)) this.#alarm.ring();
    else if (fresh.length > 0) play('attention');
    if (!notices.some(isLoud) && !(front && isLoud(front))) this.#alarm.hush();
  }

  /** Silence at once. */
  hush(): void {
    this.#alarm.hush();
    this.#speaker.hush();
  }

  /** For a page that goes. */
  rest(): void {
    this.hush();
    audio.rest();
  }
}
