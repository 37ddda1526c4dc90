// The first set-up, step by step. Nothing is changed before its end; a PIN passes through and is never kept here.
import type { Action } from './keys';
import type { Office } from './office.svelte';
import { DIFFERENT, type Supervision } from './supervision.svelte';

/** The steps in their order. */
export const STEPS = ['language', 'window', 'gateway', 'scanner', 'supervisor'] as const;

/** One of them. */
export type Step = (typeof STEPS)[number];

/** The settings asked for in each step. */
export const ASKED: Record<Step, readonly string[]> = {
  language: ['window.language'],
  window: ['window.name', 'window.id', 'window.businesses'],
  gateway: ['gateway.base_url', 'gateway.allow_http', 'gateway.ca_file'],
  scanner: ['scanner.source', 'scanner.port'],
  supervisor: [],
};

/** Name and PIN, as they stand in their fields. */
export interface FirstSupervisor {
  name: string;
  pin: string;
  again: string;
}

export class SetUp {
  step: Step = $state('language');
  /** A name or a PIN is missing. */
  missing = $state(false);

  constructor(
    readonly office: Office,
    readonly supervision: Supervision,
  ) {}

  get number(): number {
    return STEPS.indexOf(this.step) + 1;
  }

  async begin(): Promise<void> {
    await this.office.load();
  }

  async next(): Promise<void> {
    await this.go(STEPS[this.number]);
  }

  async back(): Promise<void> {
    await this.go(STEPS[this.number - 2]);
  }

  async go(step: Step | undefined): Promise<void> {
    if (!step) return;
    if (this.step === 'scanner') await this.office.stopPairing();
    this.missing = false;
    this.supervision.excuse();
    this.step = step;
  }

  /** A key that means something here; the others mean nothing before the end. */
  async act(action: Action): Promise<void> {
    if (action === 'back') await this.back();
  }

  /** The first supervisor, and then everything that was typed, at once; `names` are those that have a PIN already. */
  async finish({ name, pin, again }: FirstSupervisor, names: readonly string[], session: string | null): Promise<boolean> {
    this.missing = session === null && (name.trim() === '' || pin === '');
    if (this.missing || this.supervision.busy || this.office.busy) return false;
    if (session === null) {
      if (names.length === 0 && !(await this.supervision.setPin(name, pin, again))) return false;
      if (!(await this.supervision.signIn(name, pin))) return false;
    }
    if (!(await this.office.save())) {
      this.#toProblem();
      return false;
    }
    await this.supervision.signOut();
    return true;
  }

  /** Whether what stands in the way are two PINs that differ. */
  get differs(): boolean {
    return this.supervision.trouble === DIFFERENT;
  }

  #toProblem(): void {
    const wrong = this.office.problems.map(({ key }) => key);
    const step = STEPS.find((step) => ASKED[step].some((key) => wrong.includes(key)));
    if (step) this.step = step;
  }
}
