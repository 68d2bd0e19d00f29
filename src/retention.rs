//! How long messages are kept: what an organization says for all its channels, what a channel says for
//! itself, and the deletion of what is older.
//!
//! ```text
//!   setting ─▶ index of organizations that have one
//!   each quarter of an hour, each node: its channels that have a time ─▶ steps ─▶ mark
//! ```
//!
//! Reading order: here (what may be said), `stored` (what is kept), `sweep` (what goes).
//!
//! **Invariants:** no page of a conversation shows a message that is too old, whether it is deleted yet or
//! not; a mark moves only over what is deleted, so whoever comes after a crash goes on from there.

mod stored;
mod sweep;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use moka::sync::Cache;
use starling_actors::chat::{Chat, ChatError};
use starling_actors::cluster::Placement;
use starling_actors::domain::{ChannelId, Generation, Message, OrgId, Seq, Timestamp, UserId};
use starling_actors::ports::{Clock, Directory, Page, Precondition, Records};
use tokio::sync::Notify;

use self::stored::{DEFAULT, INDEX, MARKS, SETTINGS, StoredSetting};
use crate::previews::Previews;
use crate::records::{SERVER, Shelves};

pub use self::sweep::Sweeper;

/// Longest time that can be said, in days: a century. What is longer is for ever.
pub const DAYS_MAX: u32 = 36_500;
/// A day.
const DAY_MS: i64 = 24 * 3600 * 1000;
/// How long a setting is believed without a look: every page that is read asks.
const REMEMBERED: Duration = Duration::from_secs(5);
/// Settings that are remembered, about 100 bytes each.
const REMEMBERED_MAX: u64 = 20_000;

/// How long messages are kept. Cheap to clone.
#[derive(Clone)]
pub struct Retention {
    inner: Arc<Inner>,
}

struct Inner {
    shelves: Shelves<ChatError>,
    clock: Arc<dyn Clock>,
    chat: Chat,
    previews: Previews,
    directory: Arc<dyn Directory>,
    people: Arc<dyn EveryPerson>,
    placement: Placement,
    /// What holds for a channel.
    remembered: Cache<(OrgId, ChannelId), Held>,
    /// A setting was changed here.
    changed: Notify,
}

/// What this stands on.
pub struct RetentionPorts {
    /// Where settings and marks are kept.
    pub records: Arc<dyn Records>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Deletes.
    pub chat: Chat,
    /// What is kept beside messages goes with them.
    pub previews: Previews,
    /// Channels of people.
    pub directory: Arc<dyn Directory>,
    /// Who is in an organization.
    pub people: Arc<dyn EveryPerson>,
    /// Whose channel is whose.
    pub placement: Placement,
}

/// All people of an organization, page by page.
#[async_trait]
pub trait EveryPerson: Send + Sync + 'static {
    /// At most `limit` people after one, in the order of their ids.
    async fn page(
        &self,
        org: OrgId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<UserId>, ChatError>;
}

/// What was said for a channel or for all, in days; 0: for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// What the channel says for itself; absent: what holds for all.
    pub own: Option<u32>,
    /// What holds for all channels.
    pub default: u32,
}

impl Held {
    /// What holds for the channel, in days; 0: for ever.
    pub fn days(self) -> u32 {
        self.own.unwrap_or(self.default)
    }

    /// What was written before this is too old; `None`: nothing is.
    pub fn cut(self, now: Timestamp) -> Option<Timestamp> {
        let days = self.days();
        (days > 0).then(|| now.plus_ms(-(i64::from(days) * DAY_MS)))
    }
}

/// The ends of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edges {
    /// Its oldest message.
    pub first: Option<Seq>,
    /// Its newest one.
    pub last: Option<Seq>,
}

impl Edges {
    fn of(page: &Page) -> Self {
        let seq = |message: Option<&Message>| message.map(|message| message.seq);
        Self { first: seq(page.messages.first()), last: seq(page.messages.last()) }
    }
}

impl Retention {
    /// Over these.
    pub fn new(ports: RetentionPorts) -> Self {
        let RetentionPorts { records, clock, chat, previews, directory, people, placement } = ports;
        let remembered =
            Cache::builder().max_capacity(REMEMBERED_MAX).time_to_live(REMEMBERED).build();
        let shelves = Shelves::new(records);
        let changed = Notify::new();
        let inner = Inner {
            shelves,
            clock,
            chat,
            previews,
            directory,
            people,
            placement,
            remembered,
            changed,
        };
        Self { inner: Arc::new(inner) }
    }

    /// What holds for all channels of an organization, in days; 0: for ever.
    pub async fn default_of(&self, org: OrgId) -> Result<u32, ChatError> {
        let found = self.inner.shelves.get(&SETTINGS, org, "", DEFAULT).await?;
        Ok(found.map_or(0, |found| found.value.days))
    }

    /// What holds for a channel.
    pub async fn of(&self, org: OrgId, channel: ChannelId) -> Result<Held, ChatError> {
        let own = self.inner.shelves.get(&SETTINGS, org, "", &channel.to_string()).await?;
        let own = own.map(|found| found.value.days);
        Ok(Held { own, default: self.default_of(org).await? })
    }

    /// Says what holds for all channels of an organization; 0: for ever.
    pub async fn set_default(&self, org: OrgId, days: u32) -> Result<(), ChatError> {
        self.put(org, DEFAULT, Some(checked(days)?)).await
    }

    /// Says what holds for a channel; `None`: what holds for all.
    pub async fn set(
        &self,
        org: OrgId,
        channel: ChannelId,
        days: Option<u32>,
    ) -> Result<Held, ChatError> {
        let days = days.map(checked).transpose()?;
        self.put(org, &channel.to_string(), days).await?;
        self.of(org, channel).await
    }

    /// Takes messages out of a page that are too old; gives its ends as it was read, from where the next
    /// one goes on: what is beside an old message is not always older, since messages of other programs
    /// keep their times. Before what the sweep has deleted there is nothing.
    pub async fn trim(
        &self,
        org: OrgId,
        channel: ChannelId,
        page: &mut Page,
        is_forward: bool,
    ) -> Result<Edges, ChatError> {
        let edges = Edges::of(page);
        let Some(first) = edges.first else { return Ok(edges) };
        let key = (org, channel);
        let held = match self.inner.remembered.get(&key) {
            Some(held) => held,
            None => {
                let held = self.of(org, channel).await?;
                self.inner.remembered.insert(key, held);
                held
            }
        };
        let Some(cut) = held.cut(self.inner.clock.now()) else { return Ok(edges) };
        let before = page.messages.len();
        page.messages.retain(|message| message.created_at >= cut);
        if page.messages.len() < before && !is_forward && page.has_more {
            page.has_more = first > self.swept(org, channel).await?.0;
        }
        Ok(edges)
    }

    /// Up to where everything in a channel is deleted, and in which life of its log.
    async fn swept(&self, org: OrgId, channel: ChannelId) -> Result<(Seq, Generation), ChatError> {
        let generation = self.inner.chat.generation(channel).await?;
        let mark = self.inner.shelves.get(&MARKS, org, "", &channel.to_string()).await?;
        let mark = mark.map(|found| found.value).filter(|mark| mark.generation == generation.0);
        Ok((Seq(mark.unwrap_or_default().upto), generation))
    }

    async fn put(&self, org: OrgId, id: &str, days: Option<u32>) -> Result<(), ChatError> {
        let shelves = &self.inner.shelves;
        // First: a setting of an organization that is not in the index would do nothing.
        let place = (SERVER, "", &*org.to_string());
        shelves.put(&INDEX, place, &(), Precondition::Any).await?;
        match days {
            Some(days) => {
                let setting = StoredSetting { days };
                shelves.put(&SETTINGS, (org, "", id), &setting, Precondition::Any).await?;
            }
            None => _ = shelves.delete(&SETTINGS, org, "", id).await?,
        }
        self.inner.remembered.invalidate_all();
        self.inner.changed.notify_one();
        Ok(())
    }
}

impl std::fmt::Debug for Retention {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Retention")
    }
}

fn checked(days: u32) -> Result<u32, ChatError> {
    if days > DAYS_MAX {
        return Err(ChatError::invalid("days", format!("must be at most {DAYS_MAX}")));
    }
    Ok(days)
}
