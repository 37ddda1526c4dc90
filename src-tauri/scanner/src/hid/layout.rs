//! Where a HID-POS scanner puts what it read: its own report descriptor, read. Pure.
//!
//! Makers differ in the order and the size of the fields, so nothing is assumed: the usages tell (HID 1.11 §6.2.2; HID Point of
//! Sale Usage Tables 1.02 §3; HID Usage Tables, Generic Desktop).

use std::ops::Range;

/// The usage page of bar code scanners.
pub const SCANNER_PAGE: u16 = 0x8C;
const DECODED_DATA: Usage = (SCANNER_PAGE, 0xFE);
const DATA_CONTINUED: Usage = (SCANNER_PAGE, 0xFF);
const BYTE_COUNT: Usage = (0x01, 0x3B);
/// More bits in one report than any device has; a descriptor that says so is broken.
const REPORT_BITS_MAX: usize = 8 * 4_096;
/// Levels of Push that are followed.
const PUSHED_MAX: usize = 16;

type Usage = (u16, u16);

/// One kind of report that carries decoded data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The report's number; `None` where the device does not number them.
    pub id: Option<u8>,
    /// Where the decoded data stand, in bytes from the beginning of the report, its number included.
    pub data: Range<usize>,
    /// The byte that tells how many of them count.
    pub count: Option<usize>,
    /// The bit that says that the next report carries on: byte and bit.
    pub continued: Option<(usize, u8)>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Globals {
    page: u16,
    size: usize,
    count: usize,
    id: Option<u8>,
}

/// What was met in one report so far, in bits.
#[derive(Debug, Clone, Default)]
struct Report {
    id: Option<u8>,
    bits: usize,
    data: Option<Range<usize>>,
    count: Option<usize>,
    continued: Option<usize>,
}

/// The reports with decoded data that a descriptor declares; empty where it declares none, or is broken.
pub fn layouts(descriptor: &[u8]) -> Vec<Layout> {
    let mut reports: Vec<Report> = Vec::new();
    let (mut globals, mut pushed) = (Globals::default(), Vec::new());
    let (mut usages, mut range): (Vec<Usage>, (Option<Usage>, Option<Usage>)) = Default::default();
    let mut rest = descriptor;
    while let Some((&prefix, after)) = rest.split_first() {
        // A long item (HID 1.11 §6.2.2.3): its size stands in the next byte, and nothing is defined in it.
        if prefix == 0xFE {
            rest = after.first().and_then(|size| after.get(2 + usize::from(*size)..)).unwrap_or_default();
            continue;
        }
        let size = [0, 1, 2, 4][usize::from(prefix & 3)];
        let (Some(bytes), Some(next)) = (after.get(..size), after.get(size..)) else { return Vec::new() };
        rest = next;
        let value = bytes.iter().rev().fold(0_u32, |value, byte| value << 8 | u32::from(*byte));
        // A usage of four bytes brings its page along.
        let usage = if size == 4 { ((value >> 16) as u16, value as u16) } else { (globals.page, value as u16) };
        if prefix & 0xFC == 0x80 && !place(&mut reports, globals, &usages, range) {
            return Vec::new();
        }
        match prefix & 0xFC {
            0x04 => globals.page = value as u16,
            0x74 => globals.size = value as usize,
            0x84 => globals.id = Some(value as u8),
            0x94 => globals.count = value as usize,
            0xA4 if pushed.len() < PUSHED_MAX => pushed.push(globals),
            0xB4 => globals = pushed.pop().unwrap_or(globals),
            0x08 => usages.push(usage),
            0x18 => range.0 = Some(usage),
            0x28 => range.1 = Some(usage),
            _ => {}
        }
        // Local items hold until the next main item.
        if prefix & 0x0C == 0 {
            usages.clear();
            range = (None, None);
        }
    }
    reports.iter().filter_map(finish).collect()
}

/// Takes one Input item's fields in; `false` for what no device sends.
fn place(reports: &mut Vec<Report>, globals: Globals, usages: &[Usage], range: (Option<Usage>, Option<Usage>)) -> bool {
    let at = reports.iter().position(|report| report.id == globals.id).unwrap_or_else(|| {
        reports.push(Report { id: globals.id, ..Report::default() });
        reports.len() - 1
    });
    let report = &mut reports[at];
    let Some(end) = globals.size.checked_mul(globals.count).map(|bits| report.bits.saturating_add(bits)) else {
        return false;
    };
    if end > REPORT_BITS_MAX || globals.count > REPORT_BITS_MAX {
        return false;
    }
    for field in 0..globals.count {
        let ranged = range.0.zip(range.1).and_then(|(min, max)| {
            let id = min.1.checked_add(u16::try_from(field).ok()?)?;
            (id <= max.1).then_some((min.0, id))
        });
        // The last usage stands for all fields that are left.
        let usage = ranged.or_else(|| usages.get(field).or(usages.last()).copied());
        let from = report.bits + field * globals.size;
        match usage {
            Some(DECODED_DATA) if globals.size == 8 => {
                let run = report.data.get_or_insert(from..from);
                run.end = from + 8;
            }
            Some(BYTE_COUNT) if globals.size == 8 => {
                report.count.get_or_insert(from);
            }
            Some(DATA_CONTINUED) => {
                report.continued.get_or_insert(from);
            }
            _ => {}
        }
    }
    report.bits = end;
    true
}

fn finish(report: &Report) -> Option<Layout> {
    let number = if report.id.is_some() { 1 } else { 0 };
    let data = report.data.clone().filter(|data| data.start % 8 == 0)?;
    Some(Layout {
        id: report.id,
        data: number + data.start / 8..number + data.end / 8,
        count: report.count.filter(|bit| bit % 8 == 0).map(|bit| number + bit / 8),
        continued: report.continued.map(|bit| (number + bit / 8, (bit % 8) as u8)),
    })
}
