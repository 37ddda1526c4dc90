// The sheets that lie over the form, the pending desk and the history, with what is chosen in them.
import { attempt } from './attempt';
import { Dossier } from './dossier.svelte';
import type { Feedback } from './feedback.svelte';
import { History } from './history.svelte';
import type { Host, Outcome } from './host';
import type { Texts } from './i18n/texts';
import type { Action } from './keys';
import { Office } from './office.svelte';
import type { Kind } from './pending';
import { troubleSentence } from './sentences';
import { isAsked } from './states';
import { Supervision } from './supervision.svelte';
import type { ChargeId, SupervisorsView } from './types';

export type SheetName = 'pending' | 'history' | 'settings' | 'lessons' | 'hall';

const SHEETS: readonly Action[] = ['pending', 'history', 'settings', 'lessons', 'hall'] satisfies SheetName[];

function isSheet(action: Action): action is SheetName {
  return SHEETS.includes(action);
}

export class Sheets {
  open: SheetName | null = $state(null);

  /** What the pending desk is narrowed to. */
  kind: Kind = $state('all');
  find = $state('');
  /** The row that is looked at in the pending desk. */
  chosen: ChargeId | null = $state(null);

  readonly supervision: Supervision;
  readonly dossier: Dossier;
  readonly history: History;
  readonly office: Office;

  constructor(
    readonly host: Host,
    readonly feedback: Feedback,
  ) {
    this.supervision = new Supervision(host, feedback);
    this.dossier = new Dossier(host, feedback);
    this.history = new History(host);
    this.office = new Office(host, feedback);
  }

  /** The charge that is looked at can be asked about. */
  get mayQuery(): boolean {
    return this.dossier.charge !== null && isAsked(this.dossier.charge.state);
  }

  /** Somebody else may settle now, or nobody. */
  accessChanged(was: SupervisorsView, now: SupervisorsView): void {
    if (was.session !== now.session) this.dossier.drop();
    if (now.session === null && now.names.length > 0) this.supervision.managing = false;
  }

  close(): void {
    if (this.open === 'settings') void this.office.leave();
    this.open = null;
    this.supervision.managing = false;
    this.dossier.show(null);
  }

  toggle(sheet: SheetName): void {
    const opens = this.open !== sheet;
    this.close();
    if (!opens) return;
    this.open = sheet;
    this.supervision.excuse();
    if (sheet === 'history') void this.history.today();
    if (sheet === 'settings') void this.office.enter();
  }

  /** A key that means something in a sheet; `false` if it is none of those. */
  async act(action: Action): Promise<boolean> {
    if (isSheet(action)) this.toggle(action);
    else if (action === 'settle' && this.open === 'settings') await this.office.save();
    else if (action === 'back') this.#back();
    else if (action === 'settle') await this.dossier.settle(false);
    else if (action === 'credit-sure') await this.dossier.settle(true);
    else if (action === 'help') await this.#help();
    else if (action === 'query-now' && this.open) await this.#query();
    else return false;
    return true;
  }

  #back(): void {
    if (this.supervision.managing) this.supervision.managing = false;
    else this.close();
  }

  async #query(): Promise<void> {
    const { charge } = this.dossier;
    if (!charge || !this.mayQuery) return;
    await this.#do(() => this.host.queryNow(charge.id), (t) => t.desk.queried(charge.bill));
  }

  async #help(): Promise<void> {
    const { charge } = this.dossier;
    if (this.open !== 'pending' || !charge || charge.help) return;
    await this.#do(() => this.host.askHelp(charge.id), (t) => t.desk.helpSent(charge.bill));
  }

  async #do(call: () => Promise<Outcome>, done: (t: Texts) => string): Promise<void> {
    const trouble = await attempt(call);
    if (trouble) this.feedback.bad((t) => troubleSentence(trouble, t));
    else this.feedback.good(done);
  }
}
