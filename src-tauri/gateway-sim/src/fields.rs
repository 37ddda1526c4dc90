//! A request's members as the platform binds them: JSON without regard to letter case, XML by its rules.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The format of a body, in or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

/// One member's value: its exact text, and whether it was written as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub text: String,
    /// A JSON string. An amount written so is not the number that gateway-api.md §1.4 asks for.
    pub quoted: bool,
}

/// The members of one request.
#[derive(Clone, Default)]
pub(crate) struct Fields(pub Vec<(String, Value)>);

impl Fields {
    /// Reads a JSON object. Nulls, and members that are objects or arrays, are as good as absent.
    pub fn from_json(body: &[u8]) -> Result<Fields, String> {
        let Members(members) = serde_json::from_slice(body).map_err(unreadable)?;
        let mut fields = Fields::default();
        for (name, raw) in members {
            let raw = raw.get();
            let value = match raw.as_bytes().first() {
                Some(b'"') => {
                    let text = serde_json::from_str(raw).map_err(unreadable)?;
                    Value { text, quoted: true }
                }
                Some(b'{' | b'[' | b'n') | None => continue,
                Some(_) => Value { text: raw.to_owned(), quoted: false },
            };
            fields.0.push((name, value));
        }
        Ok(fields)
    }

    /// The value of this member; of members that differ in case only, the last one counts.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(member, _)| member.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The text of this member; empty text is as good as absent.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name).map(|value| value.text.as_str()).filter(|text| !text.is_empty())
    }
}

/// The parser's own words may quote the body, which holds a payment code.
fn unreadable(error: serde_json::Error) -> String {
    format!("The body is not a JSON object (line {}, column {}).", error.line(), error.column())
}

/// The members of a JSON object in their order, each with the exact text of its value.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    members.push(entry);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_keeps_the_exact_text_it_was_sent_with() {
        let fields = Fields::from_json(br#"{"Summary":260.10,"x":{"summary":1},"cardNo":null}"#).expect("reads");
        assert_eq!(fields.value("summary"), Some(&Value { text: "260.10".to_owned(), quoted: false }));
        assert_eq!(fields.text("cardNo"), None);
    }

    #[test]
    fn a_body_that_is_no_object_is_refused() {
        assert!(Fields::from_json(b"[1]").is_err());
        assert!(Fields::from_json(b"{\"a\":").is_err());
    }
}
