// The backend's types under the names the screen uses; no other file outside host.ts knows where they come from.
import type { State } from './generated/bindings';

export type {
  Allowed,
  AmountError,
  ChargeId,
  ChargeView,
  ClockHealth,
  DamageReason,
  CustomerView,
  DaySumView,
  Entry,
  EntryError,
  ExportProgress,
  Field,
  Finding,
  Foreign,
  Gate,
  GatewayHealth,
  Health,
  HallView,
  HeldView,
  HistoryQuery,
  Learnt,
  Line,
  LineView,
  LiveView,
  Look,
  LookFailure,
  NewValue,
  PairingEnd,
  PairingNews,
  PairingView,
  PhoneAnswer,
  PinError,
  Refusal,
  Said,
  SaleView,
  ScannerState,
  ScanOutcome,
  ScanTrace,
  ScanView,
  SettingProblem,
  SettingView,
  SettingsTrouble,
  Shows,
  State,
  SupervisorsView,
  TextError,
  Theme,
  TimelineView,
  TypedCode,
  View,
  Voice,
  Why,
  WindowView,
  Word,
} from './generated/bindings';

/** What the big panel shows: a charge's state, or the sale before there is one. */
export type Shown = State | 'entering' | 'armed';

/** What the on-screen scanner of the training mode can play. */
export type Scenario =
  | 'paid'
  | 'password'
  | 'refused'
  | 'slow'
  | 'lost'
  | 'error'
  | 'never'
  | 'late'
  | 'double'
  | 'scanner'
  | 'gateway';

/** The forms of an export. */
export type ExportFormat = 'csv' | 'jsonl';
