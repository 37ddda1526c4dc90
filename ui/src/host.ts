// The one door to the backend, and the one file that imports Tauri.
import { listen } from '@tauri-apps/api/event';
import { commands } from './generated/bindings';
import type {
  ChargeId,
  ChargeView,
  CustomerView,
  DaySumView,
  Entry,
  ExportFormat,
  ExportProgress,
  HallView,
  HistoryQuery,
  Look,
  Finding,
  LookFailure,
  NewValue,
  PhoneAnswer,
  Refusal,
  ScanTrace,
  Scenario,
  SettingView,
  SettingsTrouble,
  TimelineView,
  View,
  Word,
} from './types';

/** `null` when it was done, else why it was not. */
export type Outcome = Refusal | null;

/** What was found, or why nothing was. */
export type Found<T> = { found: T } | { failure: LookFailure };

/** What was done or found, or what stood in its way. */
export type Told<T> = { done: T } | { trouble: SettingsTrouble };

/** Everything the screen asks of the backend. */
export interface Host {
  /** Keys are judged before the page gets them; the page's own guard then keeps none back. */
  readonly keysBelow: boolean;
  snapshot(): Promise<View>;
  /** Calls back with a whole view after every change; the result stops it. */
  onView(show: (view: View) => void): Promise<() => void>;
  /** Calls back with the number of pending entries when closing was asked for and is held; the result stops it. */
  onClosing(ask: (pending: number) => void): Promise<() => void>;
  signIn(operator: string): Promise<Outcome>;
  signOut(): Promise<Outcome>;
  lock(): Promise<Outcome>;
  /** Another operator than the one who locked takes over only if that is meant. */
  unlock(operator: string, takeOver: boolean): Promise<Outcome>;
  /** Somebody is at the screen. */
  stillHere(): Promise<Outcome>;
  setLook(look: Look): Promise<Outcome>;
  arm(entry: Entry, largeConfirmed: boolean): Promise<Outcome>;
  disarm(): Promise<Outcome>;
  stopWaiting(): Promise<Outcome>;
  nextCustomer(): Promise<Outcome>;
  queryNow(charge: ChargeId): Promise<Outcome>;
  phoneShows(charge: ChargeId, answer: PhoneAnswer): Promise<Outcome>;
  takeNotice(charge: ChargeId): Promise<Outcome>;
  decideHeld(accept: boolean): Promise<Outcome>;
  trainingScan(scenario: Scenario): Promise<Outcome>;
  /** What the page's guard took for a scan; refused where scanners do not type, or without an armed sale. */
  typedScan(text: string): Promise<Outcome>;
  setHall(hall: HallView): Promise<Outcome>;
  /** Whether this machine has anything to play sound with. */
  hasSound(): Promise<boolean>;
  askHelp(charge: ChargeId): Promise<Outcome>;
  setPin(name: string, pin: string): Promise<Outcome>;
  removePin(name: string): Promise<Outcome>;
  supervisorIn(name: string, pin: string): Promise<Outcome>;
  supervisorOut(): Promise<Outcome>;
  /** A scan of an order number belongs to the decision about this charge; to none any more. */
  wantEvidence(charge: ChargeId | null): Promise<Outcome>;
  /** For an undecided charge the gateway is asked once more before this answers. */
  settle(charge: ChargeId, word: Word, reason: string, evidence: string): Promise<Outcome>;
  timeline(charge: ChargeId): Promise<Found<TimelineView | null>>;
  history(query: HistoryQuery): Promise<Found<ChargeView[]>>;
  daySums(day: string): Promise<Found<DaySumView[]>>;
  /** Calls back with how far the export under way is; the result stops it. */
  onExporting(tell: (progress: ExportProgress) => void): Promise<() => void>;
  /** Where the file is. */
  exportCharges(format: ExportFormat, from: string, to: string): Promise<Found<string>>;
  /** The export under way ends with a failure of this kind. */
  stopExport(): Promise<void>;
  /** The settings as the file has them. */
  settings(): Promise<Told<SettingView[]>>;
  /** All of these or none. */
  saveSettings(values: NewValue[]): Promise<Told<null>>;
  checkGateway(values: NewValue[]): Promise<Told<Finding[]>>;
  beginPairing(values: NewValue[]): Promise<Told<null>>;
  /** Whether it is the code of the pairing. */
  typePairing(text: string, gapsMs: number[]): Promise<Told<boolean>>;
  endPairing(): Promise<Told<null>>;
  /** Newest first. */
  traces(): Promise<Told<ScanTrace[]>>;
}

/** Carries a whole view after every change. */
const VIEW_EVENT = 'view';
/** Says that closing was asked for; a second close within a minute closes. */
const CLOSING_EVENT = 'closing';
/** Says how far the export under way is. */
const EXPORTING_EVENT = 'exporting';

/** The host inside the program. */
export const tauriHost: Host = {
  keysBelow: navigator.userAgent.includes('Linux'),
  snapshot: () => commands.snapshot(),
  onView: (show) => listen<View>(VIEW_EVENT, (event) => show(event.payload)),
  onClosing: (ask) => listen<number>(CLOSING_EVENT, (event) => ask(event.payload)),
  onExporting: (tell) => listen<ExportProgress>(EXPORTING_EVENT, (event) => tell(event.payload)),
  signIn: (operator) => outcome(commands.signIn(operator)),
  signOut: () => outcome(commands.signOut()),
  lock: () => outcome(commands.lock()),
  unlock: (operator, takeOver) => outcome(commands.unlock(operator, takeOver)),
  stillHere: () => outcome(commands.stillHere()),
  setLook: (look) => outcome(commands.setLook(look)),
  arm: (entry, largeConfirmed) => outcome(commands.arm(entry, largeConfirmed)),
  disarm: () => outcome(commands.disarm()),
  stopWaiting: () => outcome(commands.stopWaiting()),
  nextCustomer: () => outcome(commands.nextCustomer()),
  queryNow: (charge) => outcome(commands.queryNow(charge)),
  phoneShows: (charge, answer) => outcome(commands.phoneShows(charge, answer)),
  takeNotice: (charge) => outcome(commands.takeNotice(charge)),
  decideHeld: (accept) => outcome(commands.decideHeld(accept)),
  trainingScan: (scenario) => outcome(commands.trainingScan(scenario)),
  typedScan: (text) => outcome(commands.typedScan(text)),
  hasSound: () => commands.hasSound(),
  setHall: (hall) => outcome(commands.setHall(hall)),
  askHelp: (charge) => outcome(commands.askHelp(charge)),
  setPin: (name, pin) => outcome(commands.setPin(name, pin)),
  removePin: (name) => outcome(commands.removePin(name)),
  supervisorIn: (name, pin) => outcome(commands.supervisorIn(name, pin)),
  supervisorOut: () => outcome(commands.supervisorOut()),
  wantEvidence: (charge) => outcome(commands.wantEvidence(charge)),
  settle: (charge, word, reason, evidence) => outcome(commands.settle(charge, word, reason, evidence)),
  timeline: (charge) => found(commands.timeline(charge)),
  history: (query) => found(commands.history(query)),
  daySums: (day) => found(commands.daySums(day)),
  exportCharges: (format, from, to) => found(commands.exportCharges(format, from, to)),
  stopExport: () => commands.stopExport(),
  settings: () => told(commands.settings()),
  saveSettings: (values) => told(commands.saveSettings(values)),
  checkGateway: (values) => told(commands.checkGateway(values)),
  beginPairing: (values) => told(commands.beginPairing(values)),
  typePairing: (text, gapsMs) => told(commands.typePairing(text, gapsMs)),
  endPairing: () => told(commands.endPairing()),
  traces: () => told(commands.traces()),
};

/** What the customer's screen asks of the backend, and nothing else. */
export interface CustomerHost {
  /** What is shown, once it is another view than the one of this number. */
  next(seen: number | null): Promise<CustomerView>;
}

/** The customer's host inside the program. */
export const tauriCustomerHost: CustomerHost = {
  next: async (seen) => {
    const answer = await commands.customerView(seen);
    if (answer.status === 'ok') return answer.data;
    throw new Error('the till has no view');
  },
};

type Result<T, E> = { status: 'ok'; data: T } | { status: 'error'; error: E };

async function outcome(answer: Promise<Result<null, Refusal>>): Promise<Outcome> {
  const result = await answer;
  return result.status === 'ok' ? null : result.error;
}

async function found<T>(answer: Promise<Result<T, LookFailure>>): Promise<Found<T>> {
  const result = await answer;
  return result.status === 'ok' ? { found: result.data } : { failure: result.error };
}

async function told<T>(answer: Promise<Result<T, SettingsTrouble>>): Promise<Told<T>> {
  const result = await answer;
  return result.status === 'ok' ? { done: result.data } : { trouble: result.error };
}
