//! The known name that somebody who wrote an unknown one probably meant.

use super::reading::sections;
use super::table::KEYS;

/// Most letters that may differ.
const LETTERS_MAX: usize = 3;

/// The closest known key or section: the same name elsewhere, or one of this section that differs in few letters.
pub(super) fn nearest(section: &str, path: &str) -> Option<String> {
    let name = path.rsplit('.').next().unwrap_or(path);
    if let Some(key) = KEYS.iter().find(|key| key.name == name) {
        return Some(format!("{} in [{}]", key.name, key.section));
    }
    let here = KEYS.iter().filter(|key| key.section == section);
    let keys = here.map(|key| (key.name, key.path()));
    let sections = sections().into_iter().map(|known| (known, format!("[{known}]")));
    let close = |known: &str| {
        let wanted = if known.contains('.') { path } else { name };
        let apart = letters_apart(wanted, known);
        (apart <= LETTERS_MAX && 2 * apart < known.chars().count()).then_some(apart)
    };
    keys.chain(sections)
        .filter_map(|(known, shown)| close(known).map(|apart| (apart, shown)))
        .min_by_key(|(apart, _)| *apart)
        .map(|(_, shown)| shown)
}

/// Letters to add, remove or change to make one text the other.
fn letters_apart(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.to_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_letters() {
        for (a, b, apart) in [("", "", 0), ("abc", "", 3), ("base_ur", "base_url", 1)] {
            assert_eq!(letters_apart(a, b), apart, "{a} {b}");
            assert_eq!(letters_apart(b, a), apart, "{b} {a}");
        }
    }

    #[test]
    fn finds_what_was_meant() {
        let near = |section, path| nearest(section, path).unwrap_or_default();
        assert_eq!(near("gateway", "gateway.base_ulr"), "gateway.base_url");
        assert_eq!(near("window", "window.baud"), "baud in [scanner]");
        assert_eq!(near("", "windows"), "[window]");
        assert_eq!(near("gateway", "gateway.aut"), "[gateway.auth]");
        assert_eq!(near("", "printer"), "");
    }
}
