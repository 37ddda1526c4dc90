//! `wicketctl`: the same till without a screen, for scripts, support and tests. Words and exit codes: docs/contract.md.

mod arguments;
mod charge;
mod check;
mod listing;
mod outcome;
mod pair;
mod resume;
mod secret;
mod settle;
mod simulate;
mod speak;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Task};
use outcome::Outcome;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors; a failure to print has nowhere to go.
            let _ = error.print();
            return if error.use_stderr() { Outcome::Refused.into() } else { ExitCode::SUCCESS };
        }
    };
    match no_core_dumps().and_then(|()| run(arguments.task)) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            speak::to_person(&format!("wicketctl: {error:#}"));
            Outcome::Failed.into()
        }
    }
}

/// A core dump could hold a payment code.
#[cfg(unix)]
fn no_core_dumps() -> anyhow::Result<()> {
    Ok(rlimit::setrlimit(rlimit::Resource::CORE, 0, 0)?)
}

/// Elsewhere there are none unless somebody asks the system for them.
#[cfg(not(unix))]
fn no_core_dumps() -> anyhow::Result<()> {
    Ok(())
}

fn run(task: Task) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let outcome = runtime.block_on(async {
        match task {
            Task::Charge(order) => charge::run(order).await,
            Task::Resume { wait } => resume::run(wait).await,
            Task::Pending { json, journal } => listing::pending(json, journal.as_deref()),
            Task::History { bill, limit, json, journal } => {
                listing::history(bill.as_deref(), limit, json, journal.as_deref())
            }
            Task::Verify { journal } => listing::verify(journal.as_deref()),
            Task::Export(export) => listing::export(&export),
            Task::Settle(decision) => settle::run(decision).await,
            Task::SetPin { name, remove } => settle::set_pin(name, remove).await,
            Task::ReplaceSecret { by, yes } => secret::replace(&by, yes),
            Task::Check => check::run().await,
            Task::PairScanner => pair::run().await,
            Task::GatewaySim { listen, script } => simulate::run(listen, script.as_deref()).await,
        }
    });
    // Somebody told to end while standard input is waited for would wait for it all the same.
    runtime.shutdown_background();
    outcome
}
