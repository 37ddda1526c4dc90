//! Build script of the desktop package: Tauri's code generation.
fn main() { println!("cargo:rerun-if-changed=src-tauri/shell/build.rs"); }
