// IMA ADPCM, four bits a sample: small enough to ship, and decoded here so that no codec of the system is needed.

const STEPS = [
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130,
  143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282,
  1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493,
  10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
];
const MOVES = [-1, -1, -1, -1, 2, 4, 6, 8];
const PEAK = 32768;

/** Samples from -1 to 1, two from each byte, the low half first. */
export function decode(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(bytes.length * 2);
  let at = 0;
  let step = 0;
  for (let n = 0; n < samples.length; n += 1) {
    const byte = bytes[n >> 1] ?? 0;
    const nibble = n % 2 === 0 ? byte & 15 : byte >> 4;
    const size = STEPS[step] ?? 0;
    let moved = size >> 3;
    if (nibble & 4) moved += size;
    if (nibble & 2) moved += size >> 1;
    if (nibble & 1) moved += size >> 2;
    at = Math.max(-PEAK, Math.min(PEAK - 1, nibble & 8 ? at - moved : at + moved));
    step = Math.max(0, Math.min(STEPS.length - 1, step + (MOVES[nibble & 7] ?? 0)));
    samples[n] = at / PEAK;
  }
  return samples;
}
