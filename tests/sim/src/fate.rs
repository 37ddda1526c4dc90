//! What goes wrong and where: the points of a run at which a fault may strike, and who decides whether it does.

use std::collections::BTreeMap;

use crate::rng::Rng;

/// A place in a run where something may go wrong. Runs are compared, planned and counted by their points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    /// Records are being made durable.
    Commit,
    /// The journal is being read.
    Read,
    /// The journal is being opened again.
    Reopen,
    /// A charge request is handed over.
    Charge,
    /// A query is handed over.
    Query,
    /// The Begin of a recharge is handed over.
    Begin,
    /// The End of a recharge is handed over.
    End,
    /// The till is about to take in the next thing that happens.
    Step,
}

/// Something that goes wrong, or that somebody does at the wrong moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The program is killed (or the power goes) before this; at a commit nothing of it is durable.
    KilledBefore,
    /// … right after it: the commit is durable, or the request is out and nobody will hear its answer.
    KilledAfter,
    /// The flush failed, and the records are there all the same (a torn page that recovery keeps).
    UnsureStands,
    /// The flush failed, and the records are gone.
    UnsureLost,
    /// The disk is full, cleanly; the ballast too.
    Full,
    /// Reading fails (EIO).
    Unreadable,
    /// Opening the journal again fails.
    StaysDown,
    /// Opened again, the journal is behind its witness.
    Behind,
    /// No connection was made.
    NeverConnected,
    /// The request is lost; the reply limit passes.
    RequestLost,
    /// The connection breaks off before the platform saw anything.
    RequestBroken,
    /// The platform did its part, the answer is lost.
    ReplyLost,
    /// The platform did its part, the connection breaks off.
    ReplyBroken,
    /// The platform did its part, the answer is cut off.
    Truncated,
    /// 429, nothing was done.
    TooMany,
    /// 503 from something in front of the platform, nothing was done.
    Unavailable,
    /// 503 although the platform did its part.
    DoneUnavailable,
    /// A redirect; nothing was done.
    Redirect,
    /// 404, nothing was done.
    NotThere,
    /// 400 with a validation failure, nothing was done.
    Invalid,
    /// The platform did its part; the answer names another bill, and another receipt.
    WrongBill,
    /// The platform took the money and failed to save it: an error, and "no such bill" for some time.
    PaidNotSaved,
    /// The answer carries no serial.
    NoSerial,
    /// "Still open" (`errcode` 1) without anything else.
    StillOpen,
    /// The answer comes late, just within the reply limit.
    Late,
    /// The answer comes twice.
    Twice,
    /// "No such bill" for something that is there.
    NotFound,
    /// An old answer: still open.
    Stale,
    /// A final word that the platform takes back with its next answer.
    FalseNegative,
    /// A success of this bill that belongs to somebody else's receipt.
    Stranger,
    /// `errcode` 0 and nothing else.
    NoWord,
    /// The wall clock jumps a day ahead.
    ClockAhead,
    /// The wall clock jumps a day back.
    ClockBack,
    /// The cashier presses the key of the last act again.
    Again,
    /// The cashier stops waiting.
    Stop,
    /// Somebody asks "now".
    Ask,
    /// Next customer.
    Next,
    /// The amount is changed and confirmed.
    Edit,
    /// The sale is given up.
    Disarm,
    /// The operator signs out and in again.
    SignOut,
    /// The scanner delivers the last code again.
    ScanAgain,
    /// Another customer's code is scanned.
    ScanOther,
    /// Half a code.
    ScanHalf,
    /// Two codes glued together.
    ScanGlued,
    /// The supervisor settles the newest pending charge as paid, whatever is true.
    SettlePaid,
    /// … as not paid, whatever is true.
    SettleNotPaid,
    /// The supervisor closes the newest recharge that is being begun, or was begun and not scanned.
    SettleBegin,
    /// … releases the newest paid one.
    Release,
    /// The supervisor has the newest paid recharge credited again.
    CreditNow,
    /// The free space goes below the ballast, or comes back.
    Room,
    /// The supervisor saves other settings, or those from before; the next start has them too.
    Settings,
    /// The scanner is unplugged: what is scanned reaches nobody. Or it is plugged in again.
    Unplug,
}

use Fault::*;

const COMMIT: &[Fault] = &[KilledBefore, KilledAfter, UnsureStands, UnsureLost, Full];
const READ: &[Fault] = &[Unreadable, KilledBefore];
const REOPEN: &[Fault] = &[StaysDown, Behind, KilledBefore];
const CHARGE: &[Fault] = &[
    KilledBefore,
    KilledAfter,
    NeverConnected,
    RequestLost,
    RequestBroken,
    ReplyLost,
    ReplyBroken,
    Truncated,
    TooMany,
    Unavailable,
    DoneUnavailable,
    Redirect,
    NotThere,
    Invalid,
    WrongBill,
    PaidNotSaved,
    NoSerial,
    StillOpen,
    NoWord,
    Late,
    Twice,
];
const QUERY: &[Fault] = &[
    KilledBefore,
    KilledAfter,
    NeverConnected,
    RequestLost,
    ReplyBroken,
    Truncated,
    TooMany,
    Unavailable,
    Redirect,
    NotThere,
    Invalid,
    WrongBill,
    NoSerial,
    StillOpen,
    NoWord,
    Late,
    Twice,
    NotFound,
    Stale,
    FalseNegative,
    Stranger,
];
const LEG: &[Fault] = &[
    KilledBefore,
    KilledAfter,
    NeverConnected,
    RequestLost,
    ReplyLost,
    ReplyBroken,
    Truncated,
    TooMany,
    DoneUnavailable,
    NotThere,
    Invalid,
    WrongBill,
    StillOpen,
    Late,
    Twice,
];
const STEP: &[Fault] = &[
    KilledBefore,
    ClockAhead,
    ClockBack,
    Again,
    Stop,
    Ask,
    Next,
    Edit,
    Disarm,
    SignOut,
    ScanAgain,
    ScanOther,
    ScanHalf,
    ScanGlued,
    SettlePaid,
    SettleNotPaid,
    SettleBegin,
    Release,
    CreditNow,
    Room,
    Settings,
    Unplug,
];

impl Point {
    /// Everything that can go wrong here.
    pub fn faults(self) -> &'static [Fault] {
        match self {
            Self::Commit => COMMIT,
            Self::Read => READ,
            Self::Reopen => REOPEN,
            Self::Charge => CHARGE,
            Self::Query => QUERY,
            Self::Begin | Self::End => LEG,
            Self::Step => STEP,
        }
    }
}

/// Where a point lies: in the so-manieth act of the script, the so-manieth point. Acts keep their numbers when others are
/// left out, so that a reproduction can be made shorter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Number of the act, counted from 1.
    pub act: u32,
    /// Number of the point within it.
    pub nth: u32,
}

/// A fault and where it strikes.
pub type Planned = (Place, Fault);

/// Decides at each point, by a plan or by dice, and remembers.
#[derive(Debug, Default)]
pub struct Fate {
    plan: BTreeMap<Place, Fault>,
    dice: Option<(Rng, u64)>,
    calm: bool,
    place: Place,
    /// The points passed so far.
    pub points: Vec<(Place, Point)>,
    /// The faults that struck.
    pub struck: Vec<Planned>,
}

impl Fate {
    /// Faults by a plan.
    pub fn planned(plan: &[Planned]) -> Self {
        Self { plan: plan.iter().copied().collect(), ..Self::default() }
    }

    /// A fault once in so many points, by dice; 0 for none.
    pub fn random(rng: Rng, once_in: u64) -> Self {
        Self { dice: Some((rng, once_in)), ..Self::default() }
    }

    /// The script comes to this act; what lies before the first one is act 0.
    pub fn act(&mut self, act: u32) {
        self.place = Place { act: act + 1, nth: 0 };
    }

    /// From now on nothing goes wrong, and no point is counted.
    pub fn calm(&mut self) {
        self.calm = true;
    }

    /// Whether nothing goes wrong any more.
    pub fn is_calm(&self) -> bool {
        self.calm
    }

    /// Passes a point: the fault that strikes here, if one does.
    pub fn at(&mut self, point: Point) -> Option<Fault> {
        if self.calm {
            return None;
        }
        let place = self.place;
        self.place.nth += 1;
        self.points.push((place, point));
        let fault = match &mut self.dice {
            Some((_, 0)) => None,
            Some((rng, once_in)) => rng.once_in(*once_in).then(|| *rng.pick(point.faults())),
            // After a change of what came before, the point may be of another kind: then nothing happens.
            None => self.plan.get(&place).copied().filter(|fault| point.faults().contains(fault)),
        };
        if let Some(fault) = fault {
            self.struck.push((place, fault));
        }
        fault
    }
}
