//! What the tests of the journal share: a folder, a clock, records.
#![allow(dead_code, missing_docs)]

use std::path::{Path, PathBuf};

use checkout::event::{Said, Why};
use checkout::{
    Amount, AutoId, BillNumber, Business, CardNumber, ChargeId, CodeTail, Event, Fingerprint, Intent, Operator, Record,
    State, Subject, Wall,
};
use journal::{Found, Journal, OpenError, Opened, Options, Stem};
use tempfile::TempDir;

pub struct Folder {
    dir: TempDir,
}

impl Folder {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a folder") }
    }

    /// In memory where there is such a place: for tests that open a journal thousands of times.
    pub fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        let dir = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
        Self { dir: dir.expect("a folder") }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn open(&self) -> (Journal, Found) {
        let Opened { journal, found } = self.try_open().expect("opens");
        (journal, found)
    }

    pub fn try_open(&self) -> Result<Opened, OpenError> {
        Journal::open(self.path(), Stem::Journal, &options())
    }

    /// A second folder with the same files, as another program would see them after a crash.
    pub fn copy(&self) -> Self {
        let beside = self.path().parent().expect("a folder of folders");
        let other = Self { dir: TempDir::new_in(beside).expect("a folder") };
        for entry in std::fs::read_dir(self.path()).expect("folder") {
            let entry = entry.expect("entry");
            std::fs::copy(entry.path(), other.path().join(entry.file_name())).expect("copy");
        }
        other
    }

    /// Changes the closed journal behind its back, and covers the traces.
    pub fn tamper(&self, sql: &str) {
        let conn = rusqlite::Connection::open(self.file("journal.db")).expect("opens");
        let triggers: Vec<(String, String)> = conn
            .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
            .expect("a schema")
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("triggers")
            .map(|row| row.expect("a trigger"))
            .collect();
        for (name, _) in &triggers {
            conn.execute_batch(&format!("DROP TRIGGER {name}")).expect("drops");
        }
        conn.execute_batch(sql).expect("tampers");
        for (_, sql) in &triggers {
            conn.execute_batch(sql).expect("covers");
        }
    }
}

pub fn options() -> Options {
    Options { ballast: 0, ..Options::new(at(0)) }
}

/// So many seconds after nine in the morning of the first of June.
pub fn at(seconds: i64) -> Wall {
    let start = Wall::parse_from_rfc3339("2026-06-01T09:00:00.120+08:00").expect("a time");
    start + chrono::Duration::seconds(seconds)
}

pub fn id(n: u32) -> ChargeId {
    ChargeId(format!("01J{n:023}"))
}

pub fn fingerprint(n: u32) -> Fingerprint {
    Fingerprint(format!("{:064x}", u64::from(n) + 0xabcd_ef00_0000))
}

pub fn about(n: u32, seconds: i64, event: Event) -> Record {
    Record { at: at(seconds), subject: Subject::Charge(id(n)), event }
}

pub fn intent_of(n: u32, bill: &str, fen: i64) -> Intent {
    Intent {
        bill: BillNumber::parse(bill, 32).expect("a bill"),
        amount: Amount::from_fen(fen).expect("an amount"),
        business: Business::Tickets,
        operator: Operator::parse("1001").expect("an operator"),
        card: None,
        wallet: "微信".into(),
        code: CodeTail::of("134567890123456789"),
        fingerprint: fingerprint(n),
    }
}

pub fn intent(n: u32) -> Record {
    let intent = intent_of(n, &format!("T{n}"), 26_000 + i64::from(n));
    about(n, i64::from(n) * 60, Event::Intent(intent))
}

/// The beginning of a recharge, some seconds before its scan would be; it holds no code.
pub fn beginning(n: u32) -> Record {
    let mut record = scanned(n, n);
    record.at = at(i64::from(n) * 60 - 30);
    if let Event::Intent(intent) = record.event {
        let empty = Intent {
            wallet: String::new(),
            code: CodeTail(String::new()),
            fingerprint: Fingerprint(String::new()),
            ..intent
        };
        record.event = Event::Beginning(empty);
    }
    record
}

/// The scan of a recharge with the code of this number.
pub fn scanned(n: u32, code: u32) -> Record {
    let intent = Intent {
        business: Business::Recharge,
        card: CardNumber::parse(&format!("C{n}")).ok(),
        fingerprint: fingerprint(code),
        ..intent_of(n, &format!("R{n}"), 5_000 + i64::from(n))
    };
    about(n, i64::from(n) * 60, Event::Intent(intent))
}

pub fn moved(n: u32, to: State, why: Why) -> Record {
    let text = if to == State::Paid { "支付成功" } else { "" };
    let event = Event::Moved { to, why, text: text.into() };
    about(n, i64::from(n) * 60 + 5, event)
}

pub fn receipt(n: u32) -> Record {
    let autoid = AutoId::new(&format!("A{n}")).expect("a serial");
    about(n, i64::from(n) * 60 + 5, Event::Receipt { autoid })
}

pub fn paid(n: u32) -> Vec<Record> {
    vec![receipt(n), moved(n, State::Paid, Why::PaidAtOnce)]
}

pub fn lost(n: u32) -> Record {
    let said = Said::Lost { how: checkout::Loss::Timeout };
    moved(n, State::Checking, Why::NotCertain { said })
}

/// Five charges: four paid, the last still open; 13 records.
pub fn a_morning(journal: &mut Journal) {
    for n in 1..=4 {
        journal.append(&[intent(n)]).expect("appends");
        journal.append(&paid(n)).expect("appends");
    }
    journal.append(&[intent(5)]).expect("appends");
}

/// Runs the background check to its end.
pub fn audit(journal: &mut Journal) -> journal::Audit {
    loop {
        match journal.audit(at(9_000), 4).expect("audits") {
            journal::Audit::More { .. } => {}
            end => return end,
        }
    }
}

/// The bodies of all records of a closed journal, read with nothing but SQLite.
pub fn bodies(db: &Path) -> Vec<String> {
    let conn = rusqlite::Connection::open(db).expect("opens");
    let mut statement = conn.prepare("SELECT body FROM records ORDER BY seq").expect("a table");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("a row")).collect()
}
