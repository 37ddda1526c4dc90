// The lines of a charge's timeline, as sentences.
import type { Texts } from './i18n/texts';
import { saidSentence, whySentence } from './sentences';
import { looks, type IconName } from './states';
import type { Line } from './types';

export function lineSentence(line: Line, t: Texts): string {
  const l = t.lines;
  switch (line.kind) {
    case 'scanned':
      return l.scanned(line.code, t.wallets[line.wallet as keyof typeof t.wallets] ?? line.wallet);
    case 'moved': {
      // Who decided and why stands in the line before.
      const why = line.why.why === 'settled' ? '' : whySentence(line.why, t);
      const moved = l.moved(t.states[line.to].word, why);
      return line.text ? `${moved}${t.panel.gap}${l.says(line.text)}` : moved;
    }
    case 'answered':
      return saidSentence(line.said, t);
    case 'negative-seen':
      return l['negative-seen'](line.word);
    case 'refused':
      return l.refused(line.text);
    case 'phone-shows':
      return l['phone-shows'][line.answer];
    case 'receipt':
      return l.receipt(line.autoid);
    case 'settled':
    case 'settle-overtaken': {
      const decided = l[line.kind](line.by, t.words[line.word].name, line.reason);
      return line.evidence ? `${decided}${t.panel.gap} ${l.evidence(line.evidence)}` : decided;
    }
    default:
      return l[line.kind];
  }
}

/** A change of state is marked with the state's own symbol. */
export function lineIcon(line: Line): IconName | null {
  if (line.kind === 'moved') return looks[line.to].icon;
  if (line.kind === 'settled') return 'stamp-check';
  return line.kind === 'help-asked' ? 'bell' : null;
}

export function lineTone(line: Line): string {
  return line.kind === 'moved' ? looks[line.to].tone : '';
}
