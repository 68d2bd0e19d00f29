//! The stores and services behind the ports of the core.
//!
//! [`files`] keeps what people upload; [`warehouse`] asks customers' databases; [`sqlite`] keeps log,
//! history, directory and records of a server on one machine, [`scylla`] those of a cluster; [`redis`]
//! is between the nodes of one.

pub mod files;
mod folder_lock;
pub mod metered;
#[cfg(feature = "testing")]
pub mod planted;
pub mod redis;
pub mod scylla;
pub mod sqlite;
mod stored;
pub mod warehouse;
