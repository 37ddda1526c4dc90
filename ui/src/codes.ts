// Which texts are wallets' codes, by the backend's own table.
import type { TypedCode } from './types';

/** Whether the text is one of these codes. */
export function isListed(codes: readonly TypedCode[], text: string): boolean {
  return codes.some(
    ({ least, most, prefixes, mark, mark_at, letters }) =>
      text.length >= least &&
      text.length <= most &&
      (letters ? /^[0-9A-Za-z]*$/ : /^[0-9]*$/).test(text) &&
      prefixes.some((prefix) => text.startsWith(prefix)) &&
      text.startsWith(mark, mark_at),
  );
}

/** Whether a text with something else than digits in it may be the beginning of one. */
export function beginsListed(codes: readonly TypedCode[], text: string): boolean {
  return codes.some(
    ({ letters, most, prefixes }) =>
      letters && text.length <= most && prefixes.some((prefix) => prefix.startsWith(text) || text.startsWith(prefix)),
  );
}
