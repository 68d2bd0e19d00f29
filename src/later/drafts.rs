//! What people have written and not sent, on all their devices.
//!
//! The last writer wins: two devices of one person rarely write at the same moment, and each shows what the
//! other wrote.

use serde::{Deserialize, Serialize};
use starling_actors::chat::{Caller, ChatError};
use starling_actors::domain::{ChannelId, ThreadId, Timestamp};
use starling_actors::ports::{OwnNews, Precondition};

use super::Later;
use crate::records::{Shelf, Versioned};

/// Drafts, below their author.
const DRAFTS: Shelf<StoredDraft> = Shelf::new("draft");
/// Drafts of one person: more conversations than anyone leaves half written.
const DRAFTS_MAX: usize = 200;
/// Longest draft, in characters. A message may have 5,000; who is about to shorten theirs must not lose it.
const DRAFT_CHARS_MAX: usize = 20_000;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredDraft {
    #[serde(with = "crate::records::text")]
    channel: ChannelId,
    #[serde(with = "crate::records::optional_text", default)]
    thread: Option<ThreadId>,
    content: String,
    at: i64,
}

/// What somebody has written and not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Where.
    pub channel: ChannelId,
    /// In which thread of it.
    pub thread: Option<ThreadId>,
    /// The words.
    pub content: String,
    /// Since when they stand.
    pub at: Timestamp,
}

impl Draft {
    fn of(read: Versioned<StoredDraft>) -> Self {
        let StoredDraft { channel, thread, content, at } = read.value;
        Self { channel, thread, content, at: Timestamp(at) }
    }

    fn news(&self) -> OwnNews {
        let Self { channel, thread, content, at } = self.clone();
        OwnNews::Draft { channel, thread, content, at }
    }
}

fn id_of(channel: ChannelId, thread: Option<ThreadId>) -> String {
    thread.map_or_else(|| channel.to_string(), |thread| format!("{channel}.{thread}"))
}

impl Later {
    /// All drafts of the caller.
    pub async fn drafts(&self, caller: &Caller) -> Result<Vec<Draft>, ChatError> {
        let author = caller.user().to_string();
        let found = self.inner.shelves.list(&DRAFTS, caller.org, &author, DRAFTS_MAX).await?;
        Ok(found.into_iter().map(Draft::of).collect())
    }

    /// Keeps what the caller has written; empty words take the draft away.
    pub async fn put_draft(
        &self,
        caller: &Caller,
        (channel, thread): (ChannelId, Option<ThreadId>),
        content: String,
    ) -> Result<Draft, ChatError> {
        if content.chars().nth(DRAFT_CHARS_MAX).is_some() || content.contains('\0') {
            let message = format!("must have at most {DRAFT_CHARS_MAX} characters");
            return Err(ChatError::invalid("content", message));
        }
        if content.trim().is_empty() {
            return self.drop_draft(caller, channel, thread).await;
        }
        self.inner.chat.writable(caller, channel, thread).await?;
        let (author, id) = (caller.user().to_string(), id_of(channel, thread));
        let shelves = &self.inner.shelves;
        if shelves.get(&DRAFTS, caller.org, &author, &id).await?.is_none()
            && shelves.list(&DRAFTS, caller.org, &author, DRAFTS_MAX).await?.len() >= DRAFTS_MAX
        {
            let detail = "there are too many drafts: send or throw away some";
            return Err(ChatError::Conflict { code: "limit_reached", detail });
        }
        let draft = Draft { channel, thread, content, at: self.inner.clock.now() };
        let stored =
            StoredDraft { channel, thread, content: draft.content.clone(), at: draft.at.0 };
        let place = (caller.org, author.as_str(), id.as_str());
        shelves.put(&DRAFTS, place, &stored, Precondition::Any).await?;
        self.inner.chat.tell_own(caller.user(), draft.news()).await;
        Ok(draft)
    }

    /// Takes a draft away; that there is none is no error.
    pub async fn drop_draft(
        &self,
        caller: &Caller,
        channel: ChannelId,
        thread: Option<ThreadId>,
    ) -> Result<Draft, ChatError> {
        let (author, id) = (caller.user().to_string(), id_of(channel, thread));
        let was_there = self.inner.shelves.delete(&DRAFTS, caller.org, &author, &id).await?;
        let gone = Draft { channel, thread, content: String::new(), at: self.inner.clock.now() };
        if was_there {
            self.inner.chat.tell_own(caller.user(), gone.news()).await;
        }
        Ok(gone)
    }
}
