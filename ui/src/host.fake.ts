// A host without a backend: it shows the views it is given, answers as it is told, and remembers what was asked of it.
import { view } from './fake/views';
import type { Host, Outcome } from './host';
import type { View } from './types';

/** The name of a command and what it was given. */
export type Call = [name: Exclude<keyof Host, 'snapshot' | 'onView'>, ...values: unknown[]];

export class FakeHost implements Host {
  readonly calls: Call[] = [];
  /** What the next command of this name answers; nothing: done. */
  readonly answers: Partial<Record<Call[0], Outcome | Error>> = {};

  #show: (view: View) => void = () => {};
  #view: View;

  constructor(first: View = view()) {
    this.#view = first;
  }

  /** The view after the last one, changed as told. */
  push(change: Partial<View>): void {
    this.#view = { ...this.#view, number: this.#view.number + 1, ...change };
    this.#show(this.#view);
  }

  snapshot = async () => this.#view;
  onView = async (show: (view: View) => void) => {
    this.#show = show;
    return () => (this.#show = () => {});
  };

  signIn: Host['signIn'] = (operator) => this.#called('signIn', operator);
  signOut: Host['signOut'] = () => this.#called('signOut');
  arm: Host['arm'] = (entry, largeConfirmed) => this.#called('arm', entry, largeConfirmed);
  disarm: Host['disarm'] = () => this.#called('disarm');
  stopWaiting: Host['stopWaiting'] = () => this.#called('stopWaiting');
  nextCustomer: Host['nextCustomer'] = () => this.#called('nextCustomer');
  queryNow: Host['queryNow'] = (charge) => this.#called('queryNow', charge);
  phoneShows: Host['phoneShows'] = (charge, answer) => this.#called('phoneShows', charge, answer);
  takeNotice: Host['takeNotice'] = (charge) => this.#called('takeNotice', charge);
  decideHeld: Host['decideHeld'] = (accept) => this.#called('decideHeld', accept);
  trainingScan: Host['trainingScan'] = (scenario) => this.#called('trainingScan', scenario);

  async #called(...call: Call): Promise<Outcome> {
    this.calls.push(call);
    const answer = this.answers[call[0]] ?? null;
    delete this.answers[call[0]];
    if (answer instanceof Error) throw answer;
    return answer;
  }
}
