//! Where the pictures of the window go.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// `screens` in the folder of everything that is built.
fn folder() -> PathBuf {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the folder of what is built");
    let folder = built.join("screens");
    std::fs::create_dir_all(&folder).expect("a folder for pictures");
    folder
}

/// Keeps a text beside the pictures.
pub fn keep_text(name: &str, text: &str) {
    std::fs::write(folder().join(name), text).expect("a text");
}

/// Keeps a picture; two journeys may come by the same state, and whoever looks must find a whole one.
pub fn keep(name: &str, png: &[u8]) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let kept = folder().join(format!("{name}.png"));
    let fresh = kept.with_extension(format!("{}.new", NEXT.fetch_add(1, Ordering::Relaxed)));
    std::fs::write(&fresh, png).expect("a picture");
    std::fs::rename(&fresh, &kept).expect("the picture in place");
    kept
}
