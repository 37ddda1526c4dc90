//! What a secret looks like wherever it may have been written: as text, in other alphabets, in pieces.

use std::fs;
use std::path::{Path, PathBuf};

use memchr::memmem::Finder;

/// Secrets to look for, each in every form.
pub struct Marks {
    forms: Vec<(String, Finder<'static>)>,
}

impl Marks {
    /// Of secrets with what each is called; the name is all that a failure says of it.
    pub fn of<'a>(secrets: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let forms = secrets.into_iter().flat_map(|(name, secret)| forms(name, secret));
        Self { forms: forms.map(|(name, bytes)| (name, Finder::new(&bytes).into_owned())).collect() }
    }

    /// The first secret in these bytes, by its name and form.
    pub fn find(&self, bytes: &[u8]) -> Option<&str> {
        self.forms.iter().find(|(_, form)| form.find(bytes).is_some()).map(|(name, _)| name.as_str())
    }

    /// Every file below a folder that holds one, and which; files that go by one of these names are left out.
    pub fn in_folder(&self, folder: &Path, but: &[&str]) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let (path, kind) = (entry.path(), entry.file_type().ok());
                match kind {
                    Some(kind) if kind.is_dir() => folders.push(path),
                    Some(kind) if kind.is_file() && !but.iter().any(|name| entry.file_name() == *name) => {
                        let bytes = fs::read(&path).unwrap_or_default();
                        found.extend(self.find(&bytes).map(|what| (path, what.to_owned())));
                    }
                    _ => {}
                }
            }
        }
        found
    }
}

fn forms(name: &str, secret: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (front, back) = secret.split_at(secret.len() / 2);
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let wide = |order: fn(u16) -> [u8; 2]| secret.iter().flat_map(|&byte| order(u16::from(byte))).collect::<Vec<u8>>();
    let mut forms = vec![
        ("as it is", secret.to_vec()),
        ("as utf-16", wide(u16::to_le_bytes)),
        ("as utf-16, other way round", wide(u16::to_be_bytes)),
        ("as hex", hex.clone().into_bytes()),
        ("as HEX", hex.to_uppercase().into_bytes()),
        ("backwards", secret.iter().rev().copied().collect()),
        ("with its halves changed", [back, front].concat()),
        ("as a list of bytes", listed(secret, ",").into_bytes()),
        ("as a list of bytes with blanks", listed(secret, ", ").into_bytes()),
    ];
    for skip in 0..3 {
        for alphabet in [b"+/", b"-_"] {
            forms.push(("as base64", base64_within(secret, skip, alphabet)));
        }
    }
    forms.into_iter().map(|(form, bytes)| (format!("{name} {form}"), bytes)).collect()
}

fn listed(bytes: &[u8], between: &str) -> String {
    bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(between)
}

/// The letters that stand in any base64 text with these bytes in it, after so many bytes of something else.
fn base64_within(bytes: &[u8], skip: usize, last: &[u8; 2]) -> Vec<u8> {
    let letters: Vec<u8> = (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(*last).collect();
    let bits = |at: usize| bytes.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1));
    // Letters begin at every sixth bit of the whole text; those that lie in our bytes alone are ours.
    let first = (6 - skip * 8 % 6) % 6;
    let starts = (first..).step_by(6).take_while(|start| start + 6 <= bytes.len() * 8);
    starts.map(|start| letters[(start..start + 6).fold(0, |letter, at| letter * 2 + bits(at))]).collect()
}

/// Forms made by other means than the search's own, each in a file of its own somewhere below a folder.
#[test]
fn every_form_of_a_secret_is_found_in_the_file_that_holds_it() {
    let code = "134567890123456789";
    let utf16 = |swap: bool| -> Vec<u8> {
        code.encode_utf16().flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let planted: [(&str, &[u8]); 9] = [
        ("as it is", code.as_bytes()),
        ("as utf-16", &utf16(false)),
        ("as utf-16, other way round", &utf16(true)),
        ("as hex", b"313334353637383930313233343536373839"),
        ("backwards", b"987654321098765431"),
        ("with its halves changed", b"123456789134567890"),
        ("as a list of bytes", b"[49,51,52,53,54,55,56,57,48,49,50,51,52,53,54,55,56,57]"),
        ("as a list of bytes with blanks", b"[49, 51, 52, 53, 54, 55, 56, 57, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57]"),
        ("as base64", b"MTM0NTY3ODkwMTIzNDU2Nzg5"),
    ];
    let marks = Marks::of([("a code", code.as_bytes())]);
    for (form, bytes) in planted {
        let folder = tempfile::tempdir().expect("a folder");
        let deep = folder.path().join("logs").join("deeper");
        fs::create_dir_all(&deep).expect("folders");
        fs::write(deep.join("clean"), vec![b'1'; 100_000]).expect("a file");
        assert!(marks.in_folder(folder.path(), &[]).is_empty(), "{form}: before it was planted");
        let file = deep.join("holds");
        fs::write(&file, [&[0_u8, 255, 7][..], bytes, b"tail"].concat()).expect("a file");
        assert_eq!(marks.in_folder(folder.path(), &[]), [(file, format!("a code {form}"))]);
        assert!(marks.in_folder(folder.path(), &["holds"]).is_empty(), "{form}: what is left out by name");
    }
    let keys = Marks::of([("a key", &[0xA1_u8, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6][..])]);
    assert_eq!(keys.find(b"secret=A1B2C3D4E5F6."), Some("a key as HEX"));
    assert_eq!(keys.find(b"secret=obLD1OX2."), Some("a key as base64"));
}

#[test]
fn every_form_of_a_secret_is_found_in_the_middle_of_other_bytes() {
    let marks = Marks::of([("a code", &b"134567890123456789"[..])]);
    let found = |text: &str| marks.find(text.as_bytes()).map(str::to_owned);
    assert_eq!(found("x134567890123456789y").as_deref(), Some("a code as it is"));
    // Made by another program from `{"code":"134567890123456789"}`, and from the same behind one blank and two.
    for text in [
        "eyJjb2RlIjoiMTM0NTY3ODkwMTIzNDU2Nzg5In0=",
        "IHsiY29kZSI6IjEzNDU2Nzg5MDEyMzQ1Njc4OSJ9",
        "ICB7ImNvZGUiOiIxMzQ1Njc4OTAxMjM0NTY3ODkifQ==",
    ] {
        assert_eq!(found(text).as_deref(), Some("a code as base64"), "{text}");
    }
    assert_eq!(found("987654321098765431").as_deref(), Some("a code backwards"));
    assert_eq!(found("123456789134567890").as_deref(), Some("a code with its halves changed"));
    let listed = "49,51,52,53,54,55,56,57,48,49,50,51,52,53,54,55,56,57";
    assert_eq!(found(listed).as_deref(), Some("a code as a list of bytes"));
    assert_eq!(found("13\u{2026}6789 13456789012345678"), None);
}
