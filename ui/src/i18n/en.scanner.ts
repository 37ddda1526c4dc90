// What the panel says when a sale waits for a scan and no scanner can read one, in English.
import type { Texts } from './texts';

export const cutOff: Texts['cutOff'] = {
  lost: { word: 'Plug the scanner in again', next: 'Once it is back, just scan: nothing has to be confirmed again.' },
  missing: { word: 'No scanner is ready', next: 'Once it is ready, just scan: nothing has to be confirmed again.' },
  sentence: 'No code can be read now. The amount stays confirmed; nothing is charged, no money has moved.',
  orType: 'A scanner that types works too.',
};
