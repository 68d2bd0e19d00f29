//! What a person may do: each function checks who asks, and then gives the order.
//!
//! Reading order: [`Caller`] (who asks), [`ChatError`] (why not), `access` (who sees a channel),
//! then one file for each kind of wish: `channels`, `members`, `posting`, `reading`, `threads`,
//! `saying` (what no person says), `bringing` (what another program kept) and `retiring` (what is too
//! old).
//!
//! **Invariant:** every function takes the caller's organization into its look-ups; what belongs to
//! another one is not found, whatever its id.

mod access;
mod beside;
mod bringing;
mod caller;
mod channels;
mod error;
mod files;
mod gate;
mod members;
mod mentions;
mod overview;
mod own_words;
mod people;
mod posting;
mod reading;
mod retiring;
mod saying;
mod threads;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use access::AccessMemory;
pub use bringing::{Brought, BroughtChannel};
pub use caller::{Caller, grant_of};
pub use channels::{ChannelDraft, ChannelEdit, DEFAULT_CHANNEL};
pub use error::ChatError;
pub use files::{FilesError, MessageFiles, SentFiles};
use gate::Gate;
pub use members::{Member, ReadTo};
pub use overview::{Overview, Seen};
pub use own_words::{ClosedChannel, OwnWords};
pub use people::{People, PeopleError};
pub use posting::Draft;
pub use reading::{PageWish, Place};
pub use retiring::{Keeper, Retired};
pub use saying::Said;
pub use threads::{ThreadDraft, ThreadEdit};

use crate::channel::Channels;
use crate::ports::{Bus, BusEvent, Clock, Directory, History, MessageLog, Topic};
use crate::session::Sessions;

/// The way to everything a person may do. Cheap to clone.
#[derive(Clone)]
pub struct Chat {
    inner: Arc<Inner>,
}

struct Inner {
    ports: ChatPorts,
    channels: Channels,
    gate: Arc<dyn Gate>,
    limits: ChatLimits,
    access: AccessMemory,
}

/// What the chat needs from the outside.
#[derive(Clone)]
pub struct ChatPorts {
    /// The time and fresh ids.
    pub clock: Arc<dyn Clock>,
    /// Entries and heads; the chat itself never appends.
    pub log: Arc<dyn MessageLog>,
    /// Messages as they stand.
    pub history: Arc<dyn History>,
    /// Channels and members.
    pub directory: Arc<dyn Directory>,
    /// News that are not in the log.
    pub bus: Arc<dyn Bus>,
    /// The organization's people.
    pub people: Arc<dyn People>,
    /// What hangs on messages.
    pub files: Arc<dyn MessageFiles>,
}

/// What the operator limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChatLimits {
    /// Characters of a message.
    pub content_chars: usize,
}

impl Chat {
    /// Builds it from its parts.
    pub fn new(
        ports: ChatPorts,
        channels: Channels,
        sessions: Sessions,
        limits: ChatLimits,
    ) -> Self {
        Self::with_gate(ports, channels, Arc::new(sessions), limits)
    }

    fn with_gate(
        ports: ChatPorts,
        channels: Channels,
        gate: Arc<dyn Gate>,
        limits: ChatLimits,
    ) -> Self {
        let access = AccessMemory::default();
        Self { inner: Arc::new(Inner { ports, channels, gate, limits, access }) }
    }

    /// What the operator limits.
    pub fn limits(&self) -> ChatLimits {
        self.inner.limits
    }

    /// Tells the others. A bus that is down costs them a delay, not the caller an error: all that it
    /// carries can be read again.
    async fn tell(&self, topic: Topic, event: BusEvent) {
        if let Err(error) = self.inner.ports.bus.publish(topic, event).await {
            tracing::warn!(%error, ?topic, "news were not published");
        }
    }
}

impl std::fmt::Debug for Chat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Chat")
    }
}
