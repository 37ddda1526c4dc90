//! `wicketctl check`: harmless questions to the gateway.

use gateway::{Gateway, Grade};
use till::config::Config;
use till::home::Home;

use crate::outcome::Outcome;
use crate::speak;

pub async fn run() -> anyhow::Result<Outcome> {
    let config = Config::load(&Home::find()?.config_file())?;
    let settings = config.gateway_settings();
    anyhow::ensure!(
        !settings.base_url.is_empty(),
        "no gateway address is set: write it into wicket.toml as gateway.base_url, then check again"
    );
    let findings = Gateway::new(&settings)?.check().await;
    for finding in &findings {
        let grade = match finding.grade {
            Grade::Ok => "ok  ",
            Grade::Warn => "warn",
            Grade::Bad => "BAD ",
        };
        speak::plain(&format!("{grade}  {}", finding.text))?;
    }
    let bad = findings.iter().any(|finding| finding.grade == Grade::Bad);
    Ok(if bad { Outcome::Failed } else { Outcome::Done })
}
