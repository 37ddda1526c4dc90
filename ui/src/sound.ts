// Short tones made on the spot. Sound confirms, the screen decides: without audio nothing is lost.
import { audio, type Out } from './audio.svelte';

/** What is to be heard. */
export type Cue = 'scan' | 'paid' | 'refused' | 'attention' | 'alarm';

/** Hertz, start and length in milliseconds. */
type Tone = [hertz: number, start: number, length: number];

const CUES: Record<Cue, Tone[]> = {
  scan: [[1320, 0, 60]],
  paid: [
    [880, 0, 120],
    [1175, 130, 200],
  ],
  refused: [[220, 0, 350]],
  alarm: [
    [880, 0, 180],
    [587, 220, 180],
    [880, 440, 180],
    [587, 660, 260],
  ],
  attention: [
    [660, 0, 110],
    [495, 150, 180],
  ],
};

/** Of full loudness; speech is louder than a tone that is as high. */
const LOUDNESS = 0.5;
const RAMP_S = 0.012;

/** Plays a cue; silent where there is no audio, or none is wanted. */
export function play(cue: Cue): void {
  const out = audio.out();
  if (out) for (const tone of CUES[cue]) beep(out, tone);
}

/** How long a cue is heard, in seconds. */
export function lengthOf(cue: Cue): number {
  return Math.max(...CUES[cue].map(([, start, length]) => start + length)) / 1000;
}

function beep({ context, gain }: Out, [hertz, start, length]: Tone): void {
  const from = context.currentTime + start / 1000;
  const to = from + length / 1000;
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(LOUDNESS, from + RAMP_S);
  volume.gain.setValueAtTime(LOUDNESS, to - RAMP_S);
  volume.gain.linearRampToValueAtTime(0, to);
  tone.connect(volume).connect(gain);
  tone.start(from);
  tone.stop(to);
}
