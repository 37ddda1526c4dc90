// One command to the backend, and what stood in its way.
import type { Outcome } from './host';
import { FAILED } from './lane';
import type { Refusal } from './types';

/** Why an attempt failed; `failed` when nobody knows. */
export type Trouble = Refusal | typeof FAILED;

/** Runs a command; `null` when it was done. */
export async function attempt(call: () => Promise<Outcome>): Promise<Trouble | null> {
  try {
    return await call();
  } catch {
    return FAILED;
  }
}
