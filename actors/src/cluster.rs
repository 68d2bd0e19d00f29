//! Who is alive, and which node does what: ownership is a hint; the log decides.
//!
//! ```text
//!   Membership (a view, now and then) ─▶ settling (2 s of hysteresis) ─▶ placement ─▶ weight: mine?
//! ```
//!
//! A node that is there for the first time is given channels only after it was seen for two seconds
//! without a break; one that has gone or leaves is not chosen from the moment at which that is seen.
//! Nodes may differ about who owns what for as long as their views differ. That costs time, never a
//! message: two owners meet at the log, and one of them stops.
//!
//! **Invariant:** equal views give equal owners, on every machine and in every version.

mod placement;
mod settling;
mod weight;

pub(crate) use placement::Home;
pub use placement::{Placement, View};
#[cfg(test)]
pub(crate) use weight::weight;
