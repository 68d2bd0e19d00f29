//! The stores and services behind the ports of the core.
//!
//! [`files`] keeps what people upload, [`pictures`] and [`scanner`] look at it; [`warehouse`] asks
//! customers' databases; [`sqlite`] keeps log, history, directory and records of a server on one machine,
//! [`scylla`] those of a cluster; [`search`] finds messages by their words; [`redis`] is between the nodes
//! of a cluster; [`smtp`] sends letters.

mod confine;
pub mod files;
mod folder_lock;
pub mod metered;
pub mod pictures;
#[cfg(feature = "testing")]
pub mod planted;
pub mod redis;
pub mod scanner;
pub mod scylla;
pub mod search;
pub mod smtp;
pub mod sqlite;
mod stored;
pub mod warehouse;
