//! XML of the platform's shape into [`Node`] (gateway-api.md §1.3); no document types, no entities beyond the five.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::node::{DEPTH_MAX, Node};

/// Roots that an answer can have: the envelope with any suffix, and the framework's error.
const ROOTS: [&str; 2] = ["commonoperationresult", "error"];

/// Reads a whole document; `None` unless it is one well-formed answer. Prefixes and namespaces are ignored.
pub(crate) fn parse(text: &str) -> Option<Node> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let element = Element::begin(&start)?;
                let fits = !open.is_empty() || root.is_none() && is_root(&element.name);
                if !fits || open.len() > DEPTH_MAX {
                    return None;
                }
                open.push(element);
            }
            Event::End(_) => {
                let (name, node) = open.pop()?.end()?;
                match open.last_mut() {
                    Some(parent) => parent.members.push((name, node)),
                    None => root = Some(node),
                }
            }
            Event::Text(text) => add(&mut open, &text)?,
            Event::CData(text) => add(&mut open, &text)?,
            Event::GeneralRef(entity) => add(&mut open, &character(&entity)?)?,
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => return root.filter(|_| open.is_empty()),
            // A document type could define entities; no answer has one.
            _ => return None,
        }
    }
}

struct Element {
    name: String,
    nil: bool,
    text: String,
    members: Vec<(String, Node)>,
}

impl Element {
    fn begin(start: &BytesStart<'_>) -> Option<Self> {
        let mut nil = false;
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            if attribute.key.local_name().as_ref().eq_ignore_ascii_case("nil") {
                nil = matches!(attribute.value.as_ref(), "true" | "1");
            }
        }
        Some(Self {
            name: start.local_name().as_ref().to_ascii_lowercase(),
            nil,
            text: String::new(),
            members: Vec::new(),
        })
    }

    fn end(self) -> Option<(String, Node)> {
        let blank = self.text.trim().is_empty();
        let node = match (self.members.is_empty(), blank) {
            (true, true) if self.nil => Node::Null,
            (true, _) => Node::Text(self.text),
            (false, true) => Node::Object(self.members),
            (false, false) => return None,
        };
        Some((self.name, node))
    }
}

fn is_root(name: &str) -> bool {
    ROOTS.iter().any(|root| name.starts_with(root))
}

/// Text belongs to the innermost open element; outside of any, only blanks may stand.
fn add(open: &mut [Element], text: &str) -> Option<()> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return None,
    }
    Some(())
}

fn character(entity: &BytesRef<'_>) -> Option<String> {
    if let Some(c) = entity.resolve_char_ref().ok()? {
        return Some(c.to_string());
    }
    let text = match &**entity {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return None,
    };
    Some(text.to_owned())
}
