//! What is shown of the pages that messages link to.
//!
//! ```text
//!   a message is stored, or has other words ─▶ queue ─▶ its links ─▶ page, or what is remembered of it
//!      ─▶ a record beside the message ─▶ who follows the channel, and whoever reads the message later
//!   other words, no words, too old ─▶ what is not in them is taken away at once
//! ```
//!
//! The node that took the message reads the pages, through the guard on the way out. A preview is an extra:
//! what a full queue, a crash or a slow page costs is the preview, never the message.
//!
//! **Invariants:** nothing is shown of a page to which the message as it is shown does not lead; what its
//! author took away does not come back; the message itself, its place and its text are never changed; what
//! is kept goes with the message.

mod links;
mod looking;
mod page;
mod reader;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use starling_actors::chat::{Caller, Chat, ChatError};
use starling_actors::domain::{ChannelId, LinkPreview, Message, MessageId, MessageKind, OrgId};
use starling_actors::ports::{Aside, Precondition, Records};
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::links::{links_of, may_link};
use self::looking::{AT_ONCE_MAX, Look, MINUTE, QUEUE_MAX};
use self::reader::Reader;
use crate::auth::Accounts;
use crate::egress::Egress;
use crate::records::{Shelf, Shelves, Versioned};

/// Previews, below their channel, by message.
const PREVIEWS: Shelf<StoredPreviews> = Shelf::new("link_previews");
/// Pages that are remembered, at about a kilobyte, and for how long: a link that goes round is read once.
const REMEMBERED_MAX: u64 = 2_000;
const REMEMBERED: Duration = Duration::from_secs(30 * 60);
/// Organizations whose pages are counted.
const COUNTED_MAX: u64 = 10_000;
/// Messages that are asked for at once when they are forgotten.
const FORGOTTEN_AT_ONCE: usize = 100;
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
        if !caller.role.may_open_channels() {
            return None;
        }
        self.noted_of(caller.org, channel, content)
    }

    /// The same of what a program is about to write.
    pub fn noted_of(&self, org: OrgId, channel: ChannelId, content: &str) -> Option<Noted> {
        let noted = || Noted { previews: self.clone(), org, channel, content: content.to_owned() };
        may_link(content).then(noted)
    }

    /// A message has other words, or none any more: what they do not lead to is taken away now, and what is
    /// new in them is looked at soon.
    pub async fn changed(
        &self,
        caller: &Caller,
        channel: ChannelId,
        message: MessageId,
        content: &str,
    ) {
        if let Err(error) = self.settle((caller.org, channel, message), content).await {
            // It is not shown to who reads the message anew.
            tracing::warn!(%error, %message, "what was shown of its links is taken away later");
        }
        if let Some(noted) = self.noted(caller, channel, content) {
            noted.written(message);
        }
    }

    /// Forgets what is kept of messages that are gone.
    pub async fn forget(
        &self,
        org: OrgId,
        channel: ChannelId,
        messages: &[MessageId],
    ) -> Result<(), ChatError> {
        let parent = channel.to_string();
        let place = |id: &MessageId| (org, parent.clone(), id.to_string());
        for some in messages.chunks(FORGOTTEN_AT_ONCE) {
            let places: Vec<_> = some.iter().map(place).collect();
            for found in self.kept(&places).await? {
                self.inner.shelves.delete(&PREVIEWS, org, &parent, &found.id).await?;
            }
        }
        Ok(())
    }

    async fn kept(
        &self,
        places: &[(OrgId, String, String)],
    ) -> Result<Vec<Versioned<StoredPreviews>>, ChatError> {
        let nothing: (&Shelf<StoredPreviews>, &[(OrgId, String, String)]) = (&PREVIEWS, &[]);
        Ok(self.inner.shelves.get_all((&PREVIEWS, places), nothing).await?.0)
    }

    /// What is shown beside messages, by message; of most that is nothing, which costs nothing. What the words
    /// as they are now do not lead to is left out, whatever is kept.
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
        let found = self.kept(&places).await?.into_iter();
        let mut kept: HashMap<String, StoredPreviews> =
            found.map(|found| (found.id, found.value)).collect();
        let mut shown = HashMap::with_capacity(kept.len());
        for message in messages {
            let Some(mut kept) = kept.remove(&message.id.to_string()) else { continue };
            let links = links_of(&message.content);
            kept.links.retain(|link| links.contains(&link.url));
            shown.insert(message.id, kept.shown());
        }
        Ok(shown)
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

    /// Tells who follows the channel what is shown now.
    async fn tell(&self, channel: ChannelId, message: MessageId, links: Vec<LinkPreview>) {
        self.inner.chat.tell_beside(channel, Aside::Links { channel, message, links }).await;
    }
}

/// Whether people wrote it: answers and notices name no pages of strangers.
fn is_looked_at(message: &Message) -> bool {
    !message.is_deleted && matches!(message.kind, MessageKind::Text | MessageKind::File)
}

#[cfg(test)]
mod tests;
