//! `wicket`: the till with a screen. `wicket --training` practises against a simulated gateway.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

use std::process::ExitCode;

use clap::Parser;

/// The till of a ticket window (窗口收银).
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Practise: a simulated gateway, a journal of its own, an on-screen scanner; no money moves.
    #[arg(long)]
    training: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match wicket::run(arguments.training) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            wicket::say(&error);
            ExitCode::FAILURE
        }
    }
}
