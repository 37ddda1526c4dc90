//! Forms of an answer: letter case, numbers and strings, repetitions, XML, and arbitrary bytes.

use checkout::{Body, Envelope, PayStatus};
use proptest::prelude::*;

use super::{Form, body};
use crate::text::Mask;

fn read(text: &str) -> Body {
    body(text.as_bytes(), Form::Status, &Mask::none())
}

fn paid() -> Envelope {
    Envelope {
        errcode: 0,
        errmsg: String::new(),
        tag: Some(PayStatus {
            billnum: "T1".into(),
            autoid: "66|0|1".into(),
            billstatus: "3".into(),
            paystatus: "SUCCESS".into(),
            paystatusdesc: "支付成功".into(),
        }),
    }
}

const PAID: &str = r#"{"errcode":0,"errmsg":"","tag":{"billnum":"T1","autoid":"66|0|1","billstatus":"3","paystatus":"SUCCESS","paystatusdesc":"支付成功"}}"#;

fn unreadable(text: &str) {
    assert_eq!(read(text), Body::Unreadable, "{text}");
}

#[test]
fn byte_order_marks_blanks_and_pascal_case_are_fine() {
    let pascal = r#"{"ErrCode":0,"ErrMsg":"","Tag":{"BillNum":"T1","AutoId":"66|0|1","BillStatus":"3","PayStatus":"SUCCESS","PayStatusDesc":"支付成功"}}"#;
    for text in [
        PAID.to_owned(),
        format!("\u{feff}{PAID}"),
        format!(" \r\n\t{PAID}\n"),
        pascal.to_owned(),
        PAID.replace("errcode", "\\u0065rrcode"),
        PAID.replace(r#""tag""#, r#""other":{"errcode":[9,{"tag":true}]},"x":1e999,"y":false,"tag""#),
    ] {
        assert_eq!(read(&text), Body::Envelope(paid()), "{text}");
    }
}

#[test]
fn numbers_and_strings_are_one_digit_for_digit() {
    let text = r#"{"errcode":"-7","errmsg":12.50,"tag":{"billnum":20240601010700012320240601010700,"autoid":5,"billstatus":3,"paystatus":1.50,"paystatusdesc":0}}"#;
    let Body::Envelope(read) = read(text) else {
        panic!("unreadable");
    };
    assert_eq!((read.errcode, read.errmsg.as_str()), (-7, "12.50"));
    let tag = read.tag.expect("a tag");
    assert_eq!(tag.billnum, "20240601010700012320240601010700");
    assert_eq!((tag.autoid.as_str(), tag.paystatus.as_str()), ("5", "1.50"));
}

#[test]
fn an_errcode_has_one_spelling() {
    for (value, number) in [("0", 0), ("\"0\"", 0), ("\" 1 \"", 1), ("-1", -1), ("40001", 40001)] {
        let expected = Envelope { errcode: number, ..Envelope::default() };
        assert_eq!(read(&format!(r#"{{"errcode":{value}}}"#)), Body::Envelope(expected));
    }
    for value in [
        "0.0",
        "-0",
        "1e0",
        "\"00\"",
        "\"+0\"",
        "\"\"",
        "\"0x0\"",
        "null",
        "false",
        "{}",
        "[]",
        "99999999999999999999",
        "\"０\"",
    ] {
        unreadable(&format!(r#"{{"errcode":{value}}}"#));
    }
}

#[test]
fn a_member_that_is_there_twice_is_ambiguous() {
    for text in [
        r#"{"errcode":0,"ErrCode":1}"#,
        r#"{"errcode":0,"errcode":0}"#,
        r#"{"errcode":0,"tag":null,"Tag":{"paystatus":"SUCCESS"}}"#,
        r#"{"errcode":0,"tag":{"paystatus":"SUCCESS","PayStatus":"NOTPAY"}}"#,
        r#"{"errcode":0,"tag":{"autoid":"1","AUTOID":"2"}}"#,
        r#"{"errcode":0,"errmsg":"a","ErrMsg":"b"}"#,
    ] {
        unreadable(text);
    }
    let unknown_twice = r#"{"errcode":0,"x":1,"X":2,"tag":{"y":1,"y":2}}"#;
    assert_eq!(read(unknown_twice), Body::Envelope(Envelope::default()));
}

#[test]
fn deep_nesting_is_not_followed() {
    let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    let text = format!(r#"{{"errcode":0,"x":{}}}"#, deep(20_000));
    assert_eq!(read(&text), Body::Envelope(Envelope::default()));
    unreadable(&format!(r#"{{"errcode":0,"tag":{}}}"#, deep(20_000)));
    unreadable(&format!("<error>{}", "<a>".repeat(10_000)));
}

const SEED_XML: &str = r#"<CommonOperationResultWithTagOfPayStatusResultKp9g8rEY xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.datacontract.org/2004/07/DigitalScience.DataTransfer"><errcode>0</errcode><errmsg></errmsg><tag xmlns:d2p1="http://schemas.datacontract.org/2004/07/DigitalScience.DataTransfer.Tour.V5.Result.Pay"><d2p1:autoid>66|0|1</d2p1:autoid><d2p1:billnum>T1</d2p1:billnum><d2p1:billstatus>3</d2p1:billstatus><d2p1:paystatus>SUCCESS</d2p1:paystatus><d2p1:paystatusdesc>支付成功</d2p1:paystatusdesc></tag></CommonOperationResultWithTagOfPayStatusResultKp9g8rEY>"#;

#[test]
fn xml_of_the_seed_s_shape_is_the_same_answer() {
    for text in [
        SEED_XML.to_owned(),
        format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<!-- x -->{SEED_XML}\n"),
        SEED_XML.replace("d2p1:", "").replace("Kp9g8rEY", ""),
        SEED_XML.replace("<errmsg></errmsg>", r#"<errmsg i:nil="true"/>"#),
        SEED_XML.replace("SUCCESS", "<![CDATA[SUCCESS]]>").replace("66|0|1", "66&#124;0&#x7c;1"),
        SEED_XML.replace("<errcode>", "\n  <ErrCode>").replace("</errcode>", "</ErrCode>\n"),
    ] {
        assert_eq!(read(&text), Body::Envelope(paid()), "{text}");
    }
    for nil in [r#"<tag i:nil="true"/>"#, r#"<tag i:nil="true"></tag>"#, "<tag/>", ""] {
        let text = format!(
            "<CommonOperationResultX xmlns:i=\"x\"><errcode>5</errcode><errmsg>a&amp;b</errmsg>{nil}</CommonOperationResultX>"
        );
        let expected = Envelope { errcode: 5, errmsg: "a&b".into(), tag: None };
        assert_eq!(read(&text), Body::Envelope(expected), "{nil}");
    }
}

#[test]
fn other_xml_is_unreadable() {
    let root = |inner: &str| format!("<CommonOperationResult>{inner}</CommonOperationResult>");
    for text in [
        "<html><errcode>0</errcode></html>".to_owned(),
        "<errcode>0</errcode>".to_owned(),
        root(""),
        root("<errcode></errcode>"),
        root("<errcode>0</errcode><errcode>0</errcode>"),
        root("<errcode>0</errcode><tag>SUCCESS</tag>"),
        root("loose<errcode>0</errcode>"),
        root("<errcode>0</errcode><errmsg>&x;</errmsg>"),
        root("<errcode>0</errmsg>"),
        format!("{}<more/>", root("<errcode>0</errcode>")),
        format!("{} more", root("<errcode>0</errcode>")),
        format!("<!DOCTYPE a [<!ENTITY z \"0\">]>{}", root("<errcode>&z;</errcode>")),
        format!("<!DOCTYPE a>{SEED_XML}"),
        root("<errcode>0</errcode>").replace("</CommonOperationResult>", ""),
        SEED_XML[..SEED_XML.len() - 3].to_owned(),
    ] {
        unreadable(&text);
    }
}

/// Flips the case of each letter of each name by one bit.
fn recased(text: &str, bits: &[bool]) -> String {
    let mut out = text.to_owned();
    let mut bit = bits.iter().cycle();
    for name in ["errcode", "errmsg", "tag", "billnum", "autoid", "billstatus", "paystatusdesc", "paystatus"] {
        let mixed: String =
            name.chars().map(|c| if bit.next() == Some(&true) { c.to_ascii_uppercase() } else { c }).collect();
        out = out.replace(&format!("\"{name}\""), &format!("\"{mixed}\""));
    }
    out
}

proptest! {
    #[test]
    fn any_letter_case_of_members_reads_the_same(bits in proptest::collection::vec(any::<bool>(), 1..64)) {
        prop_assert_eq!(read(&recased(PAID, &bits)), Body::Envelope(paid()));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let read = body(&bytes, Form::Status, &Mask::none());
        prop_assert!(!matches!(read, Body::Envelope(_)));
    }

    #[test]
    fn damaged_answers_never_panic_nor_turn_into_another_success(
        at in 0_usize..PAID.len(), byte: u8, xml: bool,
    ) {
        let mut bytes = if xml { SEED_XML } else { PAID }.as_bytes().to_vec();
        bytes[at] = byte;
        if let Body::Envelope(read) = body(&bytes, Form::Status, &Mask::none()) {
            // One byte changes one member at most: never the word of success and its bill together.
            let tag = read.tag.unwrap_or_default();
            prop_assert!(tag.paystatus != "SUCCESS" || tag.autoid == "66|0|1" || tag.billnum == "T1");
        }
    }

    #[test]
    fn cut_answers_are_unreadable(at in 0_usize..PAID.len(), xml: bool) {
        let whole = if xml { SEED_XML } else { PAID }.as_bytes();
        prop_assert_eq!(body(&whole[..at], Form::Status, &Mask::none()), Body::Unreadable);
    }

    #[test]
    fn json_like_text_never_panics(text in r#"[{}\[\]":,0-9a-z<>/&;!\- ]{0,120}"#) {
        read(&text);
        read(&format!("{{\"errcode\":0,\"tag\":{text}}}"));
        read(&format!("<error>{text}</error>"));
    }
}
