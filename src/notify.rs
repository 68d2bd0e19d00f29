//! Who is away is told: by mail, and by pushes to their browsers.
//!
//! ```text
//!   append ─▶ tap ─▶ agenda: "look at this channel from here" ─▶ follow ─▶ whom does it concern?
//!     ─▶ a notice for each person, stored ─┬▶ push, soon ─▶ away? unread? may still read? ─▶ their browsers
//!                                          └▶ mail, after their time away: all that waits, in one letter
//! ```
//!
//! Reading order: this file; `wishes` and `quiet` (what a person wants); `tap`, `follow`, `audience` (whom a
//! message concerns); `stored`; `check` (whether they may still be told); `digests` (mail); `pushes` and
//! `push` (browsers); `unsubscribe`, `manage`, `forget`.
//!
//! **Invariants:** a message whose author has a receipt is looked at, whatever node dies when; a person is
//! told of a message once by each way, unless a node dies between telling and noting it, and then under
//! the same name, by which mail programs and browsers know a repeat; what is told is what the person may
//! read at that moment.

mod audience;
mod check;
mod digests;
mod follow;
mod forget;
mod manage;
mod push;
mod pushes;
mod quiet;
mod stored;
mod tap;
mod unsubscribe;
mod wishes;

use std::sync::Arc;
use std::time::Duration;

use starling_actors::chat::{Chat, ChatError};
use starling_actors::cluster::Placement;
use starling_actors::ports::{
    Clock, Directory, DirectoryError, History, LogError, MessageLog, Records, RecordsError,
};
use starling_actors::session::Sessions;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::push::PushClient;
use crate::agenda::Agenda;
use crate::auth::{AccountError, Accounts};
use crate::data::Vault;
use crate::egress::Egress;
use crate::mail::OptionalMailer;
use crate::records::Shelves;

pub use self::forget::KeptNotice;
pub use self::manage::{NotifyDetails, SubscriptionDetails, SubscriptionForm, Trial, WishesChange};
pub use self::quiet::QuietHours;
pub use self::tap::News;

/// How long sockets have to come back after a start: clients dial again within a few seconds.
const RETURN: Duration = Duration::from_secs(5);
/// How long the last look may take when a node stops.
const FINISH_MAX: Duration = Duration::from_secs(5);
/// How long the last messages may take to be entered at the end.
const ENTER_LAST_MAX: Duration = Duration::from_secs(2);
/// How often what is due is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Things that one look takes up; the rest is found by the next.
const DUE_MAX: usize = 200;
/// Things that are done at once in each line: each waits for stores, mail servers or push services.
const AT_ONCE: usize = 8;
/// How long an entry may wait for what it is about, which is stored right after it.
const ORPHAN_MS: i64 = 60 * 1000;

/// Why something about notifications was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotifyError {
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

impl From<RecordsError> for NotifyError {
    fn from(error: RecordsError) -> Self {
        match error {
            RecordsError::Conflict => Self::Conflict,
            RecordsError::Unavailable => Self::Unavailable,
            RecordsError::Unknown => Self::Unknown,
        }
    }
}

impl From<LogError> for NotifyError {
    fn from(_: LogError) -> Self {
        Self::Unavailable
    }
}

impl From<DirectoryError> for NotifyError {
    fn from(_: DirectoryError) -> Self {
        Self::Unavailable
    }
}

impl From<AccountError> for NotifyError {
    fn from(_: AccountError) -> Self {
        Self::Unavailable
    }
}

impl From<NotifyError> for ChatError {
    fn from(error: NotifyError) -> Self {
        match error {
            NotifyError::Conflict => RecordsError::Conflict.into(),
            NotifyError::Unavailable => Self::Unavailable,
            NotifyError::Unknown => Self::OutcomeUnknown,
        }
    }
}

/// Notifications of all. Cheap to clone.
#[derive(Clone)]
pub struct Notifier {
    inner: Arc<Inner>,
}

struct Inner {
    shelves: Shelves<NotifyError>,
    /// Channels to look at.
    news: Agenda,
    /// Notices to be pushed.
    pushes: Agenda,
    /// People to be written to.
    digests: Agenda,
    tap: News,
    chat: Chat,
    accounts: Accounts,
    sessions: Sessions,
    log: Arc<dyn MessageLog>,
    history: Arc<dyn History>,
    directory: Arc<dyn Directory>,
    clock: Arc<dyn Clock>,
    mailer: OptionalMailer,
    push: PushClient,
    settings: NotifySettings,
    /// Who has tried out a way of being told within the last minute.
    trials: moka::sync::Cache<starling_actors::domain::UserId, ()>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// What the operator has set.
#[derive(Clone)]
pub struct NotifySettings {
    /// What links begin with.
    pub server: String,
    /// Signs the addresses that end mails; those of before still count.
    pub link_secrets: Vec<String>,
    /// The operator's key for pushes; empty: one is made and kept.
    pub push_key: String,
    /// Whom push services ask when something is wrong.
    pub push_contact: String,
}

/// What this stands on.
pub struct NotifyPorts {
    /// Where wishes, notices and subscriptions are kept.
    pub records: Arc<dyn Records>,
    /// Who may see a channel, and what is there.
    pub chat: Chat,
    /// Who is who.
    pub accounts: Accounts,
    /// Who is here.
    pub sessions: Sessions,
    /// What happens.
    pub log: Arc<dyn MessageLog>,
    /// What has happened.
    pub history: Arc<dyn History>,
    /// Who is in a channel.
    pub directory: Arc<dyn Directory>,
    /// The time and randomness.
    pub clock: Arc<dyn Clock>,
    /// Which node does what.
    pub placement: Placement,
    /// Keeps the key of pushes.
    pub vault: Vault,
    /// What may be called.
    pub egress: Egress,
    /// Sends letters, where the operator has set how.
    pub mailer: OptionalMailer,
    /// Hears of what is stored.
    pub tap: News,
}

impl std::fmt::Debug for Notifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Notifier")
    }
}

impl Notifier {
    /// Over these; nobody is told before [`Notifier::start`]. Fails when the machine cannot call by TLS.
    pub fn new(ports: NotifyPorts, settings: NotifySettings) -> Result<Self, reqwest::Error> {
        let records = ports.records;
        let agenda = |line| Agenda::new(line, Arc::clone(&records), ports.placement.clone());
        let (news, pushes, digests) = (agenda(tap::LINE), agenda("pushes"), agenda("digests"));
        let push = PushClient::new(&ports.egress, ports.vault, Arc::clone(&ports.clock))?;
        let inner = Inner {
            shelves: Shelves::new(Arc::clone(&records)),
            news,
            pushes,
            digests,
            tap: ports.tap,
            chat: ports.chat,
            accounts: ports.accounts,
            sessions: ports.sessions,
            log: ports.log,
            history: ports.history,
            directory: ports.directory,
            clock: ports.clock,
            mailer: ports.mailer,
            push,
            settings,
            trials: manage::trials(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Begins to follow channels and to tell people.
    pub fn start(&self) {
        let tasks = &self.inner.tasks;
        let (news, pushes, digests) = (self.clone(), self.clone(), self.clone());
        tasks.spawn(async move {
            while news.comes_to_look().await {
                news.inner.tap.enter_left().await;
                news.look_at_news().await;
            }
        });
        tasks.spawn(async move {
            pushes.lets_people_return().await;
            while pushes.comes_to_look().await {
                pushes.look_at_pushes().await;
            }
        });
        tasks.spawn(async move {
            digests.lets_people_return().await;
            while digests.comes_to_look().await {
                digests.look_at_digests().await;
            }
        });
    }

    /// Right after a start nobody's socket is back yet, and everybody would be taken for away.
    async fn lets_people_return(&self) {
        let stop = self.inner.stop.cancelled();
        tokio::time::timeout(RETURN, stop).await.unwrap_or(());
    }

    /// Waits for the next look; `false` when there is none any more.
    async fn comes_to_look(&self) -> bool {
        tokio::select! {
            () = self.inner.stop.cancelled() => false,
            () = tokio::time::sleep(LOOK_EVERY) => true,
        }
    }

    /// Ends that; what is being sent is finished first, unless who takes it lets us wait. Then it is sent
    /// once more by whoever has it next, under the same name.
    pub async fn stop(&self) {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        if tokio::time::timeout(FINISH_MAX, self.inner.tasks.wait()).await.is_err() {
            tracing::warn!(
                "a mail server or a push service is slow: what was on its way goes out again"
            );
        }
        // What was said since the last look.
        let entering = self.inner.tap.enter_left();
        if tokio::time::timeout(ENTER_LAST_MAX, entering).await.is_err() {
            tracing::warn!(
                "who is away is not told of the last messages: the store does not answer"
            );
        }
    }
}
