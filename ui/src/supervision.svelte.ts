// Supervisors at this screen: signing in and out, and their PINs. A PIN passes through and is never kept here.
import { attempt, type Trouble } from './attempt';
import type { Feedback } from './feedback.svelte';
import type { Host, Outcome } from './host';
import type { Texts } from './i18n/texts';

/** The two PINs that were typed are not the same. */
export const DIFFERENT = 'different';

export class Supervision {
  /** Why the last attempt came to nothing. */
  trouble: Trouble | typeof DIFFERENT | null = $state.raw(null);
  /** The backend is checking; a PIN takes it a moment on purpose. */
  busy = $state(false);
  /** The names and PINs are being looked after. */
  managing = $state(false);
  /** The first set-up was put off, until the program starts again. */
  putOff = $state(false);

  constructor(
    readonly host: Host,
    readonly feedback: Feedback,
  ) {}

  async signIn(name: string, pin: string): Promise<boolean> {
    return this.#try(() => this.host.supervisorIn(name.trim(), pin));
  }

  async signOut(): Promise<void> {
    this.managing = false;
    await this.#try(() => this.host.supervisorOut());
  }

  /** Sets a new name's PIN or changes one. */
  async setPin(name: string, pin: string, again: string): Promise<boolean> {
    if (pin !== again) {
      this.trouble = DIFFERENT;
      return false;
    }
    const kept = name.trim();
    return this.#try(() => this.host.setPin(kept, pin), (t) => t.supervisors.saved(kept));
  }

  async remove(name: string): Promise<void> {
    await this.#try(() => this.host.removePin(name), (t) => t.supervisors.removed(name));
  }

  /** Whatever stood in the way is read. */
  excuse(): void {
    this.trouble = null;
  }

  async #try(call: () => Promise<Outcome>, done?: (t: Texts) => string): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.trouble = await attempt(call);
    this.busy = false;
    if (this.trouble === null && done) this.feedback.good(done);
    return this.trouble === null;
  }
}
