//! What a person has not said yet: drafts, messages to be sent later, reminders.
//!
//! Reading order: [`Later`] here; `drafts`; `plans` (what shall happen at a time, and who may want it);
//! `runner` (does it when the time has come, on one node of the cluster).
//!
//! **Invariants:** all of it is its author's alone; what is sent later is sent as its author may send then,
//! and once: its id is the message's idempotency key.

mod drafts;
mod plans;
mod runner;

use std::sync::Arc;

use async_trait::async_trait;
use starling_actors::chat::{Caller, Chat, ChatError};
use starling_actors::cluster::Placement;
use starling_actors::domain::{OrgId, UserId};
use starling_actors::ports::{Clock, Records};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::agenda::Agenda;
use crate::previews::Previews;
use crate::records::Shelves;

pub use self::drafts::Draft;
pub use self::plans::{Plan, PlanChange, PlanKind, PlanState, Wish};

/// Drafts, scheduled messages and reminders of all. Cheap to clone.
#[derive(Clone)]
pub struct Later {
    inner: Arc<Inner>,
}

struct Inner {
    shelves: Shelves<ChatError>,
    agenda: Agenda,
    chat: Chat,
    previews: Previews,
    authors: Arc<dyn Authors>,
    clock: Arc<dyn Clock>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// What this stands on.
#[derive(Clone)]
pub struct LaterPorts {
    /// Where all of it is kept.
    pub records: Arc<dyn Records>,
    /// The time and fresh ids.
    pub clock: Arc<dyn Clock>,
    /// Where messages go.
    pub chat: Chat,
    /// What is shown of pages that they link to.
    pub previews: Previews,
    /// Whose they are.
    pub authors: Arc<dyn Authors>,
    /// Which node does what.
    pub placement: Placement,
}

/// Who may still act when the time has come.
#[async_trait]
pub trait Authors: Send + Sync + 'static {
    /// A person as they may act now; `None` when they may not any more.
    async fn author(&self, org: OrgId, user: UserId) -> Result<Option<Caller>, ChatError>;
}

impl std::fmt::Debug for Later {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Later")
    }
}

impl Later {
    /// Over these; nothing is done at its time before [`Later::start`].
    pub fn new(ports: LaterPorts) -> Self {
        let LaterPorts { records, clock, chat, previews, authors, placement } = ports;
        let inner = Inner {
            shelves: Shelves::new(Arc::clone(&records)),
            agenda: Agenda::new("plans", records, placement),
            chat,
            previews,
            authors,
            clock,
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Begins to do what is due on this node.
    pub fn start(&self) {
        let later = self.clone();
        self.inner.tasks.spawn(async move { later.run().await });
    }

    /// Ends that; what is being sent is finished first.
    pub async fn stop(&self) {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }
}
