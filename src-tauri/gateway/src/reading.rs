//! Bytes into a [`Body`]: tolerant about form, strict about meaning. What is not certain is unreadable.

use checkout::{Body, Envelope, PayStatus};

use crate::node::{Node, member};
use crate::text::Mask;
use crate::{json, xml};

/// Which of the platform's two results an operation gives (gateway-api.md §1.2, SEED); they differ in `tag` alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `CommonOperationResultWithTagOfPayStatusResult`, of charge and query: `tag` decides, so a text there is unreadable.
    Status,
    /// `CommonOperationResult`, of a recharge's legs: a text or number in `tag` is allowed and means nothing to us.
    Plain,
}

/// Reads an answer's body, whatever its `Content-Type` says.
pub(crate) fn body(bytes: &[u8], form: Form, mask: &Mask<'_>) -> Body {
    shape(bytes).and_then(|root| classify(&root, form, mask)).unwrap_or(Body::Unreadable)
}

fn shape(bytes: &[u8]) -> Option<Node> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    match text.as_bytes().first()? {
        b'{' => json::parse(text),
        b'<' => xml::parse(text),
        _ => None,
    }
}

fn classify(root: &Node, form: Form, mask: &Mask<'_>) -> Option<Body> {
    let Node::Object(members) = root else {
        return None;
    };
    if member(members, "errcode").ok()?.is_some() {
        return envelope(members, form, mask).map(Body::Envelope);
    }
    model_state(members, mask).map(Body::ModelState)
}

/// The result, in either form. An object in `tag` is looked into in both: should a recharge's answer name another bill,
/// whoever judges it must be able to see that.
fn envelope(members: &[(String, Node)], form: Form, mask: &Mask<'_>) -> Option<Envelope> {
    let errcode = integer(member(members, "errcode").ok()??)?;
    let errmsg = mask.shown(&plain(member(members, "errmsg").ok()?)?);
    let tag = match member(members, "tag").ok()? {
        None | Some(Node::Null) => None,
        Some(Node::Text(text)) if text.trim().is_empty() => None,
        Some(Node::Text(_) | Node::Number(_)) if form == Form::Plain => None,
        Some(Node::Object(tag)) => pay_status(tag, mask)?,
        Some(_) => return None,
    };
    Some(Envelope { errcode, errmsg, tag })
}

/// `PayStatusResult` (gateway-api.md §2.7, SEED); `Some(None)` where every member is empty.
fn pay_status(tag: &[(String, Node)], mask: &Mask<'_>) -> Option<Option<PayStatus>> {
    let text = |name| member(tag, name).map(plain).ok().flatten();
    let word = |name| mask.exact(&text(name)?);
    let status = PayStatus {
        billnum: word("billnum")?,
        autoid: word("autoid")?,
        billstatus: word("billstatus")?,
        paystatus: word("paystatus")?,
        paystatusdesc: mask.shown(&text("paystatusdesc")?),
    };
    Some((status != PayStatus::default()).then_some(status))
}

/// The framework's validation failure (gateway-api.md §1.5, INFERRED): its texts, else its message.
fn model_state(members: &[(String, Node)], mask: &Mask<'_>) -> Option<String> {
    let fields = match member(members, "modelstate").ok()?? {
        Node::Object(fields) => fields.as_slice(),
        // XML has no empty object.
        Node::Text(text) if text.trim().is_empty() => &[],
        _ => return None,
    };
    let mut texts = Vec::new();
    for (_, field) in fields {
        match field {
            Node::Text(text) => texts.push(text.as_str()),
            Node::List(items) => texts.extend(items.iter().filter_map(|item| match item {
                Node::Text(text) => Some(text.as_str()),
                _ => None,
            })),
            _ => {}
        }
    }
    texts.retain(|text| !text.trim().is_empty());
    if texts.is_empty()
        && let Ok(Some(Node::Text(message))) = member(members, "message")
    {
        texts.push(message);
    }
    Some(mask.shown(&texts.join(" ")))
}

/// The text of a member; empty where it is absent or null, `None` where it is no text at all.
fn plain(node: Option<&Node>) -> Option<String> {
    match node {
        None | Some(Node::Null) => Some(String::new()),
        Some(Node::Text(text) | Node::Number(text)) => Some(text.clone()),
        Some(_) => None,
    }
}

/// An integer as number or string, in its one usual spelling: `00` or `1e0` might mean anything.
fn integer(node: &Node) -> Option<i64> {
    let (Node::Text(text) | Node::Number(text)) = node else {
        return None;
    };
    let number: i64 = text.trim().parse().ok()?;
    (number.to_string() == text.trim()).then_some(number)
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "hostile_tests.rs"]
mod hostile_tests;
