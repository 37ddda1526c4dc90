//! A long export: it tells how far it is, charges go on meanwhile, and it can be stopped.

mod window;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use checkout::event::{Event, Subject, Why};
use checkout::{Amount, BillNumber, Business, ChargeId, CodeTail, Fingerprint, Intent, Operator, Record, State, Wall};
use journal::{Journal, Stem};
use till::{ExportOrder, ExportProgress, LookError};
use window::{Window, bounded, code_for};

/// As many charges as a busy window has in two months.
const MANY: u32 = 30_000;
/// Charges that are written down together.
const TOGETHER: u32 = 5_000;

fn paid(n: u32, at: Wall) -> [Record; 2] {
    let intent = Intent {
        bill: BillNumber::parse(&format!("T{n:06}"), 20).expect("a bill"),
        amount: Amount::parse("260.00").expect("an amount"),
        business: Business::try_from(1).expect("a business"),
        operator: Operator::parse("S0107").expect("an operator"),
        card: None,
        wallet: "wechat".into(),
        code: CodeTail("13…6789".into()),
        fingerprint: Fingerprint(format!("f{n:063x}")),
    };
    let subject = Subject::Charge(ChargeId(format!("01J{n:023}")));
    let moved = Event::Moved { to: State::Paid, why: Why::PaidAtOnce, text: String::new() };
    [Event::Intent(intent), moved].map(|event| Record { at, subject: subject.clone(), event })
}

/// A window whose journal has so many charges of a day before today.
async fn window_with(charges: u32) -> Window {
    let window = Window::open().await;
    window.till.stop().await;
    let at: Wall = chrono::Local::now().fixed_offset() - std::time::Duration::from_secs(48 * 3_600);
    let folder = window.place.folder.path();
    let mut journal = Journal::open(folder, Stem::Journal, &journal::Options::new(at)).expect("a journal").journal;
    for from in (0..charges).step_by(TOGETHER as usize) {
        let records: Vec<Record> = (from..charges.min(from + TOGETHER)).flat_map(|n| paid(n, at)).collect();
        journal.append(&records).expect("charges");
    }
    drop(journal);
    let window = window.stopped_and_started().await;
    window.sign_in().await;
    window
}

type Exported = Result<PathBuf, LookError>;

/// An export on a thread of its own, which halts at each step of its progress until it is let on.
fn export(window: &Window, halts: impl FnMut(ExportProgress) + Send + 'static) -> std::thread::JoinHandle<Exported> {
    let till = window.till.clone();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let order = ExportOrder::parse("csv", "", "").expect("an order");
        runtime.block_on(till.export(order, &AtomicBool::new(false), halts))
    })
}

async fn joined(export: std::thread::JoinHandle<Exported>) -> Exported {
    let join = tokio::task::spawn_blocking(move || export.join().expect("no panic"));
    bounded("the export", join).await.expect("joined")
}

fn exports(window: &Window) -> Vec<String> {
    let all = std::fs::read_dir(window.place.file("exports")).expect("a folder").filter_map(Result::ok);
    all.map(|entry| entry.file_name().into_string().expect("a name")).filter(|n| n.contains("charges-")).collect()
}

#[tokio::test]
async fn a_long_export_tells_how_far_it_is_and_a_charge_goes_on_in_the_middle_of_it() {
    let window = window_with(MANY).await;
    let (told, progress) = mpsc::channel();
    let (go_on, halted) = mpsc::channel::<()>();
    let exporting = export(&window, move |now| {
        let first = now.written > 0 && now.written < now.total;
        told.send(now).expect("somebody listens");
        // From the first slice on until the charge is paid: then nobody can say that it had only been quick enough.
        if first {
            let _ = halted.recv();
        }
    });
    let (mut seen, progress) = tokio::task::spawn_blocking(move || {
        let seen: Vec<ExportProgress> = progress.iter().take(2).collect();
        (seen, progress)
    })
    .await
    .expect("told");
    assert_eq!(seen[0], ExportProgress { written: 0, total: MANY });
    assert!(seen[1].written > 0 && seen[1].written < MANY / 10, "a slice is a small part: {:?}", seen[1]);

    window.charge("T-NOW", &code_for("password")).await;
    window.until_front(State::Paid).await;
    drop(go_on);
    let path = joined(exporting).await.expect("exported");

    seen.extend(progress.iter());
    assert!(seen.is_sorted_by(|a, b| a.written < b.written && a.total == b.total), "it only rises");
    assert_eq!(seen.last(), Some(&ExportProgress { written: MANY, total: MANY }));
    let text = std::fs::read_to_string(&path).expect("written");
    assert_eq!(text.lines().count(), MANY as usize + 1, "a heading and every charge");
    assert!(!text.contains("T-NOW"), "what began meanwhile is for the next one");
    assert_eq!(exports(&window).len(), 1, "nothing else stays");
    window.nothing_twice();
}

#[tokio::test]
async fn a_stopped_export_leaves_nothing_behind() {
    let window = window_with(2_000).await;
    let stop = AtomicBool::new(false);
    let order = ExportOrder::parse("jsonl", "", "").expect("an order");
    let mut last = 0;
    let halt = |now: ExportProgress| {
        last = now.written;
        stop.store(now.written > 0, Ordering::Relaxed);
    };
    let stopped = bounded("the export", window.till.export(order, &stop, halt)).await;
    assert!(matches!(stopped, Err(LookError::Stopped)), "{stopped:?}");
    assert!(last > 0 && last < 2_000, "in the middle: {last}");
    assert!(exports(&window).is_empty(), "{:?}", exports(&window));
}

#[tokio::test]
async fn an_export_that_cannot_be_written_says_so_and_leaves_nothing() {
    let window = window_with(10).await;
    let folder = window.place.file("exports");
    std::fs::remove_dir_all(&folder).expect("gone");
    std::fs::write(&folder, "").expect("a file in its place");
    let order = ExportOrder::parse("csv", "", "").expect("an order");
    let failed = bounded("the export", window.till.export(order, &AtomicBool::new(false), |_| {})).await;
    assert!(matches!(failed, Err(LookError::File { .. })), "{failed:?}");
}
