// The backend's types under the names the screen uses; no other file outside host.ts knows where they come from.
import type { State } from './generated/bindings';

export type {
  AmountError,
  ChargeId,
  ChargeView,
  Entry,
  EntryError,
  Field,
  Foreign,
  Gate,
  GatewayHealth,
  Health,
  HeldView,
  LiveView,
  PhoneAnswer,
  Refusal,
  Said,
  SaleView,
  ScannerState,
  ScanOutcome,
  ScanView,
  State,
  TextError,
  View,
  Why,
  WindowView,
} from './generated/bindings';

/** What the big panel shows: a charge's state, or the sale before there is one. */
export type Shown = State | 'entering' | 'armed';

/** What the on-screen scanner of the training mode can play. */
export type Scenario = 'paid' | 'password' | 'refused' | 'lost' | 'never';
