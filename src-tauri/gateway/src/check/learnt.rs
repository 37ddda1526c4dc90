//! What a check can learn, one word for each sentence.

use serde::Serialize;

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "learnt", rename_all = "kebab-case")]
pub enum Learnt {
    /// No connection, or no trusted one.
    Unreachable,
    /// It answers, encrypted, with a trusted certificate.
    Encrypted {
        /// In so many milliseconds.
        ms: u32,
    },
    /// It answers on this machine.
    OnThisMachine {
        /// In so many milliseconds.
        ms: u32,
    },
    /// It answers over plain http, which shows payment codes to the network.
    PlainHttp {
        /// In so many milliseconds.
        ms: u32,
    },
    /// The platform does not tell its time.
    NoClock,
    /// The clocks agree.
    ClockFine,
    /// The clocks differ.
    ClockOff {
        /// By so much.
        seconds: u32,
        /// This machine's is behind.
        behind: bool,
    },
    /// The charge path is there.
    ChargePathFine,
    /// The charge path wants authentication.
    ChargePathWantsSignature,
    /// The charge path is not there.
    ChargePathMissing,
    /// The charge path leads elsewhere, which is never followed.
    ChargePathRedirects,
    /// The charge path answers something unexpected.
    ChargePathOdd {
        /// The HTTP status.
        status: u16,
    },
    /// The charge path does not answer.
    ChargePathSilent,
    /// The query path answers as the platform does.
    QueryPathFine,
    /// The query path wants authentication.
    QueryPathWantsSignature,
    /// The query path is not there.
    QueryPathMissing,
    /// The query path refuses a query without a serial.
    QueryNeedsSerial,
    /// The query path calls a bill paid that does not exist.
    QueryLies,
    /// The query path answers something unexpected.
    QueryPathOdd {
        /// The HTTP status.
        status: u16,
    },
    /// The query path does not answer.
    QueryPathSilent,
    /// The platform wants signed requests, and this till signs none.
    SignatureWanted,
    /// The platform takes this till's signature.
    SignatureTaken,
    /// The platform answers unsigned requests too, so the signature is not tested.
    SignatureUntested,
    /// The platform refuses this till's signature.
    SignatureRefused,
    /// Requests are not signed, and the platform takes them.
    NoSignature,
    /// It could not be learnt whether signatures are wanted.
    SignatureUnknown,
}
