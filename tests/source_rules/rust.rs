//! Rust as a plain scanner sees it: code without comments and texts, and where functions begin and end.

/// The text with every comment and the inside of every literal blanked; lines stay where they are.
pub fn code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match (chars[at], chars.get(at + 1)) {
            ('/', Some('/')) => line_end(&chars, at),
            ('/', Some('*')) => block_end(&chars, at),
            ('"', _) => text_end(&chars, at),
            ('r', Some('"' | '#')) if !joins(&chars, at) => raw_end(&chars, at).unwrap_or(at + 1),
            ('\'', _) => char_end(&chars, at).unwrap_or(at + 1),
            _ => at + 1,
        };
        if end == at + 1 {
            out.push(chars[at]);
        } else {
            out.extend(chars[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
        }
        at = end;
    }
    out
}

/// Each function's name, first line and length in lines, its signature included.
pub fn functions(text: &str) -> Vec<(String, usize, usize)> {
    let code: Vec<char> = code(text).chars().collect();
    let mut found = Vec::new();
    let mut line = 1;
    for at in 0..code.len() {
        if code[at] == '\n' {
            line += 1;
        }
        if !code[at..].starts_with(&['f', 'n', ' ']) || joins(&code, at) {
            continue;
        }
        let name: String = code[at + 3..].iter().take_while(|c| in_word(**c)).collect();
        if let Some(end) = body_end(&code, at) {
            let length = code[at..end].iter().filter(|c| **c == '\n').count() + 1;
            found.push((name, line, length));
        }
    }
    found
}

/// Whether `word` stands in `line` as a whole word.
pub fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(in_word) && !after.is_some_and(in_word)
    })
}

pub fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn joins(chars: &[char], at: usize) -> bool {
    // `br"…"` is a raw literal too: a single `b` in front does not make a longer word.
    let before = |back: usize| at.checked_sub(back).map(|index| chars[index]);
    match before(1) {
        Some('b') => before(2).is_some_and(in_word),
        Some(c) => in_word(c),
        None => false,
    }
}

fn line_end(chars: &[char], at: usize) -> usize {
    (at..chars.len()).find(|&index| chars[index] == '\n').unwrap_or(chars.len())
}

fn block_end(chars: &[char], at: usize) -> usize {
    let mut depth = 0;
    let mut index = at;
    while index + 1 < chars.len() {
        match (chars[index], chars[index + 1]) {
            ('/', '*') => depth += 1,
            ('*', '/') if depth == 1 => return index + 2,
            ('*', '/') => depth -= 1,
            _ => {
                index += 1;
                continue;
            }
        }
        index += 2;
    }
    chars.len()
}

fn text_end(chars: &[char], at: usize) -> usize {
    let mut index = at + 1;
    while index < chars.len() && chars[index] != '"' {
        index += if chars[index] == '\\' { 2 } else { 1 };
    }
    (index + 1).min(chars.len())
}

fn raw_end(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    let open = at + 1 + hashes;
    (chars.get(open) == Some(&'"')).then_some(())?;
    let close = |index: &usize| {
        chars[*index] == '"' && chars[index + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
    };
    Some((open + 1..chars.len()).find(close).map_or(chars.len(), |index| index + 1 + hashes))
}

/// A character literal, and not a lifetime.
fn char_end(chars: &[char], at: usize) -> Option<usize> {
    match (chars.get(at + 1)?, chars.get(at + 2)?) {
        ('\\', _) => (at + 3..chars.len()).find(|&index| chars[index] == '\'').map(|index| index + 1),
        (_, '\'') => Some(at + 3),
        _ => None,
    }
}

/// The end of the body of the function declared at `at`; none for a declaration without one.
fn body_end(code: &[char], at: usize) -> Option<usize> {
    let mut brackets = 0;
    let open = (at..code.len()).find(|&index| {
        match code[index] {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            _ => {}
        }
        brackets == 0 && matches!(code[index], '{' | ';')
    })?;
    let mut depth = 0;
    (open..code.len())
        .find(|&index| {
            match code[index] {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            depth == 0
        })
        .filter(|_| code[open] == '{')
        .map(|index| index + 1)
}

#[test]
fn the_scanner_sees_code_and_not_texts() {
    let text = "let a = \"f64 \\\" {\"; // f64\nlet b = r#\"{ \" f64\"#; /* { /* f64 */ */ let c = '{'; 'x: loop {}";
    let code = code(text);
    assert!(!code.contains("f64"), "{code}");
    assert_eq!(code.matches('{').count(), 1, "{code}");
    assert_eq!(code.lines().count(), 2);
}

#[test]
fn the_scanner_measures_functions() {
    let text = "fn one() -> [u8; 2] {\n  [1, 2]\n}\ntrait T {\n  fn none(&self);\n}\nfn two() {}\n";
    let names: Vec<_> = functions(text);
    assert_eq!(names, [("one".to_owned(), 1, 3), ("two".to_owned(), 7, 1)]);
}
