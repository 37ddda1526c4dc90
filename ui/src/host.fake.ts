// A host without a backend: it shows the views it is given, answers as it is told, and remembers what was asked of it.
import { view } from './fake/views';
import { settingViews } from './fake/settings';
import type { Host, Outcome, Told } from './host';
import type { ExportProgress, SettingsTrouble, View } from './types';

/** The name of a command and what it was given. */
export type Call = [name: Exclude<keyof Host, 'snapshot' | 'onView' | 'onClosing' | 'onExporting' | 'wantEvidence' | 'stillHere' | 'keysBelow' | 'hasSound'>, ...values: unknown[]];

/** The commands that look something up. */
export type Books = { -readonly [Key in 'timeline' | 'history' | 'daySums' | 'exportCharges']: Host[Key] };

export class FakeHost implements Host {
  readonly keysBelow: boolean = true;
  readonly calls: Call[] = [];
  /** What the next command of this name answers; nothing: done. */
  readonly answers: Partial<Record<Call[0], Outcome | Error>> = {};

  /** What is found when something is looked up. */
  readonly books: Books = {
    timeline: async () => ({ found: null }),
    history: async () => ({ found: [] }),
    daySums: async () => ({ found: [] }),
    exportCharges: async (format) => ({ found: `exports/charges.${format}` }),
  };

  /** What the back office answers. */
  readonly office: Partial<Record<'settings' | 'saveSettings' | 'checkGateway' | 'beginPairing' | 'typePairing' | 'traces', unknown>> = {};
  /** What stands in the way of the next of these. */
  readonly troubles: Partial<Record<Call[0], SettingsTrouble>> = {};

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

  /** Closing is asked for while so many entries are pending. */
  close: (pending: number) => void = () => {};
  onClosing = async (ask: (pending: number) => void) => {
    this.close = ask;
    return () => (this.close = () => {});
  };

  /** Says how far the export under way is. */
  tellExport: (progress: ExportProgress) => void = () => {};
  onExporting = async (tell: (progress: ExportProgress) => void) => {
    this.tellExport = tell;
    return () => (this.tellExport = () => {});
  };

  /** The charge whose decision waits for its evidence, as the screen has said it each time. */
  readonly wanted: (string | null)[] = [];
  wantEvidence: Host['wantEvidence'] = async (charge) => {
    this.wanted.push(charge);
    return null;
  };

  signIn: Host['signIn'] = (operator) => this.#called('signIn', operator);
  signOut: Host['signOut'] = () => this.#called('signOut');
  lock: Host['lock'] = () => this.#called('lock');
  unlock: Host['unlock'] = (operator, takeOver) => this.#called('unlock', operator, takeOver);
  /** How often it was told that somebody is at the screen. */
  present = 0;
  stillHere: Host['stillHere'] = async () => {
    this.present += 1;
    return null;
  };
  setLook: Host['setLook'] = (look) => this.#called('setLook', look);
  arm: Host['arm'] = (entry, largeConfirmed) => this.#called('arm', entry, largeConfirmed);
  disarm: Host['disarm'] = () => this.#called('disarm');
  stopWaiting: Host['stopWaiting'] = () => this.#called('stopWaiting');
  nextCustomer: Host['nextCustomer'] = () => this.#called('nextCustomer');
  queryNow: Host['queryNow'] = (charge) => this.#called('queryNow', charge);
  phoneShows: Host['phoneShows'] = (charge, answer) => this.#called('phoneShows', charge, answer);
  takeNotice: Host['takeNotice'] = (charge) => this.#called('takeNotice', charge);
  decideHeld: Host['decideHeld'] = (accept) => this.#called('decideHeld', accept);
  trainingScan: Host['trainingScan'] = (scenario) => this.#called('trainingScan', scenario);
  typedScan: Host['typedScan'] = (text) => this.#called('typedScan', text);

  /** Whether the machine has a sound card. */
  sound = true;
  hasSound = async () => this.sound;
  setHall: Host['setHall'] = (hall) => this.#called('setHall', hall);
  askHelp: Host['askHelp'] = (charge) => this.#called('askHelp', charge);
  setPin: Host['setPin'] = (name, pin) => this.#called('setPin', name, pin);
  removePin: Host['removePin'] = (name) => this.#called('removePin', name);
  supervisorIn: Host['supervisorIn'] = (name, pin) => this.#called('supervisorIn', name, pin);
  supervisorOut: Host['supervisorOut'] = () => this.#called('supervisorOut');
  settle: Host['settle'] = (charge, word, reason, evidence) => this.#called('settle', charge, word, reason, evidence);

  timeline: Host['timeline'] = (charge) => this.#looked(this.books.timeline(charge), 'timeline', charge);
  history: Host['history'] = (query) => this.#looked(this.books.history(query), 'history', query);
  daySums: Host['daySums'] = (day) => this.#looked(this.books.daySums(day), 'daySums', day);
  exportCharges: Host['exportCharges'] = (format, from, to) =>
    this.#looked(this.books.exportCharges(format, from, to), 'exportCharges', format, from, to);

  stopExport: Host['stopExport'] = async () => void this.calls.push(['stopExport']);
  settings: Host['settings'] = () => this.#told(settingViews, 'settings');
  saveSettings: Host['saveSettings'] = (values) => this.#told(null, 'saveSettings', values);
  checkGateway: Host['checkGateway'] = (values) => this.#told([], 'checkGateway', values);
  beginPairing: Host['beginPairing'] = (values) => this.#told(null, 'beginPairing', values);
  typePairing: Host['typePairing'] = (text, gapsMs) => this.#told(false, 'typePairing', text, gapsMs);
  endPairing: Host['endPairing'] = () => this.#told(null, 'endPairing');
  traces: Host['traces'] = () => this.#told([], 'traces');

  async #told<T>(done: T, ...call: Call): Promise<Told<T>> {
    this.calls.push(call);
    const trouble = this.troubles[call[0]];
    delete this.troubles[call[0]];
    if (trouble) return { trouble };
    const given = this.office[call[0] as keyof typeof this.office];
    return { done: given === undefined ? done : (given as T) };
  }

  #looked<T>(answer: T, ...call: Call): T {
    this.calls.push(call);
    return answer;
  }

  async #called(...call: Call): Promise<Outcome> {
    this.calls.push(call);
    const answer = this.answers[call[0]] ?? null;
    delete this.answers[call[0]];
    if (answer instanceof Error) throw answer;
    return answer;
  }
}
