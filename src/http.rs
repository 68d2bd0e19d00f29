//! The HTTP API: routes, extractors, errors, headers.

pub mod body;
pub mod problem;

use std::sync::Arc;

use starling_actors::ports::Clock;
use starling_actors::session::Sessions;

use crate::config::Settings;

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// Read once at the start.
    pub settings: Arc<Settings>,
    /// The time and randomness.
    pub clock: Arc<dyn Clock>,
    /// Live sessions of this node.
    pub sessions: Sessions,
}
