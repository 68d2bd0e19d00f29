//! What is shown of the pages that messages link to.
//!
//! ```text
//!   a message is stored, or has other words ─▶ queue ─▶ its links ─▶ page, or what is remembered of it
//!      ─▶ a record beside the message ─▶ who follows the channel, and whoever reads the message later
//! ```
//!
//! The node that took the message reads the pages, through the guard on the way out. A preview is an extra:
//! what a full queue, a crash or a slow page costs is the preview, never the message.
//!
//! **Invariants:** a preview is of the words that the message has when it is stored; what its author took away
//! does not come back; the message itself, its place and its text are never changed.

mod links;
mod page;
mod reader;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use starling_actors::chat::{Caller, Chat, ChatError};
use starling_actors::domain::{ChannelId, LinkPreview, Message, MessageId, MessageKind, OrgId};
use starling_actors::ports::{Aside, Precondition, Records};
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::links::{links_of, may_link};
use self::reader::Reader;
use crate::auth::Accounts;
use crate::egress::Egress;
use crate::records::{Shelf, Shelves, Versioned};

/// Previews, below their channel, by message.
const PREVIEWS: Shelf<StoredPreviews> = Shelf::new("link_previews");
/// Messages that wait; beyond that the newest go without.
const QUEUE_MAX: usize = 256;
/// Messages whose pages are read at a time: pages are slow, and each takes a connection.
const AT_ONCE_MAX: usize = 8;
/// Pages that one organization may have the server read in a minute: a crowd that writes, and no tool to
/// call strangers with.
const PAGES_PER_MINUTE: u32 = 120;
const MINUTE: Duration = Duration::from_secs(60);
/// Pages that are remembered, at about a kilobyte, and for how long: a link that goes round is read once.
const REMEMBERED_MAX: u64 = 2_000;
const REMEMBERED: Duration = Duration::from_secs(30 * 60);
/// Organizations whose pages are counted.
const COUNTED_MAX: u64 = 10_000;
/// Times a record is changed again when another change came between.
const CHANGE_ATTEMPTS: usize = 5;
/// The organization's setting that switches this off when it is `false`.
pub const SETTING: &str = "link_previews";

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct StoredPreviews {
    links: Vec<StoredLink>,
    /// Addresses that its author does not want to be shown.
    #[serde(default)]
    removed: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredLink {
    url: String,
    title: String,
    description: String,
    site: String,
}

impl From<LinkPreview> for StoredLink {
    fn from(LinkPreview { url, title, description, site }: LinkPreview) -> Self {
        Self { url, title, description, site }
    }
}

impl From<StoredLink> for LinkPreview {
    fn from(StoredLink { url, title, description, site }: StoredLink) -> Self {
        Self { url, title, description, site }
    }
}

impl StoredPreviews {
    fn shown(self) -> Vec<LinkPreview> {
        self.links.into_iter().map(LinkPreview::from).collect()
    }
}

/// A message whose links are to be looked at.
#[derive(Debug)]
struct Look {
    org: OrgId,
    channel: ChannelId,
    message: MessageId,
    content: String,
}

/// Words with links that are on their way into a channel.
#[derive(Debug)]
pub struct Noted {
    previews: Previews,
    org: OrgId,
    channel: ChannelId,
    content: String,
}

impl Noted {
    /// They are stored: the links are looked at soon.
    pub fn written(self, message: MessageId) {
        let Self { previews, org, channel, content } = self;
        previews.queue(Look { org, channel, message, content });
    }
}

/// Previews of all messages. Cheap to clone.
#[derive(Clone)]
pub struct Previews {
    inner: Arc<Inner>,
}

struct Inner {
    shelves: Shelves<ChatError>,
    chat: Chat,
    accounts: Accounts,
    reader: Reader,
    /// Links to this server itself are not looked at.
    own_host: Option<String>,
    pages: moka::future::Cache<String, Option<LinkPreview>>,
    counts: moka::sync::Cache<OrgId, Arc<AtomicU32>>,
    queue: mpsc::Sender<Look>,
    places: Arc<Semaphore>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl std::fmt::Debug for Previews {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Previews")
    }
}

impl Previews {
    /// Begins to look at what is noted. Fails when the machine cannot call by TLS.
    pub fn start(
        records: Arc<dyn Records>,
        (chat, accounts): (Chat, Accounts),
        egress: Egress,
        own_host: Option<String>,
    ) -> Result<Self, reqwest::Error> {
        let (queue, waiting) = mpsc::channel(QUEUE_MAX);
        let pages = moka::future::Cache::builder();
        let counts = moka::sync::Cache::builder();
        let inner = Inner {
            shelves: Shelves::new(records),
            chat,
            accounts,
            reader: Reader::new(egress)?,
            own_host,
            pages: pages.max_capacity(REMEMBERED_MAX).time_to_live(REMEMBERED).build(),
            counts: counts.max_capacity(COUNTED_MAX).time_to_live(MINUTE).build(),
            queue,
            places: Arc::new(Semaphore::new(AT_ONCE_MAX)),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        let previews = Self { inner: Arc::new(inner) };
        previews.inner.tasks.spawn(previews.clone().work(waiting));
        Ok(previews)
    }

    /// Ends that; what is being read is dropped.
    pub async fn stop(&self) {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    /// What a person is about to write, if there may be links in it. Guests, of whom nobody knows who they
    /// are, have no strangers called.
    pub fn noted(&self, caller: &Caller, channel: ChannelId, content: &str) -> Option<Noted> {
        let is_looked_at = may_link(content) && caller.role.may_open_channels();
        is_looked_at.then(|| Noted {
            previews: self.clone(),
            org: caller.org,
            channel,
            content: content.to_owned(),
        })
    }

    /// A message has other words, or none any more.
    pub fn changed(&self, caller: &Caller, channel: ChannelId, message: MessageId, content: &str) {
        if caller.role.may_open_channels() {
            let content = content.to_owned();
            self.queue(Look { org: caller.org, channel, message, content });
        }
    }

    fn queue(&self, look: Look) {
        if let Err(full) = self.inner.queue.try_send(look) {
            tracing::debug!(%full, "links are not looked at");
        }
    }

    /// What is shown beside messages, by message; of most that is nothing, which costs nothing.
    pub async fn of(
        &self,
        org: OrgId,
        messages: &[Message],
    ) -> Result<HashMap<MessageId, Vec<LinkPreview>>, ChatError> {
        let places: Vec<(OrgId, String, String)> = messages
            .iter()
            .filter(|message| is_looked_at(message) && may_link(&message.content))
            .map(|message| (org, message.channel.to_string(), message.id.to_string()))
            .collect();
        if places.is_empty() {
            return Ok(HashMap::new());
        }
        let nothing: (&Shelf<StoredPreviews>, &[(OrgId, String, String)]) = (&PREVIEWS, &[]);
        let (found, _) = self.inner.shelves.get_all((&PREVIEWS, &places), nothing).await?;
        let by_message =
            |found: Versioned<StoredPreviews>| Some((found.id.parse().ok()?, found.value.shown()));
        Ok(found.into_iter().filter_map(by_message).collect())
    }

    /// Takes what is shown of a link away for good, or of all of them: the author, and who looks after the
    /// channel.
    pub async fn remove(
        &self,
        caller: &Caller,
        id: MessageId,
        url: Option<&str>,
    ) -> Result<(), ChatError> {
        let message = self.inner.chat.own_message(caller, id).await?;
        let links = links_of(&message.content);
        let removed = links.into_iter().filter(|link| url.is_none_or(|url| url == link));
        let removed: Vec<String> = removed.collect();
        let (org, channel, key) = (caller.org, message.channel.to_string(), id.to_string());
        for _ in 0..CHANGE_ATTEMPTS {
            let found = self.inner.shelves.get(&PREVIEWS, org, &channel, &key).await?;
            let (when, mut value) = match found {
                Some(found) => (Precondition::Version(found.version), found.value),
                None => (Precondition::Absent, StoredPreviews::default()),
            };
            value.links.retain(|link| !removed.contains(&link.url));
            value.removed.retain(|link| !removed.contains(link));
            value.removed.extend(removed.iter().cloned());
            let place = (org, channel.as_str(), key.as_str());
            match self.inner.shelves.put(&PREVIEWS, place, &value, when).await {
                Ok(_) => {
                    self.tell(message.channel, id, value.shown()).await;
                    return Ok(());
                }
                Err(ChatError::Conflict { code: "conflict", .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(ChatError::Unavailable)
    }

    async fn work(self, mut waiting: mpsc::Receiver<Look>) {
        loop {
            let look = tokio::select! {
                () = self.inner.stop.cancelled() => return,
                look = waiting.recv() => look,
            };
            let place = Arc::clone(&self.inner.places).acquire_owned().await;
            let (Some(look), Ok(place)) = (look, place) else { return };
            let previews = self.clone();
            self.inner.tasks.spawn(async move {
                let looked = tokio::select! {
                    looked = previews.look(&look) => looked,
                    () = previews.inner.stop.cancelled() => Ok(()),
                };
                if let Err(error) = looked {
                    tracing::debug!(%error, message = %look.message, "its links are not shown");
                }
                drop(place);
            });
        }
    }

    async fn look(&self, look: &Look) -> Result<(), ChatError> {
        let (channel, key) = (look.channel.to_string(), look.message.to_string());
        let stored = self.inner.shelves.get(&PREVIEWS, look.org, &channel, &key).await?;
        let removed = stored.as_ref().map(|it| it.value.removed.clone()).unwrap_or_default();
        let links: Vec<String> = links_of(&look.content)
            .into_iter()
            .filter(|link| !removed.contains(link) && !self.is_own(link))
            .collect();
        let found = if links.is_empty() { Vec::new() } else { self.read(look.org, links).await? };
        let shown = stored.as_ref().map_or(0, |it| it.value.links.len());
        let is_gone = look.content.is_empty();
        if found.is_empty() && shown == 0 && !(is_gone && stored.is_some()) {
            return Ok(());
        }
        // While pages were read it may have got other words, whose links are looked at then.
        let now = self.inner.chat.message_of(look.org, look.channel, look.message).await?;
        if now.is_none_or(|now| now.content != look.content) {
            return Ok(());
        }
        let links = found.iter().cloned().map(StoredLink::from).collect();
        let value = StoredPreviews { links, removed };
        let when = stored.map_or(Precondition::Absent, |it| Precondition::Version(it.version));
        let place = (look.org, channel.as_str(), key.as_str());
        if is_gone {
            self.inner.shelves.delete(&PREVIEWS, look.org, &channel, &key).await?;
        } else {
            // Whoever was faster knows more: its author has taken something away.
            match self.inner.shelves.put(&PREVIEWS, place, &value, when).await {
                Ok(_) => {}
                Err(ChatError::Conflict { code: "conflict", .. }) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        self.tell(look.channel, look.message, found).await;
        Ok(())
    }

    /// What is shown of these pages, in their order; those that say nothing are left out.
    async fn read(&self, org: OrgId, links: Vec<String>) -> Result<Vec<LinkPreview>, ChatError> {
        if !self.are_wanted(org).await? {
            return Ok(Vec::new());
        }
        let pages = links.into_iter().map(|link| async move {
            if let Some(known) = self.inner.pages.get(&link).await {
                return known;
            }
            if !self.admit(org) {
                return None;
            }
            let reading = self.inner.reader.read(&link);
            // Several who link to one page at once have it read once.
            self.inner.pages.get_with(link.clone(), reading).await
        });
        Ok(join_all(pages).await.into_iter().flatten().collect())
    }

    /// Whether the organization has not switched it off.
    async fn are_wanted(&self, org: OrgId) -> Result<bool, ChatError> {
        let setting = self.inner.accounts.setting(org, SETTING).await;
        let setting = setting.map_err(|_| ChatError::Unavailable)?;
        Ok(setting != Some(serde_json::Value::Bool(false)))
    }

    /// Takes one page from the organization's allowance.
    fn admit(&self, org: OrgId) -> bool {
        let count = self.inner.counts.get_with(org, Arc::<AtomicU32>::default);
        count.fetch_add(1, Ordering::Relaxed) < PAGES_PER_MINUTE
    }

    fn is_own(&self, link: &str) -> bool {
        let host = reqwest::Url::parse(link).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.is_some() && host == self.inner.own_host
    }

    async fn tell(&self, channel: ChannelId, message: MessageId, links: Vec<LinkPreview>) {
        self.inner.chat.tell_beside(channel, Aside::Links { channel, message, links }).await;
    }
}

/// Whether people wrote it: answers and notices name no pages of strangers.
fn is_looked_at(message: &Message) -> bool {
    !message.is_deleted && matches!(message.kind, MessageKind::Text | MessageKind::File)
}
