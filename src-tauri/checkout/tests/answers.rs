//! Every class of answer (design.md §5), on every leg and in every standing: the state and the records it leads to.

mod world;

use checkout::{Answer, ChargeId, Fact, Settings, State};
use world::answers::*;
use world::*;

const S: &str = "66|0|1";
const OTHER: &str = "66|0|9";
/// The serial of the bill's earlier charge, in the standings that have one.
const EARLIER: &str = "66|0|0";

/// Where the charge stands when the answer comes: its own answer is awaited, or a query's is.
const STANDINGS: [&str; 8] =
    ["sending", "refused", "confirming", "blind", "parked", "declined", "second blind", "second refused"];

fn stand(standing: &str) -> (World, ChargeId) {
    let mut w = World::new();
    if standing.starts_with("second") {
        let first = w.begin(BILL, CODES[1]);
        w.own(&first, closed(BILL, EARLIER));
        w.run(20 * SECOND, |_| Some(closed(BILL, EARLIER)));
        assert_eq!(w.state(&first), State::Declined);
    }
    let id = w.begin(BILL, CODES[0]);
    match standing {
        "sending" => {}
        "refused" | "second refused" => drop(w.own(&id, bare(-1))),
        "confirming" | "parked" => drop(w.own(&id, open(BILL, S))),
        "blind" | "second blind" => drop(w.own(&id, lost())),
        _ => {
            w.own(&id, status(401));
            w.until_asked(&id);
        }
    }
    if standing == "parked" {
        w.on(Fact::StopWaiting);
    }
    (w, id)
}

/// `expected` has one line for each standing: the state, then the words of the records.
fn check(answer: &Answer, expected: [&str; 8]) {
    for (standing, expected) in STANDINGS.into_iter().zip(expected) {
        let (mut w, id) = stand(standing);
        let done = if standing == "sending" { w.own(&id, answer.clone()) } else { w.query(&id, answer.clone()) };
        let got = format!("{}: {}", w.state(&id), done.records.join(" "));
        assert_eq!(got.trim_end(), expected, "{standing}, {answer:?}");
    }
}

/// An answer that proves nothing and says nothing of the charge's own fate.
fn proves_nothing(answer: &Answer) {
    check(
        answer,
        [
            "checking: checking",
            "checking: answered",
            "confirming: answered",
            "checking: answered",
            "parked: answered",
            "declined: answered",
            "checking: answered",
            "checking: answered",
        ],
    );
}

/// An answer that says "still open", with the records of the charge's own answer and of the query after a refusal.
fn still_open(answer: &Answer, own: &str) {
    check(
        answer,
        [
            own,
            "confirming: contradicted confirming answered",
            "confirming: answered",
            "confirming: confirming answered",
            "parked: answered",
            "declined: answered",
            "confirming: confirming answered",
            "confirming: contradicted confirming answered",
        ],
    );
}

#[test]
fn success_with_the_serial() {
    check(
        &paid(BILL, S),
        [
            "paid: receipt paid",
            "paid: receipt paid",
            "paid: paid",
            "paid: receipt paid",
            "paid: paid notice",
            "late-success: receipt late-success notice",
            "checking: unmatched answered",
            "checking: unmatched answered",
        ],
    );
}

#[test]
fn success_with_another_serial() {
    check(
        &paid(BILL, OTHER),
        [
            "paid: receipt paid",
            "paid: receipt paid",
            "confirming: unmatched answered",
            "paid: receipt paid",
            "parked: unmatched answered",
            "late-success: receipt late-success notice",
            "checking: unmatched answered",
            "checking: unmatched answered",
        ],
    );
}

#[test]
fn success_without_a_serial() {
    check(
        &paid(BILL, " "),
        [
            "paid: paid",
            "paid: paid",
            "paid: paid",
            "paid: paid",
            "paid: paid notice",
            "late-success: late-success notice",
            "checking: unmatched answered",
            "checking: unmatched answered",
        ],
    );
}

#[test]
fn success_of_the_bills_earlier_charge_is_that_charges_late_success() {
    for standing in ["second blind", "second refused"] {
        let (mut w, id) = stand(standing);
        let done = w.query(&id, paid(BILL, EARLIER));
        assert_eq!(done.records, ["late-success", "notice", "answered"], "{standing}");
        assert_eq!(w.state(&id), State::Checking);
    }
}

#[test]
fn success_that_names_no_bill_or_another_is_no_success() {
    still_open(&paid("", S), "confirming: confirming answered");
    proves_nothing(&paid("T9", S));
    proves_nothing(&paid("T9", ""));
}

#[test]
fn the_serial_of_another_bill_or_of_no_bill_is_never_stored() {
    for answer in [paid("T9", S), open("T9", S), open("", S), full(1, "T9", S, ""), full(-1, "", S, "")] {
        for standing in ["sending", "refused", "blind"] {
            let (mut w, id) = stand(standing);
            if standing == "sending" {
                w.own(&id, answer.clone())
            } else {
                w.query(&id, answer.clone())
            };
            assert_eq!(w.stored(&id).unwrap().autoid, None, "{standing}, {answer:?}");
        }
    }
}

#[test]
fn an_open_word_or_errcode_one() {
    for answer in [full(0, BILL, S, "NOTPAY"), full(0, BILL, S, "从未见过"), full(0, BILL, S, ""), full(1, BILL, S, "")]
    {
        still_open(&answer, "confirming: receipt confirming answered");
    }
    for answer in [full(0, BILL, "", "NOTPAY"), bare(1), full(1, "", "", "")] {
        still_open(&answer, "confirming: confirming answered");
    }
}

#[test]
fn an_error_that_carries_a_serial_is_open_since_a_receipt_exists() {
    for code in [-1, 2, 500, i64::MIN] {
        still_open(&full(code, BILL, S, "CLOSED"), "confirming: receipt confirming answered");
    }
}

#[test]
fn an_open_word_of_another_receipt_settles_no_refusal() {
    for answer in [open(BILL, EARLIER), full(-1, BILL, EARLIER, "")] {
        let (mut w, id) = stand("second refused");
        assert_eq!(w.query(&id, answer).records, ["answered"]);
        assert_eq!(w.state(&id), State::Checking, "money may still move for this bill");
        w.until_asked(&id);
        assert_eq!(w.query(&id, bare(-1)).records, ["declined"]);
    }
}

#[test]
fn an_error_without_a_serial_is_a_refusal_of_the_charge_and_nothing_from_a_query() {
    for code in [-1, 2, 404, i64::MAX] {
        check(
            &bare(code),
            [
                "checking: refused checking",
                "declined: declined",
                "confirming: answered",
                "checking: answered",
                "parked: answered",
                "declined: answered",
                "checking: answered",
                "declined: declined",
            ],
        );
    }
}

#[test]
fn errcode_zero_without_a_word() {
    for answer in [bare(0), full(0, BILL, "", "")] {
        check(
            &answer,
            [
                "checking: checking",
                "declined: declined",
                "confirming: answered",
                "checking: answered",
                "parked: answered",
                "declined: answered",
                "checking: answered",
                "declined: declined",
            ],
        );
    }
}

#[test]
fn a_final_negative_word() {
    for word in ["PAYERROR", "CLOSED", "REVOKED", "trade_closed", " closed "] {
        check(
            &full(0, BILL, S, word),
            [
                "checking: receipt negative checking",
                "declined: declined",
                "checking: negative checking",
                "checking: answered",
                "parked: negative",
                "declined: answered",
                "checking: answered",
                "declined: declined",
            ],
        );
    }
}

#[test]
fn a_final_negative_word_for_another_receipt_or_for_none() {
    check(
        &closed(BILL, ""),
        [
            "checking: checking",
            "declined: declined",
            "confirming: answered",
            "checking: answered",
            "parked: answered",
            "declined: answered",
            "checking: answered",
            "declined: declined",
        ],
    );
    let (mut w, id) = stand("confirming");
    assert_eq!(w.query(&id, closed(BILL, OTHER)).records, ["answered"]);
    let (mut w, id) = stand("second refused");
    assert_eq!(w.query(&id, closed(BILL, EARLIER)).records, ["declined"], "the query was answered: nothing is open");
}

#[test]
fn the_words_of_a_final_negative_are_a_setting() {
    let mut w = World::with(Settings { final_negative: vec!["WEG".into()], ..Settings::default() });
    let id = w.begin(BILL, CODES[0]);
    assert_eq!(w.own(&id, closed(BILL, S)).records, ["receipt", "confirming", "answered"]);
    assert_eq!(w.query(&id, full(0, BILL, S, "weg")).records, ["negative", "checking"]);
}

#[test]
fn money_given_back() {
    check(
        &refund(BILL, S),
        [
            "returned: receipt returned notice",
            "returned: receipt returned notice",
            "returned: returned notice",
            "returned: receipt returned notice",
            "returned: returned notice",
            "returned: receipt returned notice",
            "checking: answered",
            "checking: answered",
        ],
    );
}

#[test]
fn refused_before_the_platform_looked() {
    for answer in [model_state(), status(401), status(404), status(405), status(415)] {
        check(
            &answer,
            [
                "declined: declined",
                "checking: answered",
                "confirming: answered",
                "checking: answered",
                "parked: answered",
                "declined: answered",
                "checking: answered",
                "checking: answered",
            ],
        );
        let (mut w, id) = stand("sending");
        w.own(&id, answer);
        assert!(w.stored(&id).unwrap().is_watched(), "with after-watch");
        assert!(!w.stored(&id).unwrap().asks_phone(), "and no question: nobody looked at it");
    }
}

#[test]
fn everything_else_proves_nothing() {
    for code in [199, 300, 302, 307, 400, 402, 403, 408, 409, 429, 500, 502, 503, 504] {
        proves_nothing(&status(code));
    }
    for answer in [status(200), status(204), broken()] {
        proves_nothing(&answer);
    }
    let Answer::Http { body, .. } = paid(BILL, S) else { panic!("an answer with a body") };
    for code in [302, 400, 500] {
        proves_nothing(&Answer::Http { status: code, body: body.clone() });
    }
}

#[test]
fn a_connection_that_was_never_made() {
    check(
        &unreachable(),
        [
            "never-sent: never-sent",
            "checking: answered",
            "confirming: answered",
            "checking: answered",
            "parked: answered",
            "declined: answered",
            "checking: answered",
            "checking: answered",
        ],
    );
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let (mut w, id) = stand("sending");
    w.own(&id, paid(BILL, S));
    for answer in [closed(BILL, S), refund(BILL, S), bare(-1), status(401), unreachable(), open(BILL, S), paid(BILL, S)]
    {
        assert!(w.query(&id, answer.clone()).records.is_empty());
        assert!(w.own(&id, answer).records.is_empty());
    }
    assert_eq!(w.state(&id), State::Paid, "final is final");
    let stranger = ChargeId("nobody".into());
    assert!(w.own(&stranger, paid(BILL, S)).records.is_empty());
}

#[test]
fn a_copy_of_a_refusal_does_not_confirm_it() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, bare(-1));
    w.query(&id, unreachable());
    for _ in 0..3 {
        w.own(&id, bare(-1));
        assert_eq!(w.state(&id), State::Checking, "only the answer to a query confirms a refusal");
    }
    assert_eq!(w.query(&id, bare(-1)).records, ["declined"]);
}
