//! The ledger as a table for people, printed when the simulator ends.

use std::fmt::Write as _;

use crate::ledger::{Charge, Ledger};
use crate::scenario::On;

/// What was taken, from whom, and how often; ends with the rules that were seen broken.
pub fn summary(ledger: &Ledger) -> String {
    let mut text = String::new();
    charges(&mut text, ledger);
    recharges(&mut text, ledger);
    totals(&mut text, ledger);
    broken_rules(&mut text, ledger);
    text
}

fn charges(text: &mut String, ledger: &Ledger) {
    if ledger.charges.is_empty() {
        text.push_str("no charges\n");
        return;
    }
    let head =
        ["time", "bill", "amount", "bus.", "operator", "code", "n/bill", "n/code", "queries", "money", "scenario"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(ledger.charges.iter().map(charge_row));
    table(text, &rows);
}

fn charge_row(charge: &Charge) -> Vec<String> {
    let money = match (charge.taken.is_some(), charge.returned, charge.known) {
        (true, true, _) => "returned",
        (true, false, _) if charge.booked => "taken, booked",
        (true, false, _) => "taken",
        (false, _, true) => "not taken",
        (false, _, false) => "never recorded",
    };
    vec![
        charge.at.format("%H:%M:%S%.3f").to_string(),
        charge.bill.clone(),
        charge.amount_text.clone(),
        charge.business.to_string(),
        charge.operator.clone(),
        charge.code.clone(),
        charge.nth_for_bill.to_string(),
        charge.nth_for_code.to_string(),
        charge.queries.to_string(),
        money.to_owned(),
        charge.scenario.clone(),
    ]
}

fn recharges(text: &mut String, ledger: &Ledger) {
    if ledger.recharges.is_empty() {
        return;
    }
    let head = ["recharge", "card", "asked", "begins", "ends", "credits", "credited"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(ledger.recharges.iter().map(|recharge| {
        vec![
            recharge.bill.clone(),
            recharge.card.clone().unwrap_or_else(|| "?".to_owned()),
            recharge.asked.map_or_else(|| "?".to_owned(), |asked| asked.to_string()),
            recharge.begins.to_string(),
            recharge.ends.to_string(),
            recharge.credits.to_string(),
            recharge.credited.to_string(),
        ]
    }));
    text.push('\n');
    table(text, &rows);
}

fn totals(text: &mut String, ledger: &Ledger) {
    let counts: Vec<String> = [On::Charge, On::Query, On::Begin, On::End, On::Warm]
        .into_iter()
        .map(|on| format!("{} {}", ledger.count_all(on), on.word()))
        .collect();
    let taken = ledger.charges.iter().filter(|charge| charge.taken.is_some()).count();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "\ntaken: {} yuan in {taken} charges; requests: {}", ledger.taken(), counts.join(", "));
}

fn broken_rules(text: &mut String, ledger: &Ledger) {
    for bill in ledger.taken_twice() {
        let _ = writeln!(text, "!! taken more than once: bill {bill}");
    }
    for charge in ledger.charges.iter().filter(|charge| charge.nth_for_code > 1) {
        let _ = writeln!(text, "!! payment code {} sent again (request {})", charge.code, charge.nth_for_code);
    }
    for recharge in &ledger.recharges {
        if recharge.credits > 1 {
            let _ = writeln!(text, "!! credited {} times: bill {}", recharge.credits, recharge.bill);
        }
        if recharge.ended_unpaid {
            let _ = writeln!(text, "!! End before the money was in: bill {}", recharge.bill);
        }
    }
}

fn table(text: &mut String, rows: &[Vec<String>]) {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}", width = *width)).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
}
