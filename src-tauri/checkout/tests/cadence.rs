//! When the gateway is asked (design.md §4): tiers, least gaps, parking, the after-watch, and what clocks may not change.

mod world;

use checkout::event::PhoneAnswer;
use checkout::{State, Why};
use world::answers::*;
use world::*;

fn gaps(times: &[u64]) -> Vec<u64> {
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// A charge the platform refused, whose one query confirmed the refusal: declined, in front, on the after-watch.
fn refused(w: &mut World) -> checkout::ChargeId {
    let id = w.begin(BILL, CODES[0]);
    let done = w.own(&id, bare(-1));
    assert_eq!(done.asked.len(), 1, "one query at once");
    w.query(&id, bare(-1));
    assert_eq!(w.state(&id), State::Declined);
    id
}

#[test]
fn the_tiers_follow_the_age_and_a_charge_is_parked_at_sixty_seconds() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    let start = w.mono;
    w.own(&id, open(BILL, "66|0|1"));
    w.run(3 * DAY, |_| Some(open(BILL, "66|0|1")));
    let times: Vec<u64> = w.times(&id).iter().map(|at| at - start).collect();
    let within = |from: u64, to: u64| times.iter().filter(|t| (from..to).contains(*t)).count();
    assert!((15..=50).contains(&within(0, MINUTE)), "dense in front: {}", within(0, MINUTE));
    assert!(within(0, 20 * SECOND) > within(40 * SECOND, MINUTE), "denser early than late");
    for (from, to, every) in [
        (MINUTE, 200 * SECOND, 10 * SECOND),
        (200 * SECOND, 10 * MINUTE, MINUTE),
        (10 * MINUTE, HOUR, 10 * MINUTE),
        (HOUR, DAY, HOUR),
        (DAY, 3 * DAY, DAY),
    ] {
        let most = ((to - from) / every + 1) as usize;
        assert!((1..=most).contains(&within(from, to)), "{from} to {to}: {}", within(from, to));
    }
    assert_eq!(w.state(&id), State::Parked);
    assert_eq!(w.stored(&id).unwrap().why, Some(Why::FrontWindowOver));
    let parked_at = w.stored(&id).unwrap().moved_at - w.stored(&id).unwrap().sent_at;
    assert_eq!(parked_at.num_milliseconds(), 60_000);
}

#[test]
fn one_query_is_in_flight_for_a_charge_however_long_it_takes() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, open(BILL, "66|0|1"));
    w.until_asked(&id);
    w.query_now(&id);
    w.run(10 * MINUTE, |_| None);
    assert_eq!(w.times(&id).len(), 1);
}

#[test]
fn nothing_is_asked_while_the_charge_itself_is_out() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.query_now(&id);
    w.run(10 * MINUTE, |_| None);
    assert_eq!(w.times(&id), Vec::<u64>::new());
    assert_eq!(w.state(&id), State::Parked, "but the window is free after the front window");
}

#[test]
fn somebody_who_asks_all_the_time_does_not_break_the_least_gap() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, open(BILL, "66|0|1"));
    for _ in 0..400 {
        w.pass(37);
        let asked = w.query_now(&id).asked;
        if !asked.is_empty() {
            w.query(&id, open(BILL, "66|0|1"));
        }
    }
    let times = w.times(&id);
    assert!(times.len() > 10, "asked at every permitted moment: {}", times.len());
    assert!(gaps(&times).iter().all(|gap| *gap >= 1_000), "{:?}", gaps(&times));
}

#[test]
fn a_second_look_at_a_final_word_keeps_the_least_gap() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, closed(BILL, "66|0|1"));
    w.pass(4_400);
    assert_eq!(w.query_now(&id).asked.len(), 1);
    w.pass(100);
    w.query(&id, closed(BILL, "66|0|1"));
    w.run(10 * SECOND, |_| Some(closed(BILL, "66|0|1")));
    assert!(gaps(&w.times(&id)).iter().all(|gap| *gap >= 1_000), "{:?}", w.times(&id));
    assert_eq!(w.state(&id), State::Declined);
}

#[test]
fn the_cashiers_word_about_the_phone_keeps_the_least_gap() {
    let mut w = World::new();
    let id = refused(&mut w);
    w.pass(300);
    w.phone(&id, PhoneAnswer::Yes);
    w.run(5 * SECOND, |_| Some(bare(-1)));
    assert!(w.times(&id).len() >= 2, "it is asked about again");
    assert!(gaps(&w.times(&id)).iter().all(|gap| *gap >= 1_000), "{:?}", w.times(&id));
}

#[test]
fn an_old_charge_taken_up_again_is_asked_about_at_once_and_then_at_its_age() {
    let mut w = World::new();
    let id = refused(&mut w);
    w.run(2 * DAY, |_| Some(bare(-1)));
    assert!(w.stored(&id).unwrap().watch_over);
    w.on(checkout::Fact::NextCustomer);
    let before = w.times(&id).len();
    assert_eq!(w.phone(&id, PhoneAnswer::Unsure).asked.len(), 1);
    w.query(&id, bare(-1));
    w.run(10 * MINUTE, |_| Some(bare(-1)));
    assert_eq!(w.times(&id).len() - before, 1, "once at once, then daily");
}

#[test]
fn the_window_as_a_whole_stays_under_ten_a_second_and_nobody_starves() {
    let mut w = World::new();
    let ids: Vec<_> = (0..140)
        .map(|n| {
            let bill = format!("B{n}");
            let id = w.begin(&bill, &format!("13{n:016}"));
            w.own(&id, open(&bill, &format!("66|0|{n}")));
            w.on(checkout::Fact::StopWaiting);
            id
        })
        .collect();
    w.restart();
    let start = w.mono;
    w.run(50 * SECOND, |q| Some(open(q.bill.as_str(), q.autoid.as_ref().unwrap().as_str())));
    let times: Vec<u64> = w.asked.iter().map(|(at, _)| *at).filter(|at| *at >= start).collect();
    for (n, at) in times.iter().enumerate() {
        let second = times[n..].iter().take_while(|t| **t < at + 1_000).count();
        assert!(second < 10, "{second} queries within a second");
    }
    for id in &ids {
        let asked = w.times(id).iter().filter(|at| **at >= start).count();
        assert!(asked >= 2, "{id} was asked about {asked} times while others were asked again and again");
    }
}

#[test]
fn the_after_watch_has_its_five_points_and_then_ends() {
    let mut w = World::new();
    let id = refused(&mut w);
    let start = w.mono;
    w.run(3 * DAY, |_| Some(bare(-1)));
    let after: Vec<u64> = w.times(&id).iter().filter(|at| **at > start).map(|at| at - start).collect();
    assert_eq!(after, [65 * SECOND, 200 * SECOND, 10 * MINUTE, HOUR, DAY]);
    assert!(w.stored(&id).unwrap().watch_over);
    assert_eq!(w.checkout.next_wake(), None, "and nothing waits for time");
}

#[test]
fn asking_by_hand_does_not_use_up_the_after_watch() {
    let mut w = World::new();
    let id = refused(&mut w);
    let start = w.mono;
    for _ in 0..8 {
        w.pass(2 * SECOND);
        assert_eq!(w.query_now(&id).asked.len(), 1);
        w.query(&id, bare(-1));
    }
    assert!(!w.stored(&id).unwrap().watch_over, "impatience does not end the watch");
    w.run(DAY, |_| Some(bare(-1)));
    let after: Vec<u64> = w.times(&id).into_iter().filter(|at| *at > start + 17 * SECOND).collect();
    assert_eq!(after.len(), 5);
    assert_eq!(after[0] - start, 65 * SECOND);
    assert_eq!(after[4] - start, DAY);
}

#[test]
fn points_missed_while_the_gateway_was_away_are_not_made_up_in_a_burst() {
    let mut w = World::new();
    let id = refused(&mut w);
    let start = w.mono;
    w.run(15 * MINUTE, |_| Some(lost()));
    assert_eq!(w.state(&id), State::Declined, "transport errors change no outcome");
    w.run(DAY, |_| Some(bare(-1)));
    let times = w.times(&id);
    assert!(gaps(&times).iter().all(|gap| *gap >= 1_000), "{times:?}");
    let late: Vec<u64> = times.into_iter().filter(|at| *at > start + 15 * MINUTE).collect();
    assert_eq!(late.len(), 3, "one answer that makes up for the lost ones, the hour, the day");
}

#[test]
fn transport_errors_back_off_and_change_nothing() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, open(BILL, "66|0|1"));
    w.run(50 * SECOND, |_| Some(unreachable()));
    let troubled = w.times(&id).len();
    assert!(troubled < 15, "backs off: {troubled}");
    assert!(gaps(&w.times(&id)).iter().all(|gap| *gap >= 1_000));
    assert_eq!(w.state(&id), State::Confirming);
    w.run(DAY, |_| Some(broken()));
    assert_eq!(w.state(&id), State::Parked, "a day of silence decides nothing");
    let records = w.journal.len();
    w.run(DAY, |_| Some(broken()));
    assert_eq!(w.journal.len(), records, "and the same silence is written down once");
}

#[test]
fn a_wall_clock_set_by_an_hour_changes_no_outcome_and_no_interval() {
    for jump in [-3_600_000_i64, 3_600_000] {
        let mut w = World::new();
        let id = w.begin(BILL, CODES[0]);
        w.own(&id, closed(BILL, "66|0|1"));
        w.jump(jump);
        w.pass(1_000);
        w.query_now(&id);
        w.query(&id, closed(BILL, "66|0|1"));
        assert_eq!(w.state(&id), State::Checking, "an hour on the wall is no five seconds");
        w.run(10 * SECOND, |_| Some(closed(BILL, "66|0|1")));
        assert_eq!(w.state(&id), State::Declined, "and five seconds are five seconds");

        let mut w = World::new();
        let id = w.begin(BILL, CODES[0]);
        w.own(&id, open(BILL, "66|0|1"));
        w.jump(jump);
        w.run(59 * SECOND, |_| Some(open(BILL, "66|0|1")));
        assert_eq!(w.state(&id), State::Confirming);
        w.restart();
        w.run(2 * DAY, |_| Some(bare(-7)));
        assert!(w.state(&id).is_undecided(), "a moved clock never closes a charge");
        w.query_now(&id);
        w.query(&id, paid(BILL, "66|0|1"));
        assert_eq!(w.state(&id), State::Paid);
    }
}

#[test]
fn the_five_seconds_of_a_final_word_begin_anew_with_a_start_and_the_first_sighting_is_kept() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, closed(BILL, "66|0|1"));
    w.pass(HOUR);
    w.restart();
    assert_eq!(w.stored(&id).unwrap().negative.as_deref(), Some("CLOSED"));
    w.pass(4_999);
    w.query_now(&id);
    w.query(&id, closed(BILL, "66|0|1"));
    assert!(w.state(&id).is_undecided(), "an hour of being switched off is no interval");
    w.pass(5_000);
    w.tick();
    w.query(&id, closed(BILL, "66|0|1"));
    assert_eq!(w.state(&id), State::Declined);
}

#[test]
fn without_a_serial_the_hundred_and_eighty_seconds_begin_anew_with_a_start() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, lost());
    w.run(170 * SECOND, |_| Some(closed(BILL, "")));
    w.restart();
    let start = w.mono;
    w.run(179 * SECOND, |_| Some(closed(BILL, "")));
    assert_eq!(w.stored(&id).unwrap().negative, None, "too early to count");
    assert!(w.state(&id).is_undecided(), "nor has it counted and ended the charge already");
    w.run(10 * MINUTE, |_| Some(closed(BILL, "")));
    assert_eq!(w.state(&id), State::Declined);
    let ended = w.stored(&id).unwrap().moved_at;
    let sighted = w.journal.iter().find(|r| kind(&r.event) == "negative").unwrap().at;
    assert!((ended - sighted).num_seconds() >= 60, "sixty seconds between the two sightings");
    let last = w.times(&id).into_iter().rfind(|at| *at < start + 5 * MINUTE).unwrap();
    assert!(last >= start + 240 * SECOND, "{}", last - start);
}

#[test]
fn everything_undecided_is_asked_about_right_after_a_start_spread_by_jitter() {
    let mut w = World::new();
    for n in 0..5 {
        let bill = format!("B{n}");
        let id = w.begin(&bill, &format!("13{n:016}"));
        w.own(&id, lost());
        w.on(checkout::Fact::StopWaiting);
    }
    w.pass(DAY);
    w.restart();
    let start = w.mono;
    w.run(2 * SECOND, |q| Some(open(q.bill.as_str(), "")));
    let mut asked: Vec<_> = w.asked.iter().filter(|(at, _)| *at >= start).collect();
    asked.dedup_by_key(|(_, q)| q.charge.clone());
    assert!(asked.len() >= 5, "{asked:?}");
    assert!(asked.iter().all(|(_, q)| q.autoid.is_none()));
}
