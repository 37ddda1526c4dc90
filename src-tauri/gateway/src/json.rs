//! JSON into [`Node`]: numbers keep their digits, repeated members stay visible.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::node::{DEPTH_MAX, Node};

/// Reads a whole text; `None` unless it is exactly one JSON value.
pub(crate) fn parse(text: &str) -> Option<Node> {
    let whole: &RawValue = serde_json::from_str(text).ok()?;
    node(whole, 0)
}

fn node(raw: &RawValue, depth: usize) -> Option<Node> {
    let text = raw.get().trim();
    Some(match text.as_bytes().first()? {
        b'n' => Node::Null,
        b't' | b'f' => Node::Other,
        b'{' | b'[' if depth >= DEPTH_MAX => Node::Other,
        b'{' => {
            let Members(members) = serde_json::from_str(text).ok()?;
            let lower = |(name, raw): (String, &RawValue)| Some((name.to_ascii_lowercase(), node(raw, depth + 1)?));
            Node::Object(members.into_iter().map(lower).collect::<Option<_>>()?)
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            let items = items.into_iter().map(|raw| node(raw, depth + 1));
            Node::List(items.collect::<Option<_>>()?)
        }
        // A string that cannot be decoded spoils the answer only where it is looked at.
        b'"' => serde_json::from_str(text).map_or(Node::Other, Node::Text),
        _ => Node::Number(text.to_owned()),
    })
}

/// The members of an object as they stand there; a map would hide repetitions.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    members.push(entry);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
