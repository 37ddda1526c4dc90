// The settings and devices as somebody changes them: drafts until they are saved, and what the backend says of them.
import type { Feedback } from './feedback.svelte';
import type { Host, Told } from './host';
import { FAILED } from './lane';
import type { Finding, NewValue, ScanTrace, SettingProblem, SettingView, SettingsTrouble } from './types';

/** Why an act of the back office came to nothing; `failed` when nobody knows. */
export type OfficeTrouble = SettingsTrouble | typeof FAILED;

/** The pages of the sheet. */
export type Page = 'settings' | 'devices';

export class Office {
  page: Page = $state('settings');
  settings: SettingView[] = $state.raw([]);
  /** What was typed and not saved, by key. */
  drafts: Record<string, string> = $state.raw({});
  /** Why the last act came to nothing. */
  trouble: OfficeTrouble | null = $state.raw(null);
  busy: 'loading' | 'saving' | 'checking' | 'pairing' | null = $state(null);
  /** What the gateway's answers taught; `null` before it was asked. */
  findings: Finding[] | null = $state.raw(null);
  traces: ScanTrace[] = $state.raw([]);

  constructor(
    readonly host: Host,
    readonly feedback: Feedback,
  ) {}

  /** What is typed and differs from the file. */
  get changes(): NewValue[] {
    const changed = this.settings.filter(({ key, value }) => this.drafts[key] !== undefined && this.drafts[key] !== value);
    return changed.map(({ key }) => ({ key, value: this.drafts[key] ?? '' }));
  }

  /** What is wrong with one value. */
  problem(key: string): SettingProblem | null {
    return this.problems.find((problem) => problem.key === key) ?? null;
  }

  /** What is wrong with values. */
  get problems(): SettingProblem[] {
    return this.trouble !== null && this.trouble !== FAILED && this.trouble.trouble === 'bad' ? this.trouble.problems : [];
  }

  value(key: string): string {
    return this.drafts[key] ?? this.settings.find((setting) => setting.key === key)?.value ?? '';
  }

  edit(key: string, value: string): void {
    this.drafts = { ...this.drafts, [key]: value };
    this.trouble = null;
    if (key.startsWith('gateway.')) this.findings = null;
  }

  undo(): void {
    this.drafts = {};
    this.trouble = null;
    this.findings = null;
  }

  /** The sheet opens: everything as the file has it. */
  async enter(): Promise<void> {
    this.undo();
    await this.load();
    await this.look();
  }

  /** The sheet closes; a pairing is over with it. */
  async leave(): Promise<void> {
    this.undo();
    this.page = 'settings';
    await this.stopPairing();
  }

  async load(): Promise<void> {
    const settings = await this.#do('loading', () => this.host.settings());
    if (settings) this.settings = settings;
  }

  /** Saves what was typed; `true` if it is in force. */
  async save(): Promise<boolean> {
    const { changes } = this;
    if (this.busy) return false;
    if ((await this.#do('saving', () => this.host.saveSettings(changes))) === undefined) return false;
    this.drafts = {};
    this.feedback.good((t) => t.office.saved(changes.length));
    await this.load();
    return true;
  }

  async check(): Promise<void> {
    this.findings = null;
    this.findings = (await this.#do('checking', () => this.host.checkGateway(this.#of('gateway.')))) ?? null;
  }

  async pair(): Promise<void> {
    await this.#do('pairing', () => this.host.beginPairing(this.#of('scanner.')));
  }

  /** Something was typed where the pairing code is expected. */
  async typed(text: string, gapsMs: number[]): Promise<void> {
    await this.#do('pairing', () => this.host.typePairing(text, gapsMs));
  }

  async stopPairing(): Promise<void> {
    await this.#do('pairing', () => this.host.endPairing());
  }

  /** Reads the last scans. */
  async look(): Promise<void> {
    const traces = await this.#do(null, () => this.host.traces());
    if (traces) this.traces = traces;
  }

  #of(section: string): NewValue[] {
    return this.changes.filter(({ key }) => key.startsWith(section));
  }

  async #do<T>(busy: Office['busy'], call: () => Promise<Told<T>>): Promise<T | undefined> {
    if (busy) this.busy = busy;
    try {
      const told = await call();
      if ('done' in told) {
        if (busy) this.trouble = null;
        return told.done;
      }
      this.trouble = told.trouble;
    } catch {
      this.trouble = FAILED;
    } finally {
      if (busy) this.busy = null;
    }
    return undefined;
  }
}
