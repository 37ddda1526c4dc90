//! The script: rules that choose a scenario by operation, bill, code and count; first match wins.

use anyhow::{Context as _, anyhow};
use serde::Deserialize;

use crate::ledger::same_bill;
use crate::scenario::{On, Scenario};
use crate::scenes::{self, Tuning};

/// Rules that choose scenarios, read with `Script::parse`: one JSON object a line; the first rule that
/// matches a request decides. Empty lines and lines that start with `#` are skipped.
///
/// A rule matches on any of these; what it does not name it does not look at:
///
/// | member | matches |
/// | --- | --- |
/// | `on` | the operation: `charge` (when absent), `query`, `begin`, `end`, `warm` |
/// | `bill` | the bill number, letter case ignored |
/// | `tail` | the end of the payment code (queries and recharges: of the bill's last charge) |
/// | `nth` | the how-manieth request of this kind for the bill, from 1 |
/// | `once` | `true`: the rule is spent by its first match |
///
/// `do` names the scenario (those of `TAILS`, and `word`, `status`, `held`, `honest`), or `by-tail` for
/// what would happen without a script. `queries`, `delay_ms`, `errcode`, `errmsg`, `word`, `status`,
/// `bytes` and `processed` change its numbers and words, see `Tuning`. A rule that names only `do` is the
/// default of its operation; it belongs at the end. Without one the payment code decides.
///
/// ```text
/// # The first charge of T1 is charged, but its answer is lost; then the customer takes four queries.
/// {"bill":"T1","nth":1,"do":"lost-answer"}
/// {"bill":"T2","do":"password","queries":4}
/// # One query is answered by a proxy; one charge is refused with the platform's own words.
/// {"on":"query","bill":"T1","nth":1,"do":"html"}
/// {"tail":"99","once":true,"do":"refused","errcode":40004,"errmsg":"余额不足"}
/// # HTTP 500 after the card was credited.
/// {"on":"end","once":true,"do":"status","status":500,"processed":true}
/// # Everybody else needs a password.
/// {"do":"password"}
/// ```
#[derive(Clone, Debug, Default)]
pub struct Script {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug, Deserialize)]
struct Rule {
    #[serde(default = "charge")]
    on: On,
    bill: Option<String>,
    tail: Option<String>,
    nth: Option<u32>,
    #[serde(default)]
    once: bool,
    #[serde(rename = "do")]
    id: String,
    #[serde(flatten)]
    tuning: Tuning,
    #[serde(skip)]
    spent: bool,
}

fn charge() -> On {
    On::Charge
}

/// What a rule may look at.
pub(crate) struct Asked<'a> {
    pub on: On,
    pub bill: Option<&'a str>,
    /// For queries and recharges: the code of the bill's last charge.
    pub code: Option<&'a str>,
    /// The how-manieth request of this kind for the bill.
    pub nth: u32,
}

/// The word for "as if there were no script".
const BY_TAIL: &str = "by-tail";

const KNOWN: &[&str] = &[
    "on",
    "bill",
    "tail",
    "nth",
    "once",
    "do",
    "queries",
    "delay_ms",
    "errcode",
    "errmsg",
    "word",
    "status",
    "bytes",
    "processed",
];

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// Says the line, and what is wrong with it.
    pub fn parse(text: &str) -> anyhow::Result<Script> {
        let mut rules = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            rules.push(rule(line).with_context(|| format!("script line {}", at + 1))?);
        }
        Ok(Script { rules })
    }

    /// The scenario of the first rule that matches; a single-use rule is spent by it.
    pub(crate) fn choose(&mut self, asked: &Asked<'_>) -> Option<Scenario> {
        let rule = self.rules.iter_mut().find(|rule| rule.matches(asked))?;
        rule.spent = rule.once;
        if rule.id == BY_TAIL {
            return None;
        }
        scenes::tuned(&rule.id, &rule.tuning)
    }
}

fn rule(line: &str) -> anyhow::Result<Rule> {
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line)?;
    if let Some(name) = members.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        return Err(anyhow!("no member is called '{name}'; allowed: {}", KNOWN.join(", ")));
    }
    let rule: Rule = serde_json::from_str(line)?;
    if rule.id != BY_TAIL && scenes::tuned(&rule.id, &rule.tuning).is_none() {
        return Err(anyhow!("no scenario is called '{}'", rule.id));
    }
    Ok(rule)
}

impl Rule {
    fn matches(&self, asked: &Asked<'_>) -> bool {
        let fits = |wanted: &Option<String>, there: Option<&str>, test: fn(&str, &str) -> bool| {
            wanted.as_deref().is_none_or(|wanted| there.is_some_and(|there| test(there, wanted)))
        };
        !self.spent
            && self.on == asked.on
            && self.nth.is_none_or(|nth| nth == asked.nth)
            && fits(&self.bill, asked.bill, same_bill)
            && fits(&self.tail, asked.code, |code, tail| code.ends_with(tail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(script: &mut Script, asked: &[(On, &str, &str, u32)]) -> Vec<String> {
        let choose = |(on, bill, code, nth): &(On, &str, &str, u32)| {
            let asked = Asked { on: *on, bill: Some(bill), code: Some(code), nth: *nth };
            script.choose(&asked).map_or_else(|| "-".to_owned(), |made| made.id)
        };
        asked.iter().map(choose).collect()
    }

    #[test]
    fn the_first_rule_that_matches_wins_and_single_use_rules_are_spent() {
        let text = r##"
            # the first charge of T1 is lost
            {"bill":"t1","nth":1,"do":"lost-answer"}
            {"tail":"77","once":true,"do":"refused"}
            {"on":"query","nth":2,"do":"broken"}
            {"tail":"00","do":"by-tail"}
            {"do":"password","queries":4}
        "##;
        let mut script = Script::parse(text).expect("reads");
        let asked = [
            (On::Charge, "T1", "77", 1),
            (On::Charge, "T1", "77", 2),
            (On::Charge, "T2", "77", 1),
            (On::Charge, "T2", "00", 1),
            (On::Query, "T1", "77", 1),
            (On::Query, "T1", "77", 2),
        ];
        assert_eq!(ids(&mut script, &asked), ["lost-answer", "refused", "password", "-", "-", "broken"]);
    }

    #[test]
    fn a_wrong_line_is_named_with_its_number() {
        let wrong = |text: &str| format!("{:#}", Script::parse(text).expect_err("wrong"));
        assert!(wrong("\n{\"do\":\"nonsense\"}").contains("line 2"));
        assert!(wrong("{\"do\":\"paid\",\"quereis\":1}").contains("quereis"));
    }
}
