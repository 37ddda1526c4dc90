// What the keys of a board mean to a scanner set to a US keyboard, by their places; and the venue's patterns, as this side reads them.

const SIGNS: Record<string, string> = {
  Minus: '-_',
  Equal: '=+',
  BracketLeft: '[{',
  BracketRight: ']}',
  Semicolon: ';:',
  Quote: '\'"',
  Comma: ',<',
  Period: '.>',
  Slash: '/?',
  NumpadSubtract: '--',
  NumpadAdd: '++',
  NumpadMultiply: '**',
  NumpadDecimal: '..',
  NumpadDivide: '//',
};
const OVER_DIGITS: Record<string, string> = { 0: ')', 1: '!', 2: '@', 3: '#', 4: '$', 5: '%', 6: '^', 7: '&', 8: '*', 9: '(' };

/** The digit of a place, whatever the layout makes of it. */
export function plainOf(code: string): string | null {
  return /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1] ?? null;
}

/** The character of a place; letters follow Shift and not Caps Lock. A key of no known place is what it types. */
export function printableOf(code: string, shift: boolean, key: string): string | null {
  const digit = plainOf(code);
  if (digit !== null) return shift && code.startsWith('Digit') ? (OVER_DIGITS[digit] ?? digit) : digit;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return shift ? letter : letter.toLowerCase();
  return SIGNS[code]?.[shift ? 1 : 0] ?? (/^[!-~]$/.test(key) ? key : null);
}

/** One of the venue's patterns, for the whole of a text; nothing for one that only the backend's dialect can read. */
export function patternOf(source: string): RegExp | null {
  if (source === '') return null;
  const flags = source.startsWith('(?i)') ? 'i' : '';
  const body = source.replace(/^\(\?i\)/, '').replaceAll('(?P<', '(?<').replaceAll('\\A', '^').replaceAll('\\z', '$');
  // Where one dialect has a class of characters, the other would silently see letters.
  if (/\\[xpPQ]|&&|\[\[|\(\?[a-zA-Z-]*[):]/.test(body.replaceAll('(?:', '('))) return null;
  try {
    return new RegExp(`^(?:${body})$`, flags);
  } catch {
    return null;
  }
}
