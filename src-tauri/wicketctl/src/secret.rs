//! `wicketctl replace-secret`: the way back after a lost key file or a forgotten PIN; it leaves its trace in the journal.

use anyhow::Context;
use journal::{Journal, Options, Stem};
use till::home::Home;

use crate::outcome::Outcome;
use crate::speak;

pub fn replace(by: &str, yes: bool) -> anyhow::Result<Outcome> {
    let name = by.trim();
    if name.is_empty() || !yes {
        speak::to_person(
            "replacing the file `secret` makes every PIN void and every payment code used before unknown; say who does \
             it with --by NAME, and --yes. Nothing was changed",
        );
        return Ok(Outcome::Refused);
    }
    let home = Home::find()?;
    let _lock = home.lock()?;
    let now = chrono::Local::now().fixed_offset();
    let mut opened = Journal::open(home.folder(), Stem::Journal, &Options::new(now))?;
    opened.journal.replace_secret(now, name).context("the key was not replaced")?;
    speak::to_person("the journal has taken the key; set the supervisors' PINs anew with `wicketctl set-pin`");
    Ok(Outcome::Done)
}
