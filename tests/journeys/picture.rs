//! What a display of its own shows, without asking the page or its driver: the X server keeps its screen in a file.

use std::path::Path;
use std::time::{Duration, Instant};

/// How long a screen may take to show something.
const PATIENCE: Duration = Duration::from_secs(25);
/// A colour may differ by so much after it was drawn.
const NEAR: u8 = 3;

/// A colour as red, green, blue.
pub type Colour = [u8; 3];

/// Waits until at least this share of the screen, in percent, has the colour.
pub async fn await_colour(display: &Path, colour: Colour, percent: usize) {
    let until = Instant::now() + PATIENCE;
    while share_of(display, colour) < percent {
        assert!(Instant::now() < until, "{colour:?} fills {}% of the screen only", share_of(display, colour));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The share of the screen that has this colour, in percent.
pub fn share_of(display: &Path, colour: Colour) -> usize {
    let screen = std::fs::read(display.join("Xvfb_screen0")).expect("the screen");
    // The header of the X window dump format: numbers of 32 bits, the highest byte first.
    let number = |at: usize| {
        let bytes = screen[at * 4..at * 4 + 4].try_into().expect("four bytes");
        u32::from_be_bytes(bytes) as usize
    };
    let (header, width, height, bits, line, colours) =
        (number(0), number(4), number(5), number(11), number(12), number(19));
    assert_eq!(bits, 32, "a screen of 24 colour bits in 32");
    let pixels = &screen[header + colours * 12..];
    let near = |pixel: &[u8]| {
        let drawn = [pixel[2], pixel[1], pixel[0]];
        drawn.iter().zip(colour).all(|(drawn, wanted)| drawn.abs_diff(wanted) <= NEAR)
    };
    let hits: usize = pixels
        .chunks_exact(line)
        .take(height)
        .map(|row| row[..width * 4].chunks_exact(4).filter(|pixel| near(pixel)).count())
        .sum();
    hits * 100 / (width * height)
}

/// A colour as a page tells it, `rgb(1, 2, 3)`.
pub fn colour(text: &str) -> Colour {
    let parts = text.trim().trim_start_matches("rgb(").trim_end_matches(')').split(',');
    let numbers: Vec<u8> = parts.map(|part| part.trim().parse().expect("a part of a colour")).collect();
    numbers.try_into().expect("red, green, blue")
}
