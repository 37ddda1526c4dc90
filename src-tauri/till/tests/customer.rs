//! What the customer's screen shows for each view: never more than is proved, and nothing that is not the customer's.

mod window;

use checkout::State;
use checkout::event::{PhoneAnswer, Why};
use till::customer::{Card, CustomerView, Shows};
use till::view::View;
use window::{Window, code_for};

fn shows(view: &View) -> Shows {
    CustomerView::of(view).shows
}

fn amount() -> String {
    "12.30".to_owned()
}

/// A true view with one charge in front, and the same in another state.
async fn view_with_front() -> View {
    let window = Window::open().await;
    window.charge("T1", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    let mut view = window.till.view().as_ref().clone();
    view.front.as_mut().expect("a charge").amount = amount();
    view
}

fn in_state(view: &View, state: State) -> View {
    let mut view = view.clone();
    view.armed = None;
    view.front.as_mut().expect("a charge").state = state;
    view
}

#[tokio::test]
async fn not_charged_is_said_only_where_it_is_proved_and_paid_only_where_money_is_in() {
    let view = view_with_front().await;
    for state in State::ALL {
        let shown = shows(&in_state(&view, state));
        let said_unpaid = matches!(shown, Shows::NotCharged { .. });
        assert_eq!(said_unpaid, matches!(state, State::Declined | State::NeverSent), "{state:?}: {shown:?}");
        let said_paid = matches!(shown, Shows::Paid { .. });
        let paid = matches!(
            state,
            State::Paid | State::Recharging | State::Recharged | State::RechargeUndecided | State::RechargeRefused
        );
        assert_eq!(said_paid, paid, "{state:?}: {shown:?}");
    }
    let waits = |state| shows(&in_state(&view, state)) == Shows::Wait { amount: amount() };
    assert!(waits(State::Sending) && waits(State::Checking) && waits(State::Parked));
    assert_eq!(shows(&in_state(&view, State::Recharging)), Shows::Paid { amount: amount(), card: Card::Working });
    assert_eq!(shows(&in_state(&view, State::RechargeUndecided)), Shows::Paid { amount: amount(), card: Card::Ask });
}

#[tokio::test]
async fn a_refusal_that_may_hide_a_payment_asks_to_look_at_the_phone() {
    let mut view = in_state(&view_with_front().await, State::Declined);
    view.front.as_mut().expect("a charge").asks_phone = true;
    assert_eq!(shows(&view), Shows::Phone { amount: amount() });
    let front = view.front.as_mut().expect("a charge");
    (front.asks_phone, front.phone) = (false, Some(PhoneAnswer::No));
    assert_eq!(shows(&view), Shows::NotCharged { amount: amount(), again: false });
}

#[tokio::test]
async fn a_charge_under_way_comes_before_the_armed_sale_and_an_ended_one_after_it() {
    let window = Window::open().await;
    window.arm_amount("T9", "9.00").await.expect("armed");
    let armed = window.till.view().armed.clone();
    let view = view_with_front().await;
    let both = |state| {
        let mut view = in_state(&view, state);
        view.armed.clone_from(&armed);
        shows(&view)
    };
    assert_eq!(both(State::Confirming), Shows::Confirm { amount: amount() });
    assert_eq!(both(State::Checking), Shows::Wait { amount: amount() });
    assert_eq!(both(State::Paid), Shows::Code { amount: "9.00".to_owned() });
    assert_eq!(both(State::NeverSent), Shows::NotCharged { amount: amount(), again: true });
    let alone = shows(&in_state(&view, State::NeverSent));
    assert_eq!(
        alone,
        Shows::NotCharged { amount: amount(), again: false },
        "no code is asked for that nobody waits for"
    );
    let mut refused = in_state(&view, State::Declined);
    refused.armed.clone_from(&armed);
    refused.front.as_mut().expect("a charge").why = Some(Why::RefusedUnlooked { status: 404 });
    assert_eq!(shows(&refused), Shows::NotCharged { amount: amount(), again: false }, "the cashier looks first");
}

#[tokio::test]
async fn the_armed_sale_is_shown_and_nothing_of_the_bill_or_the_operator() {
    let window = Window::open().await;
    window.arm_amount("T-VERY-SECRET", "12.30").await.expect("armed");
    let view = window.till.view();
    assert_eq!(shows(&view), Shows::Code { amount: amount() });
    let sent = serde_json::to_string(&CustomerView::of(&view)).expect("JSON");
    assert!(!sent.contains("T-VERY-SECRET"), "{sent}");
    assert!(!sent.contains(view.operator.as_deref().expect("an operator")), "{sent}");
}
