//! A payment code that the gateway repeats in an answer to a query is taken out before anybody sees it (`code-is-secret`).
//!
//! The gateway's client hides the code in the charge's own answer. When a query is answered nobody knows the code any more:
//! it is recognised by its ends and its fingerprint.

use checkout::code::CODE_MAX;
use checkout::{Answer, Body, CodeTail, Fingerprint, Intent};

/// What stands between the ends of a masked code.
const GAP: char = '…';

/// Replaces the code of this charge by its masked form in every text of the answer.
pub(crate) fn hide(answer: &mut Answer, intent: &Intent, print: impl Fn(&str) -> Option<Fingerprint>) {
    let Answer::Http { body, .. } = answer else { return };
    let clear = |text: &mut String| {
        if let Some(masked) = masked(text, &intent.code, |part| print(part).as_ref() == Some(&intent.fingerprint)) {
            *text = masked;
        }
    };
    match body {
        Body::ModelState(text) => clear(text),
        Body::Envelope(envelope) => {
            clear(&mut envelope.errmsg);
            if let Some(tag) = &mut envelope.tag {
                let texts = [
                    &mut tag.billnum,
                    &mut tag.autoid,
                    &mut tag.billstatus,
                    &mut tag.paystatus,
                    &mut tag.paystatusdesc,
                ];
                texts.into_iter().for_each(clear);
            }
        }
        Body::Unreadable => {}
    }
}

/// The text without the code; `None` if it does not hold it.
fn masked(text: &str, tail: &CodeTail, is_code: impl Fn(&str) -> bool) -> Option<String> {
    let (head, end) = tail.0.split_once(GAP).filter(|(head, end)| !head.is_empty() && !end.is_empty())?;
    let mut found = None;
    for (from, _) in text.match_indices(head) {
        let ends = text[from..].match_indices(end).map(|(at, end)| from + at + end.len());
        found = ends.filter(|to| to - from <= CODE_MAX).map(|to| &text[from..to]).find(|part| is_code(part)).or(found);
    }
    Some(text.replace(found?, &tail.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "134567891311316789";

    fn shown(text: &str) -> Option<String> {
        masked(text, &CodeTail::of(CODE), |part| part == CODE)
    }

    #[test]
    fn the_code_is_found_wherever_it_stands_and_nothing_else_is() {
        assert_eq!(
            shown("付款码134567891311316789无效, 134567891311316789!"),
            Some("付款码13…6789无效, 13…6789!".into())
        );
        assert_eq!(shown(&format!("13{CODE}6789")), Some("1313…67896789".into()));
        for other in ["", "13…6789", "13 6789", "134567891311316788", "单据 T2026112200017 不存在", "1313136789"]
        {
            assert_eq!(shown(other), None, "{other}");
        }
        assert_eq!(masked(CODE, &CodeTail("…".into()), |_| true), None);
    }
}
