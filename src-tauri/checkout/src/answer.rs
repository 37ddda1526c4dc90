//! What came back from the gateway, already read but not yet judged.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The gateway's serial of one receipt (gateway-api.md §4.4). Opaque; echoed as given, letter case ignored in comparing.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AutoId(String);

impl AutoId {
    /// `None` for an absent or blank serial.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// The serial as the gateway gave it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both name the same receipt.
    pub fn is(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl fmt::Debug for AutoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What one request brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The connection was never made, so no byte of the request left (`never-sent-is-proved`).
    NeverConnected {
        /// In words, for the log and the timeline; holds no secret.
        what: String,
    },
    /// The request may have arrived; no usable answer came.
    Lost(Loss),
    /// An HTTP answer.
    Http {
        /// The status code.
        status: u16,
        /// The body, as far as it could be read.
        body: Body,
    },
}

/// How an answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// The reply limit passed.
    Timeout,
    /// The connection broke off.
    Broken,
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// The platform's envelope (gateway-api.md §1.2).
    Envelope(Envelope),
    /// The framework's validation failure (gateway-api.md §1.5), its texts joined.
    ModelState(String),
    /// Empty, HTML, cut off, too large, or anything else.
    Unreadable,
}

/// `CommonOperationResultWithTagOfPayStatusResult` (gateway-api.md §1.2, §2.7, SEED).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// 0 understood, 1 still open, anything else an error (§2.6).
    pub errcode: i64,
    /// Text that may be shown.
    pub errmsg: String,
    /// The payment's state; absent where the platform sent none, or only empty members.
    pub tag: Option<PayStatus>,
}

/// `PayStatusResult`; absent members are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayStatus {
    /// The bill the answer is about.
    pub billnum: String,
    /// The receipt's serial.
    pub autoid: String,
    /// State of the bill; never decides anything.
    pub billstatus: String,
    /// State of the payment; only `SUCCESS` is documented.
    pub paystatus: String,
    /// Text for `paystatus`.
    pub paystatusdesc: String,
}
