//! Key numbers of Windows into those of the Linux kernel's input events, which the detector of scanners speaks.
//!
//! A key's *make code* is the first scan code set of the PC keyboard, and so are the kernel's numbers up to 88. Keys that came
//! later carry a prefix there, and numbers of their own here.

/// `RI_KEY_E0`: the scan code has the prefix E0.
pub const E0: u16 = 2;
/// `RI_KEY_E1`: the scan code has the prefix E1, as Pause alone.
pub const E1: u16 = 4;

/// Keys with the prefix E0 that the detector must tell from their namesakes: arrows are no digits.
const PREFIXED: [(u16, u16); 18] = [
    (0x1C, 96),  // Enter of the number pad
    (0x1D, 97),  // right Control
    (0x35, 98),  // / of the number pad
    (0x38, 100), // right Alt
    (0x47, 102), // Home
    (0x48, 103), // up
    (0x49, 104), // Page up
    (0x4B, 105), // left
    (0x4D, 106), // right
    (0x4F, 107), // End
    (0x50, 108), // down
    (0x51, 109), // Page down
    (0x52, 110), // Insert
    (0x53, 111), // Delete
    (0x5B, 125), // left logo
    (0x5C, 126), // right logo
    (0x5D, 127), // menu
    (0x37, 99),  // Print
];
/// The highest number that both have in common: F12.
const SHARED: u16 = 88;
/// A number of no key: it is neither text nor the end of a code.
const OTHER: u16 = 0x2FF;
/// What comes with another key and is none by itself: the Shift that a board makes up around its arrows, half of Pause.
const NO_KEY: u16 = 0xFF;

/// `VK_PACKET`: a character that a program sends as it is. What stands for its place is the character.
const PACKET: u16 = 0xE7;

/// The kernel's number of a key; nothing where nothing was pressed.
///
/// `make` and `flags` are Raw Input's (RAWKEYBOARD); `virtual_key` counts where a program made the key up and says no place.
pub fn code(make: u16, flags: u16, virtual_key: u16) -> Option<u16> {
    if virtual_key >= NO_KEY {
        return None;
    }
    if make == 0 || virtual_key == PACKET {
        return Some(by_virtual_key(virtual_key));
    }
    Some(match (flags & E0 != 0, flags & E1 != 0) {
        (false, false) if make <= SHARED => make,
        (true, false) => PREFIXED.iter().find(|(at, _)| *at == make).map_or(OTHER, |(_, code)| *code),
        _ => OTHER,
    })
}

/// Keys without a place, for what scanners type most: digits and the keys that end a code.
fn by_virtual_key(key: u16) -> u16 {
    const PAD: [u16; 10] = [82, 79, 80, 81, 75, 76, 77, 71, 72, 73];
    match key {
        0x30 => 11,
        0x31..=0x39 => key - 0x31 + 2,
        0x60..=0x69 => PAD[usize::from(key - 0x60)],
        0x09 => 15,
        0x0D => 28,
        0x10 | 0xA0 => 42,
        0xA1 => 54,
        0x11 | 0xA2 => 29,
        0xA3 => 97,
        0x12 | 0xA4 => 56,
        0xA5 => 100,
        _ => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_board_has_the_kernels_own_numbers() {
        for (make, key) in
            [(0x02, 2), (0x0B, 11), (0x1C, 28), (0x0F, 15), (0x2A, 42), (0x36, 54), (0x1D, 29), (0x58, 88)]
        {
            assert_eq!(code(make, 0, 0x30), Some(key), "make code {make:#x}");
        }
    }

    #[test]
    fn an_arrow_is_no_digit_of_the_number_pad() {
        for (make, digit, grey) in [(0x47, 71, 102), (0x48, 72, 103), (0x4B, 75, 105), (0x52, 82, 110), (0x53, 83, 111)]
        {
            assert_eq!((code(make, 0, 0x60), code(make, E0, 0x24)), (Some(digit), Some(grey)), "make code {make:#x}");
        }
        assert_eq!(code(0x1C, E0, 0x0D), Some(96), "Enter of the number pad ends a code as well");
        assert_eq!(code(0x33, E0, 0xB7), Some(OTHER), "a key for the loudness is no comma");
    }

    #[test]
    fn a_shift_that_the_board_makes_up_is_no_key() {
        assert_eq!(code(0x2A, E0, 0xFF), None);
        assert_eq!(code(0x1D, E1, 0x13), Some(OTHER), "Pause is no Control");
    }

    #[test]
    fn a_key_that_a_program_made_up_counts_by_what_it_is_called() {
        let digits: Vec<u16> = (0x31..=0x39).chain([0x30]).filter_map(|key| code(0, 0, key)).collect();
        assert_eq!(digits, (2..=11).collect::<Vec<u16>>());
        let pad: Vec<u16> = (0x60..=0x69).filter_map(|key| code(0, 0, key)).collect();
        assert_eq!(pad, [82, 79, 80, 81, 75, 76, 77, 71, 72, 73]);
        assert_eq!((code(0, 0, 0x0D), code(0, 0, 0xE7)), (Some(28), Some(OTHER)));
    }

    #[test]
    fn a_character_that_a_program_made_up_is_no_place() {
        for character in ['6', '8', '1', 'x'] {
            assert_eq!(code(character as u16, 0, PACKET), Some(OTHER), "{character:?} is neither Shift nor Alt");
        }
    }
}
