// The backend's commands, events and types, in the form tauri-specta writes them.

import { invoke as __TAURI_INVOKE } from "@tauri-apps/api/core";
import * as __TAURI_EVENT from "@tauri-apps/api/event";

/** Commands */
export const commands = {
	snapshot: () => __TAURI_INVOKE<View>("snapshot"),
	signIn: (operator: string) => typedError<null, Refusal>(__TAURI_INVOKE("sign_in", { operator })),
	signOut: () => typedError<null, Refusal>(__TAURI_INVOKE("sign_out")),
	arm: (entry: Entry, largeConfirmed: boolean) => typedError<null, Refusal>(__TAURI_INVOKE("arm", { entry, largeConfirmed })),
	disarm: () => typedError<null, Refusal>(__TAURI_INVOKE("disarm")),
	stopWaiting: () => typedError<null, Refusal>(__TAURI_INVOKE("stop_waiting")),
	nextCustomer: () => typedError<null, Refusal>(__TAURI_INVOKE("next_customer")),
	queryNow: (charge: ChargeId) => typedError<null, Refusal>(__TAURI_INVOKE("query_now", { charge })),
	phoneShows: (charge: ChargeId, answer: PhoneAnswer) => typedError<null, Refusal>(__TAURI_INVOKE("phone_shows", { charge, answer })),
	takeNotice: (charge: ChargeId) => typedError<null, Refusal>(__TAURI_INVOKE("take_notice", { charge })),
	decideHeld: (accept: boolean) => typedError<null, Refusal>(__TAURI_INVOKE("decide_held", { accept })),
	trainingScan: (scenario: string) => typedError<null, Refusal>(__TAURI_INVOKE("training_scan", { scenario })),
};

/** Events */
export const events = {
	view: makeEvent<View>("view"),
};

/* Types */
/** Why a text is not an amount. */
export type AmountError = "empty" | "not-digits" | "zero" | "too-fine" | "too-large";

export type ChargeId = string;

/** A charge, for people. */
export type ChargeView = {
	id: ChargeId,
	bill: string,
	amount: string,
	business: number,
	operator: string,
	card: string | null,
	wallet: string,
	code: string,
	state: State,
	why: Why | null,
	text: string,
	sent_at: string,
	moved_at: string,
	phone: PhoneAnswer | null,
	asks_phone: boolean,
	live: LiveView | null,
};

/** The raw fields of a sale, as typed or given on a command line. */
export type Entry = {
	operator: string,
	business: number,
	bill: string,
	amount: string,
	card: string,
};

/** Why an entry is not a sale, and in which field; the first field in the order of entry wins. */
export type EntryError =
	| { kind: "text"; field: Field; why: TextError }
	| { kind: "amount"; why: AmountError }
	| { kind: "above-limit"; max: string }
	| { kind: "not-offered"; business: number }
	| { kind: "recharge-not-yet" };

/** A field of the sale. */
export type Field = "operator" | "business" | "bill" | "amount" | "card";

/** What a foreign scan seems to be, so that the refusal can say so. */
export type Foreign = "product" | "address" | "emv" | "too-long" | "too-short" | "other";

/** Why no new charge is accepted; open ones are still asked about. */
export type Gate =
	| { gate: "no-gateway" }
	| { gate: "disk-full" }
	| { gate: "behind-witness"; journal: number; witness: number }
	| { gate: "broken-chain"; record: number }
	| { gate: "wrong-secret" }
	| { gate: "journal-down"; what: string };

/** How the gateway was last seen. */
export type GatewayHealth =
	| { kind: "unknown" }
	| { kind: "answering" }
	| { kind: "silent" }
	| { kind: "misconfigured"; status: number };

/** One word each; details on demand. */
export type Health = {
	gateway: GatewayHealth,
	scanner: ScannerState,
	journal_ok: boolean,
};

/** A held code. */
export type HeldView = {
	code: string,
};

/** Live counters, labelled as such. */
export type LiveView = {
	age_ms: number,
	queries: number,
	next_query_ms: number,
};

/** How an answer was lost. */
export type Loss = "timeout" | "broken";

/** The cashier's answer to "does the customer's phone show a payment?". */
export type PhoneAnswer = "no" | "yes" | "unsure";

/** A refusal, with what the screen needs to explain it. */
export type Refusal =
	| { kind: "entry"; error: EntryError }
	| { kind: "confirm-large"; amount: string }
	| { kind: "bill-blocked"; bill: string; charge: ChargeId; state: State }
	| { kind: "ask-phone"; bill: string; charge: ChargeId }
	| { kind: "front-busy"; charge: ChargeId }
	| { kind: "not-armed" }
	| { kind: "code-used"; charge: ChargeId }
	| { kind: "not-a-code"; seems: Foreign }
	| { kind: "this-bill" }
	| { kind: "damaged" }
	| { kind: "unknown-wallet" }
	| { kind: "gone" }
	| { kind: "gate"; reason: Gate }
	| { kind: "journal-unsure" }
	| { kind: "stopping" };

/** The gist of an answer; two answers with the same gist are the same answer. */
export type Said =
	| { said: "word"; word: string }
	| { said: "still-open" }
	| { said: "error"; errcode: number; text: string }
	| { said: "wrong-bill" }
	| { said: "other-receipt" }
	| { said: "no-word" }
	| { said: "status"; status: number }
	| { said: "unreadable" }
	| { said: "lost"; how: Loss }
	| { said: "unreachable" };

/** The armed sale. */
export type SaleView = {
	bill: string,
	amount: string,
	business: number,
	card: string | null,
};

/** What was done with a scan. */
export type ScanOutcome =
	| { kind: "charging" }
	| { kind: "held" }
	| { kind: "bill"; text: string }
	| { kind: "card"; text: string }
	| { kind: "refused"; refusal: Refusal };

/** What became of a scan; `number` rises, so a screen tells two equal scans apart. */
export type ScanView = {
	number: number,
	read: string,
	outcome: ScanOutcome,
};

/** How the device is; the screen shows it at all times. */
export type ScannerState =
	| { kind: "off" }
	| { kind: "searching" }
	| { kind: "not-paired" }
	| { kind: "ready"; port: string; label: string }
	| { kind: "no-right"; port: string; hint: string }
	| { kind: "lost"; port: string; reason: string };

/** Where a charge stands. */
export type State =
	| "beginning"
	| "sending"
	| "confirming"
	| "checking"
	| "parked"
	| "paid"
	| "declined"
	| "never-sent"
	| "recharging"
	| "recharged"
	| "recharge-undecided"
	| "recharge-refused"
	| "late-success"
	| "unmatched-success"
	| "returned"
	| "settled-paid"
	| "settled-not-paid"
	| "settled-credited"
	| "settled-not-credited"
	| "settled-applied"
	| "settled-refund"
	| "released";

/** Why a text is not a bill, operator or card number. */
export type TextError = "empty" | { "too-long": { max: number } } | "characters" | "looks-like-payment-code";

/** Everything on the screen. */
export type View = {
	number: number,
	training: boolean,
	window: WindowView,
	operator: string | null,
	gate: Gate | null,
	armed: SaleView | null,
	held: HeldView | null,
	front: ChargeView | null,
	scan: ScanView | null,
	notices: ChargeView[],
	pending: ChargeView[],
	recent: ChargeView[],
	health: Health,
};

/** Why a charge changed its state. */
export type Why =
	| { why: "paid-at-once" }
	| { why: "paid-by-query" }
	| { why: "customer-must-act" }
	| { why: "refused-unlooked"; status: number }
	| { why: "refused-by-platform"; errcode: number }
	| { why: "final-word"; word: string }
	| { why: "not-certain"; said: Said }
	| { why: "asking-after-refusal" }
	| { why: "asking-after-final-word" }
	| { why: "connection-never-made" }
	| { why: "not-handed-over" }
	| { why: "front-window-over" }
	| { why: "stopped-by-cashier" }
	| { why: "interrupted" }
	| { why: "found-at-start" }
	| { why: "phone-contradicts"; answer: PhoneAnswer }
	| { why: "returned-by-gateway" }
	| { why: "paid-after-all" };

/** The window's settings that a screen needs. */
export type WindowView = {
	id: string,
	name: string,
	language: string,
	businesses: number[],
	bill_length_max: number,
};

/* Tauri Specta runtime */
async function typedError<T, E>(result: Promise<T>): Promise<{ status: "ok"; data: T } | { status: "error"; error: E }> {
	try {
		return { status: "ok", data: await result };
	} catch (e) {
		if (e instanceof Error) throw e;
		return { status: "error", error: e as any };
	}
}

function makeEvent<T>(name: string) {
	return {
		listen: (cb: __TAURI_EVENT.EventCallback<T>) => __TAURI_EVENT.listen(name, cb),
		once: (cb: __TAURI_EVENT.EventCallback<T>) => __TAURI_EVENT.once(name, cb),
	};
}
