//! What all supervisors share: their children, how often one may fail, and what is counted.
//!
//! **Invariant:** a failed child is started again at once, one that fails again and again after a
//! growing pause, and every start after the first is counted.

mod backoff;
mod budget;
mod children;
mod tally;

pub(crate) use self::backoff::Backoff;
pub(crate) use self::budget::Budget;
pub(crate) use self::children::{Children, Ended};
pub use self::tally::Count;
pub(crate) use self::tally::Tally;
