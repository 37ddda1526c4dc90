//! What one request will meet: the life a charge leads, and how its answer is spoilt on the wire.

use std::time::Duration;

/// The operations a scenario can be ordered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum On {
    /// `POST api/3Pay/KouDaiLQ/BarCode` (gateway-api.md §4.1, SEED).
    Charge,
    /// `POST api/3Pay/KouDaiLQ/Query` (gateway-api.md §4.2, INFERRED).
    Query,
    /// `POST api/ValueCard/Busi/Recharge/WithBarCode/Begin` (gateway-api.md §7.1, FAMILY).
    Begin,
    /// `POST api/ValueCard/Busi/Recharge/WithBarCode/End` (gateway-api.md §7.2, SEED).
    End,
    /// `GET /`, the harmless question that warms a connection.
    Warm,
}

impl On {
    /// The word used in scripts, in events and in the printed lines.
    pub fn word(self) -> &'static str {
        match self {
            On::Charge => "charge",
            On::Query => "query",
            On::Begin => "begin",
            On::End => "end",
            On::Warm => "warm",
        }
    }
}

/// Everything that happens to one request. `scenario(id)` and `by_tail(code)` make the named ones.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The name shown in the ledger and in the printed lines.
    pub id: String,
    /// For a charge: its life. For the other operations: `story.answer` replaces the honest answer.
    pub story: Option<Story>,
    /// How the answer is spoilt; `None` sends it whole.
    pub fault: Option<Fault>,
    /// Whether the fault strikes before the platform has looked (nothing is recorded, no money moves).
    pub before: bool,
    /// How long the answer waits after the platform has done its part.
    pub delay: Duration,
}

impl Scenario {
    /// A scenario that leads this life and sends its answers whole.
    pub fn telling(id: &str, story: Story) -> Scenario {
        Scenario { id: id.to_owned(), story: Some(story), fault: None, before: false, delay: Duration::ZERO }
    }

    /// The honest answer, spoilt on the wire after the platform has done its part.
    pub fn spoilt(id: &str, fault: Fault) -> Scenario {
        Scenario { id: id.to_owned(), story: None, fault: Some(fault), before: false, delay: Duration::ZERO }
    }

    /// The fault strikes before the platform has looked: the request might as well not have been made.
    pub fn instead(id: &str, fault: Fault) -> Scenario {
        Scenario { before: true, ..Scenario::spoilt(id, fault) }
    }

    /// One fixed answer, for an operation other than a charge (or the whole life of a charge).
    pub fn replying(id: &str, reply: Reply) -> Scenario {
        Scenario::telling(id, Story::of(reply.clone(), vec![reply]))
    }

    /// The same, with the answer held back this long.
    pub fn after(mut self, delay: Duration) -> Scenario {
        self.delay = delay;
        self
    }

    /// The same life, with this fault on the charge's own answer.
    pub fn with(mut self, fault: Fault) -> Scenario {
        self.fault = Some(fault);
        self
    }
}

/// The life of one charge: what its own answer says, what each query says, when the money moves.
#[derive(Clone, Debug)]
pub struct Story {
    /// The answer to the charge itself.
    pub answer: Reply,
    /// The answers to its queries in order; the last one repeats for ever. Empty: `answer` repeats.
    pub queries: Vec<Reply>,
    /// Whether the customer has paid as soon as the charge is recorded, whatever the answers say.
    /// Otherwise the money moves with the first `SUCCESS`.
    pub paid: bool,
    /// Walk from the first query answer to the last by time since the charge instead of by number.
    pub ready_after: Option<Duration>,
}

impl Story {
    /// A life told by its answers alone: the money moves with the first `SUCCESS`.
    pub fn of(answer: Reply, queries: Vec<Reply>) -> Story {
        Story { answer, queries, paid: false, ready_after: None }
    }

    /// The customer has paid, whatever the answers say.
    pub fn already_paid(mut self) -> Story {
        self.paid = true;
        self
    }

    /// What the query number `asked` (0 is the first) is answered, `age` after the charge.
    pub(crate) fn reply(&self, asked: usize, age: Duration) -> &Reply {
        let last = self.queries.len().saturating_sub(1);
        let at = match self.ready_after {
            Some(ready) if age >= ready => last,
            Some(_) => 0,
            None => asked.min(last),
        };
        self.queries.get(at).unwrap_or(&self.answer)
    }
}

/// Whose bill number or autoid an answer carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// The one that was asked about.
    Own,
    /// Somebody else's.
    Other,
    /// None: the member is null.
    Missing,
}

/// One answer in the envelope of gateway-api.md §1.2 (SEED).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// 0 is understood, anything else is an error or "still open" (gateway-api.md §2.6).
    pub errcode: i64,
    /// Text that may be shown to people.
    pub errmsg: String,
    /// The `paystatus`; `None` answers with a null `tag`.
    pub word: Option<String>,
    /// Whose bill number the tag carries.
    pub bill: Echo,
    /// Whose autoid the tag carries.
    pub autoid: Echo,
}

impl Reply {
    /// `errcode` 0 and this `paystatus`, for this charge.
    pub fn word(word: &str) -> Reply {
        Reply { errcode: 0, errmsg: String::new(), word: Some(word.to_owned()), bill: Echo::Own, autoid: Echo::Own }
    }

    /// An answer with a null `tag`: `errcode` and text only.
    pub fn bare(errcode: i64, errmsg: &str) -> Reply {
        Reply { errcode, errmsg: errmsg.to_owned(), word: None, bill: Echo::Own, autoid: Echo::Own }
    }

    /// Paid and saved: the only proof of a payment (gateway-api.md §4.2).
    pub fn success() -> Reply {
        Reply::word("SUCCESS")
    }

    /// Waiting for the customer's password.
    pub fn waiting() -> Reply {
        Reply::word("USERPAYING")
    }

    /// What a query says about a bill the platform does not know.
    pub fn no_such_bill() -> Reply {
        Reply::bare(NO_SUCH_BILL, "单据不存在")
    }

    /// Whether this answer proves that the customer has paid.
    pub fn is_success(&self) -> bool {
        self.errcode == 0 && self.word.as_deref() == Some("SUCCESS")
    }
}

/// `errcode` for a bill the simulator has no record of; the platform publishes no list.
pub const NO_SUCH_BILL: i64 = 40001;

/// How an answer is spoilt between the platform and the till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is closed without a byte of an answer.
    Close,
    /// Another HTTP status, with the headers and the body that status usually has.
    Status(u16),
    /// 200 and nothing else.
    Empty,
    /// 200 and a proxy's sign-in page.
    Html,
    /// The announced length, half of the bytes, and a closed connection.
    Half,
    /// The right answer, with this many bytes of blanks in front of it.
    Huge(u64),
    /// The right answer, one byte at a time, this far apart.
    Drip(Duration),
    /// The answer waits until `Handle::release` is called.
    Held,
    /// The right answer; then the connection is closed the moment the next request arrives on it.
    Stale,
}
