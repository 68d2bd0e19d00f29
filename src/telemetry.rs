//! Logs, traces and metrics: what the server tells of itself.

mod logs;
mod metrics;

pub use logs::{Guard, TelemetryError, start};
pub use metrics::{Meters, install};
