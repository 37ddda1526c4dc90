// Amounts as they are spoken: saying the words back gives the amount, in both languages.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import index from '../src/voice/clips.json';
import { amountWords, paidWords, type Speech } from '../src/voice/words';

const zh = (amount: string) => (amountWords(amount, 'zh-CN') ?? []).join(' ');
const en = (amount: string) => (amountWords(amount, 'en') ?? []).join(' ');

test('amounts are read as people read them in Chinese', () => {
  const read: Record<string, string> = {
    '0.01': '1 fen',
    '0.02': 'two fen',
    '0.20': 'two jiao',
    '0.22': 'two jiao 2 fen',
    '1.05': '1 yuan 0 5 fen',
    '1.50': '1 yuan 5 jiao',
    '2.00': 'two yuan',
    '2.22': 'two yuan 2 jiao 2 fen',
    '10.00': '10 yuan',
    '12.00': '10 2 yuan',
    '20.00': '2 10 yuan',
    '100.10': '1 100 yuan 1 jiao',
    '105.00': '1 100 0 5 yuan',
    '110.00': '1 100 1 10 yuan',
    '260.00': '2 100 6 10 yuan',
    '1010.00': '1 1000 0 1 10 yuan',
    '2000.00': 'two 1000 yuan',
    '2002.02': 'two 1000 0 2 yuan 0 2 fen',
    '10050.50': '1 10000 0 5 10 yuan 5 jiao',
    '20000.00': 'two 10000 yuan',
    '22222.22': 'two 10000 two 1000 2 100 2 10 2 yuan 2 jiao 2 fen',
    '100010.00': '10 10000 0 1 10 yuan',
    '101000.00': '10 10000 1 1000 yuan',
    '120000.00': '10 2 10000 yuan',
    '99999999.99': '9 1000 9 100 9 10 9 10000 9 1000 9 100 9 10 9 yuan 9 jiao 9 fen',
  };
  for (const [amount, words] of Object.entries(read)) expect(zh(amount), amount).toBe(words);
});

test('amounts are read as people read them in English', () => {
  const read: Record<string, string> = {
    '0.05': '0 point 0 5 yuan',
    '1.05': '1 point 0 5 yuan',
    '10.00': '10 yuan',
    '15.00': '15 yuan',
    '21.00': '20 1 yuan',
    '100.10': '1 100 point 1 0 yuan',
    '260.00': '2 100 60 yuan',
    '2000.00': '2 1000 yuan',
    '10050.50': '10 1000 50 point 5 0 yuan',
    '1000000.00': '1 1000000 yuan',
    '12345678.90': '12 1000000 3 100 40 5 1000 6 100 70 8 point 9 0 yuan',
  };
  for (const [amount, words] of Object.entries(read)) expect(en(amount), amount).toBe(words);
});

/** Fen from spoken Chinese, by adding up what the words mean; shares nothing with the code that made them. */
function heardChinese(words: string[]): bigint {
  const numbers: Record<string, bigint> = { two: 2n };
  for (const digit of '0123456789') numbers[digit] = BigInt(digit);
  let fen = 0n;
  let total = 0n;
  let section = 0n;
  let digit: bigint | null = null;
  for (const word of words) {
    if (word in numbers) digit = numbers[word]!;
    else if (word === '10' || word === '100' || word === '1000') {
      section += (digit ?? 1n) * BigInt(word);
      digit = null;
    } else if (word === '10000') {
      total += (section + (digit ?? 0n)) * 10000n;
      section = 0n;
      digit = null;
    } else {
      const value: bigint = total + section + (digit ?? 0n);
      fen += value * (word === 'yuan' ? 100n : word === 'jiao' ? 10n : 1n);
      total = section = 0n;
      digit = null;
    }
  }
  return fen;
}

function heardEnglish(words: string[]): bigint {
  let total = 0n;
  let section = 0n;
  let cents = '';
  let behind = false;
  for (const word of words) {
    if (word === 'point') behind = true;
    else if (word === 'yuan') break;
    else if (behind) cents += word;
    else if (word === '100') section *= 100n;
    else if (word === '1000' || word === '1000000') {
      total += section * BigInt(word);
      section = 0n;
    } else section += BigInt(word);
  }
  return (total + section) * 100n + BigInt(cents || '0');
}

const fens = fc.oneof(
  fc.bigInt({ min: 1n, max: 9_999_999_999n }),
  fc.bigInt({ min: 1n, max: 300_000n }),
  // Many zeros: where the little words stand.
  fc.array(fc.constantFrom('0', '0', '0', '1', '2', '7'), { minLength: 3, maxLength: 10 }).map((digits) => BigInt(digits.join('')) || 1n),
);

const textOf = (fen: bigint) => `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`;

test('what is said is the amount, always, and every word of it is a clip', () => {
  const said = (language: Speech, heard: (words: string[]) => bigint) => (fen: bigint) => {
    const words = amountWords(textOf(fen), language);
    expect(words).not.toBeNull();
    expect(heard(words!), `${textOf(fen)}: ${words!.join(' ')}`).toBe(fen);
    expect(words!.filter((word) => !(word in index[language]))).toEqual([]);
  };
  fc.assert(fc.property(fens, said('zh-CN', heardChinese)), { numRuns: 1500 });
  fc.assert(fc.property(fens, said('en', heardEnglish)), { numRuns: 1500 });
});

test('no zero is said twice in a row, and none before a unit', () => {
  fc.assert(
    fc.property(fens.filter((fen) => fen >= 100n), (fen) => {
      expect(zh(textOf(fen))).not.toMatch(/\b0 0\b|\b0 (10|100|1000|10000|yuan|jiao|fen)\b|^0/);
    }),
    { numRuns: 1500 },
  );
});

test('what is no amount is not said at all', () => {
  for (const text of ['', '12', '12.3', '12.345', '-1.00', '1e3.00', '123456789.00', '１.00', 'abc'])
    for (const language of ['zh-CN', 'en'] as const) {
      expect(amountWords(text, language), text).toBeNull();
      expect(paidWords({ amount: text, wallet: 'wechat', training: false }, language)).toEqual([]);
    }
});

test('wallet and practice are named; an unknown wallet is not', () => {
  const paid = (wallet: string, training = false) => paidWords({ amount: '1.00', wallet, training }, 'zh-CN').join(' ');
  expect(paid('wechat')).toBe('wechat received 1 yuan');
  expect(paid('alipay-face')).toBe('alipay received 1 yuan');
  expect(paid('')).toBe('received 1 yuan');
  expect(paid('somebody')).toBe('received 1 yuan');
  expect(paid('wechat', true)).toBe('practice wechat received 1 yuan');
});
