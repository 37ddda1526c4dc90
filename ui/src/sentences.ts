// Refusals, reasons and the state of the equipment, as sentences.
import type { Trouble } from './attempt';
import { yuan } from './format';
import type { Texts } from './i18n/texts';
import { FAILED } from './lane';
import type { ClockHealth, EntryError, Field, Gate, GatewayHealth, LookFailure, PinError, Refusal, Said, State, TextError, View, Why } from './types';

/** Why the till did not do what it was asked to. */
export function refusalSentence(refusal: Refusal, t: Texts): string {
  const r = t.reasons;
  switch (refusal.kind) {
    case 'entry':
      return entrySentence(refusal.error, t);
    case 'confirm-large':
      return r.confirmLarge(yuan(refusal.amount));
    case 'bill-blocked':
      return blockedSentence(refusal.bill, refusal.state, t);
    case 'ask-phone':
      return r.askPhone(refusal.bill);
    case 'front-busy':
      return r.frontBusy;
    case 'not-armed':
      return r.notArmed;
    case 'code-used':
      return r.codeUsed;
    case 'not-a-code':
      return r.foreign[refusal.seems];
    case 'this-bill':
      return r.thisBill;
    case 'damaged':
      return r.damaged;
    case 'not-by-keyboard':
      return r.notByKeyboard;
    case 'too-many-scans':
      return r.tooManyScans;
    case 'unknown-wallet':
      return r.unknownWallet;
    case 'gone':
      return r.gone;
    case 'not-settled-so':
      return r.notSettledSo(t.words[refusal.word].name, t.states[refusal.state].word);
    case 'too-early':
      return r.tooEarly(refusal.wait_s);
    case 'settling-already':
      return r.settlingAlready;
    case 'overtaken':
      return r.overtaken(t.states[refusal.state].word);
    case 'pin':
      return pinSentence(refusal.error, t);
    case 'reason-missing':
      return r.reasonMissing;
    case 'settle-text':
      return r.settleText;
    case 'code-for-evidence':
      return r.codeForEvidence;
    case 'not-an-order':
      return r.notAnOrder;
    case 'gate':
      return gateSentence(refusal.reason, t);
    case 'journal-unsure':
      return r.journalUnsure;
    case 'locked':
      return t.lock.refused;
    case 'other-operator':
      return t.lock.other(refusal.operator);
    case 'not-set-up':
      return r.notSetUp;
    case 'stopping':
      return r.stopping;
  }
}

/** The field a refusal is about, if it is about one. */
export function refusedField(refusal: Refusal): Field | null {
  if (refusal.kind === 'bill-blocked' || refusal.kind === 'ask-phone') return 'bill';
  if (refusal.kind !== 'entry') return null;
  switch (refusal.error.kind) {
    case 'text':
      return refusal.error.field;
    case 'amount':
    case 'above-limit':
      return 'amount';
    case 'not-offered':
      return 'business';
  }
}

/** What stood in the way of a command. */
export function troubleSentence(trouble: Trouble, t: Texts): string {
  return trouble === FAILED ? t.scan.noAnswer : refusalSentence(trouble, t);
}

/** Why nothing was found. */
export function failureSentence(failure: LookFailure, t: Texts): string {
  const { wrong, failed } = t.history;
  if (failure.kind !== 'query') return failed[failure.kind];
  return wrong[failure.field as keyof typeof wrong] ?? failed.journal;
}

/** Why an act of a supervisor was refused. */
export function pinSentence(error: PinError, t: Texts): string {
  return error.pin === 'wait' ? t.reasons.pin.wait(error.wait_s) : t.reasons.pin[error.pin];
}

/** Why no new charge is accepted. */
export function gateSentence(gate: Gate, t: Texts): string {
  const g = t.reasons.gate;
  switch (gate.gate) {
    case 'behind-witness':
      return g['behind-witness'](gate.journal, gate.witness);
    case 'broken-chain':
      return g['broken-chain'](gate.record);
    case 'journal-down':
      return g['journal-down'](gate.what);
    default:
      return g[gate.gate];
  }
}

/** Why a charge is where it is. */
export function whySentence(why: Why, t: Texts): string {
  const w = t.reasons.why;
  switch (why.why) {
    case 'refused-unlooked':
      return w['refused-unlooked'](why.status);
    case 'refused-by-platform':
      return w['refused-by-platform'](why.errcode);
    case 'final-word':
      return w['final-word'](why.word);
    case 'not-certain':
      return saidSentence(why.said, t);
    case 'phone-contradicts':
      return why.answer === 'yes' ? w['phone-shows-payment'] : w['phone-unsure'];
    case 'begin-refused':
      return w['begin-refused'](saidSentence(why.said, t));
    case 'credit-refused':
      return why.already ? w['credited-before'] : w['credit-refused'](saidSentence(why.said, t));
    case 'settled':
      return w.settled(why.by, why.reason);
    default:
      return w[why.why];
  }
}

/** What an answer said. */
export function saidSentence(said: Said, t: Texts): string {
  const s = t.reasons.said;
  switch (said.said) {
    case 'word':
      return s.word(said.word);
    case 'error':
      return s.error(said.errcode);
    case 'status':
      return s.status(said.status);
    case 'lost':
      return s[said.how];
    default:
      return s[said.said];
  }
}

/** One word and a sentence about a part of the till. */
export interface Condition {
  good: boolean;
  /** Nothing is known or wanted of it yet: neither good nor bad. */
  idle?: boolean;
  word: string;
  more: string;
}

/** How the gateway was last seen. */
export function gatewayCondition(gateway: GatewayHealth, t: Texts): Condition {
  const good = gateway.kind === 'answering' || gateway.kind === 'unknown';
  if (gateway.kind === 'misconfigured') {
    const { word, more } = t.reasons.gateway.misconfigured;
    return { good, word, more: more(gateway.status) };
  }
  return { good, idle: gateway.kind === 'unknown', ...t.reasons.gateway[gateway.kind] };
}

/** How the scanner is. */
export function scannerCondition({ health: { scanner }, pairing, training }: View, t: Texts): Condition {
  const s = t.reasons.scanner;
  if (pairing && !pairing.ended) return { good: true, idle: true, ...s.pairing };
  // Training has a scanner on the screen; one of glass that is not there is no trouble.
  if (training && (scanner.kind === 'off' || scanner.kind === 'searching')) return { good: true, idle: true, ...s.training };
  switch (scanner.kind) {
    case 'ready':
      return { good: true, word: s.ready.word, more: s.ready.more(scanner.label, scanner.port) };
    case 'no-right':
      return { good: false, word: s['no-right'].word, more: s['no-right'].more(scanner.port) };
    case 'lost':
      return { good: false, word: s.lost.word, more: s.lost.more(scanner.port) };
    default:
      return { good: scanner.kind === 'off', idle: scanner.kind === 'off', ...s[scanner.kind] };
  }
}

/** How this machine's clock stands to the platform's. */
export function clockCondition(clock: ClockHealth, t: Texts): Condition {
  const c = t.clock;
  if (clock.kind !== 'off') return { good: true, idle: clock.kind === 'unknown', ...c[clock.kind] };
  const minutes = Math.max(1, Math.round(Math.abs(clock.ahead_s) / 60));
  return { good: false, word: c.off.word, more: clock.ahead_s > 0 ? c.off.fast(minutes) : c.off.slow(minutes) };
}

/** Whether the journal takes records. */
export function journalCondition(good: boolean, t: Texts): Condition {
  const h = t.health;
  return good ? { good, word: h.journalOk, more: h.journalOkMore } : { good, word: h.journalDown, more: h.journalDownMore };
}

function entrySentence(error: EntryError, t: Texts): string {
  const r = t.reasons;
  switch (error.kind) {
    case 'text':
      return textSentence(error.why, r.fields[error.field], t);
    case 'amount':
      return r.amount[error.why];
    case 'above-limit':
      return r.aboveLimit(yuan(error.max));
    case 'not-offered':
      return r.notOffered;
  }
}

function textSentence(why: TextError, field: string, t: Texts): string {
  const r = t.reasons.text;
  if (typeof why === 'object') return r.tooLong(field, why['too-long'].max);
  if (why === 'looks-like-payment-code') return r.looksLikePaymentCode;
  return r[why](field);
}

const PAID: readonly State[] = ['paid', 'recharged', 'settled-paid', 'settled-credited', 'settled-applied'];
const UNDECIDED: readonly State[] = ['beginning', 'sending', 'confirming', 'checking', 'parked'];

function blockedSentence(bill: string, state: State, t: Texts): string {
  if (UNDECIDED.includes(state)) return t.reasons.billUndecided(bill);
  return PAID.includes(state) ? t.reasons.billPaid(bill) : t.reasons.billSupervisor(bill);
}
