//! Shell, to be written.
fn main() {}
