//! In-memory adapters of the ports: what the contracts mean, in the least code, for tests and for
//! trying things out. Nothing here survives the process.
//!
//! **Invariant:** every adapter passes the same contract suite as the ones that store.

mod asking;
mod audit_log;
mod bus;
mod clock;
mod cluster;
mod directory;
#[cfg(any(test, feature = "testing"))]
mod faulty_log;
#[cfg(any(test, feature = "testing"))]
mod faulty_records;
mod history;
mod limits;
mod log;
#[cfg(any(test, feature = "testing"))]
mod nobody;
mod records;
mod search_index;

pub use asking::MemoryQuestions;
pub use audit_log::MemoryAuditLog;
pub use bus::LocalBus;
pub use clock::ManualClock;
pub use cluster::{LocalCluster, LocalMembership, LocalPeers, WayFaults};
pub use directory::MemoryDirectory;
#[cfg(any(test, feature = "testing"))]
pub use faulty_log::{FaultPlan, FaultyLog};
#[cfg(any(test, feature = "testing"))]
pub use faulty_records::{FaultyRecords, Mishap};
pub use limits::LocalLimits;
pub use log::MemoryLog;
#[cfg(test)]
pub(crate) use log::Weakness;
#[cfg(any(test, feature = "testing"))]
pub use nobody::Nobody;
pub use records::MemoryRecords;
pub use search_index::MemorySearchIndex;
