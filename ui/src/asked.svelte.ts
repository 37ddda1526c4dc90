// What the screen itself remembers between two views: an open question, and the charge that just went to the back.
import type { ChargeId, ChargeView, View } from './types';

/** A question that one of the answer keys settles. */
export type Question =
  | { kind: 'held'; code: string }
  | { kind: 'large'; amount: string }
  | { kind: 'phone'; bill: string; charge: ChargeId };

export class Asked {
  /** A large amount waits to be confirmed once more. */
  large: string | null = $state.raw(null);
  /** A bill was refused before; the phone must be looked at before it is armed. */
  phone: { bill: string; charge: ChargeId } | null = $state.raw(null);
  /** Moved to the back in front of this cashier, who should see what that means. */
  parked: ChargeId | null = $state.raw(null);

  /** The question on the screen, the most urgent first. */
  question(view: View | null): Question | null {
    if (view?.held) return { kind: 'held', code: view.held.code };
    if (this.large !== null) return { kind: 'large', amount: this.large };
    if (view?.front?.asks_phone) return { kind: 'phone', bill: view.front.bill, charge: view.front.id };
    return this.phone && { kind: 'phone', ...this.phone };
  }

  /** The charge that was just moved to the back, as long as it is there. */
  justParked(view: View | null): ChargeView | null {
    return view?.pending.find((charge) => charge.id === this.parked && charge.state === 'parked') ?? null;
  }

  clear(): void {
    this.large = this.phone = this.parked = null;
  }
}
