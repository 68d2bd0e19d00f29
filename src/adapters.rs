//! The stores and services behind the ports of the core.
//!
//! [`sqlite`] keeps log, history, directory and records of a server on one machine.

pub mod metered;
#[cfg(feature = "testing")]
pub mod planted;
pub mod sqlite;
