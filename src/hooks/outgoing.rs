//! Outgoing webhooks: what happens in channels is told to other programs, signed as Standard Webhooks.
//!
//! ```text
//!   log ─▶ reader (a cursor for each webhook and channel) ─▶ deliveries, stored ─▶ sender ─▶ the receiver
//! ```
//!
//! Reading order: this file; `manage` (who may have one); `interest`; `reader`; `sender`; `signature`, `tap`, `stored`.
//!
//! **Invariants:** every entry that a webhook wants to hear of is sent at least once, with one `webhook-id`
//! however often, until it is taken, a day is over or a thousand newer ones wait (the log of the node says so);
//! a webhook of the whole organization hears only of open
//! channels.

mod interest;
mod manage;
mod reader;
mod sender;
mod signature;
mod stored;
mod tap;

use std::sync::Arc;
use std::time::Duration;

use starling_actors::chat::{Chat, ChatError};
use starling_actors::cluster::Placement;
use starling_actors::domain::{Entry, MessageId, OrgId};
use starling_actors::ports::{
    Clock, Directory, DirectoryError, History, LogError, MessageLog, Records, RecordsError,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::sender::InAir;
use crate::agenda::Agenda;
use crate::data::{Place, Vault};
use crate::egress::Egress;
use crate::records::Shelves;

pub use self::interest::{EVENTS, SWEPT, event_of};
pub use self::manage::{Delivery, OutgoingForm, OutgoingHook};
pub use self::stored::DeliveryState;
pub use self::tap::Hints;

/// How often a node reads which webhooks there are.
const TABLE_EVERY: Duration = Duration::from_secs(5);
/// How often positions are compared, so that what no hint told is found.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// As whom the server calls.
const USER_AGENT: &str = concat!("Starling-Webhooks/", env!("CARGO_PKG_VERSION"));

/// Why something about a webhook was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HookError {
    /// Somebody changed it at the same moment.
    #[error("it was changed meanwhile")]
    Conflict,
    /// A store does not answer.
    #[error("the store is unavailable")]
    Unavailable,
    /// Whether it was stored is not known.
    #[error("whether it was stored is not known")]
    Unknown,
}

impl From<RecordsError> for HookError {
    fn from(error: RecordsError) -> Self {
        match error {
            RecordsError::Conflict => Self::Conflict,
            RecordsError::Unavailable => Self::Unavailable,
            RecordsError::Unknown => Self::Unknown,
        }
    }
}

impl From<LogError> for HookError {
    fn from(_: LogError) -> Self {
        Self::Unavailable
    }
}

impl From<DirectoryError> for HookError {
    fn from(_: DirectoryError) -> Self {
        Self::Unavailable
    }
}

impl From<HookError> for ChatError {
    fn from(error: HookError) -> Self {
        match error {
            HookError::Conflict => RecordsError::Conflict.into(),
            HookError::Unavailable => Self::Unavailable,
            HookError::Unknown => Self::OutcomeUnknown,
        }
    }
}

/// The outgoing webhooks of all. Cheap to clone.
#[derive(Clone)]
pub struct Outgoing {
    inner: Arc<Inner>,
}

struct Inner {
    shelves: Shelves<HookError>,
    agenda: Agenda,
    chat: Chat,
    log: Arc<dyn MessageLog>,
    history: Arc<dyn History>,
    directory: Arc<dyn Directory>,
    clock: Arc<dyn Clock>,
    placement: Placement,
    vault: Vault,
    egress: Egress,
    client: reqwest::Client,
    payload: Payload,
    hints: Hints,
    in_air: InAir,
    /// Something was put into the queue on this node, or room has come free.
    queued: Notify,
    /// A webhook was made, changed or removed on this node.
    changed: Notify,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// What is sent, by what it is about.
#[derive(Clone, Copy)]
pub struct Payload {
    /// An entry.
    pub of_entry: fn(OrgId, &Entry) -> String,
    /// Messages that the server has deleted, and the last entry that says so.
    pub of_swept: fn(OrgId, &Entry, &[MessageId]) -> String,
}

/// What this stands on.
pub struct OutgoingPorts {
    /// Where webhooks, cursors and deliveries are kept.
    pub records: Arc<dyn Records>,
    /// Who may see a channel.
    pub chat: Chat,
    /// What happens.
    pub log: Arc<dyn MessageLog>,
    /// What has happened.
    pub history: Arc<dyn History>,
    /// Which channels there are.
    pub directory: Arc<dyn Directory>,
    /// The time and randomness.
    pub clock: Arc<dyn Clock>,
    /// Which node does what.
    pub placement: Placement,
    /// Keeps secrets.
    pub vault: Vault,
    /// What may be called.
    pub egress: Egress,
    /// What is sent.
    pub payload: Payload,
    /// Where something was stored.
    pub hints: Hints,
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outgoing")
    }
}

/// Where the secret of a webhook belongs.
fn secret_place<'a>(org: OrgId, id: &'a str) -> Place<'a> {
    Place { org, record: id, field: "webhook_secret" }
}

impl Outgoing {
    /// Over these; nothing is sent before [`Outgoing::start`]. Fails when the machine cannot call by TLS.
    pub fn new(ports: OutgoingPorts) -> Result<Self, reqwest::Error> {
        let client = ports.egress.client().user_agent(USER_AGENT).build()?;
        let inner = Inner {
            shelves: Shelves::new(Arc::clone(&ports.records)),
            agenda: Agenda::new("deliveries", ports.records, ports.placement.clone()),
            chat: ports.chat,
            log: ports.log,
            history: ports.history,
            directory: ports.directory,
            clock: ports.clock,
            placement: ports.placement,
            vault: ports.vault,
            egress: ports.egress,
            client,
            payload: ports.payload,
            hints: ports.hints,
            in_air: InAir::default(),
            queued: Notify::new(),
            changed: Notify::new(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Begins to read channels and to send.
    pub fn start(&self) {
        self.inner.tasks.spawn(self.clone().read_for_ever());
        self.inner.tasks.spawn(self.clone().send_for_ever());
    }

    /// Ends that; what is in the air is cut, and sent again later.
    pub async fn stop(&self) {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }
}
