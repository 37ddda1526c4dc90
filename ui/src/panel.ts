// What the big panel says: what happened, whether money moved, what to do, and why.
import type { Question } from './asked.svelte';
import type { Texts } from './i18n/texts';
import { scannerCondition, whySentence } from './sentences';
import { specialOf, wordsOf, type Words } from './standing';
import { keepsEntry } from './states';
import type { ChargeView, Shown, View } from './types';

/** What the panel is about. */
export interface Subject {
  view: View | null;
  shown: Shown;
  charge: ChargeView | null;
  question: Question | null;
}

/** Its texts; an empty one is not shown. */
export interface PanelWords {
  word: string;
  sentence: string;
  next: string;
  reason: string;
}

/** A text of the gateway no wider than this stands in the headline. */
const HEADLINE_TEXT = 22;

/** Why no scanner can read the code that a sale waits for: it was there and is gone, or nothing was there that could. */
export type CutOff = 'lost' | 'missing';

/** Whether that is so. Where typed codes are taken, a line that was never there is no loss: the venue's scanner may type. */
export function cutOffOf(view: View | null): CutOff | null {
  if (!view?.armed || view.locked || (view.pairing && !view.pairing.ended)) return null;
  switch (view.health.scanner.kind) {
    case 'lost':
      return 'lost';
    case 'ready':
    case 'off':
      return null;
    default:
      // Training has a scanner on the screen.
      return view.window.typing.takes_codes || view.training ? null : 'missing';
  }
}

export function panelWords(subject: Subject, t: Texts): PanelWords {
  return { word: word(subject, t), sentence: sentence(subject, t), next: next(subject, t), reason: reason(subject, t) };
}

/** The width of a text in Latin letters. */
export function widthOf(text: string): number {
  return [...text].reduce((width, letter) => width + (letter > '\u2e80' ? 1.8 : 1), 0);
}

function wordsFor({ shown, charge }: Subject, t: Texts): Words {
  return charge && charge.state === shown ? wordsOf(charge, t) : t.states[shown];
}

function word(subject: Subject, t: Texts): string {
  const { charge, view } = subject;
  const plain = wordsFor(subject, t).word;
  if (view?.locked) return charge ? plain : t.lock.noCharge;
  if (!charge && subject.question?.kind === 'large') return t.panel.checkAmount;
  const cut = cutOffIn(subject);
  if (cut) return t.cutOff[cut].word;
  return charge && inHeadline(charge) ? t.panel.because(plain, charge.text) : plain;
}

function sentence(subject: Subject, t: Texts): string {
  const { view, shown, charge, question } = subject;
  if (view?.locked) return charge ? wordsFor(subject, t).sentence : '';
  if (question?.kind === 'large') return '';
  if (charge?.asks_phone) return t.panel.refused;
  if (question?.kind === 'phone') return t.panel.answerFirst;
  if (charge?.why && isUnlooked(charge)) return whySentence(charge.why, t);
  if (shown === 'entering' && view?.operator === null) return t.panel.signInFirst;
  return cutOffIn(subject) ? t.cutOff.sentence : wordsFor(subject, t).sentence;
}

function next(subject: Subject, t: Texts): string {
  const { view, charge, question } = subject;
  if (view?.locked) return t.lock.goesOn;
  if (question) return '';
  const cut = cutOffOf(view);
  if (cutOffIn(subject)) return plugIn(view, cut, t);
  const plain = wordsFor(subject, t).next;
  if (!charge || !keepsEntry(charge.state) || specialOf(charge)) return plain;
  if (isUnlooked(charge)) return t.panel.callSupport;
  if (cut) return plugIn(view, cut, t);
  return view?.armed ? t.panel.stillArmed : `${plain}${t.panel.gap}${t.panel.confirmAgain}`;
}

function reason(subject: Subject, t: Texts): string {
  const { view, charge } = subject;
  const cut = cutOffIn(subject);
  if (view && cut) return besides(view, cut, t);
  if (!charge || view?.locked) return '';
  const why = charge.why && !isUnlooked(charge) ? whySentence(charge.why, t) : '';
  const text = charge.text && !inHeadline(charge) ? t.panel.gatewaySays(charge.text) : '';
  return [why, text].filter(Boolean).join(t.panel.gap);
}

function inHeadline({ state, text }: ChargeView): boolean {
  return keepsEntry(state) && text !== '' && widthOf(text) <= HEADLINE_TEXT;
}

/** The panel is about a sale that cannot be scanned for. */
function cutOffIn({ view, shown, question }: Subject): CutOff | null {
  return shown === 'armed' && !question ? cutOffOf(view) : null;
}

/** What has to be done first. */
function plugIn(view: View | null, cut: CutOff | null, t: Texts): string {
  return view && cut === 'missing' ? scannerCondition(view, t).more : t.cutOff.lost.next;
}

/** What else is good to know. */
function besides({ window }: View, cut: CutOff, t: Texts): string {
  if (cut === 'missing') return t.cutOff.missing.next;
  return window.typing.takes_codes ? t.cutOff.orType : '';
}

/** Refused before the platform looked: another code would not help. */
function isUnlooked({ state, why }: ChargeView): boolean {
  return state === 'declined' && why?.why === 'refused-unlooked';
}
