//! The script: rules that choose a scenario by operation, bill, code and count; first match wins.

use anyhow::{Context as _, anyhow};
use serde::Deserialize;

use crate::ledger::same_bill;
use crate::scenario::{On, Scenario};
use crate::scenes::{self, Tuning};

/// A script, read with `Script::parse`; its format stands in the crate's documentation.
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
    /// Reads a script: one JSON object a line; empty lines and lines that start with `#` are skipped.
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
        return Err(anyhow!(
            "no member is called '{name}'; allowed: {}",
            KNOWN.join(", ")
        ));
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
            wanted
                .as_deref()
                .is_none_or(|wanted| there.is_some_and(|there| test(there, wanted)))
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
            let asked = Asked {
                on: *on,
                bill: Some(bill),
                code: Some(code),
                nth: *nth,
            };
            script
                .choose(&asked)
                .map_or_else(|| "-".to_owned(), |made| made.id)
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
        assert_eq!(
            ids(&mut script, &asked),
            ["lost-answer", "refused", "password", "-", "-", "broken"]
        );
    }

    #[test]
    fn a_wrong_line_is_named_with_its_number() {
        let wrong = |text: &str| format!("{:#}", Script::parse(text).expect_err("wrong"));
        assert!(wrong("\n{\"do\":\"nonsense\"}").contains("line 2"));
        assert!(wrong("{\"do\":\"paid\",\"quereis\":1}").contains("quereis"));
    }
}
