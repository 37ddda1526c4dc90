//! A scan while a supervisor's form is open: the wallet's order number goes into it, a payment code never does.

mod settling_desk;
mod window;

use checkout::event::Event;
use checkout::{ChargeId, PinError, Refusal, State, Word};
use gateway_sim::On;
use settling_desk::{NAME, PIN, decide, events, pin, set, sign_in, sits};
use till::Command;
use till::view::ScanOutcome;
use window::{Window, code_for, refusal};

const ORDER: &str = "4200002234202611220123456789";

fn want(charge: Option<&ChargeId>) -> Command {
    Command::WantEvidence { charge: charge.cloned() }
}

/// A parked charge and a supervisor whose form about it is open.
async fn with_an_open_form() -> (Window, ChargeId) {
    let window = Window::open().await;
    let id = window.charge("T1", &code_for("never")).await;
    window.until_front(State::Confirming).await;
    window.ask(Command::StopWaiting).await.expect("parked");
    sits(&window).await;
    window.ask(want(Some(&id))).await.expect("an open form");
    (window, id)
}

fn evidence(outcome: &ScanOutcome) -> Option<(&ChargeId, &str)> {
    match outcome {
        ScanOutcome::Evidence { charge, text } => Some((charge, text.as_str())),
        _ => None,
    }
}

#[tokio::test]
async fn an_order_number_is_the_evidence_of_the_open_form_and_of_nothing_without_one() {
    let (window, id) = with_an_open_form().await;
    for number in [ORDER, "2026112222001412345678901234"] {
        let outcome = window.scan(number).await;
        assert_eq!(evidence(&outcome), Some((&id, number)));
        let shown = window.till.view().scan.clone().expect("a scan");
        assert_eq!((shown.read.as_str(), shown.outcome), (number, outcome));
    }
    window.ask(want(None)).await.expect("closed");
    assert!(matches!(refusal(window.scan(ORDER).await), Refusal::NotACode { .. }));
    // Nothing of it is a record: it is the form's until the supervisor decides.
    assert!(events(&window, &id).await.iter().all(|event| !matches!(event, Event::Settled(_))));
}

#[tokio::test]
async fn a_payment_code_is_neither_charged_nor_written_down_while_the_form_is_open() {
    let (window, id) = with_an_open_form().await;
    // Another customer's sale is armed already: the code on the phone of the first one must not pay for it.
    window.arm("T2").await.expect("armed");
    window.ask(want(Some(&id))).await.expect("an open form");
    let code = code_for("paid");
    for scanned in [&code, "9934567890123456"] {
        assert_eq!(refusal(window.scan(scanned).await), Refusal::CodeForEvidence);
        let shown = window.till.view().scan.clone().expect("a scan");
        assert!(!shown.read.contains(&scanned[4..12]), "{shown:?}");
    }
    for other in ["6901234567892", "https://qr.alipay.com/fkx1", "134567890123456789134567890123456789", "T1"] {
        assert_eq!(refusal(window.scan(other).await), Refusal::NotAnOrder, "{other}");
    }
    assert_eq!(window.sim.ledger().count_all(On::Charge), 1);
    // Once the form is closed the same code is what it always was.
    window.ask(want(None)).await.expect("closed");
    assert!(matches!(window.scan(&code).await, ScanOutcome::Charging { .. }));
    window.until_front(State::Paid).await;
    window.nothing_twice();
}

#[tokio::test]
async fn a_form_needs_a_session_and_ends_with_it() {
    let window = Window::open().await;
    let id = window.charge("T1", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    window.ask(set(NAME, PIN, None)).await.expect("the first PIN");
    // The page's word alone opens nothing.
    assert_eq!(window.ask(want(Some(&id))).await, Err(pin(PinError::NoSession)));
    assert!(evidence(&window.scan(ORDER).await).is_none());
    window.ask(sign_in(NAME, PIN)).await.expect("signed in");
    window.ask(want(Some(&id))).await.expect("an open form");
    window.ask(Command::SupervisorOut).await.expect("signed out");
    assert!(evidence(&window.scan(ORDER).await).is_none());
    assert_ne!(refusal(window.scan(&code_for("paid")).await), Refusal::CodeForEvidence);
    // Nor does the next session take it over.
    window.ask(sign_in(NAME, PIN)).await.expect("signed in");
    assert!(evidence(&window.scan(ORDER).await).is_none());
    // A decision closes it.
    window.ask(want(Some(&id))).await.expect("an open form");
    window.ask(decide(&id, Word::Release)).await.expect("released");
    assert!(evidence(&window.scan(ORDER).await).is_none());
}
