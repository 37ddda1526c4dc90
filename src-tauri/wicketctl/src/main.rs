//! wicketctl.
fn main() {}
