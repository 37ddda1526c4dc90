//! The command line. A payment code is never an argument: arguments are visible to the whole machine.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// The till of a ticket window (窗口收银), without a screen. Reads the same WICKET_HOME as `wicket`.
#[derive(Parser)]
#[command(version)]
pub struct Arguments {
    #[command(subcommand)]
    pub task: Task,
}

#[derive(Subcommand)]
pub enum Task {
    /// One charge; the payment code is one line on standard input, or the next scan on --scanner.
    Charge(Order),
    /// Goes on asking about everything undecided.
    Resume {
        /// Stop after so many seconds.
        #[arg(long)]
        wait: Option<u64>,
    },
    /// What is pending, oldest first.
    Pending {
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
        /// A copy of a journal instead of the till's own.
        #[arg(long, value_name = "FILE")]
        journal: Option<PathBuf>,
    },
    /// Charges, newest first.
    History {
        /// Of this bill only.
        #[arg(long, value_name = "NO")]
        bill: Option<String>,
        /// At most so many.
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
        /// A copy of a journal instead of the till's own.
        #[arg(long, value_name = "FILE")]
        journal: Option<PathBuf>,
    },
    /// A supervisor's decision; the PIN is one line on standard input.
    Settle(Decision),
    /// Sets a supervisor's PIN; standard input: the PIN of a supervisor, if there is one yet, then the new PIN.
    SetPin {
        /// Whose.
        #[arg(long, value_name = "NAME")]
        name: String,
        /// Takes the name away instead; standard input: the PIN of a supervisor.
        #[arg(long)]
        remove: bool,
    },
    /// Takes the file `secret` that lies there now, or a new one, as the journal's key: the way back after a lost key or a
    /// forgotten PIN (take the old file away first). Every PIN becomes void; the journal keeps who did it.
    ReplaceSecret {
        /// Who does it.
        #[arg(long, value_name = "NAME")]
        by: String,
        /// It is meant.
        #[arg(long)]
        yes: bool,
    },
    /// Asks the gateway harmless questions and says what it learnt.
    Check,
    /// Checks chain and witness of the journal.
    Verify {
        /// A copy of a journal instead of the till's own.
        #[arg(long, value_name = "FILE")]
        journal: Option<PathBuf>,
    },
    /// Charges for the office.
    Export(Export),
    /// Remembers the scanner that reads the code shown here.
    PairScanner,
    /// The simulated gateway.
    GatewaySim {
        /// Where to listen, for example 127.0.0.1:8080.
        #[arg(long, value_name = "ADDRESS")]
        listen: SocketAddr,
        /// Which misbehaviour when: one JSON rule a line.
        #[arg(long, value_name = "FILE")]
        script: Option<PathBuf>,
    },
}

/// One charge.
#[derive(Args)]
pub struct Order {
    /// Operator number.
    #[arg(long, value_name = "NO")]
    pub operator: String,
    /// Business, 1 to 7.
    #[arg(long, value_name = "1..7")]
    pub business: u8,
    /// Bill number.
    #[arg(long, value_name = "NO")]
    pub bill: String,
    /// Amount in yuan, for example 260.00.
    #[arg(long, value_name = "YUAN", allow_hyphen_values = true)]
    pub amount: String,
    /// Card number, for business 7.
    #[arg(long, value_name = "NO", default_value = "")]
    pub card: String,
    /// How long to wait for the outcome, seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 75)]
    pub wait: u64,
    /// Take the code from the next scan on this port instead of standard input.
    #[arg(long, value_name = "PORT")]
    pub scanner: Option<String>,
    /// The bill was refused before, and the customer's phone shows no payment.
    #[arg(long)]
    pub phone_shows_no_payment: bool,
}

/// What a supervisor decides.
#[derive(Args)]
pub struct Decision {
    /// About which charge.
    #[arg(long, value_name = "ID")]
    pub charge: String,
    /// What: paid, not-paid, credit-now, credited, not-credited, applied, refund or release.
    #[arg(long = "as", value_name = "WORD")]
    pub word: String,
    /// Who.
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// What was seen, for example the wallet's own order number.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub evidence: String,
}

/// What to export, and how.
#[derive(Args)]
pub struct Export {
    /// The form.
    #[arg(long, value_enum)]
    pub format: Format,
    /// First day, for example 2026-06-01.
    #[arg(long, value_name = "DATE")]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[arg(long, value_name = "DATE")]
    pub to: Option<NaiveDate>,
    /// Where to; standard output if left out.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// A copy of a journal instead of the till's own.
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Format {
    /// For spreadsheets.
    Csv,
    /// One JSON object a line.
    Jsonl,
}
