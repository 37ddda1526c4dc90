//! Text from outside: made harmless for a screen, and cleared of the payment code.

use checkout::PaymentCode;

/// The most characters of one text from the gateway.
const SHOWN_MAX: usize = 200;
/// This many characters of a code in a row are hidden in a shown text, even if the rest is missing.
const PART_MIN: usize = 10;

/// What must not leave this crate in any text (`code-is-secret`): the platform may echo the code.
pub(crate) struct Mask<'a> {
    code: Option<&'a PaymentCode>,
}

impl<'a> Mask<'a> {
    /// Hides this code.
    pub fn hiding(code: &'a PaymentCode) -> Self {
        Self { code: Some(code) }
    }

    /// There is no code to hide.
    pub fn none() -> Self {
        Self { code: None }
    }

    /// A text for people: one line, no control or direction marks, no code nor a long part of it, cut to 200 characters.
    pub fn shown(&self, text: &str) -> String {
        let visible: String = text.chars().map(|c| if unseen(c) { ' ' } else { c }).collect();
        let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        let masked = self.without_code(&line, PART_MIN);
        let mut short: String = masked.chars().take(SHOWN_MAX).collect();
        if short.len() < masked.len() {
            short.pop();
            short.push('…');
        }
        short
    }

    /// A word that something is decided by: blanks around it removed, else as given; `None` if a control character
    /// stands in it or it is far too long, because a repaired word might be mistaken for the real one.
    pub fn exact(&self, text: &str) -> Option<String> {
        let word = text.trim();
        let odd = word.chars().any(unseen) || word.chars().count() > SHOWN_MAX;
        (!odd).then(|| self.without_code(word, usize::MAX))
    }

    /// Replaces the code by its tail, and runs of at least `part_min` of its characters by `…`.
    /// Letter case, full-width digits and single signs between the characters do not hide it.
    fn without_code(&self, text: &str, part_min: usize) -> String {
        let Some(code) = self.code else {
            return text.to_owned();
        };
        let secret: Vec<char> = code.expose().chars().map(folded).collect();
        let chars: Vec<char> = text.chars().collect();
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(&c) = chars.get(at) {
            let found = longest(&chars[at..], &secret);
            if found.matched == secret.len() {
                out.push_str(&code.tail().0);
                at += found.width;
            } else if found.matched >= part_min {
                out.push('…');
                at += found.width;
            } else {
                out.push(c);
                at += 1;
            }
        }
        out
    }
}

#[derive(Clone, Copy, Default)]
struct Run {
    /// Characters of the code.
    matched: usize,
    /// Characters of the text, separators included.
    width: usize,
}

/// The longest piece of the code that the text begins with.
fn longest(text: &[char], secret: &[char]) -> Run {
    (0..secret.len()).map(|from| run(text, &secret[from..])).max_by_key(|run| run.matched).unwrap_or_default()
}

fn run(text: &[char], secret: &[char]) -> Run {
    let mut best = Run::default();
    let mut at = 0;
    for &wanted in secret {
        let here = text.get(at).map(|&c| folded(c));
        if here != Some(wanted) {
            let skippable = best.matched > 0 && here.is_some_and(|c| !c.is_alphanumeric());
            if !skippable || text.get(at + 1).map(|&c| folded(c)) != Some(wanted) {
                break;
            }
            at += 1;
        }
        at += 1;
        best = Run { matched: best.matched + 1, width: at };
    }
    best
}

fn folded(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - '！' as u32 + '!' as u32).unwrap_or(c),
        other => other,
    }
    .to_ascii_lowercase()
}

/// Control characters, and marks that are invisible or turn the reading direction.
fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use checkout::ScannedText;
    use proptest::prelude::*;

    const CODE: &str = "134567890123456789";

    fn code(text: &str) -> PaymentCode {
        PaymentCode::from_scan(ScannedText::new(text)).expect("a code")
    }

    #[test]
    fn a_shown_text_is_one_harmless_short_line() {
        let mask = Mask::none();
        assert_eq!(mask.shown(" 支付\r\n\t 成功\u{0} "), "支付 成功");
        assert_eq!(mask.shown("a\u{202e}b\u{200b}c\u{1b}[31m"), "a b c [31m");
        let long = mask.shown(&"元".repeat(300));
        assert_eq!(long.chars().count(), 200);
        assert!(long.ends_with('…'));
        assert_eq!(mask.shown(&"元".repeat(200)), "元".repeat(200));
    }

    #[test]
    fn a_deciding_word_is_never_repaired() {
        let mask = Mask::none();
        assert_eq!(mask.exact(" SUCCESS\n"), Some("SUCCESS".into()));
        for odd in ["SUC\u{0}CESS", "SUC\u{200b}CESS", "SUC\nCESS", &"9".repeat(201)] {
            assert_eq!(mask.exact(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn the_code_is_hidden_in_any_dress() {
        let code = code(CODE);
        let mask = Mask::hiding(&code);
        for (echoed, shown) in [
            ("134567890123456789", "13…6789"),
            ("<134567890123456789>", "<13…6789>"),
            ("134567890123456789134567890123456789", "13…678913…6789"),
            ("1345 6789 0123 4567 89", "13…6789"),
            ("1345-6789-0123-4567-89", "13…6789"),
            ("1345\u{200b}67890123456789", "13…6789"),
            ("１３４５６７８９０１２３４５６７８９", "13…6789"),
            ("13456789012345…", "……"),
            ("...0123456789", "...…"),
            ("bill 13456789 paid", "bill 13456789 paid"),
        ] {
            assert_eq!(mask.shown(echoed), shown, "{echoed}");
        }
        // Cutting comes last: half a code at the cut would be a long part of it.
        let at_the_cut = format!("{}{CODE}", "x".repeat(190));
        assert!(!mask.shown(&at_the_cut).contains("1345"));
        // A bill number may share digits with a code and must stay what it is.
        assert_eq!(mask.exact("13456789012345"), Some("13456789012345".into()));
        assert_eq!(mask.exact(CODE), Some("13…6789".into()));
    }

    #[test]
    fn a_code_with_letters_is_hidden_in_any_case() {
        let code = code("AbCd-1234-efGH-5678");
        let mask = Mask::hiding(&code);
        assert_eq!(mask.shown("no: ABCD-1234-EFGH-5678"), "no: Ab…5678");
        let short = super::tests::code("12345");
        assert_eq!(Mask::hiding(&short).shown("12345?"), "…?");
    }

    proptest! {
        #[test]
        fn no_text_keeps_the_code(before in "\\PC{0,40}", after in "\\PC{0,40}") {
            let code = code(CODE);
            let mask = Mask::hiding(&code);
            let text = format!("{before}{CODE}{after}");
            prop_assert!(!mask.shown(&text).contains("4567890123"));
            prop_assert!(mask.exact(&text).is_none_or(|word| !word.contains(CODE)));
        }

        #[test]
        fn a_text_without_the_code_stays(text in "[a-z一-龥，。 ]{0,80}") {
            let code = code(CODE);
            prop_assert_eq!(Mask::hiding(&code).shown(&text), Mask::none().shown(&text));
        }
    }
}
