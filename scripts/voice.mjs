// Makes ui/src/voice/clips.bin and clips.json: the words the till speaks, one clip each, synthesised once at
// development time (`make voice`; Debian packages espeak-ng, flite and sox). Programs that speak are not needed to run the till.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Samples a second: enough for every consonant, and small. */
const RATE = 14000;
const OUT = 'ui/src/voice';

// Pinyin with tones: given characters, this voice reads their spelling as if it were English.
const CHINESE = {
  0: 'ling2', 1: 'yi1', 2: 'er4', two: 'liang3', 3: 'san1', 4: 'si4', 5: 'wu3', 6: 'liu4', 7: 'qi1', 8: 'ba1', 9: 'jiu3',
  10: 'shi2', 100: 'bai3', 1000: 'qian1', 10000: 'wan4', yuan: 'yuan2', jiao: 'jiao3', fen: 'fen1',
  received: 'shou1kuan3', practice: 'lian4xi2', test: 'sheng1yin1 zheng4chang2',
  wechat: 'wei1xin4', alipay: 'zhi1fu4bao3', unionpay: 'yun2shan3fu4', ecny: 'shu4zi4ren2min2bi4', jd: 'jing1dong1',
  bestpay: 'yi4zhi1fu4', webank: 'wei1zhong4yin2hang2', lakala: 'la1ka3la1', ccb: 'jian4she4yin2hang2',
};

const ENGLISH = {
  0: 'zero', 1: 'one', 2: 'two', 3: 'three', 4: 'four', 5: 'five', 6: 'six', 7: 'seven', 8: 'eight', 9: 'nine', 10: 'ten',
  11: 'eleven', 12: 'twelve', 13: 'thirteen', 14: 'fourteen', 15: 'fifteen', 16: 'sixteen', 17: 'seventeen', 18: 'eighteen',
  19: 'nineteen', 20: 'twenty', 30: 'thirty', 40: 'forty', 50: 'fifty', 60: 'sixty', 70: 'seventy', 80: 'eighty', 90: 'ninety',
  100: 'hundred', 1000: 'thousand', 1000000: 'million', point: 'point', yuan: 'yuan',
  received: 'payment', practice: 'practice', test: 'the sound works',
  wechat: 'we chat', alipay: 'alley pay', unionpay: 'union pay', ecny: 'e c n y', jd: 'j d', bestpay: 'best pay',
  webank: 'we bank', lakala: 'la ka la', ccb: 'c c b',
};

const STEPS = [
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130,
  143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282,
  1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493,
  10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
];
const MOVES = [-1, -1, -1, -1, 2, 4, 6, 8];

/** IMA ADPCM, four bits a sample, the low half of a byte first; each clip begins anew. */
function squeeze(samples) {
  const out = new Uint8Array(Math.ceil(samples.length / 2));
  let at = 0;
  let step = 0;
  samples.forEach((sample, n) => {
    const size = STEPS[step];
    let rest = sample - at;
    let nibble = rest < 0 ? 8 : 0;
    rest = Math.abs(rest);
    let moved = size >> 3;
    for (const [bit, part] of [[4, size], [2, size >> 1], [1, size >> 2]]) {
      if (rest < part) continue;
      nibble |= bit;
      rest -= part;
      moved += part;
    }
    at = Math.max(-32768, Math.min(32767, at + (nibble & 8 ? -moved : moved)));
    step = Math.max(0, Math.min(88, step + MOVES[nibble & 7]));
    out[n >> 1] |= n & 1 ? nibble << 4 : nibble;
  });
  return out;
}

/** How loud a word is, as the root mean square of its loud parts, and where its peaks are rounded off; from 0 to 1. */
const LOUD = 0.19;
const KNEE = 0.5;
const CEILING = 0.86;
/** Seconds that are measured together; a part weaker than this share of the loudest is a pause or a breath. */
const PART = 0.02;
const WEAK = 0.1;

const power = (samples) => Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);

/** All words equally loud, in both languages: the ear goes by the power of a word and not by its peak. */
function level(samples) {
  const size = Math.round(PART * RATE);
  const parts = [];
  for (let at = 0; at + size <= samples.length; at += size) parts.push(power(samples.slice(at, at + size)));
  const least = Math.max(...parts) * WEAK;
  const loud = power(parts.filter((part) => part > least));
  return samples.map((sample) => {
    const raised = Math.abs(sample) * (LOUD / loud);
    const round = raised <= KNEE ? raised : KNEE + (CEILING - KNEE) * Math.tanh((raised - KNEE) / (CEILING - KNEE));
    return Math.round(Math.sign(sample) * round * 32767);
  });
}

const folder = mkdtempSync(join(tmpdir(), 'voice-'));
const [spoken, cut] = [join(folder, 'spoken.wav'), join(folder, 'cut.raw')];

function clip(speak) {
  speak();
  // Silence off both ends and no more, for what is weak there is an f or a v, without which five is heard as nine; nothing below the
  // range of a small loudspeaker; no click at the ends.
  const end = (fade) => ['silence', '1', '0.005', '0.15%', 'fade', 'q', fade, 'reverse'];
  execFileSync('sox', [
    '-D', spoken, '-t', 'raw', '-e', 'signed', '-b', '16', '-c', '1', cut,
    'highpass', '90', 'gain', '-n', '-3', 'rate', '-h', String(RATE), ...end('0.004'), ...end('0.012'),
  ]);
  const bytes = readFileSync(cut);
  return squeeze(level(Array.from({ length: bytes.length / 2 }, (_, n) => bytes.readInt16LE(n * 2) / 32768)));
}

const chinese = (text) => () => execFileSync('espeak-ng', ['-v', 'cmn-latn-pinyin', '-s', '155', '-p', '55', '-w', spoken, text]);
const english = (text) => () => execFileSync('flite', ['-voice', 'slt', '--setf', 'duration_stretch=1.05', '-t', text, '-o', spoken]);

const parts = [];
let length = 0;
function all(words, speak) {
  return Object.fromEntries(
    Object.entries(words).map(([word, text]) => {
      const bytes = clip(speak(text));
      parts.push(bytes);
      length += bytes.length;
      return [word, [length - bytes.length, bytes.length]];
    }),
  );
}

const index = { rate: RATE, 'zh-CN': all(CHINESE, chinese), en: all(ENGLISH, english) };
rmSync(folder, { recursive: true });
writeFileSync(join(OUT, 'clips.bin'), Buffer.concat(parts));
writeFileSync(join(OUT, 'clips.json'), `${JSON.stringify(index).replace(/("[^"]+":\[)/g, '\n  $1')}\n`);
console.log(`${parts.length} clips, ${(length * 2 / RATE).toFixed(1)} s, ${length} bytes`);
