//! What was done to the files of one journal, in order, and what of it is there after a cut.

use std::cell::RefCell;

/// The files a cut can touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// The database itself.
    Db,
    /// Its write-ahead log.
    Wal,
    /// The rollback journal, which only a first start has.
    Rollback,
    /// The witness, which the journal writes without SQLite.
    Witness,
}

/// One thing done to a file.
#[derive(Clone, Debug)]
pub enum Op {
    /// Bytes were written.
    Write {
        /// Where.
        file: File,
        /// From which byte on.
        at: usize,
        /// What.
        bytes: Vec<u8>,
    },
    /// The file was made shorter.
    Truncate {
        /// Which.
        file: File,
        /// Its new length, bytes.
        size: usize,
    },
    /// The file was removed.
    Delete {
        /// Which.
        file: File,
    },
    /// A flush worked: what was done to this file before is on the disk.
    Flushed {
        /// Which.
        file: File,
    },
    /// A flush failed. The system takes what was written for clean from now on: no later flush brings it to the disk.
    FlushFailed {
        /// Which.
        file: File,
    },
}

/// A disk call that fails.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fault {
    /// Writes, truncations and flushes that still work before it.
    pub after: usize,
    /// How many calls fail then.
    pub lasts: usize,
    /// "No space left" in the place of an I/O error; flushes still work.
    pub full: bool,
}

/// How the disk behaves while it is taped.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk {
    /// What fails.
    pub fault: Fault,
    /// A flush of the log counts only when the file is written to next: exactly what `synchronous=NORMAL` leaves out.
    pub commits_unflushed: bool,
}

/// The files as they lie on the disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// By [`File`]; `None` if the file is not there.
    pub files: [Option<Vec<u8>>; 4],
}

/// A source of chance.
pub trait Luck {
    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize;
}

/// What was done, in order.
#[derive(Debug, Default)]
pub struct Tape {
    /// All of it.
    pub ops: Vec<Op>,
    disk: Disk,
    calls: usize,
    log_flush_owed: bool,
}

/// What becomes of one disk call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Works,
    Half,
    Full,
    Fails,
}

thread_local! {
    static TAPE: RefCell<Option<Tape>> = const { RefCell::new(None) };
}

/// Runs `work` with a tape for this thread's disk calls, and hands the tape back.
pub fn record<T>(disk: Disk, work: impl FnOnce() -> T) -> (T, Tape) {
    let tape = Tape { disk, ..Tape::default() };
    TAPE.with_borrow_mut(|slot| *slot = Some(tape));
    let done = work();
    let tape = TAPE.with_borrow_mut(Option::take);
    (done, tape.expect("nobody else takes it"))
}

impl Tape {
    /// How much this thread has done so far; 0 where nothing is taped.
    pub fn position() -> usize {
        TAPE.with_borrow(|tape| tape.as_ref().map_or(0, |tape| tape.ops.len()))
    }

    /// Adds what was done past SQLite.
    pub fn add(op: Op) {
        with(|tape| tape.ops.push(op));
    }

    /// What may lie on the disk if the power goes after the first `upto` things were done.
    pub fn cut(&self, before: &Image, upto: usize, luck: &mut impl Luck) -> Image {
        let ops = &self.ops[..upto];
        let sure = on_disk_for_sure(ops);
        let fate = Fate::draw(ops.len(), luck);
        let mut image = before.clone();
        for (at, op) in ops.iter().enumerate() {
            if sure[at] {
                image.apply(op);
            } else {
                image.apply_maybe(op, fate, at, luck);
            }
        }
        image
    }

    fn call(&mut self, flush: bool) -> Call {
        let fault = self.disk.fault;
        let now = self.calls;
        self.calls += 1;
        if !(fault.after..fault.after + fault.lasts).contains(&now) {
            return Call::Works;
        }
        match (fault.full, flush) {
            (true, true) => Call::Works,
            (true, false) if now == fault.after => Call::Half,
            (true, false) => Call::Full,
            (false, _) => Call::Fails,
        }
    }
}

pub(crate) fn on_write(file: File, at: usize, bytes: &[u8]) -> Call {
    with(|tape| {
        let call = tape.call(false);
        let kept = match call {
            Call::Works => bytes.len(),
            Call::Half => bytes.len() / 2,
            Call::Full | Call::Fails => return call,
        };
        if file == File::Db && std::mem::take(&mut tape.log_flush_owed) {
            tape.ops.push(Op::Flushed { file: File::Wal });
        }
        tape.ops.push(Op::Write { file, at, bytes: bytes[..kept].to_vec() });
        call
    })
    .unwrap_or(Call::Works)
}

pub(crate) fn on_truncate(file: File, size: usize) -> Call {
    with(|tape| {
        let call = tape.call(false);
        if call == Call::Works {
            tape.ops.push(Op::Truncate { file, size });
        }
        call
    })
    .unwrap_or(Call::Works)
}

pub(crate) fn on_flush(file: File) -> Call {
    with(|tape| {
        let call = tape.call(true);
        match call {
            Call::Works if file == File::Wal && tape.disk.commits_unflushed => tape.log_flush_owed = true,
            Call::Works => tape.ops.push(Op::Flushed { file }),
            _ => tape.ops.push(Op::FlushFailed { file }),
        }
        call
    })
    .unwrap_or(Call::Works)
}

pub(crate) fn on_delete(file: File) {
    Tape::add(Op::Delete { file });
}

fn with<T>(act: impl FnOnce(&mut Tape) -> T) -> Option<T> {
    TAPE.with_borrow_mut(|tape| tape.as_mut().map(act))
}

/// For each thing done, whether a flush that worked came after it, before any that failed.
fn on_disk_for_sure(ops: &[Op]) -> Vec<bool> {
    let mut flushed = [false; 4];
    let mut any = false;
    let mut sure = vec![false; ops.len()];
    for (at, op) in ops.iter().enumerate().rev() {
        match *op {
            Op::Flushed { file } => {
                flushed[file as usize] = true;
                any = true;
            }
            Op::FlushFailed { file } => flushed[file as usize] = false,
            Op::Write { file, .. } | Op::Truncate { file, .. } => sure[at] = flushed[file as usize],
            // Names are kept in order by the file system's own log, which any flush brings out.
            Op::Delete { .. } => sure[at] = any,
        }
    }
    sure
}

/// What happens to everything that no flush has brought out.
#[derive(Clone, Copy)]
enum Fate {
    Gone,
    Kept,
    /// What was done before this is kept, the rest is gone.
    Before(usize),
    /// Each by itself.
    Each,
    /// Each sector by itself, so many of eight; where the file had grown, what is lost may show as rubbish.
    Sectors {
        of_eight: usize,
        rubbish: bool,
    },
}

impl Fate {
    fn draw(ops: usize, luck: &mut impl Luck) -> Self {
        match luck.below(8) {
            0 => Self::Gone,
            1 => Self::Kept,
            2 => Self::Before(luck.below(ops + 1)),
            3 => Self::Each,
            _ => Self::Sectors { of_eight: 1 + luck.below(7), rubbish: luck.below(3) == 0 },
        }
    }
}

const SECTOR: usize = 512;

impl Image {
    /// One of the files.
    pub fn file(&self, file: File) -> Option<&[u8]> {
        self.files[file as usize].as_deref()
    }

    /// A number that differs where images differ, but for a chance that may be forgotten.
    pub fn sum(&self) -> u64 {
        let mix = |sum: u64, word: u64| (sum.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
        self.files.iter().fold(0, |sum, file| {
            let bytes = file.as_deref().unwrap_or_default();
            let words = bytes.chunks(8).map(|chunk| {
                let mut word = [0; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                u64::from_le_bytes(word)
            });
            words.fold(mix(sum, bytes.len() as u64 + u64::from(file.is_some())), mix)
        })
    }

    fn apply(&mut self, op: &Op) {
        match op {
            Op::Write { file, at, bytes } => self.write(*file, *at, bytes),
            Op::Truncate { file, size } => {
                if let Some(content) = &mut self.files[*file as usize] {
                    content.resize(*size, 0);
                }
            }
            Op::Delete { file } => self.files[*file as usize] = None,
            Op::Flushed { .. } | Op::FlushFailed { .. } => {}
        }
    }

    fn apply_maybe(&mut self, op: &Op, fate: Fate, at: usize, luck: &mut impl Luck) {
        let whole = match fate {
            Fate::Gone => false,
            Fate::Kept => true,
            Fate::Before(end) => at < end,
            Fate::Each => luck.below(2) == 0,
            Fate::Sectors { of_eight, rubbish } => {
                if let Op::Write { file, at, bytes } = op {
                    return self.write_sectors(*file, *at, bytes, (of_eight, rubbish), luck);
                }
                luck.below(8) < of_eight
            }
        };
        if whole {
            self.apply(op);
        }
    }

    fn write_sectors(&mut self, file: File, at: usize, bytes: &[u8], fate: (usize, bool), luck: &mut impl Luck) {
        let (of_eight, rubbish) = fate;
        let mut from = 0;
        while from < bytes.len() {
            let upto = ((at + from) / SECTOR + 1) * SECTOR - at;
            let piece = &bytes[from..upto.min(bytes.len())];
            let size = self.file(file).map_or(0, <[u8]>::len);
            if luck.below(8) < of_eight {
                self.write(file, at + from, piece);
            } else if rubbish && at + from >= size {
                let fill = luck.below(256) as u8;
                self.write(file, at + from, &vec![fill; piece.len()]);
            }
            from = upto;
        }
    }

    fn write(&mut self, file: File, at: usize, bytes: &[u8]) {
        let content = self.files[file as usize].get_or_insert_default();
        let end = at + bytes.len();
        if content.len() < end {
            content.resize(end, 0);
        }
        content[at..end].copy_from_slice(bytes);
    }
}
