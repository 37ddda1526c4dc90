//! What can be asked of a journal: every charge in an answer is folded from its records, the caches only find it.

use checkout::{BillKey, Charge, ChargeId, Fingerprint, Operator, Record, State};
use chrono::NaiveDate;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::chain::Head;
use crate::error::ReadError;
use crate::{models, records};

/// A journal, or a copy of one, open for questions.
#[derive(Clone, Copy)]
pub struct Books<'a> {
    conn: &'a Connection,
}

/// One charge with everything that was written about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The charge as it stands.
    pub charge: Charge,
    /// Its records, oldest first.
    pub records: Vec<Record>,
}

/// Which charges to list; what is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct HistoryFilter {
    /// Of this bill.
    pub bill: Option<BillKey>,
    /// By this operator.
    pub operator: Option<Operator>,
    /// For this card, exactly as it was entered.
    pub card: Option<String>,
    /// Whose payment code ended in these four characters; all that is kept of it but its first two.
    pub code: Option<String>,
    /// Of this amount, fen.
    pub amount: Option<i64>,
    /// In this state.
    pub state: Option<State>,
    /// Sent on this local day or later.
    pub from: Option<NaiveDate>,
    /// Sent on this local day or earlier.
    pub to: Option<NaiveDate>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// The charges of one day in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaySum {
    /// The state they are in now.
    pub state: State,
    /// How many.
    pub count: i64,
    /// Their sum, fen.
    pub fen: i64,
}

impl<'a> Books<'a> {
    pub(crate) fn new(conn: &'a Connection) -> Self {
        Self { conn }
    }

    /// Everything a start must load: undecided, waiting for a person, on the after-watch, or with a notice. Oldest first.
    pub fn open_charges(&self) -> Result<Vec<Charge>, ReadError> {
        self.charges("WHERE open = 1 ORDER BY seq", vec![])
    }

    /// Every charge there ever was of this bill, oldest first (`one-open-charge`).
    pub fn bill_past(&self, bill: &BillKey) -> Result<Vec<Charge>, ReadError> {
        self.charges("WHERE bill_key = ? ORDER BY seq", vec![text(bill.as_str())])
    }

    /// The charge that this payment code was submitted in (`code-once`).
    pub fn used_by(&self, fingerprint: &Fingerprint) -> Result<Option<ChargeId>, ReadError> {
        Ok(models::used_by(self.conn, &fingerprint.0)?)
    }

    /// One charge with its records.
    pub fn charge(&self, id: &ChargeId) -> Result<Option<Timeline>, ReadError> {
        let records: Vec<_> = records::of_charge(self.conn, id)?.into_iter().map(|(_, record)| record).collect();
        Ok(Charge::replay(&records).map(|charge| Timeline { charge, records }))
    }

    /// The charge sent last; a recharge that waits for its scan counts from its beginning.
    pub fn newest_charge(&self) -> Result<Option<Charge>, ReadError> {
        let mut newest = self.charges("ORDER BY seq DESC LIMIT 1", vec![])?;
        Ok(newest.pop())
    }

    /// The supervisor's list (待处理): every charge that waits for a person, oldest first.
    pub fn pending(&self) -> Result<Vec<Charge>, ReadError> {
        // What is pending is open, so the index of the open ones finds it.
        self.charges("WHERE open = 1 AND pending = 1 ORDER BY seq", vec![])
    }

    /// Charges, newest first.
    pub fn history(&self, filter: &HistoryFilter) -> Result<Vec<Charge>, ReadError> {
        let (mut clause, mut values) = filter.clause();
        clause.push_str(" ORDER BY seq DESC");
        if let Some(limit) = filter.limit {
            clause.push_str(" LIMIT ?");
            values.push(Value::Integer(limit.into()));
        }
        self.charges(&clause, values)
    }

    /// How many charges were sent on a local day, and for how much, by the state they are in now. Empty states are left out.
    pub fn day_sums(&self, day: NaiveDate) -> Result<Vec<DaySum>, ReadError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT state, count(*), sum(fen) FROM charges WHERE sent_on = ?1 GROUP BY state")?;
        let rows =
            statement.query_map([day.to_string()], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)))?;
        let mut sums = Vec::new();
        for row in rows {
            let (word, count, fen) = row?;
            if let Some(state) = models::state(&word) {
                sums.push(DaySum { state, count, fen });
            }
        }
        sums.sort_by_key(|sum| sum.state);
        Ok(sums)
    }

    /// The local days on which charges were sent, newest first, with how many.
    pub fn days(&self) -> Result<Vec<(NaiveDate, i64)>, ReadError> {
        let mut statement =
            self.conn.prepare_cached("SELECT sent_on, count(*) FROM charges GROUP BY sent_on ORDER BY sent_on DESC")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        let mut days = Vec::new();
        for row in rows {
            let (day, count) = row?;
            // The column is written from a date; a damaged one is found by the audit.
            if let Ok(day) = day.parse() {
                days.push((day, count));
            }
        }
        Ok(days)
    }

    /// All records about supervisors (PINs set, removed and refused, sessions, a replaced key), oldest first.
    ///
    /// A damaged one is left out: while the gate says that the chain is broken, what they add up to is not certain.
    pub fn till_records(&self) -> Result<Vec<Record>, ReadError> {
        records::about_supervisors(self.conn)
    }

    /// The last record's number and hash.
    pub fn head(&self) -> Result<Head, ReadError> {
        Ok(records::head(self.conn)?)
    }

    /// The ids of the charges that fit, in the order in which they were sent.
    pub fn sent(&self, filter: &HistoryFilter) -> Result<Vec<ChargeId>, ReadError> {
        let (mut clause, values) = filter.clause();
        clause.push_str(" ORDER BY seq");
        self.ids(&clause, values)
    }

    /// The newest record with this word in a `Noted` event, for tests and support.
    pub fn newest_noted(&self, what: &str) -> Result<Option<Record>, ReadError> {
        let body: Option<String> = self
            .conn
            .query_row(
                "SELECT body FROM records WHERE event = 'noted' AND json_extract(body, '$.what') = ?1 \
                 ORDER BY seq DESC LIMIT 1",
                [what],
                |row| row.get(0),
            )
            .optional()?;
        Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
    }

    fn charges(&self, clause: &str, values: Vec<Value>) -> Result<Vec<Charge>, ReadError> {
        let mut charges = Vec::new();
        for id in self.ids(clause, values)? {
            match models::fold(self.conn, &id)? {
                Some(folded) => charges.push(folded.charge),
                None => tracing::error!(charge = %id, "its first record is damaged"),
            }
        }
        Ok(charges)
    }

    fn ids(&self, clause: &str, values: Vec<Value>) -> Result<Vec<ChargeId>, ReadError> {
        let mut statement = self.conn.prepare_cached(&format!("SELECT id FROM charges {clause}"))?;
        let ids =
            statement.query_map(params_from_iter(values), |row| row.get(0).map(ChargeId))?.collect::<Result<_, _>>()?;
        Ok(ids)
    }
}

impl HistoryFilter {
    fn clause(&self) -> (String, Vec<Value>) {
        let terms = [
            ("bill_key = ?", self.bill.as_ref().map(|b| text(b.as_str()))),
            ("operator = ?", self.operator.as_ref().map(|o| text(o.as_str()))),
            ("card = ?", self.card.as_deref().map(text)),
            ("substr(code, -4) = ?", self.code.as_deref().map(text)),
            ("fen = ?", self.amount.map(Value::Integer)),
            ("state = ?", self.state.map(|s| text(s.word()))),
            ("sent_on >= ?", self.from.map(|d| text(&d.to_string()))),
            ("sent_on <= ?", self.to.map(|d| text(&d.to_string()))),
        ];
        let mut clause = String::new();
        let mut values = Vec::new();
        for (term, value) in terms {
            if let Some(value) = value {
                clause.push_str(if values.is_empty() { "WHERE " } else { " AND " });
                clause.push_str(term);
                values.push(value);
            }
        }
        (clause, values)
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}
