//! Starts the tree of actors, watches it, and stops it from the leaves.

mod budget;
mod tally;

pub(crate) use self::budget::Budget;
pub use self::tally::Count;
pub(crate) use self::tally::Tally;
