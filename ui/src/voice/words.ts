// A payment as words, each of which is a clip: pure, from the amount's text, which never becomes a number.

/** The languages the till speaks. */
export type Speech = 'zh-CN' | 'en';

/** What is said: the words of one language in their order. */
export interface Saying {
  language: Speech;
  words: string[];
}

/** As the backend writes amounts: yuan, a point, two digits. */
const AMOUNT = /^(\d{1,8})\.(\d)(\d)$/;

/** Codes of other wallets are announced without a name. */
const WALLETS: Record<string, string> = {
  wechat: 'wechat',
  alipay: 'alipay',
  'alipay-face': 'alipay',
  unionpay: 'unionpay',
  ecny: 'ecny',
  jd: 'jd',
  bestpay: 'bestpay',
  webank: 'webank',
  lakala: 'lakala',
  ccb: 'ccb',
};

/** A payment that is proved. What is no amount is not said at all: a wrong sum aloud is worse than none. */
export function paidWords(paid: { amount: string; wallet: string; training: boolean }, language: Speech): string[] {
  const amount = amountWords(paid.amount, language);
  if (!amount) return [];
  const wallet = WALLETS[paid.wallet];
  return [...(paid.training ? ['practice'] : []), ...(wallet ? [wallet] : []), 'received', ...amount];
}

/** `260.00` as the words that are spoken; `null` for what is not an amount. */
export function amountWords(amount: string, language: Speech): string[] | null {
  const [, digits, jiao, fen] = AMOUNT.exec(amount) ?? [];
  if (digits === undefined || jiao === undefined || fen === undefined) return null;
  const whole = digits.replace(/^0+/, '');
  return language === 'en' ? english(whole, jiao, fen) : chinese(whole, jiao, fen);
}

function chinese(whole: string, jiao: string, fen: string): string[] {
  const words = whole === '' ? [] : [...chineseWhole(whole), 'yuan'];
  const coin = (digit: string, unit: string) => [digit === '2' && words.length === 0 ? 'two' : digit, unit];
  if (jiao !== '0') words.push(...coin(jiao, 'jiao'));
  else if (fen !== '0' && words.length > 0) words.push('0');
  if (fen !== '0') words.push(...coin(fen, 'fen'));
  return words.length > 0 ? words : ['0', 'yuan'];
}

/** Groups of four digits: how many times ten thousand, and the rest. */
function chineseWhole(whole: string): string[] {
  const high = whole.slice(0, -4);
  const low = whole.slice(-4).replace(/^0+/, '');
  if (high === '') return low === '2' ? ['two'] : group(low, true);
  const myriads = high === '2' ? ['two'] : group(high, true);
  if (low === '') return [...myriads, '10000'];
  return [...myriads, '10000', ...(low.length < 4 ? ['0'] : []), ...group(low, false)];
}

const UNITS = ['', '10', '100', '1000'];

/** One to four digits, the first of them not zero. */
function group(digits: string, first: boolean): string[] {
  const words: string[] = [];
  let gap = false;
  [...digits].forEach((digit, at) => {
    const unit = UNITS[digits.length - 1 - at] ?? '';
    if (digit === '0') {
      gap = true;
      return;
    }
    if (gap) words.push('0');
    gap = false;
    // Ten to nineteen begin with ten itself, and two thousand with the word for a pair.
    const silent = digit === '1' && unit === '10' && first && at === 0;
    if (!silent) words.push(digit === '2' && unit === '1000' ? 'two' : digit);
    if (unit) words.push(unit);
  });
  return words;
}

function english(whole: string, jiao: string, fen: string): string[] {
  const words = whole === '' ? ['0'] : englishWhole(whole);
  if (jiao !== '0' || fen !== '0') words.push('point', jiao, fen);
  return [...words, 'yuan'];
}

function englishWhole(whole: string): string[] {
  const part = (digits: string, unit: string[]) => (/[1-9]/.test(digits) ? [...hundreds(digits), ...unit] : []);
  return [
    ...part(whole.slice(0, -6), ['1000000']),
    ...part(whole.slice(0, -3).slice(-3), ['1000']),
    ...part(whole.slice(-3), []),
  ];
}

/** Up to three digits that are not all zero. */
function hundreds(digits: string): string[] {
  const [hundred = '0', ten = '0', one = '0'] = digits.padStart(3, '0');
  const words = hundred === '0' ? [] : [hundred, '100'];
  if (ten === '1') words.push(`1${one}`);
  else {
    if (ten !== '0') words.push(`${ten}0`);
    if (one !== '0') words.push(one);
  }
  return words;
}
