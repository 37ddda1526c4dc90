//! The named scenarios, and the payment codes that select them.

use std::time::Duration;

use crate::scenario::{Echo, Fault, Reply, Scenario, Story};

/// Last two digits of a payment code, and the scenario they select. Any other code pays at once.
pub const TAILS: &[(&str, &str)] = &[
    ("50", "paid"),
    ("51", "password"),
    ("52", "password-delay"),
    ("53", "never"),
    ("54", "password-payerror"),
    ("55", "password-closed"),
    ("56", "refused"),
    ("57", "refused-paid"),
    ("58", "save-failed"),
    ("59", "lost-answer"),
    ("60", "lost-request"),
    ("61", "lost-negative"),
    ("62", "model-state"),
    ("63", "unauthorized"),
    ("64", "forbidden"),
    ("65", "not-found"),
    ("66", "bad-method"),
    ("67", "bad-media"),
    ("68", "too-many"),
    ("69", "moved"),
    ("70", "broken"),
    ("71", "unavailable"),
    ("72", "broken-paid"),
    ("73", "empty"),
    ("74", "html"),
    ("75", "half"),
    ("76", "huge"),
    ("77", "slow"),
    ("78", "drip"),
    ("79", "wrong-bill"),
    ("80", "wrong-autoid"),
    ("81", "null-tag"),
    ("82", "open-null-tag"),
    ("83", "open-autoid"),
    ("84", "unknown-word"),
    ("85", "empty-word"),
    ("86", "refund"),
    ("87", "late-success"),
    ("88", "appears-later"),
    ("90", "stale"),
    ("91", "returned"),
    ("92", "no-autoid"),
    ("93", "slow-answer"),
    ("94", "late-minute"),
];

/// The last two digits that select the scenario `id`, if any do.
pub fn tail_of(id: &str) -> Option<&'static str> {
    TAILS.iter().find(|(_, named)| *named == id).map(|(tail, _)| *tail)
}

/// The scenario a payment code's last two digits select; `paid` where they select none.
pub fn by_tail(code: &str) -> Scenario {
    let id = TAILS.iter().find(|(tail, _)| code.ends_with(tail)).map_or("paid", |(_, id)| *id);
    scenario(id).unwrap_or_else(|| Scenario::telling("paid", paid()))
}

/// The scenario of this name with its usual numbers.
pub fn scenario(id: &str) -> Option<Scenario> {
    tuned(id, &Tuning::default())
}

/// The numbers and words of a scenario that a script may set; `None` keeps the usual one.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub struct Tuning {
    /// How many queries pass before the last answer of the story (usually 1 or 2).
    pub queries: Option<usize>,
    /// How long the answer waits, in milliseconds (for `password-delay`: until the customer is done;
    /// for `drip`: between two bytes).
    pub delay_ms: Option<u64>,
    /// The error number of a refusal.
    pub errcode: Option<i64>,
    /// The text of a refusal.
    pub errmsg: Option<String>,
    /// The `paystatus` of `unknown-word` and `word`.
    pub word: Option<String>,
    /// The HTTP status of `status`.
    pub status: Option<u16>,
    /// The size of `huge`.
    pub bytes: Option<u64>,
    /// Whether a wire fault strikes after the platform did its part (`true`) or before it looked.
    pub processed: Option<bool>,
}

/// The scenario of this name with these numbers; `None` for a name that is not known.
pub fn tuned(id: &str, tuning: &Tuning) -> Option<Scenario> {
    let mut made = told(id, tuning).or_else(|| spoilt(id, tuning))?;
    if let Some(processed) = tuning.processed {
        made.before = !processed;
    }
    match (id, tuning.delay_ms) {
        ("password-delay" | "late-minute" | "drip", _) | (_, None) => {}
        (_, Some(delay)) => made.delay = Duration::from_millis(delay),
    }
    Some(made)
}

/// Scenarios whose answers arrive whole and say something unusual.
fn told(id: &str, tuning: &Tuning) -> Option<Scenario> {
    let asked = |usual: usize| tuning.queries.unwrap_or(usual);
    let refusal = || {
        let text = tuning.errmsg.as_deref().unwrap_or("余额不足");
        Reply::bare(tuning.errcode.unwrap_or(40004), text)
    };
    let waiting = |count: usize, last: Reply| Story::of(Reply::waiting(), then(Reply::waiting(), count, last));
    let word = |usual: &str| tuning.word.clone().unwrap_or_else(|| usual.to_owned());
    let story = match id {
        "paid" => paid(),
        "password" => waiting(asked(2).saturating_sub(1), Reply::success()),
        "password-delay" => Story {
            ready_after: Some(Duration::from_millis(tuning.delay_ms.unwrap_or(8000))),
            ..waiting(1, Reply::success())
        },
        "never" => Story::of(Reply::waiting(), vec![Reply::waiting()]),
        "password-payerror" => waiting(asked(1), Reply::word("PAYERROR")),
        "password-closed" => waiting(asked(1), Reply::word("CLOSED")),
        "refused" => Story::of(refusal(), vec![Reply::no_such_bill()]),
        "refused-paid" => Story::of(refusal(), then(refusal(), asked(0), Reply::success())).already_paid(),
        "save-failed" => {
            let failed = Reply::bare(tuning.errcode.unwrap_or(50001), "保存收款结果失败");
            Story::of(Reply::waiting(), then(failed, asked(3), Reply::success())).already_paid()
        }
        "wrong-bill" => Story::of(Reply { bill: Echo::Other, ..Reply::success() }, vec![Reply::success()]),
        "wrong-autoid" => {
            let other = Reply { autoid: Echo::Other, ..Reply::success() };
            Story::of(Reply::waiting(), then(other, asked(2), Reply::success()))
        }
        "no-autoid" => Story::of(Reply { autoid: Echo::Missing, ..Reply::waiting() }, vec![Reply::success()]),
        "null-tag" => Story::of(Reply::bare(0, ""), vec![Reply::success()]),
        "open-null-tag" => Story::of(Reply::bare(1, "请查询支付结果"), vec![Reply::success()]),
        "open-autoid" => {
            let open = Reply { errcode: 1, errmsg: "请查询支付结果".to_owned(), ..Reply::waiting() };
            Story::of(open.clone(), then(open, asked(1), Reply::success()))
        }
        "unknown-word" => {
            let odd = Reply::word(&word("MOON_PHASE"));
            Story::of(odd.clone(), then(odd, asked(1), Reply::success()))
        }
        "empty-word" => Story::of(Reply::word(""), then(Reply::word(""), asked(1), Reply::success())),
        "word" => return Some(Scenario::replying(id, Reply::word(&word("NOTPAY")))),
        "refund" => Story::of(Reply::success(), then(Reply::success(), asked(0), Reply::word("REFUND"))),
        "returned" => waiting(asked(1), Reply::word("REFUND")).already_paid(),
        "slow-answer" => return Some(Scenario::telling(id, paid()).after(Duration::from_secs(6))),
        // Closed for as long as a till may take to believe it, and paid when it looks again a minute later.
        "late-minute" => Story {
            ready_after: Some(Duration::from_millis(tuning.delay_ms.unwrap_or(20_000))),
            ..Story::of(Reply::waiting(), vec![Reply::word("CLOSED"), Reply::success()])
        },
        "late-success" => Story::of(Reply::waiting(), then(Reply::word("CLOSED"), asked(2), Reply::success())),
        _ => return None,
    };
    Some(Scenario::telling(id, story))
}

/// Scenarios that live on the wire: lost, late, cut, or answered by somebody in between.
fn spoilt(id: &str, tuning: &Tuning) -> Option<Scenario> {
    let asked = |usual: usize| tuning.queries.unwrap_or(usual);
    let status = |code: u16| Scenario::instead(id, Fault::Status(code));
    Some(match id {
        "lost-answer" => Scenario::spoilt(id, Fault::Close),
        "lost-request" => Scenario::instead(id, Fault::Close),
        "lost-negative" => {
            let end = then(Reply::waiting(), asked(1), Reply::word("PAYERROR"));
            Scenario::telling(id, Story::of(Reply::waiting(), end)).with(Fault::Close)
        }
        "appears-later" => {
            let end = then(Reply::no_such_bill(), asked(2), Reply::success());
            Scenario::telling(id, Story::of(Reply::success(), end).already_paid()).with(Fault::Close)
        }
        "model-state" => status(400),
        "unauthorized" => status(401),
        "forbidden" => status(403),
        "not-found" => status(404),
        "bad-method" => status(405),
        "bad-media" => status(415),
        "too-many" => status(429),
        "moved" => status(301),
        "broken" => status(500),
        "unavailable" => status(503),
        "status" => status(tuning.status.unwrap_or(500)),
        "broken-paid" => Scenario::spoilt(id, Fault::Status(500)),
        "empty" => Scenario::spoilt(id, Fault::Empty),
        "html" => Scenario::spoilt(id, Fault::Html),
        "half" => Scenario::spoilt(id, Fault::Half),
        "huge" => Scenario::spoilt(id, Fault::Huge(tuning.bytes.unwrap_or(100 << 20))),
        "slow" => honest(id).after(Duration::from_secs(20)),
        "drip" => Scenario::spoilt(id, Fault::Drip(Duration::from_millis(tuning.delay_ms.unwrap_or(200)))),
        "held" => Scenario::spoilt(id, Fault::Held),
        "stale" => Scenario::spoilt(id, Fault::Stale),
        "honest" => honest(id),
        _ => return None,
    })
}

fn honest(id: &str) -> Scenario {
    Scenario { id: id.to_owned(), story: None, fault: None, before: false, delay: Duration::ZERO }
}

pub(crate) fn paid() -> Story {
    Story::of(Reply::success(), vec![Reply::success()])
}

fn then(first: Reply, count: usize, last: Reply) -> Vec<Reply> {
    let mut replies = vec![first; count];
    replies.push(last);
    replies
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tail_selects_a_scenario_that_exists_and_no_tail_is_given_twice() {
        for (at, (tail, id)) in TAILS.iter().enumerate() {
            assert_eq!(scenario(id).map(|made| made.id).as_deref(), Some(*id));
            assert!(TAILS[at + 1..].iter().all(|(other, _)| other != tail), "{tail} twice");
        }
    }

    #[test]
    fn a_code_outside_the_table_pays_at_once() {
        assert_eq!(by_tail("134567890123456789").id, "paid");
        assert_eq!(by_tail("").id, "paid");
    }

    #[test]
    fn password_is_paid_at_exactly_the_query_it_was_told() {
        let made = tuned("password", &Tuning { queries: Some(3), ..Tuning::default() });
        let story = made.and_then(|made| made.story).expect("a story");
        let words: Vec<_> = (0..4).map(|asked| story.reply(asked, Duration::ZERO).is_success()).collect();
        assert_eq!(words, [false, false, true, true]);
    }
}
