//! The only code that says `tauri`: screens, commands, events. Everything else is the till's.

pub mod bindings;
mod closing;
mod commands;
mod customer;
#[cfg(target_os = "linux")]
mod elsewhere;
#[cfg(target_os = "linux")]
mod keys;
mod looking;
mod machine;
mod office;
mod page;
#[cfg(windows)]
mod raw;
mod screen;
mod training;

use anyhow::Context;
use till::ending::{Ending, HURRIED};
use till::home::Home;
use till::{Options, Till};

/// Runs the till with its screen until the screen is closed.
///
/// # Errors
/// In a sentence for people: no display, bad settings, another till at work, a journal that cannot be opened.
pub fn run(training: bool) -> anyhow::Result<()> {
    machine::prepare()?;
    let home = Home::find()?;
    let _logs = till::logs::start(&home, false)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the program could not start its threads")?;
    let config = till::config::Config::load(&home.config_file())?;
    let (config, lessons) = match training {
        true => {
            let lessons = runtime.block_on(training::Lessons::begin())?;
            (config.for_training(lessons.base_url()), Some(lessons))
        }
        false => (config, None),
    };
    let web = home.web();
    let ending = runtime.block_on(async { Ending::listen() }).context("the system does not tell when to end")?;
    let till = runtime.block_on(Till::start(Options { home, config, training }))?;
    runtime.block_on(till.begin_set_up())?;
    let outcome = screen::show(runtime.handle(), &till, lessons, web, ending.clone());
    runtime.block_on(async {
        match ending.was_told() {
            true => till.stop_within(HURRIED).await,
            false => till.stop().await,
        }
    });
    outcome
}

/// Says an error to whoever started the program.
pub fn say(error: &anyhow::Error) {
    use std::io::Write;
    // There is nowhere left to report a failure of this.
    let _ = writeln!(std::io::stderr(), "wicket: {error:#}");
}
