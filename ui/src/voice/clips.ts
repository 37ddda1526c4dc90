// The clips that ship with the program; scripts/voice.mjs makes them. The page may fetch nothing, so they come as a module.
import { decode } from './adpcm';
import index from './clips.json';
import type { Speech } from './words';

/** Samples a second. */
export const RATE = index.rate;

type Place = [start: number, length: number];

let bytes: Promise<Uint8Array> | undefined;

/** The samples of a word; `null` for one that is no clip. */
export async function clip(language: Speech, word: string): Promise<Float32Array<ArrayBuffer> | null> {
  const place = (index[language] as unknown as Record<string, Place | undefined>)[word];
  if (!place) return null;
  bytes ??= load();
  return decode((await bytes).subarray(place[0], place[0] + place[1]));
}

async function load(): Promise<Uint8Array> {
  const { default: inlined } = await import('./clips.bin?url&inline');
  return Uint8Array.from(atob(inlined.slice(inlined.indexOf(',') + 1)), (letter) => letter.charCodeAt(0));
}
