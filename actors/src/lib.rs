//! Starling's core: what chat means, the actors that carry it, and the ports they need.
//!
//! Reading order: [`domain`] (values and their rules), [`ports`] (what the core needs from the
//! outside, each with its contract), [`frame`] (what a socket is sent), [`chat`] (what a person may
//! do, checked and then ordered), then the actors.
//!
//! **Invariant:** the core opens no socket and no file, and knows no format.

pub mod domain;
pub mod frame;
pub mod ports;

mod ask;
pub mod assistant;

pub mod channel;
pub mod chat;
pub mod cluster;
#[cfg(any(test, feature = "testing"))]
pub mod contract;
pub mod memory;
mod presence;
pub mod query;
pub mod relay;
pub mod search;
pub mod session;
mod supervision;
pub mod system;
