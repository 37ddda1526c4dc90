// The cashier's screen: what the backend says and what the cashier does meet here; it decides nothing about money.
import { audio } from './audio.svelte';
import { Asked, type Question } from './asked.svelte';
import { Closing } from './closing.svelte';
import { Day } from './day.svelte';
import { Desk, RECHARGE, type TextField } from './desk.svelte';
import { Ears } from './ears';
import { Feedback } from './feedback.svelte';
import type { Host, Outcome } from './host';
import { Tongue } from './i18n/language.svelte';
import type { Texts } from './i18n/texts';
import type { Action } from './keys';
import { FAILED, Lane } from './lane';
import { Lock } from './lock.svelte';
import { Looks } from './look.svelte';
import { Rehearsal } from './rehearsal.svelte';
import { refusalSentence, refusedField } from './sentences';
import { SetUp } from './set-up.svelte';
import { Presence } from './presence';
import { Sheets } from './sheets.svelte';
import { play, type Cue } from './sound';
import { isLoud } from './standing';
import { isAsked, keepsEntry, locks, shownOf } from './states';
import { Till } from './till.svelte';
import type { ChargeId, ChargeView, Field, HallView, PhoneAnswer, Refusal, Scenario, ScanView, Shown, View } from './types';

type AnswerKey = 'answer-1' | 'answer-2' | 'answer-3';

const PHONE: Record<AnswerKey, PhoneAnswer> = { 'answer-1': 'no', 'answer-2': 'yes', 'answer-3': 'unsure' };

export class Screen {
  readonly tongue = new Tongue();
  readonly till = new Till();
  readonly desk = new Desk();
  readonly feedback = new Feedback();
  readonly closing = new Closing();
  readonly presence: Presence;
  readonly rehearsal = new Rehearsal();
  readonly sheets: Sheets;
  readonly looks: Looks;
  readonly lock: Lock;
  readonly day: Day;
  readonly setUp: SetUp;

  /** The backend did not even answer at the start. */
  dead = $state(false);

  readonly #asked = new Asked();
  readonly #lane = new Lane();
  readonly #ears = new Ears();
  #arming = false;
  /** Something was changed since the sale was last armed, though the view may not say so yet. */
  #touched = false;

  constructor(readonly host: Host) {
    this.presence = new Presence(host);
    this.sheets = new Sheets(host, this.feedback);
    this.looks = new Looks(host, this.tongue);
    this.lock = new Lock(host);
    this.day = new Day(host);
    this.setUp = new SetUp(this.sheets.office, this.sheets.supervision);
  }

  get t(): Texts {
    return this.tongue.t;
  }

  /** The charge in front is not certain, so the fields wait. */
  get locked(): boolean {
    return locks(this.till.view?.front ?? null);
  }

  /** The operator left: nothing of the sale is shown. */
  get away(): boolean {
    return this.till.view?.locked ?? false;
  }

  get question(): Question | null {
    return this.#asked.question(this.till.view);
  }

  get shown(): Shown {
    return this.till.view ? shownOf(this.till.view, this.#justParked) : 'entering';
  }

  /** The charge the panel is about. */
  get charge(): ChargeView | null {
    const shown = this.shown;
    if (shown === 'entering' || shown === 'armed') return null;
    return this.till.view?.front ?? this.#justParked;
  }

  /** A query could tell something new. */
  get mayQuery(): boolean {
    return this.charge !== null && isAsked(this.charge.state);
  }

  /** The notice to be read next: a late truth before everything else. */
  get notice(): ChargeView | null {
    const notices = this.till.view?.notices ?? [];
    return notices.find(isLoud) ?? notices[0] ?? null;
  }

  /** The charge in front can be left to the back. */
  get mayStop(): boolean {
    return this.locked && this.till.view?.front?.state !== 'beginning';
  }

  /** Asks for the first view and listens from then on; the result stops it. */
  begin(): () => void {
    const stopClock = this.till.run();
    let stopped = false;
    let unlisten = () => {};
    const start = async () => {
      const unview = await this.host.onView((view) => this.receive(view));
      const unclose = await this.host.onClosing((pending) => this.closing.ask(pending));
      const unexport = await this.host.onExporting((progress) => this.sheets.history.tell(progress));
      unlisten = () => [unview, unclose, unexport].forEach((stop) => stop());
      if (stopped) return unlisten();
      // A page before this one may have died with its form open.
      this.sheets.dossier.want(null);
      this.receive(await this.host.snapshot());
      this.#findSound();
    };
    start().catch(() => (this.dead = true));
    return () => {
      stopped = true;
      stopClock();
      unlisten();
      this.#ears.rest();
      this.day.stop();
      this.feedback.clear();
      this.closing.clear();
    };
  }

  /** A whole view from the backend. */
  receive(view: View): void {
    const before = this.till.view;
    if (!this.till.take(view)) return;
    this.#ears.tune(view.hall);
    if (view.armed) this.#asked.clear();
    if (before) this.#changed(before, view);
    else this.#first(view);
    this.looks.take(before?.look ?? null, view.look);
    this.day.follow(view);
    const { front, armed } = view;
    if (front && locks(front) && before?.front?.id !== front.id) this.desk.fill(front);
    else if (armed && this.desk.empty) this.desk.fill(armed);
  }

  /** The cashier types. */
  edit(field: TextField, text: string): void {
    if (this.locked || this.desk[field] === text) return;
    this.desk[field] = text;
    this.#edited();
  }

  /** The cashier chooses another business. */
  choose(business: number): void {
    if (this.locked || this.desk.business === business) return;
    this.desk.business = business;
    this.#edited();
  }

  /** Enter walks on; in the last field it arms the sale. */
  async enter(field: Field): Promise<void> {
    this.feedback.clear();
    if (field === 'operator') {
      if (await this.#signIn()) this.desk.focus('bill');
    } else if (field === 'business') this.desk.focus('bill');
    else if (field === 'bill') this.desk.focus('amount');
    else if (field === 'amount' && this.desk.business === RECHARGE) this.desk.focus('card');
    else await this.#arm(false);
  }

  /** A key or its button. */
  async act(action: Action): Promise<void> {
    this.feedback.clear();
    const { charge, notice } = this;
    if (this.away) return;
    if (this.till.view?.set_up) return this.setUp.act(action);
    if (action === 'hall') this.#findSound();
    if (action === 'lessons' && !this.till.view?.training) return;
    if (await this.sheets.act(action)) return;
    switch (action) {
      case 'new-sale':
        return this.#newSale();
      case 'to-bill':
        this.sheets.close();
        return this.desk.focus('bill');
      case 'recharge':
        return this.#toRecharge();
      case 'lock':
        return this.#leave();
      case 'query-now':
        if (charge && this.mayQuery) await this.#do(() => this.host.queryNow(charge.id));
        return;
      case 'stop-waiting':
        if (this.mayStop) await this.#do(() => this.host.stopWaiting());
        return;
      case 'take-notice':
        if (notice) await this.#do(() => this.host.takeNotice(notice.id));
        return;
      case 'answer-1':
      case 'answer-2':
      case 'answer-3':
        return this.#answer(action);
    }
  }

  /** The on-screen scanner of the training mode. */
  async pretend(scenario: Scenario): Promise<void> {
    this.feedback.clear();
    this.sheets.close();
    this.rehearsal.lesson = scenario;
    await this.#do(() => this.host.trainingScan(scenario));
  }

  /** The operator is back, or another one takes over. */
  async unlock(takeOver: boolean): Promise<void> {
    this.feedback.clear();
    if (!(await this.lock.unlock(takeOver))) return;
    if (takeOver) {
      this.#asked.clear();
      return this.desk.clear();
    }
    if (this.locked) return;
    const again = !this.desk.empty && this.till.view?.front == null;
    this.desk.focus(again ? 'amount' : 'bill');
    if (again) this.feedback.good((t) => t.lock.armAgain);
  }

  /** What the hall hears and sees of this window is changed in part. */
  async setHall(change: Partial<HallView>): Promise<void> {
    const now = this.till.view?.hall;
    if (now) await this.#do(() => this.host.setHall({ ...now, ...change }));
  }

  /** Lets a tone or the voice be heard, as loud as it is set. */
  trySound(what: Cue | 'voice'): void {
    const voice = this.till.view?.hall.voice;
    if (what !== 'voice') play(what);
    else if (voice) this.#ears.test(voice, this.tongue.language);
  }

  async signOut(): Promise<void> {
    this.feedback.clear();
    if (!(await this.#do(() => this.host.signOut()))) return;
    this.#asked.clear();
    this.desk.operator = '';
    this.desk.clear();
    this.desk.focus('operator');
  }

  /** A scanner typed this into the page; what became of it comes with the view. */
  async typedScan(code: string): Promise<void> {
    const outcome = await this.host.typedScan(code).catch(() => FAILED);
    if (outcome === FAILED) this.feedback.bad((t) => t.scan.noAnswer);
  }

  /** A card may come and go with its plug. */
  #findSound(): void {
    // Whoever does not answer does not say that there is none.
    this.host.hasSound().then((card) => (audio.card = card), () => undefined);
  }

  get #signedIn(): boolean {
    const operator = this.till.view?.operator ?? null;
    return operator !== null && operator === this.desk.operator.trim();
  }

  get #justParked(): ChargeView | null {
    return this.#asked.justParked(this.till.view);
  }

  #first(view: View): void {
    this.desk.business = view.window.businesses[0] ?? 1;
    this.desk.operator = view.operator ?? '';
    this.desk.focus(view.operator === null ? 'operator' : 'bill');
    this.#ears.notices([], view);
    // A page that was loaded again has forgotten its pairing, and the till would stay without its scanner.
    if (view.pairing) void this.sheets.office.stopPairing();
    if (!view.front || !keepsEntry(view.front.state)) return;
    this.desk.fill(view.front);
    if (view.operator !== null) this.desk.focus('amount');
  }

  #changed(before: View, view: View): void {
    this.#windowChanged(before, view);
    if (before.operator !== view.operator) this.desk.operator = view.operator ?? '';
    this.sheets.accessChanged(before.supervisors, view.supervisors);
    this.#frontMoved(before.front, view);
    if (view.scan && view.scan.number > (before.scan?.number ?? -1)) this.#scanned(view.scan);
    this.#ears.notices(before.notices, view);
  }

  /** Settings of the window act at once. */
  #windowChanged(before: View, view: View): void {
    const { businesses } = view.window;
    if (!businesses.includes(this.desk.business)) this.desk.business = businesses[0] ?? 1;
    if (before.set_up && !view.set_up) this.desk.focus('operator');
    if (before.traced !== view.traced && this.sheets.open === 'settings') void this.sheets.office.look();
  }

  #frontMoved(was: ChargeView | null, view: View): void {
    const { front } = view;
    if (front && (was?.id !== front.id || was.state !== front.state)) {
      this.feedback.fade();
      this.#ears.front(front, view, this.tongue.language);
      // Between the two legs of a recharge the next sale may be under way already.
      const entered = was?.id !== front.id || locks(was) || keepsEntry(was.state);
      if (entered && !locks(front) && !keepsEntry(front.state)) this.desk.clear();
    }
    if (!was || !locks(was) || front || view.armed) return;
    const now = [...view.pending, ...view.recent].find((charge) => charge.id === was.id);
    if (now?.state === 'parked') this.#asked.parked = was.id;
    if (!now || !keepsEntry(now.state)) this.desk.clear();
  }

  #scanned({ outcome, read }: ScanView): void {
    this.feedback.clear();
    switch (outcome.kind) {
      case 'charging':
        // A double trigger of the scanner is no news once the charge has moved on.
        if (this.till.view?.front?.id !== outcome.charge || this.till.view.front.state !== 'sending') return;
        this.#ears.scan();
        return this.feedback.good((t) => t.scan.charging(read));
      case 'held':
        play('attention');
        return this.feedback.good((t) => t.scan.held(read));
      case 'bill':
        play('scan');
        this.#fillBill(outcome.text);
        return this.feedback.good((t) => t.scan.bill(outcome.text));
      case 'card':
        return this.#fillCard(outcome.text);
      case 'evidence':
        if (!this.sheets.dossier.scanned(outcome.charge, outcome.text)) return play('refused');
        play('scan');
        return this.feedback.good((t) => t.settling.scanned(outcome.text));
      case 'refused':
        play('refused');
        return this.feedback.bad((t) => refusalSentence(outcome.refusal, t));
    }
  }

  #fillCard(text: string): void {
    if (this.desk.business !== RECHARGE || this.locked) {
      play('refused');
      return this.feedback.bad((t) => (this.locked ? t.scan.frontBusy : t.scan.cardElsewhere(text)));
    }
    play('scan');
    this.sheets.close();
    this.edit('card', text);
    this.desk.focus('card');
    this.feedback.good((t) => t.scan.card(text));
  }

  #fillBill(text: string): void {
    this.sheets.close();
    if (this.locked || this.desk.bill === text) return;
    this.desk.scanBill(text);
    this.#edited();
  }

  /** Any edit disarms at once, and takes an ended charge off the panel. */
  #edited(): void {
    const view = this.till.view;
    this.#touched = true;
    this.#asked.clear();
    this.desk.excuse();
    this.feedback.clear();
    if (view?.armed || this.#arming) void this.#inTurn(() => this.host.disarm());
    if (view?.front && !locks(view.front)) void this.#inTurn(() => this.host.nextCustomer());
  }

  /** To the recharge and back again. */
  #toRecharge(): void {
    const businesses = this.till.view?.window.businesses ?? [];
    const other = businesses.find((business) => business !== RECHARGE);
    const wanted = this.desk.business === RECHARGE ? other : businesses.find((business) => business === RECHARGE);
    if (wanted === undefined) return this.feedback.bad((t) => t.reasons.notOffered);
    if (this.locked) return this.feedback.bad((t) => t.scan.frontBusy);
    this.sheets.close();
    this.choose(wanted);
    this.desk.focus('bill');
  }

  async #leave(): Promise<void> {
    if (this.till.view?.operator === null) return this.desk.focus('operator');
    this.sheets.close();
    this.lock.edit('');
    await this.#inTurn(() => this.host.lock());
  }

  async #newSale(): Promise<void> {
    if (this.locked) return this.feedback.bad((t) => t.scan.frontBusy);
    this.sheets.close();
    this.#asked.clear();
    this.desk.clear();
    await this.#inTurn(() => this.host.nextCustomer());
  }

  async #signIn(): Promise<boolean> {
    if (this.#signedIn) return true;
    const done = await this.#inTurn(() => this.host.signIn(this.desk.operator), 'operator');
    if (done) this.desk.excuse();
    return done;
  }

  async #arm(largeConfirmed: boolean): Promise<void> {
    const view = this.till.view;
    if (!view || this.#arming || (view.armed && !view.front && !this.#touched)) return;
    if (this.locked) return this.feedback.bad((t) => t.scan.frontBusy);
    // What stands on the screen at this key press, and nothing that is typed while it is on its way.
    const { entry } = this.desk;
    this.#arming = true;
    this.#touched = false;
    try {
      if (!this.#signedIn && !(await this.#signIn())) return;
      if (this.#touched) return;
      this.#asked.clear();
      this.desk.excuse();
      await this.#inTurn(() => this.host.arm(entry, largeConfirmed));
      if (this.#touched) this.#asked.clear();
    } finally {
      this.#arming = false;
    }
  }

  async #answer(key: AnswerKey): Promise<void> {
    const { question } = this;
    if (question?.kind === 'held' && key !== 'answer-3') await this.#do(() => this.host.decideHeld(key === 'answer-1'));
    else if (question?.kind === 'large' && key === 'answer-1') await this.#arm(true);
    else if (question?.kind === 'phone') await this.#phoneShows(question.charge, PHONE[key]);
  }

  async #phoneShows(charge: ChargeId, answer: PhoneAnswer): Promise<void> {
    const arming = this.#asked.phone?.charge === charge;
    if (!(await this.#do(() => this.host.phoneShows(charge, answer)))) return;
    this.#asked.clear();
    if (answer === 'no') {
      this.feedback.good((t) => t.scan.phoneNoted);
      if (arming) await this.#arm(false);
      return;
    }
    this.#asked.parked = charge;
    this.desk.clear();
    this.feedback.good((t) => t.scan.phoneToSupervisor);
  }

  /** Runs a command; `true` if it was done, else the strip says why not. */
  async #do(call: () => Promise<Outcome>): Promise<boolean> {
    try {
      return this.#settled(await call(), null);
    } catch {
      this.feedback.bad((t) => t.scan.noAnswer);
      return false;
    }
  }

  /** The same for commands about the sale being entered, in the order of the keys. */
  async #inTurn(call: () => Promise<Outcome>, field: Field | null = null): Promise<boolean> {
    const outcome = await this.#lane.run(call);
    if (outcome !== FAILED) return this.#settled(outcome, field);
    this.feedback.bad((t) => t.scan.broken);
    return false;
  }

  #settled(refusal: Refusal | null, fallback: Field | null): boolean {
    if (!refusal) return true;
    if (refusal.kind === 'confirm-large' || refusal.kind === 'ask-phone') {
      play('attention');
      if (refusal.kind === 'ask-phone') this.#asked.phone = { bill: refusal.bill, charge: refusal.charge };
      else this.#asked.large = refusal.amount;
      return false;
    }
    play('refused');
    const field = refusedField(refusal) ?? fallback;
    if (field) this.desk.refuse(field, refusal);
    this.feedback.bad((t) => refusalSentence(refusal, t));
    return false;
  }
}
