// The charge that is looked at in a list: what happened to it, and the decision a supervisor is about to make.
import { attempt, type Trouble } from './attempt';
import type { Feedback } from './feedback.svelte';
import type { Host } from './host';
import { refusalSentence } from './sentences';
import { isAsked } from './states';
import type { ChargeView, LineView, LookFailure, Word } from './types';

/** Nothing was chosen to settle it as. */
export const CHOICE_MISSING = 'choice-missing';

export class Dossier {
  charge: ChargeView | null = $state.raw(null);
  lines: LineView[] | null = $state.raw(null);
  failure: LookFailure | null = $state.raw(null);

  word: Word | null = $state.raw(null);
  reason = $state('');
  evidence = $state('');
  /** Crediting moves value: the first act only asks for the second. */
  sure = $state(false);
  busy = $state(false);
  trouble: Trouble | typeof CHOICE_MISSING | null = $state.raw(null);

  #seen = '';
  #told: Promise<unknown> = Promise.resolve();

  constructor(
    readonly host: Host,
    readonly feedback: Feedback,
  ) {}

  /** The gateway is asked once more before it is settled. */
  get asksFirst(): boolean {
    return this.charge !== null && isAsked(this.charge.state);
  }

  /** Looks at a charge, or at what became of it. What was typed for another one is thrown away. */
  show(charge: ChargeView | null): void {
    if (charge?.id !== this.charge?.id) this.#forget();
    this.charge = charge;
    if (this.word && !charge?.may_settle.includes(this.word)) this.word = null;
    const seen = charge ? JSON.stringify([charge.id, charge.state, charge.moved_at, charge.said, charge.help, charge.credits]) : '';
    if (seen === this.#seen) return;
    this.#seen = seen;
    if (charge) void this.#read(charge.id);
  }

  choose(word: Word | null): void {
    this.word = word;
    this.change();
  }

  /** Another supervisor, or none any more: nobody settles with the words of somebody else. */
  drop(): void {
    this.word = this.trouble = null;
    this.reason = this.evidence = '';
    this.sure = false;
  }

  /** The form about this charge waits for its evidence, or none does; said in the order in which it came about. */
  want(charge: string | null): void {
    this.#told = this.#told.then(() => this.host.wantEvidence(charge)).catch(() => undefined);
  }

  /** A scanner read the wallet's order number; `false` if the form that it belongs to is gone. */
  scanned(charge: string, text: string): boolean {
    if (this.charge?.id !== charge || this.busy) return false;
    this.evidence = text;
    this.change();
    return true;
  }

  /** The decision was changed, so it must be confirmed anew. */
  change(): void {
    this.sure = false;
    this.trouble = null;
  }

  /** The supervisor's word; crediting needs `sure` as a second act. */
  async settle(sure: boolean): Promise<void> {
    const { charge, word } = this;
    if (!charge || this.busy || charge.may_settle.length === 0 || (sure && !this.sure)) return;
    if (!word) {
      this.trouble = CHOICE_MISSING;
      return;
    }
    if (this.reason.trim() === '') {
      this.trouble = { kind: 'reason-missing' };
      return;
    }
    if (word === 'credit-now' && !sure) {
      this.trouble = null;
      this.sure = true;
      return;
    }
    await this.#send(charge, word);
  }

  /** What became of the charge is read again. */
  async refresh(): Promise<void> {
    if (this.charge) await this.#read(this.charge.id);
  }

  async #send(charge: ChargeView, word: Word): Promise<void> {
    this.busy = true;
    this.sure = false;
    const trouble = await attempt(() => this.host.settle(charge.id, word, this.reason, this.evidence));
    this.busy = false;
    const still = this.charge?.id === charge.id;
    if (still) this.trouble = trouble;
    if (trouble === null) {
      this.feedback.good((t) => t.settling.done(charge.bill, t.words[word].name));
      if (still) this.#forget();
    } else if (trouble !== 'failed' && (trouble.kind === 'overtaken' || !still)) {
      this.feedback.bad((t) => refusalSentence(trouble, t));
    }
    if (still) await this.#read(charge.id);
  }

  async #read(id: string): Promise<void> {
    const answer = await this.host.timeline(id).catch(() => ({ failure: { kind: 'journal' } as const }));
    if (this.charge?.id !== id) return;
    this.failure = 'failure' in answer ? answer.failure : null;
    if ('failure' in answer) return;
    this.lines = answer.found?.lines ?? [];
    if (!answer.found) return;
    // The journal knows no live counters.
    this.charge = { ...answer.found.charge, live: this.charge.live };
  }

  #forget(): void {
    this.drop();
    this.lines = this.failure = null;
    this.#seen = '';
  }
}
