//! Words that stay out of names and files.

use crate::files::{self, Source};
use crate::rust;

const EMPTY_NAMES: [&str; 6] = ["manager", "service", "helper", "util", "utils", "processor"];

#[test]
fn names_say_what_a_thing_is() {
    const DECLARES: [&str; 13] = [
        "struct",
        "enum",
        "trait",
        "type",
        "mod",
        "fn",
        "const",
        "static",
        "class",
        "interface",
        "function",
        "let",
        "macro_rules!",
    ];
    let ours = files::all().iter().filter(|file| file.is(&[".rs", ".ts", ".svelte"]) && !file.generated());
    let ours: Vec<Source> = ours.map(|file| Source { path: file.path.clone(), text: rust::code(&file.text) }).collect();
    let mut found = files::breaches(ours.iter(), |_, line| {
        let words: Vec<&str> = line.split(|c: char| !rust::in_word(c) && c != '!').collect();
        let declared = words.windows(2).filter(|pair| DECLARES.contains(&pair[0]));
        declared.map(|pair| pair[1]).any(is_empty_name)
    });
    let stems = ours.iter().filter(|file| file.path.split(['/', '.']).any(is_empty_name));
    found.extend(stems.map(|file| file.path.clone()));
    files::none(found, "such a word fits everything and says nothing: name what it does or holds");
}

#[test]
fn nothing_is_left_for_later() {
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
        concat!("unimplemented", "!"),
        concat!("todo", "!("),
    ];
    let code = files::all().iter().filter(|file| file.is(&[".rs", ".ts", ".svelte", ".css", ".html"]));
    files::none(
        files::breaches(code, |_, line| {
            marks.iter().any(|mark| match mark.chars().all(char::is_alphanumeric) {
                true => rust::has_word(line, mark),
                false => line.contains(mark),
            })
        }),
        "what is not done stands in an issue, where somebody looks; not in the code, where nobody does",
    );
}

#[test]
fn no_test_is_left_out() {
    let marks = [concat!("#[ign", "ore"), concat!("#[should_", "panic")];
    // The child process of a test is started by that test only; a measurement proves nothing by design.
    let reasons = [concat!("#[ign", "ore = \"run by "), concat!("#[ign", "ore = \"a measurement\"]")];
    files::none(
        files::breaches(files::rust(), |_, line| {
            let line = line.trim_start();
            marks.iter().any(|mark| line.starts_with(mark)) && !reasons.iter().any(|reason| line.starts_with(reason))
        }),
        "an ignored test proves nothing, and one that wants a panic accepts any: assert what happens today",
    );
}

#[test]
fn no_test_of_the_screen_is_left_out() {
    let marks = [".skip(", ".only(", ".todo("];
    let tests = files::all().iter().filter(|file| file.is(&[".test.ts"]));
    files::none(
        files::breaches(tests, |_, line| {
            ["test", "it", "describe"]
                .iter()
                .any(|word| marks.iter().any(|mark| line.trim_start().starts_with(&format!("{word}{mark}"))))
        }),
        "a test that is left out, or alone, lets the others' failures pass",
    );
}

#[test]
fn chinese_stands_in_the_language_files() {
    let elsewhere =
        files::screen().filter(|file| !file.under("ui/src/i18n/") && !file.under("ui/src/fake/") && !file.generated());
    files::none(
        files::breaches(elsewhere, |_, line| line.chars().any(is_han)),
        "what a cashier reads stands in ui/src/i18n, once in each language",
    );
}

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c)
}

/// `HttpService`, `service_of`, `helpers` hold an empty word; `serviceable` does not.
fn is_empty_name(name: &str) -> bool {
    let mut words = vec![String::new()];
    for c in name.chars() {
        if c.is_uppercase() || c == '_' || c == '-' {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
        }
    }
    words.iter().any(|word| EMPTY_NAMES.contains(&word.strip_suffix('s').unwrap_or(word)))
}

#[test]
fn empty_words_are_told_from_others() {
    for name in ["HttpService", "service_of", "helpers", "stringUtils", "TillManager"] {
        assert!(is_empty_name(name), "{name}");
    }
    for name in ["serviceable", "utility", "process", "Managed", "out"] {
        assert!(!is_empty_name(name), "{name}");
    }
}
