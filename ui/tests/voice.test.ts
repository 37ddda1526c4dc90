// The voice: every clip holds speech, sayings follow each other, and only what is proved is said.
import { expect, test, vi } from 'vitest';
import { audio } from '../src/audio.svelte';
import { charge, view } from '../src/fake/views';
import { Ears } from '../src/ears';
import type { State } from '../src/types';
import { clip, RATE } from '../src/voice/clips';
import index from '../src/voice/clips.json';
import { Speaker } from '../src/voice/speaker';
import type { Speech } from '../src/voice/words';

/** Enough of a loudspeaker to see what would be heard, and when. */
class Loudspeaker {
  readonly started: { at: number; seconds: number }[] = [];
  readonly tones: number[] = [];
  currentTime = 0;
  state = 'running';
  destination = {};
  createGain = () => {
    const gain = { value: 0, setValueAtTime() {}, linearRampToValueAtTime() {} };
    const node = { gain, connect: (next: unknown) => next };
    return node;
  };
  createOscillator = () => ({
    frequency: { set value(hertz: number) { speaker.tones.push(hertz); } },
    connect: (next: unknown) => next,
    start() {},
    stop() {},
  });
  createBuffer = (_channels: number, length: number, rate: number) => ({ duration: length / rate, copyToChannel() {} });
  createBufferSource = () => {
    const entry = { at: 0, seconds: 0 };
    const { started } = this;
    const source = {
      buffer: null as { duration: number } | null,
      onended: null,
      connect() {},
      start(at: number) {
        entry.at = at;
        entry.seconds = this.buffer?.duration ?? 0;
        started.push(entry);
      },
      stop() {
        started.splice(started.indexOf(entry), 1);
      },
    };
    return source;
  };
}

let speaker = new Loudspeaker();

/** A fresh loudspeaker behind the page's audio. */
function listen(): Loudspeaker {
  speaker = new Loudspeaker();
  const gain = speaker.createGain();
  vi.spyOn(audio, 'out').mockReturnValue({ context: speaker, gain } as never);
  vi.spyOn(audio, 'now').mockImplementation(() => speaker.currentTime);
  return speaker;
}

/** Clips are loaded as a module of their own. */
async function said(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await new Promise((next) => setTimeout(next));
}

/** The root mean square of the loud parts of a word: what an ear goes by. */
function loudness(samples: Float32Array): number {
  const size = Math.round(0.02 * RATE);
  const parts = Array.from({ length: Math.floor(samples.length / size) }, (_, n) => power(samples.subarray(n * size, (n + 1) * size)));
  const least = Math.max(...parts) * 0.1;
  return power(Float32Array.from(parts.filter((part) => part > least)));
}

function power(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** Seconds before and after what can be heard of a word. */
function silence(samples: Float32Array): [number, number] {
  const heard = (sample: number): boolean => Math.abs(sample) > 0.01;
  return [samples.findIndex(heard) / RATE, (samples.length - 1 - samples.findLastIndex(heard)) / RATE];
}

test('every clip is speech: loud, not clipped flat, not silent, and of a length that a word has', async () => {
  for (const language of ['zh-CN', 'en'] as const satisfies Speech[])
    for (const word of Object.keys(index[language])) {
      const samples = (await clip(language, word))!;
      const seconds = samples.length / RATE;
      const loud = power(samples);
      const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      const turns = samples.reduce((count, sample, at) => count + (at > 0 && sample < 0 !== samples[at - 1]! < 0 ? 1 : 0), 0);
      const name = `${language} ${word}`;
      expect(seconds, name).toBeGreaterThan(0.12);
      expect(seconds, name).toBeLessThan(1.9);
      expect(loud, name).toBeGreaterThan(0.05);
      // No word of a sum is louder than the next, in either language.
      expect(loudness(samples), name).toBeGreaterThan(0.17);
      expect(loudness(samples), name).toBeLessThan(0.21);
      expect(peak, name).toBeLessThan(0.98);
      const [before, after] = silence(samples);
      expect(before, name).toBeLessThan(0.1);
      expect(after, name).toBeLessThan(0.15);
      // A voice swings; a broken decoder drifts off to one side or hisses.
      expect(turns / seconds, name).toBeGreaterThan(100);
      expect(turns / seconds, name).toBeLessThan(6500);
      expect(Math.abs(samples.reduce((sum, sample) => sum + sample, 0) / samples.length), name).toBeLessThan(0.05);
    }
});

test('no two words of a language sound the same', () => {
  for (const language of ['zh-CN', 'en'] as const) {
    const places = Object.values(index[language] as unknown as Record<string, [number, number]>).map(([start]) => start);
    expect(new Set(places).size).toBe(places.length);
  }
});

test('words follow each other without overlap, and a second saying waits for the first', async () => {
  const heard = listen();
  const voice = new Speaker(audio);
  const first = voice.say([{ language: 'zh-CN', words: ['wechat', 'received', '2', '100', 'yuan'] }]);
  const second = voice.say([{ language: 'en', words: ['alipay', 'received', '9', 'yuan'] }]);
  await Promise.all([first, second]);
  expect(heard.started.length).toBe(9);
  heard.started.slice(1).forEach(({ at }, n) => {
    const before = heard.started[n]!;
    expect(at).toBeGreaterThanOrEqual(before.at + before.seconds);
  });
});

test('a word that is no clip silences the whole sum: half of it would be another sum', async () => {
  const heard = listen();
  await new Speaker(audio).say([{ language: 'en', words: ['2', 'dozen', 'yuan'] }]);
  expect(heard.started).toEqual([]);
});

test('a proved payment is said once, whatever steps follow, and a scan for the next sale ends it', async () => {
  const heard = listen();
  const ears = new Ears();
  const front = charge('recharging');
  ears.front(front, view({ front }), 'zh-CN');
  await said();
  const words = heard.started.length;
  expect(words).toBe(7);
  ears.front({ ...front, state: 'recharged' }, view({ front }), 'zh-CN');
  await said();
  expect(heard.started.length).toBe(words);
  ears.scan();
  expect(heard.started).toEqual([]);
});

test('two payments one after the other are both heard', async () => {
  const heard = listen();
  const ears = new Ears();
  for (const [id, amount] of [['A', '1.00'], ['B', '2.00']] as const)
    ears.front(charge('paid', { id, amount }), view(), 'zh-CN');
  await said();
  expect(heard.started.length).toBe(8);
});

test('nothing but a proved payment is ever said', async () => {
  const heard = listen();
  const states: State[] = [
    'beginning', 'sending', 'confirming', 'checking', 'parked', 'declined', 'never-sent', 'late-success', 'unmatched-success',
    'returned', 'settled-paid', 'settled-not-paid', 'settled-credited', 'settled-not-credited', 'settled-applied', 'settled-refund', 'released',
  ];
  const ears = new Ears();
  for (const state of states) {
    const front = charge(state, { id: state });
    ears.front(front, view({ front }), 'en');
  }
  await said();
  const aloud = [...heard.started];
  // The alarm of a late truth would ring on.
  ears.hush();
  expect(aloud).toEqual([]);
});

test('the voice is silent where it is switched off, and speaks both languages where that is chosen', async () => {
  const hall = view().hall;
  for (const [voice, count] of [['off', 0], ['both', 7 + 6], ['en', 6], ['zh-CN', 7]] as const) {
    const heard = listen();
    new Ears().front(charge('paid'), view({ hall: { ...hall, voice } }), 'zh-CN');
    await said();
    expect(heard.started.length, voice).toBe(count);
  }
});

test('a machine without sound says so, and a muted one stays silent', () => {
  vi.restoreAllMocks();
  const ears = new Ears();
  ears.tune({ ...view().hall, mute: true });
  expect(audio.hearing).toBe('untried');
  expect(audio.out()).toBeNull();
  ears.tune(view().hall);
  expect(audio.hearing).toBe('none');
});
