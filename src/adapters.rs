//! The stores and services behind the ports of the core.
//!
//! Reading order: [`clock`] (the machine's time and randomness), [`sqlite`] (log, history,
//! directory and records of a server on one machine).

pub mod clock;
pub mod sqlite;
