// Short tones made on the spot. Sound confirms, the screen decides: without audio nothing is lost.

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

const LOUDNESS = 0.25;
const RAMP_S = 0.012;

let audio: AudioContext | null = null;

/** Plays a cue; silent where there is no audio. */
export function play(cue: Cue): void {
  try {
    audio ??= new AudioContext();
    if (audio.state === 'suspended') audio.resume().catch(() => undefined);
    for (const tone of CUES[cue]) beep(audio, tone);
  } catch {
    // No audio device, or none allowed: the screen says everything.
  }
}

function beep(context: AudioContext, [hertz, start, length]: Tone): void {
  const from = context.currentTime + start / 1000;
  const to = from + length / 1000;
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(LOUDNESS, from + RAMP_S);
  volume.gain.setValueAtTime(LOUDNESS, to - RAMP_S);
  volume.gain.linearRampToValueAtTime(0, to);
  tone.connect(volume).connect(context.destination);
  tone.start(from);
  tone.stop(to);
}
