// Settings, findings and scans as sentences.
import type { OfficeTrouble } from './office.svelte';
import type { Texts } from './i18n/texts';
import { FAILED } from './lane';
import { refusalSentence } from './sentences';
import type { Allowed, Finding, PairingEnd, PairingNews, ScanTrace, SettingProblem, SettingView } from './types';

/** The keys that the screen has words for. */
export type FieldKey = keyof Texts['office']['fields'];

/** What a value may be. */
export function allowedSentence(allowed: Allowed, t: Texts): string {
  const a = t.office.allowed;
  if (allowed.kind === 'text' || allowed.kind === 'number') return a[allowed.kind](allowed.least, allowed.most);
  return a[allowed.kind];
}

/** A word of a choice, in the screen's language. */
export function wordOf(word: string, t: Texts): string {
  return t.office.words[word] ?? word;
}

/** What is wrong with a setting that the screen shows. */
export function problemSentence(problem: SettingProblem, setting: SettingView, t: Texts): string {
  if (!problem.together) return t.office.wrong(allowedSentence(setting.allowed, t));
  const { together } = t.office;
  if (problem.key === 'gateway.base_url' || problem.key === 'gateway.ca_file') return together[problem.key];
  return together.other(problem.text);
}

/** Why an act of the back office came to nothing. */
export function officeSentence(trouble: OfficeTrouble, t: Texts): string {
  if (trouble === FAILED) return t.scan.noAnswer;
  switch (trouble.trouble) {
    case 'refused':
      return refusalSentence(trouble.refusal, t);
    case 'training':
      return t.office.training;
    case 'file':
      return t.office.fileTrouble(trouble.what);
    case 'scanner':
      return t.office.scannerTrouble(trouble.what);
    case 'bad': {
      const elsewhere = trouble.problems.find(({ key }) => !(key in t.office.fields));
      return elsewhere ? t.office.together.elsewhere(elsewhere.key, elsewhere.text) : t.office.bad;
    }
  }
}

/** One thing learnt about the gateway. */
export function findingSentence({ learnt }: Finding, t: Texts): string {
  const l = t.office.learnt;
  switch (learnt.learnt) {
    case 'encrypted':
    case 'on-this-machine':
    case 'plain-http':
      return l[learnt.learnt](learnt.ms);
    case 'clock-off':
      return l['clock-off'](learnt.seconds, learnt.behind);
    case 'charge-path-odd':
    case 'query-path-odd':
      return l[learnt.learnt](learnt.status);
    default:
      return l[learnt.learnt];
  }
}

/** What became of a scan. */
export function traceSentence({ outcome }: ScanTrace, t: Texts): string {
  const r = t.office.traces;
  if (outcome.trace === 'damaged') return r.damaged[outcome.reason];
  if (outcome.trace !== 'taken') return r[outcome.trace];
  return outcome.outcome.kind === 'refused' ? refusalSentence(outcome.outcome.refusal, t) : r[outcome.outcome.kind];
}

/** Whether a scan was of use. */
export function wasUsed({ outcome }: ScanTrace): boolean {
  return outcome.trace === 'pairing' || (outcome.trace === 'taken' && outcome.outcome.kind !== 'refused');
}

/** Something that happened while a pairing waits. */
export function newsSentence(news: PairingNews, t: Texts): string {
  const p = t.office.pairing;
  if (news.kind === 'other-code') return p['other-code'](news.device);
  return news.kind === 'no-right' ? p['no-right'](news.port) : p.unheard(news.port, news.reason);
}

/** How a pairing ended. */
export function endSentence(end: PairingEnd, t: Texts): string {
  const p = t.office.pairing;
  if (end.kind === 'nobody') return p.nobody;
  if (end.kind === 'forgotten') return p.forgotten(end.reason);
  return end.source === 'keyboard' ? p.answeredKeyboard : p.answered(end.device, end.port);
}
