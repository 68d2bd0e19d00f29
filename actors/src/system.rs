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

mod core;
mod root;
#[cfg(test)]
mod tests;

pub use self::core::{ClusterPorts, Core, CoreLimits, Ports, SpentError, StartError};
pub use crate::supervision::Count;
