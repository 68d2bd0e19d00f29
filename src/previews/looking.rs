//! Looks at the links of messages: reads their pages, and keeps what is shown of them.
//!
//! **Invariant:** what is stored is of the words that the message has: they are looked at again after it was
//! stored, since they may have changed while pages were read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use starling_actors::chat::ChatError;
use starling_actors::domain::{ChannelId, LinkPreview, MessageId, OrgId};
use starling_actors::ports::Precondition;
use tokio::sync::mpsc;

use super::links::links_of;
use super::{CHANGE_ATTEMPTS, PREVIEWS, Previews, SETTING, StoredLink, StoredPreviews};

/// Messages that wait; beyond that the newest go without.
pub(super) const QUEUE_MAX: usize = 256;
/// Messages whose pages are read at a time: pages are slow, and each takes a connection.
pub(super) const AT_ONCE_MAX: usize = 8;
/// Pages that one organization may have the server read in a minute: a crowd that writes, and no tool to
/// call strangers with.
const PAGES_PER_MINUTE: u32 = 120;
pub(super) const MINUTE: Duration = Duration::from_secs(60);

/// A message whose links are to be looked at.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) org: OrgId,
    pub(super) channel: ChannelId,
    pub(super) message: MessageId,
    pub(super) content: String,
}

impl Previews {
    pub(super) fn queue(&self, look: Look) {
        if let Err(full) = self.inner.queue.try_send(look) {
            tracing::debug!(%full, "links are not looked at");
        }
    }

    pub(super) async fn work(self, mut waiting: mpsc::Receiver<Look>) {
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

    pub(super) async fn look(&self, look: &Look) -> Result<(), ChatError> {
        let (channel, key) = (look.channel.to_string(), look.message.to_string());
        for _ in 0..CHANGE_ATTEMPTS {
            let stored = self.inner.shelves.get(&PREVIEWS, look.org, &channel, &key).await?;
            let removed = stored.as_ref().map(|it| it.value.removed.clone()).unwrap_or_default();
            let links: Vec<String> = links_of(&look.content)
                .into_iter()
                .filter(|link| !removed.contains(link) && !self.is_own(link))
                .collect();
            let found =
                if links.is_empty() { Vec::new() } else { self.read(look.org, links).await? };
            let shown = stored.as_ref().map_or(0, |it| it.value.links.len());
            if found.is_empty() && shown == 0 {
                return Ok(());
            }
            // While pages were read it may have got other words, whose links are looked at then.
            if self.words_of(look).await?.is_none_or(|words| words != look.content) {
                return Ok(());
            }
            let links = found.iter().cloned().map(StoredLink::from).collect();
            let value = StoredPreviews { links, removed };
            let when = stored.map_or(Precondition::Absent, |it| Precondition::Version(it.version));
            let place = (look.org, channel.as_str(), key.as_str());
            match self.inner.shelves.put(&PREVIEWS, place, &value, when).await {
                Ok(_) => {}
                // Somebody has taken something away, or looked at other words: with that it begins anew.
                Err(ChatError::Conflict { code: "conflict", .. }) => continue,
                Err(error) => return Err(error),
            }
            let words = self.words_of(look).await?.unwrap_or_default();
            if words == look.content {
                self.tell(look.channel, look.message, found).await;
                return Ok(());
            }
            return self.settle((look.org, look.channel, look.message), &words).await;
        }
        Err(ChatError::Unavailable)
    }

    /// What a message says now; `None` when it is not there.
    async fn words_of(&self, look: &Look) -> Result<Option<String>, ChatError> {
        let now = self.inner.chat.message_of(look.org, look.channel, look.message).await?;
        Ok(now.map(|now| now.content))
    }

    /// Takes away what is shown of pages to which a message's words do not lead any more; without words, all
    /// that is kept of it.
    pub(super) async fn settle(
        &self,
        (org, channel, message): (OrgId, ChannelId, MessageId),
        content: &str,
    ) -> Result<(), ChatError> {
        let (parent, key) = (channel.to_string(), message.to_string());
        for _ in 0..CHANGE_ATTEMPTS {
            let found = self.inner.shelves.get(&PREVIEWS, org, &parent, &key).await?;
            let Some(found) = found else { return Ok(()) };
            if content.is_empty() {
                self.inner.shelves.delete(&PREVIEWS, org, &parent, &key).await?;
                self.tell(channel, message, Vec::new()).await;
                return Ok(());
            }
            let (links, mut value) = (links_of(content), found.value);
            let before = value.links.len();
            value.links.retain(|link| links.contains(&link.url));
            if value.links.len() == before {
                return Ok(());
            }
            let (place, when) =
                ((org, parent.as_str(), key.as_str()), Precondition::Version(found.version));
            match self.inner.shelves.put(&PREVIEWS, place, &value, when).await {
                Ok(_) => {
                    self.tell(channel, message, value.shown()).await;
                    return Ok(());
                }
                Err(ChatError::Conflict { code: "conflict", .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(ChatError::Unavailable)
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
}
