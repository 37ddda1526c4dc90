//! Looking things up: the timeline of a charge, the history and its filters, the sums of a day, and exports.

mod settling_desk;
mod window;

use std::collections::BTreeMap;

use checkout::{State, Word};
use gateway_sim::{Reply, scenario};
use settling_desk::{CARD, charge_card, decide, sits, until_pending};
use till::view::{HistoryQuery, Line};
use till::{Command, ExportOrder};
use window::{Window, bounded, code_for};

async fn busy_window() -> Window {
    let window = Window::open().await;
    for (bill, wallet, ends) in
        [("T1", "paid", State::Paid), ("T2", "refused", State::Declined), ("T3", "not-found", State::Declined)]
    {
        window.charge(bill, &code_for(wallet)).await;
        window.until_front(ends).await;
    }
    window.arm_amount("T4", "0.01").await.expect("armed");
    window.scan("134567890123450750").await;
    window.until_front(State::Paid).await;
    charge_card(&window, "C1", &code_for("paid")).await;
    window.until_front(State::Recharged).await;
    window
}

#[tokio::test]
async fn history_finds_by_every_field() {
    let window = busy_window().await;
    let today = chrono::Local::now().format("%Y-%m-%d").to_string();
    let all = HistoryQuery::default();
    for (query, bills) in [
        (all.clone(), "C1 T4 T3 T2 T1"),
        (HistoryQuery { bill: " t2 ".into(), ..all.clone() }, "T2"),
        (HistoryQuery { card: CARD.into(), ..all.clone() }, "C1"),
        (HistoryQuery { amount: "0.01".into(), ..all.clone() }, "T4"),
        (HistoryQuery { code: "0750".into(), ..all.clone() }, "T4"),
        (HistoryQuery { state: Some(State::Declined), ..all.clone() }, "T3 T2"),
        (
            HistoryQuery { operator: "S0107".into(), from: today.clone(), to: today.clone(), ..all.clone() },
            "C1 T4 T3 T2 T1",
        ),
        (HistoryQuery { operator: "S9".into(), ..all.clone() }, ""),
        (HistoryQuery { to: "2000-01-01".into(), ..all.clone() }, ""),
        (HistoryQuery { state: Some(State::Paid), amount: "260".into(), ..all.clone() }, "T1"),
    ] {
        let found = window.till.history(&query).await.expect("read");
        let found: Vec<&str> = found.iter().map(|charge| charge.bill.as_str()).collect();
        assert_eq!(found.join(" "), bills, "{query:?}");
    }
    for (query, field) in [
        (HistoryQuery { bill: "T 1".into(), ..all.clone() }, "bill"),
        (HistoryQuery { amount: "1.234".into(), ..all.clone() }, "amount"),
        (HistoryQuery { from: "22.11.2026".into(), ..all.clone() }, "from"),
        (HistoryQuery { to: "2026-02-30".into(), ..all }, "to"),
    ] {
        let error = window.till.history(&query).await.expect_err("refused").to_string();
        assert!(error.starts_with(field), "{error}");
    }
}

#[tokio::test]
async fn the_sums_of_a_day_are_those_of_its_charges() {
    let window = busy_window().await;
    let today = chrono::Local::now().format("%Y-%m-%d").to_string();
    let fen = |yuan: &str| yuan.replace('.', "").parse::<i64>().expect("an amount");
    let mut wanted: BTreeMap<State, (u32, i64)> = BTreeMap::new();
    for charge in window.till.history(&HistoryQuery::default()).await.expect("read") {
        let sum = wanted.entry(charge.state).or_default();
        *sum = (sum.0 + 1, sum.1 + fen(&charge.amount));
    }
    let sums = window.till.day_sums(&today).await.expect("read");
    let sums: BTreeMap<State, (u32, i64)> = sums.iter().map(|s| (s.state, (s.count, fen(&s.sum)))).collect();
    assert_eq!(sums, wanted);
    assert_eq!(sums[&State::Paid], (2, 26_001));
    assert!(window.till.day_sums("2000-01-01").await.expect("read").is_empty());
    for bad in ["", "today"] {
        window.till.day_sums(bad).await.expect_err("refused");
    }
}

#[tokio::test]
async fn a_timeline_tells_everything_in_its_order() {
    let window = Window::open().await;
    sits(&window).await;
    let id = charge_card(&window, "C1", &code_for("refused")).await;
    window.until_front(State::Declined).await;
    window.sim.approve("C1");
    window.ask(Command::QueryNow { charge: id.clone() }).await.expect("asked");
    until_pending(&window, &id, State::LateSuccess).await;
    window.ask(Command::AskHelp { charge: id.clone() }).await.expect("asked for");
    window.ask(decide(&id, Word::Applied)).await.expect("applied");
    window.ask(decide(&id, Word::CreditNow)).await.expect("sent");
    window.until("credited", |view| view.pending.is_empty()).await;
    let timeline = window.till.timeline(id.clone()).await.expect("read").expect("a charge");
    assert_eq!((timeline.charge.id, timeline.charge.state), (id.clone(), State::Recharged));
    let told: Vec<String> = timeline.lines.iter().map(|line| word(&line.what)).collect();
    let wanted = [
        "scanned",
        "refused",
        "checking",
        "declined",
        "late-success",
        "notice",
        "help",
        "applied by 王芳",
        "taken",
        "settled-applied",
        "credit-now by 王芳",
        "crediting",
        "recharging",
        "recharged",
        "notice",
    ];
    let told: Vec<&str> =
        told.iter().map(String::as_str).filter(|word| !["receipt", "answered"].contains(word)).collect();
    assert_eq!(told, wanted);
    assert!(timeline.lines.is_sorted_by_key(|line| line.at.clone()));
    let events = settling_desk::events(&window, &id).await.len();
    assert_eq!(timeline.lines.len(), events, "no record of a charge is left out");
    assert!(window.till.timeline(checkout::ChargeId("01J0".into())).await.expect("read").is_none());
}

fn word(line: &Line) -> String {
    match line {
        Line::Moved { to, .. } => to.word().to_owned(),
        Line::Settled { word, by, .. } => format!("{} by {by}", word.word()),
        Line::Scanned { .. } => "scanned".into(),
        Line::Refused { .. } => "refused".into(),
        Line::Receipt { .. } => "receipt".into(),
        Line::Answered { .. } => "answered".into(),
        Line::NoticeRaised => "notice".into(),
        Line::NoticeTaken => "taken".into(),
        Line::HelpAsked => "help".into(),
        Line::Crediting => "crediting".into(),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn exports_at_the_same_moment_and_while_charges_run_are_whole() {
    let window = busy_window().await;
    let order = |format: &str| ExportOrder::parse(format, "", "").expect("an order");
    let go_on = std::sync::atomic::AtomicBool::new(false);
    window.sim.order(gateway_sim::On::Charge, scenario("held").expect("held"));
    window.charge("T9", &code_for("paid")).await;
    let (one, other, again) = bounded("exports", async {
        tokio::join!(
            window.till.export(order("csv"), &go_on, |_| {}),
            window.till.export(order("jsonl"), &go_on, |_| {}),
            window.till.export(order("csv"), &go_on, |_| {}),
        )
    })
    .await;
    window.sim.release();
    window.until_front(State::Paid).await;
    let files = [one.expect("csv"), other.expect("jsonl"), again.expect("csv again")];
    let bills = ["T1", "T2", "T3", "T4", "C1", "T9"];
    for file in &files {
        let text = std::fs::read_to_string(file).expect("written");
        assert!(bills.iter().all(|bill| text.contains(bill)), "{text}");
    }
    assert!(files[0] != files[2], "one does not write over the other");
    let mut left: Vec<String> = std::fs::read_dir(window.place.file("exports"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .filter(|name| !name.starts_with("journal-") && name != "pending.json")
        .collect();
    left.sort();
    assert_eq!(left.len(), 3, "no working copy stays: {left:?}");
    assert!(left.iter().all(|name| name.starts_with("charges-")), "{left:?}");
    for (format, from, to) in [("xls", "", ""), ("csv", "1.1.", ""), ("csv", "", "x")] {
        ExportOrder::parse(format, from, to).expect_err("refused");
    }
}

#[tokio::test]
async fn the_list_for_supervisors_elsewhere_has_late_and_recharge_entries() {
    let window = Window::open().await;
    let late = window.charge("T1", &code_for("refused")).await;
    window.until_front(State::Declined).await;
    window.sim.approve("T1");
    window.ask(Command::QueryNow { charge: late.clone() }).await.expect("asked");
    until_pending(&window, &late, State::LateSuccess).await;
    let refused = gateway_sim::Scenario::replying("refused", Reply::bare(40010, "确认金额与充值金额不符"));
    window.sim.order(gateway_sim::On::End, refused);
    let card = charge_card(&window, "C1", &code_for("paid")).await;
    until_pending(&window, &card, State::RechargeRefused).await;
    let text = std::fs::read_to_string(window.place.file("exports").join("pending.json")).expect("a list");
    let list: serde_json::Value = serde_json::from_str(&text).expect("whole");
    let entries = list["pending"].as_array().expect("a list");
    let states: Vec<_> =
        entries.iter().map(|e| (e["charge"].as_str(), e["state"].as_str(), e["text"].as_str())).collect();
    let late = (Some(late.0.as_str()), Some("late-success"), Some(""));
    assert_eq!(states, [late, (Some(card.0.as_str()), Some("recharge-refused"), Some("确认金额与充值金额不符"))]);
}
