//! The part of the harness that other tests use too: what a history is, and how it is judged.

pub mod checker;
mod record;

pub use record::Record;
