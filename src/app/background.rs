//! Threads for what may wait: the query pool computes here, and chat on the same cores goes first.

use std::io;

use starling_actors::query;
use tokio::runtime::{Builder, Runtime};

use crate::niceness;

/// A runtime whose threads stand back. Dropping it lets what is still running go.
pub(super) struct Background(Option<Runtime>);

impl Background {
    /// Starts the threads, one a core.
    pub(super) fn start() -> io::Result<Self> {
        let mut builder = Builder::new_multi_thread();
        builder.thread_name("starling-query").on_thread_start(stand_back).enable_all();
        Ok(Self(Some(builder.build()?)))
    }

    /// For the pool.
    pub(super) fn threads(&self) -> Option<query::Background> {
        let runtime = self.0.as_ref()?.handle().clone();
        Some(query::Background { runtime, stand_back })
    }
}

impl Drop for Background {
    /// A runtime may not wait for its threads where others are served.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// A thread that cannot stand back works all the same.
fn stand_back() {
    if let Err(error) = niceness::stand_back() {
        tracing::warn!(%error, "a thread of the query pool does not stand back behind chat");
    }
}
