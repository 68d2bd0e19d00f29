//! Outside tests.
fn main() {}
