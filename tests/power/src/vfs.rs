//! The layer below SQLite: the system's own, with a tape beside each write, truncation, flush and removal.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::OnceLock;

use rusqlite::ffi;

use crate::tape::{self, Call, File};

/// Room for the tag behind the system's own file object. Its first byte is 0 for a file that is not taped, else [`File`] + 1;
/// its second says which table of functions the file had.
const TAG: usize = 8;

struct Layer {
    below: *mut ffi::sqlite3_vfs,
    /// Behind the system's own file object, aligned as it was allocated.
    tag_at: usize,
}

// SAFETY: SQLite never changes a registered layer, and `tag_at` is a number.
unsafe impl Send for Layer {}
// SAFETY: as above.
unsafe impl Sync for Layer {}

struct Methods {
    below: *const ffi::sqlite3_io_methods,
    ours: ffi::sqlite3_io_methods,
}

// SAFETY: tables of functions; nobody writes to them after they were made.
unsafe impl Send for Methods {}
// SAFETY: as above.
unsafe impl Sync for Methods {}

static LAYER: OnceLock<Layer> = OnceLock::new();
/// A database is locked, the files beside it are not: the system has a table for each.
static METHODS: [OnceLock<Methods>; 2] = [const { OnceLock::new() }; 2];

/// Puts the tape under every connection that this process opens from now on. May be called again.
pub fn install() {
    LAYER.get_or_init(|| {
        // SAFETY: SQLite's own calls, in its documented order; the new layer is leaked, so it outlives every connection.
        unsafe {
            assert_eq!(ffi::sqlite3_initialize(), ffi::SQLITE_OK);
            let below = ffi::sqlite3_vfs_find(std::ptr::null());
            let mut above = *below;
            let tag_at = (above.szOsFile as usize).next_multiple_of(TAG);
            above.szOsFile = (tag_at + TAG) as c_int;
            above.pNext = std::ptr::null_mut();
            above.zName = c"power".as_ptr();
            above.xOpen = Some(open);
            above.xDelete = Some(delete);
            let above = Box::leak(Box::new(above));
            assert_eq!(ffi::sqlite3_vfs_register(above, 1), ffi::SQLITE_OK);
            Layer { below, tag_at }
        }
    });
}

fn layer() -> &'static Layer {
    LAYER.get().expect("installed before SQLite can call")
}

fn below(file: *mut ffi::sqlite3_file) -> &'static ffi::sqlite3_io_methods {
    // SAFETY: `open` wrote the tag before anything else was done with the file, and the table is the system's for ever.
    unsafe { &*METHODS[*tag(file).add(1) as usize].get().expect("a file was opened").below }
}

fn kind(name: *const c_char) -> Option<File> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite hands over a text that ends in a zero byte.
    let name = unsafe { CStr::from_ptr(name) }.to_str().ok()?;
    match name.rsplit('/').next()? {
        "journal.db" => Some(File::Db),
        "journal.db-wal" => Some(File::Wal),
        "journal.db-journal" => Some(File::Rollback),
        _ => None,
    }
}

fn tag(file: *mut ffi::sqlite3_file) -> *mut u8 {
    // SAFETY: every file object of this layer was allocated with `tag_at + TAG` bytes.
    unsafe { file.cast::<u8>().add(layer().tag_at) }
}

fn tagged(file: *mut ffi::sqlite3_file) -> Option<File> {
    // SAFETY: written by `open` before anything else is done with the file.
    match unsafe { *tag(file) } {
        1 => Some(File::Db),
        2 => Some(File::Wal),
        3 => Some(File::Rollback),
        _ => None,
    }
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let below = layer().below;
    // SAFETY: the arguments are SQLite's own, and the file object has the room that the layer below asked for, and the tag.
    unsafe {
        let opened = (*below).xOpen.expect("every layer opens")(below, name, file, flags, out);
        if (*file).pMethods.is_null() {
            return opened;
        }
        let table = usize::from(flags & ffi::SQLITE_OPEN_MAIN_DB == 0);
        *tag(file) = kind(name).map_or(0, |kind| kind as u8 + 1);
        *tag(file).add(1) = table as u8;
        let found = (*file).pMethods;
        let table = METHODS[table].get_or_init(|| {
            let mut ours = *found;
            // No shared memory and no mapped file: the journal uses neither, and neither could be taped.
            ours.iVersion = 1;
            ours.xWrite = Some(write);
            ours.xTruncate = Some(truncate);
            ours.xSync = Some(sync);
            Methods { below: found, ours }
        });
        assert_eq!(table.below, found, "one table for each");
        (*file).pMethods = &table.ours;
        opened
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync_dir: c_int) -> c_int {
    if let Some(file) = kind(name) {
        tape::on_delete(file);
    }
    let below = layer().below;
    // SAFETY: the arguments are SQLite's own.
    unsafe { (*below).xDelete.expect("every layer deletes")(below, name, sync_dir) }
}

unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, bytes: *const c_void, amount: c_int, at: i64) -> c_int {
    // SAFETY: SQLite hands over `amount` bytes.
    let content = unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), amount as usize) };
    let call = tagged(file).map_or(Call::Works, |kind| tape::on_write(kind, at as usize, content));
    let (amount, answer) = match call {
        Call::Works => (amount, None),
        Call::Half => (amount / 2, Some(ffi::SQLITE_FULL)),
        Call::Full => return ffi::SQLITE_FULL,
        Call::Fails => return ffi::SQLITE_IOERR_WRITE,
    };
    // SAFETY: the arguments are SQLite's own, or fewer of the same bytes.
    let written = unsafe { below(file).xWrite.expect("files are written")(file, bytes, amount, at) };
    answer.unwrap_or(written)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    let call = tagged(file).map_or(Call::Works, |kind| tape::on_truncate(kind, size as usize));
    if call != Call::Works {
        return ffi::SQLITE_IOERR_TRUNCATE;
    }
    // SAFETY: the arguments are SQLite's own.
    unsafe { below(file).xTruncate.expect("files are cut")(file, size) }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    let call = tagged(file).map_or(Call::Works, tape::on_flush);
    if call != Call::Works {
        return ffi::SQLITE_IOERR_FSYNC;
    }
    // SAFETY: the arguments are SQLite's own.
    unsafe { below(file).xSync.expect("files are flushed")(file, flags) }
}
