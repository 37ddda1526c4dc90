// The cashier's screen: what the backend says and what the cashier does meet here; it decides nothing about money.
import { Desk, RECHARGE, type TextField } from './desk.svelte';
import type { Host, Outcome } from './host';
import { Tongue } from './i18n/language.svelte';
import type { Texts } from './i18n/texts';
import type { Action } from './keys';
import { refusalSentence, refusedField } from './sentences';
import { play, type Cue } from './sound';
import { isOpen, keepsEntry, locks, looks, shownOf, type Tone } from './states';
import { Till } from './till.svelte';
import type { ChargeId, ChargeView, Field, PhoneAnswer, Refusal, Scenario, ScanView, Shown, View } from './types';

/** The strip that answers a scan or a key press at once. */
export interface Strip {
  bad: boolean;
  say: (t: Texts) => string;
}

/** A question that one of the answer keys settles. */
export type Question =
  | { kind: 'held'; code: string }
  | { kind: 'large'; amount: string }
  | { kind: 'phone'; bill: string; charge: ChargeId };

const GOOD_STRIP_MS = 4000;
const CUES: Partial<Record<Tone, Cue>> = { paid: 'paid', refused: 'refused', unsent: 'refused', call: 'attention' };

export class Screen {
  readonly tongue = new Tongue();
  readonly till = new Till();
  readonly desk = new Desk();

  strip: Strip | null = $state.raw(null);
  pendingOpen = $state(false);
  /** The backend did not even answer at the start. */
  dead = $state(false);

  #large: string | null = $state.raw(null);
  #phone: { bill: string; charge: ChargeId } | null = $state.raw(null);
  #parked: ChargeId | null = $state.raw(null);
  #arming = false;
  /** Something was changed since the sale was last armed, though the view may not say so yet. */
  #touched = false;
  #lane: Promise<unknown> = Promise.resolve();
  #fade: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly host: Host) {}

  get t(): Texts {
    return this.tongue.t;
  }

  get locked(): boolean {
    return locks(this.till.view?.front ?? null);
  }

  /** The charge that was just moved to the back, until the next customer is begun. */
  get justParked(): ChargeView | null {
    return this.till.view?.pending.find((c) => c.id === this.#parked && c.state === 'parked') ?? null;
  }

  get shown(): Shown {
    return this.till.view ? shownOf(this.till.view, this.justParked) : 'entering';
  }

  /** The charge the panel is about. */
  get charge(): ChargeView | null {
    const shown = this.shown;
    if (shown === 'entering' || shown === 'armed') return null;
    return this.till.view?.front ?? this.justParked;
  }

  get question(): Question | null {
    const view = this.till.view;
    if (view?.held) return { kind: 'held', code: view.held.code };
    if (this.#large !== null) return { kind: 'large', amount: this.#large };
    if (view?.front?.asks_phone) return { kind: 'phone', bill: view.front.bill, charge: view.front.id };
    return this.#phone && { kind: 'phone', ...this.#phone };
  }

  /** Asks for the first view and listens from then on; the result stops it. */
  begin(): () => void {
    const stopClock = this.till.run();
    let stopped = false;
    let unlisten = () => {};
    const start = async () => {
      unlisten = await this.host.onView((view) => this.receive(view));
      if (stopped) return unlisten();
      this.receive(await this.host.snapshot());
    };
    start().catch(() => (this.dead = true));
    return () => {
      stopped = true;
      stopClock();
      unlisten();
      clearTimeout(this.#fade);
    };
  }

  /** A whole view from the backend. */
  receive(view: View): void {
    const before = this.till.view;
    if (!this.till.take(view)) return;
    if (!before) this.#first(view);
    else if (before.operator !== view.operator) this.desk.operator = view.operator ?? '';
    if (view.armed) this.#large = this.#phone = this.#parked = null;
    if (before) {
      this.#frontMoved(before, view);
      if (view.scan && view.scan.number > (before.scan?.number ?? -1)) this.#scanned(view.scan);
      const known = new Set(before.notices.map((notice) => notice.id));
      if (view.notices.some((notice) => !known.has(notice.id))) play('attention');
    }
    if (locks(view.front) && view.front && this.desk.bill !== view.front.bill) this.desk.fill(view.front);
    else if (view.armed && this.desk.empty) this.desk.fill(view.armed);
  }

  /** The cashier types. */
  edit(field: TextField, text: string): void {
    if (this.locked || this.desk[field] === text) return;
    this.desk[field] = text;
    this.#changed();
  }

  /** The cashier chooses another business. */
  choose(business: number): void {
    if (this.locked || this.desk.business === business) return;
    this.desk.business = business;
    this.#changed();
  }

  /** Enter walks on; in the last field it arms the sale. */
  async enter(field: Field): Promise<void> {
    this.strip = null;
    if (field === 'operator') return this.#signIn();
    if (field === 'business') return this.desk.focus('bill');
    if (field === 'bill') return this.desk.focus('amount');
    if (field === 'amount' && this.desk.business === RECHARGE) return this.desk.focus('card');
    return this.#arm(false);
  }

  /** A key or its button. */
  async act(action: Action): Promise<void> {
    const view = this.till.view;
    if (!view) return;
    const { front } = view;
    this.strip = null;
    switch (action) {
      case 'new-sale':
        return this.#newSale();
      case 'to-bill':
        this.pendingOpen = false;
        return this.desk.focus('bill');
      case 'pending':
        this.pendingOpen = !this.pendingOpen;
        return;
      case 'back':
        this.pendingOpen = false;
        return;
      case 'query-now': {
        const charge = this.charge;
        if (charge && isOpen(charge.state)) await this.#do(() => this.host.queryNow(charge.id));
        return;
      }
      case 'stop-waiting':
        if (locks(front)) await this.#do(() => this.host.stopWaiting());
        return;
      case 'take-notice': {
        const notice = view.notices[0];
        if (notice) await this.#do(() => this.host.takeNotice(notice.id));
        return;
      }
      case 'answer-1':
      case 'answer-2':
      case 'answer-3':
        return this.#answer(action);
    }
  }

  /** The on-screen scanner of the training mode. */
  async pretend(scenario: Scenario): Promise<void> {
    this.strip = null;
    await this.#do(() => this.host.trainingScan(scenario));
  }

  async signOut(): Promise<void> {
    this.strip = null;
    if (await this.#do(() => this.host.signOut())) return;
    this.desk.operator = '';
    this.desk.clear();
    this.desk.focus('operator');
  }

  /** A keyboard scanner typed into a field, which was put back. */
  wedged(field: TextField | null, before: string): void {
    if (field) this.edit(field, before);
    play('refused');
    this.#say(true, (t) => t.scan.wedge);
  }

  #first(view: View): void {
    this.tongue.begin(view.window.language);
    this.desk.business = view.window.businesses[0] ?? 1;
    this.desk.operator = view.operator ?? '';
    this.desk.focus(view.operator === null ? 'operator' : 'bill');
  }

  #frontMoved(before: View, view: View): void {
    const was = before.front;
    const { front } = view;
    if (front && (was?.id !== front.id || was.state !== front.state)) {
      const cue = CUES[looks[front.state].tone];
      if (cue) play(cue);
      if (!locks(front) && !keepsEntry(front.state)) this.desk.clear();
    }
    if (was && locks(was) && front?.id !== was.id) {
      const now = [...view.pending, ...view.recent].find((charge) => charge.id === was.id);
      if (now?.state === 'parked') this.#parked = was.id;
      if (!front && !(now && keepsEntry(now.state))) this.desk.clear();
    }
  }

  #scanned(scan: ScanView): void {
    const { outcome, read } = scan;
    switch (outcome.kind) {
      case 'charging':
        play('scan');
        return this.#say(false, (t) => t.scan.charging(read));
      case 'held':
        play('attention');
        return this.#say(false, (t) => t.scan.held(read));
      case 'bill':
        play('scan');
        this.pendingOpen = false;
        if (!this.locked && this.desk.bill !== outcome.text) {
          this.desk.scanBill(outcome.text);
          this.#changed();
        }
        return this.#say(false, (t) => t.scan.bill(outcome.text));
      case 'card':
        play('scan');
        if (!this.locked) this.edit('card', outcome.text);
        return this.#say(false, (t) => t.scan.card(outcome.text));
      case 'refused':
        play('refused');
        return this.#say(true, (t) => refusalSentence(outcome.refusal, t));
    }
  }

  /** Any edit disarms at once, and takes an ended charge off the panel. */
  #changed(): void {
    const view = this.till.view;
    this.#touched = true;
    this.desk.excuse();
    this.strip = null;
    this.#large = this.#phone = this.#parked = null;
    if (view?.armed || this.#arming) this.#inTurn(() => this.host.disarm());
    if (view?.front && !locks(view.front)) this.#inTurn(() => this.host.nextCustomer());
  }

  async #newSale(): Promise<void> {
    if (this.locked) return this.#say(true, (t) => t.scan.frontBusy);
    this.pendingOpen = false;
    this.#large = this.#phone = this.#parked = null;
    this.desk.clear();
    await this.#inTurn(() => this.host.nextCustomer());
  }

  async #signIn(): Promise<void> {
    const refusal = await this.#inTurn(() => this.host.signIn(this.desk.operator), true);
    if (refusal === 'failed') return;
    if (refusal) return this.#refused(refusal, 'operator');
    this.desk.excuse();
    this.desk.focus('bill');
  }

  async #arm(largeConfirmed: boolean): Promise<void> {
    const view = this.till.view;
    if (!view || this.#arming || (view.armed && !view.front && !this.#touched)) return;
    if (this.locked) return this.#say(true, (t) => t.scan.frontBusy);
    this.#arming = true;
    try {
      if (this.desk.operator.trim() !== (view.operator ?? '') || view.operator === null) {
        const refusal = await this.#inTurn(() => this.host.signIn(this.desk.operator), true);
        if (refusal === 'failed') return;
        if (refusal) return this.#refused(refusal, 'operator');
      }
      const entry = this.desk.entry;
      this.#touched = false;
      const refusal = await this.#inTurn(() => this.host.arm(entry, largeConfirmed), true);
      if (refusal === 'failed') return;
      this.#large = this.#phone = this.#parked = null;
      this.desk.excuse();
      if (refusal) this.#refused(refusal, null);
    } finally {
      this.#arming = false;
    }
  }

  #refused(refusal: Refusal, fallback: Field | null): void {
    const field = refusedField(refusal) ?? fallback;
    if (refusal.kind === 'confirm-large') {
      play('attention');
      this.#large = refusal.amount;
      return;
    }
    if (refusal.kind === 'ask-phone') {
      play('attention');
      this.#phone = { bill: refusal.bill, charge: refusal.charge };
      return;
    }
    play('refused');
    if (field) this.desk.refuse(field, refusal);
    this.#say(true, (t) => refusalSentence(refusal, t));
  }

  async #answer(key: 'answer-1' | 'answer-2' | 'answer-3'): Promise<void> {
    const question = this.question;
    if (question?.kind === 'held' && key !== 'answer-3') {
      await this.#do(() => this.host.decideHeld(key === 'answer-1'));
    } else if (question?.kind === 'large' && key === 'answer-1') {
      await this.#arm(true);
    } else if (question?.kind === 'phone') {
      await this.#phoneShows(question.charge, ({ 'answer-1': 'no', 'answer-2': 'yes', 'answer-3': 'unsure' } as const)[key]);
    }
  }

  async #phoneShows(charge: ChargeId, answer: PhoneAnswer): Promise<void> {
    const armAgain = this.#phone?.charge === charge;
    if (await this.#do(() => this.host.phoneShows(charge, answer))) return;
    this.#phone = null;
    if (answer === 'no') {
      this.#say(false, (t) => t.scan.phoneNoted);
      if (armAgain) await this.#arm(false);
      return;
    }
    this.#parked = charge;
    this.desk.clear();
    this.#say(false, (t) => t.scan.phoneToSupervisor);
  }

  /** Runs a command; what went wrong is said on the strip. The result is `true` if anything did. */
  async #do(call: () => Promise<Outcome>): Promise<boolean> {
    try {
      const refusal = await call();
      if (refusal) this.#refused(refusal, null);
      return refusal !== null;
    } catch {
      this.#say(true, (t) => t.scan.noAnswer);
      return true;
    }
  }

  /** Commands about the sale being entered reach the backend in the order of the keys. */
  async #inTurn(call: () => Promise<Outcome>, quiet = false): Promise<Outcome | 'failed'> {
    const turn = this.#lane.then(call);
    this.#lane = turn.catch(() => undefined);
    try {
      const refusal = await turn;
      if (refusal && !quiet) this.#refused(refusal, null);
      return refusal;
    } catch {
      this.#say(true, (t) => t.scan.broken);
      return 'failed';
    }
  }

  #say(bad: boolean, say: (t: Texts) => string): void {
    clearTimeout(this.#fade);
    const strip = { bad, say };
    this.strip = strip;
    if (bad) return;
    this.#fade = setTimeout(() => {
      if (this.strip === strip) this.strip = null;
    }, GOOD_STRIP_MS);
  }
}

