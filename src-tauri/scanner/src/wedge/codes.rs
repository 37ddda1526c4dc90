//! Key codes into characters: by the key's place on the board, so that layout, Caps Lock and input method do not matter.

/// What a key is to the detector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A printable character, as a scanner set to a US keyboard means it.
    Char(char),
    /// Shift, Caps Lock and their like: no text by itself.
    Modifier,
    /// What a scanner sends after a code: Enter, Tab, F12.
    Suffix,
    /// Anything else: arrows, functions, editing.
    Other,
}

/// Both Shift keys.
pub(super) const SHIFTS: [u16; 2] = [42, 54];
/// The keys J and M: with Control they are a line feed and a carriage return.
pub(super) const CONTROL_ENDS: [u16; 2] = [36, 50];

const ENTER: u16 = 28;
const KEYPAD_ENTER: u16 = 96;
const TAB: u16 = 15;
const F12: u16 = 88;
/// Control, Alt, the logo keys, Caps Lock, Num Lock, Scroll Lock.
const MODIFIERS: [u16; 11] = [29, 97, 56, 100, 125, 126, 58, 69, 70, 42, 54];

/// Rows of the board: the first code, the plain characters, the shifted ones.
const ROWS: [(u16, &str, &str); 4] = [
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'", "ASDFGHJKL:\""),
    (44, "zxcvbnm,./", "ZXCVBNM<>?"),
];
const KEYPAD: [(u16, char); 16] = [
    (55, '*'),
    (71, '7'),
    (72, '8'),
    (73, '9'),
    (74, '-'),
    (75, '4'),
    (76, '5'),
    (77, '6'),
    (78, '+'),
    (79, '1'),
    (80, '2'),
    (81, '3'),
    (82, '0'),
    (83, '.'),
    (98, '/'),
    (57, ' '),
];

/// What the key with this code means; `typed` is what the layout makes of it, for keys of no known place.
///
/// The codes are those of the kernel's input events, which X11 and Wayland carry with 8 added.
pub(super) fn meaning(code: u16, shift: bool, typed: Option<char>) -> Meaning {
    if MODIFIERS.contains(&code) {
        return Meaning::Modifier;
    }
    if [ENTER, KEYPAD_ENTER, TAB, F12].contains(&code) {
        return Meaning::Suffix;
    }
    let row = ROWS.iter().find_map(|(first, plain, shifted)| {
        let place = usize::from(code.checked_sub(*first)?);
        // A digit stays a digit: some boards have it on the shifted level, and a scanner may send Shift for nothing.
        let digit = plain.chars().nth(place).filter(char::is_ascii_digit);
        digit.filter(|_| !shift).or_else(|| if shift { shifted } else { plain }.chars().nth(place))
    });
    let keypad = || KEYPAD.iter().find(|(at, _)| *at == code).map(|(_, c)| *c);
    let known = row.or_else(keypad).or(typed.filter(char::is_ascii_graphic));
    known.map_or(Meaning::Other, Meaning::Char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_by_their_place_whatever_the_layout_makes_of_them() {
        let row: Vec<Meaning> = (2..=11).map(|code| meaning(code, false, Some('&'))).collect();
        assert_eq!(row, "1234567890".chars().map(Meaning::Char).collect::<Vec<_>>());
        for (code, digit) in [(82, '0'), (79, '1'), (76, '5'), (73, '9')] {
            assert_eq!(meaning(code, false, None), Meaning::Char(digit), "Num Lock off gives no character");
        }
    }

    #[test]
    fn letters_follow_shift_and_not_caps_lock() {
        assert_eq!(meaning(48, false, Some('B')), Meaning::Char('b'));
        assert_eq!(meaning(48, true, Some('b')), Meaning::Char('B'));
        assert_eq!(meaning(12, false, None), Meaning::Char('-'));
    }

    #[test]
    fn what_is_no_text_is_told_apart() {
        assert_eq!((meaning(28, false, None), meaning(96, false, None)), (Meaning::Suffix, Meaning::Suffix));
        assert_eq!((meaning(42, false, None), meaning(58, false, None)), (Meaning::Modifier, Meaning::Modifier));
        assert_eq!((meaning(105, false, None), meaning(67, false, None)), (Meaning::Other, Meaning::Other));
        assert_eq!(meaning(500, false, Some('7')), Meaning::Char('7'), "a key that some program made up");
    }
}
