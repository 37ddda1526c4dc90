//! Answers by somebody who means harm: bent, glued, deep, long. None of them panics, grows without bound, or becomes a success.
//! Longer with `HOSTILE=<cases>`.

use checkout::Body;
use proptest::prelude::*;

use super::{Form, body};
use crate::text::Mask;

const JSON: &str = r#"{"errcode":1,"errmsg":"等待","tag":{"billnum":"T1","autoid":"66|0|1","billstatus":"2","paystatus":"USERPAYING","paystatusdesc":"需要用户输入支付密码"}}"#;
const XML: &str = "<CommonOperationResult xmlns=\"urn:x\"><errcode>1</errcode><errmsg>等待</errmsg><tag><billnum>T1</billnum>\
    <autoid>66|0|1</autoid><billstatus>2</billstatus><paystatus>USERPAYING</paystatus></tag></CommonOperationResult>";
/// Pieces that break careless readers; none of them can say that somebody paid.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    "\\u",
    "\\ud800",
    ":",
    ",",
    "null",
    "true",
    "-0",
    "1e999999",
    "9999999999999999999999",
    "\u{feff}",
    "\0",
    "<",
    ">",
    "</",
    "/>",
    "<!DOCTYPE x [<!ENTITY a \"b\">]>",
    "&a;",
    "&#0;",
    "&#x110000;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "<?xml",
    "i:nil=\"true\"",
    "\"errcode\":0,",
    "<errcode>0</errcode>",
    "\"tag\":null,",
    "\"tag\":{",
    "<tag>",
    "\u{202e}",
    "é",
    "𝄞",
];

fn hostile(usual: u32) -> ProptestConfig {
    let cases = std::env::var("HOSTILE").ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Where, what, and how much of the old is taken out.
fn bends() -> impl Strategy<Value = Vec<(prop::sample::Index, prop::sample::Index, usize)>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_usize..12), 0..6)
}

fn bent(whole: &str, bends: &[(prop::sample::Index, prop::sample::Index, usize)]) -> String {
    let mut letters: Vec<char> = whole.chars().collect();
    for (at, piece, gone) in bends {
        let at = at.index(letters.len() + 1);
        let end = (at + gone).min(letters.len());
        letters.splice(at..end, piece.get(PIECES).chars());
    }
    letters.into_iter().collect()
}

/// Whatever came, a success was not in it, and what is kept of it is no longer than it was.
fn is_harmless(bytes: &[u8]) -> Result<(), TestCaseError> {
    for form in [Form::Status, Form::Plain] {
        match body(bytes, form, &Mask::none()) {
            Body::Envelope(read) => {
                let tag = read.tag.unwrap_or_default();
                prop_assert!(tag.paystatus != "SUCCESS");
                let kept = read.errmsg.len() + tag.billnum.len() + tag.autoid.len() + tag.paystatus.len();
                prop_assert!(kept <= bytes.len() + 16);
            }
            Body::ModelState(text) => prop_assert!(text.len() <= bytes.len() + 16),
            Body::Unreadable => {}
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(hostile(6_000))]

    #[test]
    fn hostile_answers_are_no_success_and_no_panic(bends in bends(), xml: bool) {
        is_harmless(bent(if xml { XML } else { JSON }, &bends).as_bytes())?;
    }

    #[test]
    fn hostile_pieces_alone_are_no_success_and_no_panic(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40), xml: bool) {
        let start = if xml { "<CommonOperationResult>" } else { "{" };
        is_harmless((start.to_owned() + &pieces.concat()).as_bytes())?;
    }

    #[test]
    fn hostile_bytes_in_a_good_answer_are_no_panic(at in any::<prop::sample::Index>(), bytes in prop::collection::vec(any::<u8>(), 0..8), xml: bool) {
        let mut answer = if xml { XML } else { JSON }.as_bytes().to_vec();
        let at = at.index(answer.len());
        let end = (at + bytes.len()).min(answer.len());
        answer.splice(at..end, bytes);
        is_harmless(&answer)?;
    }
}

#[test]
fn hostile_depth_and_length_end_in_unreadable() {
    for deep in [1_000, 100_000] {
        for (open, close) in [("{\"tag\":", "}"), ("[", "]"), ("{\"errcode\":0,\"tag\":[", "]}")] {
            let text = format!("{}1{}", open.repeat(deep), close.repeat(deep));
            assert_eq!(body(text.as_bytes(), Form::Status, &Mask::none()), Body::Unreadable);
        }
        let text = format!("<CommonOperationResult>{}", "<tag>".repeat(deep));
        assert_eq!(body(text.as_bytes(), Form::Status, &Mask::none()), Body::Unreadable);
    }
    let members = "\"x\":[],".repeat(100_000);
    let text = format!("{{{members}\"errcode\":0,\"errcode\":0}}");
    assert_eq!(body(text.as_bytes(), Form::Status, &Mask::none()), Body::Unreadable);
}
