//! Whether the journal tells what the gateway knows, after the program was stopped and started again.

use checkout::{BillNumber, Charge, State};
use gateway_sim::On;
use journal::{HistoryFilter, Reader};

use crate::desk::marks::Marks;
use crate::desk::{Desk, Said};

/// Starts the program again, and compares the journal with the gateway's books.
pub fn judge(desk: &Desk, bill: &str, code: &str, said: &Said) -> Result<(), String> {
    let sent = desk.sim.ledger().charges_of(bill).count();
    let resumed = desk.run(&["resume", "--wait", "0"], "");
    expect(matches!(resumed.code, Some(0 | 4)), || format!("it does not start again: {resumed:?}"))?;
    let mut charge = find(desk, bill)?;
    let known = desk.sim.ledger().charges_of(bill).any(|charge| charge.known && charge.scenario != "refused");
    if known && charge.as_ref().is_some_and(|charge| goes_on(charge.state)) {
        let resumed = desk.run(&["resume", "--wait", "20"], "");
        expect(matches!(resumed.code, Some(0 | 4)), || format!("it does not go on: {resumed:?}"))?;
        charge = find(desk, bill)?;
    }
    let books = desk.sim.ledger();
    let requests = books.charges_of(bill).count();
    expect(requests == sent && sent <= 1, || format!("{sent} requests, after a start {requests}"))?;
    expect(books.most_requests_for_a_code() <= 1, || "a code was sent twice".to_owned())?;
    compare(desk, bill, said, charge)?;
    let report = journal::verify(&desk.file("journal.db")).map_err(|error| error.to_string())?;
    expect(report.is_whole() && !report.caches_wrong, || report.to_string())?;
    nothing_holds(desk, code, said)
}

fn compare(desk: &Desk, bill: &str, said: &Said, charge: Option<Charge>) -> Result<(), String> {
    let books = desk.sim.ledger();
    let taken = books.times_taken(bill);
    let asked = books.count(On::Charge, bill) + books.count(On::Begin, bill);
    let Some(charge) = charge else {
        return expect(asked == 0 && said.out.is_empty(), || "sent or told, and not in the journal".to_owned());
    };
    let state = charge.state;
    let told = |word: &str| said.lines_whole().any(|line| line.contains(&format!("\"state\":\"{word}\"")));
    let after_paid = [State::Paid, State::Recharging, State::Recharged, State::RechargeUndecided];
    match taken {
        0 => expect(!after_paid.contains(&state), || format!("{state}, and no money was taken"))?,
        1 => expect(after_paid.contains(&state), || format!("{state}, and the money was taken"))?,
        more => return Err(format!("taken {more} times")),
    }
    expect(!told("paid") || after_paid.contains(&state), || format!("paid was told, and now it is {state}"))?;
    let never = state == State::NeverSent && books.count(On::Charge, bill) > 0;
    expect(!never, || "never sent, and the gateway has seen it".to_owned())?;
    let Some(recharge) = books.recharge(bill) else {
        return expect(state != State::Recharged, || "recharged, and the gateway knows of none".to_owned());
    };
    expect(recharge.credits <= 1 && recharge.ends <= 1, || format!("credited twice or more: {recharge:?}"))?;
    expect(!recharge.ended_unpaid, || "an End came before the money".to_owned())?;
    let credited = recharge.credits == 1;
    expect(state != State::Recharged || credited, || "recharged, and the card was not credited".to_owned())?;
    let seen = matches!(state, State::Recharged | State::RechargeUndecided);
    expect(!credited || seen, || format!("the card was credited, and it is {state}"))
}

fn goes_on(state: State) -> bool {
    state.is_undecided() || state == State::Recharging
}

fn find(desk: &Desk, bill: &str) -> Result<Option<Charge>, String> {
    let failed = |error: journal::ReadError| error.to_string();
    let reader = Reader::open(&desk.file("journal.db")).map_err(failed)?;
    let bill = BillNumber::parse(bill, 20).map_err(|error| error.to_string())?;
    let filter = HistoryFilter { bill: Some(bill.key()), ..HistoryFilter::default() };
    Ok(reader.books().history(&filter).map_err(failed)?.pop())
}

/// `code-is-secret`, also for what a killed program leaves lying about.
fn nothing_holds(desk: &Desk, code: &str, said: &Said) -> Result<(), String> {
    let marks = Marks::of([("the payment code", code.as_bytes())]);
    let told = marks.find(said.out.as_bytes()).or(marks.find(said.err.as_bytes()));
    expect(told.is_none(), || format!("it said {}", told.unwrap_or_default()))?;
    let found = marks.in_folder(desk.folder.path(), &["ballast"]);
    expect(found.is_empty(), || format!("{found:?}"))
}

fn expect(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}
