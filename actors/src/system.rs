//! Starts the tree of actors, watches it, and stops it from the leaves.
//!
//! ```text
//!   root ─┬─ channel hub ── channels (one a channel that is written here)
//!         ├─ relay hub ── relays (one a channel that is read here)
//!         ├─ session hub ── sessions (one a person who is here)
//!         └─ presence board
//! ```
//!
//! **Invariant:** a part that fails costs its own readers a reconnect and nothing else. One that
//! fails again and again is started after a growing pause; hubs that do end the tree, and whoever
//! awaits [`Core::spent`] ends the process.

mod backoff;
mod budget;
mod children;
mod core;
mod root;
mod tally;
#[cfg(test)]
mod tests;

pub(crate) use self::backoff::Backoff;
use self::budget::Budget;
pub(crate) use self::children::{Children, Ended};
pub use self::core::{Core, CoreLimits, Ports, SpentError, StartError};
pub use self::tally::Count;
pub(crate) use self::tally::Tally;
