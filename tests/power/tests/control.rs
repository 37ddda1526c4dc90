//! What the disk of these tests does to SQLite without a journal around it: it loses what may be lost, and nothing else.

use std::path::Path;

use power::{Disk, Fault, File, Image, Luck, record};
use rusqlite::Connection;
use tempfile::TempDir;

const ROWS: i64 = 12;

struct Dice(fastrand::Rng);

impl Luck for Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0.usize(..end)
    }
}

/// How a program uses its database.
#[derive(Clone, Copy)]
struct Habit {
    synchronous: &'static str,
    /// Whether it begins with a truncating checkpoint, as the journal does.
    empties_the_log: bool,
}

const FULL: Habit = Habit { synchronous: "FULL", empties_the_log: true };

fn open(dir: &Path, habit: Habit) -> rusqlite::Result<Connection> {
    let conn = Connection::open(dir.join("journal.db"))?;
    let settings = format!(
        "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous={}; \
         CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, text TEXT)",
        habit.synchronous
    );
    if habit.empties_the_log {
        conn.execute_batch("PRAGMA locking_mode=EXCLUSIVE; PRAGMA wal_checkpoint(TRUNCATE)")?;
    }
    conn.execute_batch(&settings)?;
    Ok(conn)
}

fn add(conn: &Connection, n: i64) -> bool {
    conn.execute("INSERT INTO t VALUES (?1, ?2)", (n, "x".repeat(300))).is_ok()
}

fn rows(dir: &Path) -> rusqlite::Result<i64> {
    open(dir, FULL)?.query_row("SELECT count(*) FROM t", [], |row| row.get(0))
}

fn store(dir: &Path, image: &Image) {
    for (file, name) in
        [(File::Db, "journal.db"), (File::Wal, "journal.db-wal"), (File::Rollback, "journal.db-journal")]
    {
        match image.file(file) {
            Some(bytes) => std::fs::write(dir.join(name), bytes).expect("writes"),
            None => drop(std::fs::remove_file(dir.join(name))),
        }
    }
}

/// In how many of so many cuts an acknowledged row was gone. Leaves without closing, as a program that is killed.
fn losses(habit: Habit, fault: bool) -> usize {
    power::install();
    let mut dice = Dice(fastrand::Rng::with_seed(7));
    let mut lost = 0;
    for round in 0..150 {
        let dir = TempDir::new().expect("a folder");
        drop(open(dir.path(), FULL).expect("a first start"));
        let mut image = Image::default();
        image.files[File::Db as usize] = std::fs::read(dir.path().join("journal.db")).ok();
        let disk =
            Disk { fault: Fault { after: 12 + round % 9, lasts: usize::from(fault), full: false }, ..Disk::default() };
        let (told, tape) = record(disk, || {
            let mut told = work(dir.path(), habit, 0);
            // Killed by the failure, and started again in the same boot.
            if told < ROWS {
                told = work(dir.path(), habit, 1_000).max(told);
            }
            told
        });
        let cut = tape.cut(&image, tape.ops.len(), &mut dice);
        store(dir.path(), &cut);
        lost += usize::from(rows(dir.path()).map_or(true, |there| there < told));
    }
    lost
}

/// Adds rows until one fails; back comes how many rows there were then, as far as anybody was told.
fn work(dir: &Path, habit: Habit, from: i64) -> i64 {
    let Ok(conn) = open(dir, habit) else { return 0 };
    let there = |conn: &Connection| conn.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap_or(0);
    let mut told = if from == 0 { 0 } else { there(&conn) };
    for n in from..from + ROWS {
        if !add(&conn, n) {
            break;
        }
        told += 1;
    }
    // A killed program closes nothing, and its locks go with it.
    leave(conn);
    told
}

/// Ends a connection as a kill does: nothing is written any more.
fn leave(conn: Connection) {
    let setting = rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
    conn.set_db_config(setting, true).expect("a setting");
}

#[test]
fn what_is_flushed_before_it_is_told_is_there_after_a_cut() {
    assert_eq!(losses(FULL, false), 0);
}

#[test]
fn what_is_told_before_it_is_flushed_is_lost() {
    let lost = losses(Habit { synchronous: "NORMAL", ..FULL }, false);
    assert!(lost > 40, "{lost} of 150");
}

#[test]
fn after_a_failed_flush_and_a_kill_only_an_emptied_log_keeps_what_is_told_next() {
    assert_eq!(losses(FULL, true), 0);
    let lost = losses(Habit { empties_the_log: false, ..FULL }, true);
    assert!(lost > 20, "{lost} of 150");
}
