//! The shape that JSON and XML have in common, as far as an answer is looked into.

/// A value. Member names are in lower case, because letter case differs between deployments (gateway-api.md §11.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// `null`, or `i:nil`.
    Null,
    /// A string, or an element without children.
    Text(String),
    /// A number, digit for digit.
    Number(String),
    /// Named members, in their order, repetitions included.
    Object(Vec<(String, Node)>),
    /// A list.
    List(Vec<Node>),
    /// Anything that no answer has where we look: a boolean, something nested deeper than any answer.
    Other,
}

/// Deeper nesting is not looked into.
pub(crate) const DEPTH_MAX: usize = 6;

/// A member that is there twice: nobody can say which one is meant.
#[derive(Debug)]
pub(crate) struct Ambiguous;

/// The member of that (lower-case) name; `None` where it is absent.
pub(crate) fn member<'a>(members: &'a [(String, Node)], name: &str) -> Result<Option<&'a Node>, Ambiguous> {
    let mut found = members.iter().filter(|(key, _)| key == name);
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(Ambiguous),
        (first, None) => Ok(first.map(|(_, node)| node)),
    }
}
