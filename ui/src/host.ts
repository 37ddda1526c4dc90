// The one door to the backend, and the one file that imports Tauri.
import { listen } from '@tauri-apps/api/event';
import { commands } from './generated/bindings';
import type { ChargeId, Entry, PhoneAnswer, Refusal, Scenario, View } from './types';

/** `null` when it was done, else why it was not. */
export type Outcome = Refusal | null;

/** Everything the screen asks of the backend. */
export interface Host {
  snapshot(): Promise<View>;
  /** Calls back with a whole view after every change; the result stops it. */
  onView(show: (view: View) => void): Promise<() => void>;
  signIn(operator: string): Promise<Outcome>;
  signOut(): Promise<Outcome>;
  arm(entry: Entry, largeConfirmed: boolean): Promise<Outcome>;
  disarm(): Promise<Outcome>;
  stopWaiting(): Promise<Outcome>;
  nextCustomer(): Promise<Outcome>;
  queryNow(charge: ChargeId): Promise<Outcome>;
  phoneShows(charge: ChargeId, answer: PhoneAnswer): Promise<Outcome>;
  takeNotice(charge: ChargeId): Promise<Outcome>;
  decideHeld(accept: boolean): Promise<Outcome>;
  trainingScan(scenario: Scenario): Promise<Outcome>;
}

/** Carries a whole view after every change. */
const VIEW_EVENT = 'view';

/** The host inside the program. */
export const tauriHost: Host = {
  snapshot: () => commands.snapshot(),
  onView: (show) => listen<View>(VIEW_EVENT, (event) => show(event.payload)),
  signIn: (operator) => outcome(commands.signIn(operator)),
  signOut: () => outcome(commands.signOut()),
  arm: (entry, largeConfirmed) => outcome(commands.arm(entry, largeConfirmed)),
  disarm: () => outcome(commands.disarm()),
  stopWaiting: () => outcome(commands.stopWaiting()),
  nextCustomer: () => outcome(commands.nextCustomer()),
  queryNow: (charge) => outcome(commands.queryNow(charge)),
  phoneShows: (charge, answer) => outcome(commands.phoneShows(charge, answer)),
  takeNotice: (charge) => outcome(commands.takeNotice(charge)),
  decideHeld: (accept) => outcome(commands.decideHeld(accept)),
  trainingScan: (scenario) => outcome(commands.trainingScan(scenario)),
};

type Result = { status: 'ok'; data: null } | { status: 'error'; error: Refusal };

async function outcome(answer: Promise<Result>): Promise<Outcome> {
  const result = await answer;
  return result.status === 'ok' ? null : result.error;
}
