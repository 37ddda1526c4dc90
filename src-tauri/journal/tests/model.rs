//! Any sequence of records: what the read models say is what the records say, before and after they are made again.

mod support;

use checkout::event::{Said, Why};
use checkout::{Amount, AutoId, Charge, Event, Fingerprint, PhoneAnswer, Record, State, Subject};
use journal::{Books, HistoryFilter, verify};
use proptest::prelude::*;
use support::*;

const CHARGES: u32 = 6;

fn event() -> impl Strategy<Value = Event> {
    let state = prop::sample::select(State::ALL.to_vec());
    prop_oneof![
        4 => state.prop_map(|to| Event::Moved { to, why: Why::StoppedByCashier, text: "已转后台".into() }),
        1 => (0..9_u32).prop_map(|n| Event::Receipt { autoid: AutoId::new(&format!("A{n}")).expect("a serial") }),
        1 => Just(Event::Answered { said: Said::StillOpen }),
        1 => Just(Event::NegativeSeen { word: "CLOSED".into() }),
        1 => Just(Event::NegativeDropped),
        1 => Just(Event::Refused { errcode: 7, text: "余额不足".into() }),
        1 => Just(Event::PhoneShows { answer: PhoneAnswer::Unsure }),
        1 => Just(Event::NoticeRaised),
        1 => Just(Event::NoticeTaken),
        1 => Just(Event::LeftToPlatform),
        1 => amount().prop_map(|amount| Event::Crediting { amount }),
        2 => Just(Event::WatchEnded),
    ]
}

fn amount() -> impl Strategy<Value = Amount> {
    (1..9_000_i64).prop_map(|fen| Amount::from_fen(fen).expect("an amount"))
}

fn record() -> impl Strategy<Value = Record> {
    let charge = 0..CHARGES;
    prop_oneof![
        3 => charge.clone().prop_map(intent),
        2 => charge.clone().prop_map(beginning),
        2 => (charge.clone(), 0..3 * CHARGES).prop_map(|(n, code)| scanned(n, code)),
        9 => (charge, 0..200_000_i64, event()).prop_map(|(n, seconds, event)| about(n, seconds, event)),
        1 => Just(Record { at: at(3), subject: Subject::Till, event: Event::SignedOut }),
    ]
}

/// Everything the read models can say.
fn answers(books: Books<'_>) -> Vec<Vec<Charge>> {
    let mut all = vec![
        books.open_charges().expect("open"),
        books.pending().expect("pending"),
        books.newest_charge().expect("newest").into_iter().collect(),
    ];
    let history = |filter| books.history(&filter).expect("history");
    all.push(history(HistoryFilter::default()));
    for state in State::ALL {
        let state = Some(state);
        all.push(history(HistoryFilter { state, ..Default::default() }));
    }
    for n in 0..CHARGES {
        let bill = intent_of(n, &format!("T{n}"), 1).bill;
        all.push(books.bill_past(&bill.key()).expect("past"));
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn read_models_are_what_the_records_say(batches in prop::collection::vec(prop::collection::vec(record(), 1..4), 1..25)) {
        let folder = Folder::new();
        let (mut journal, _) = folder.open();
        let mut kept: Vec<Record> = Vec::new();
        for batch in batches {
            // An intent or a beginning too many is refused with its whole batch, and leaves nothing behind.
            if journal.append(&batch).is_ok() {
                kept.extend(batch);
            }
        }
        let books = journal.books().expect("books");
        let charges: Vec<Charge> = (0..CHARGES)
            .filter_map(|n| Charge::replay(kept.iter().filter(|record| record.subject == Subject::Charge(id(n)))))
            .collect();
        let sorted = |mut charges: Vec<Charge>| {
            charges.sort_by_key(|charge| charge.id.clone());
            charges
        };
        let those = |fits: fn(&Charge) -> bool| charges.iter().filter(|charge| fits(charge)).cloned().collect::<Vec<_>>();
        prop_assert_eq!(sorted(books.open_charges().expect("open")), those(Charge::is_open));
        prop_assert_eq!(sorted(books.pending().expect("pending")), those(Charge::is_pending));
        for record in &kept {
            if let (Subject::Charge(id), Event::Intent(intent)) = (&record.subject, &record.event) {
                let used = books.used_by(&intent.fingerprint).expect("used");
                prop_assert_eq!(used.as_ref(), Some(id));
            }
        }
        prop_assert_eq!(books.used_by(&Fingerprint(String::new())).expect("used"), None);
        let before = answers(books);
        prop_assert_eq!(audit(&mut journal), journal::Audit::Clean);
        journal.rebuild().expect("rebuilds");
        prop_assert_eq!(answers(journal.books().expect("books")), before.clone());
        drop(journal);
        let (journal, found) = folder.open();
        prop_assert_eq!(found.gate, None);
        prop_assert_eq!(answers(journal.books().expect("books")), before);
        prop_assert_eq!(found.head.seq, kept.len() as i64);
        drop(journal);
        let report = verify(&folder.file("journal.db")).expect("verifies");
        prop_assert!(report.is_whole() && !report.caches_wrong);
    }
}
