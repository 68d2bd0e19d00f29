//! The WebSocket gateway: one task a socket, lanes out, frames in.
//!
//! ```text
//!   upgrade ─▶ socket task: reader ─▶ decoder ─▶ orders ─▶ backend, session
//!                                                  │ answers
//!   relays ─▶ lane ───────────────────────────────▶ pipe ─▶ TcpStream
//! ```
//!
//! Reading order: [`close`] (why a socket ends), [`decoder`] (bytes to messages), [`reader`] and
//! [`pipe`] (the two halves of a connection), [`lane`] (a socket as the core sees it), `socket`
//! (its task), `orders` (what a client can want), [`handshake`] and `upgrade` (how it begins),
//! `census` (all of them), `vigil` (which of them are looked at again).
//!
//! **Invariant:** a socket at rest costs a task, a lane and no buffer.

pub mod backend;
mod census;
pub mod close;
pub mod decoder;
#[cfg(test)]
mod doorman;
mod guest_cookie;
pub mod handshake;
pub mod lane;
pub mod meters;
mod orders;
pub mod pipe;
pub mod reader;
pub mod rooms;
mod socket;
mod upgrade;
pub mod vigil;

use std::sync::Arc;
use std::time::Duration;

use starling_actors::ports::Clock;
use starling_actors::session::Sessions;
use tokio::task::AbortHandle;

use self::backend::Backend;
use self::census::Census;
use self::meters::{Common, Meters};
use self::vigil::Hearing;
use crate::config::Settings;
use crate::wire::ready_answers::ReadyAnswers;

pub use upgrade::routes;

/// All sockets of this node. Cheap to clone.
#[derive(Clone)]
pub struct Gateway {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Arc<dyn Backend>,
    sessions: Sessions,
    settings: Arc<Settings>,
    clock: Arc<dyn Clock>,
    census: Arc<Census>,
    common: Arc<Common>,
    heartbeat: AbortHandle,
}

impl Gateway {
    /// Starts the heartbeat; needs a runtime.
    pub fn start(
        backend: Arc<dyn Backend>,
        sessions: Sessions,
        settings: Arc<Settings>,
        clock: Arc<dyn Clock>,
        (ready, hearing): (ReadyAnswers, Hearing),
    ) -> Self {
        let heartbeat = Duration::from_millis(settings.server.heartbeat_ms);
        let limits = &settings.limits;
        let census = Arc::new(Census::new(
            heartbeat,
            (limits.connections_per_user, limits.connections_per_address),
            hearing,
        ));
        let time = Arc::clone(&clock);
        let turning = Arc::clone(&census).turn(Arc::clone(&backend), move || time.now());
        let heartbeat = tokio::spawn(turning).abort_handle();
        let common = Arc::new(Common { meters: Meters::new(), ready, doubts: census.doubts() });
        let inner = Inner { backend, sessions, settings, clock, census, common, heartbeat };
        Self { inner: Arc::new(inner) }
    }

    /// Bytes that wait in the lanes of all sockets.
    pub fn waiting_bytes(&self) -> u64 {
        self.inner.census.waiting_bytes()
    }

    /// Tells every socket to come back elsewhere, a batch at a time.
    pub async fn drain(&self) {
        self.inner.census.drain().await;
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.heartbeat.abort();
    }
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gateway")
    }
}
