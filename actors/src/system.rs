//! Starts the tree of actors, watches it, and stops it from the leaves.
//!
//! ```text
//!   root ─┬─ relay hub ── relays (one a channel that is read here)
//!         ├─ session hub ── sessions (one a person who is here)
//!         └─ presence board
//!   channels: a hub of their own, see `channel`
//! ```
//!
//! **Invariant:** a part that fails costs its own readers a reconnect and nothing else; one that
//! fails again and again is left alone rather than started for ever.

mod budget;
mod core;
mod root;
mod tally;

pub(crate) use self::budget::Budget;
pub use self::core::{Core, CoreLimits, Ports, StartError};
pub use self::tally::Count;
pub(crate) use self::tally::Tally;
