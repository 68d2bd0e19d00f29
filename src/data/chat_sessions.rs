//! Private conversations with the data: each is a channel with one member, and what is kept here is
//! how its owner calls it.

use serde::{Deserialize, Serialize};
use starling_actors::domain::{ChannelId, ConnectionId, Timestamp};
use starling_actors::ports::Precondition;

use super::stored::text::{At, Id};
use super::{By, Data, DataError};
use crate::records::{Shelf, Versioned};

/// Sessions, below their owner.
pub(super) const SESSIONS: Shelf<StoredSession> = Shelf::new("chat_session");
/// Sessions of one person: all are read for a list.
pub(super) const SESSIONS_MAX: usize = 1_000;
const TITLE_CHARS_MAX: usize = 200;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredSession {
    title: String,
    is_pinned: bool,
    connection: Option<Id<ConnectionId>>,
    created_at: At,
    updated_at: At,
}

/// What is changed about a session; what is missing stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct ChatSessionForm {
    /// 1 to 200 characters.
    pub title: Option<String>,
    /// Whether it stands before the others.
    pub is_pinned: Option<bool>,
}

/// A private conversation with the data.
#[derive(Clone, Debug)]
pub struct ChatSession {
    /// The channel that it is.
    pub channel: ChannelId,
    /// How its owner calls it.
    pub title: String,
    /// Whether it stands before the others.
    pub is_pinned: bool,
    /// What it asks.
    pub connection: Option<ConnectionId>,
    /// When it began.
    pub created_at: Timestamp,
    /// When something was last asked or changed.
    pub updated_at: Timestamp,
}

impl Data {
    /// One's own sessions: pinned ones first, then those asked last.
    pub async fn list_sessions(&self, by: &By) -> Result<Vec<ChatSession>, DataError> {
        let parent = by.user().to_string();
        let found = self.inner.shelves.list(&SESSIONS, by.org(), &parent, SESSIONS_MAX).await?;
        let mut sessions: Vec<_> = found.into_iter().filter_map(session).collect();
        sessions.sort_by_key(|one| std::cmp::Reverse((one.is_pinned, one.updated_at)));
        Ok(sessions)
    }

    /// One of one's own sessions.
    pub async fn get_session(&self, by: &By, id: ChannelId) -> Result<ChatSession, DataError> {
        session(self.own_session(by, id).await?).ok_or(DataError::NotFound("session"))
    }

    /// Keeps a session that begins with a channel just made.
    pub async fn begin_session(
        &self,
        by: &By,
        channel: ChannelId,
        title: &str,
        connection: Option<ConnectionId>,
    ) -> Result<ChatSession, DataError> {
        let parent = by.user().to_string();
        let shelves = &self.inner.shelves;
        let known = shelves.list(&SESSIONS, by.org(), &parent, SESSIONS_MAX).await?;
        if known.len() >= SESSIONS_MAX {
            return Err(DataError::LimitReached("sessions"));
        }
        let now = At::from(self.now());
        let stored = StoredSession {
            title: title.chars().take(TITLE_CHARS_MAX).collect(),
            is_pinned: false,
            connection: connection.map(Id),
            created_at: now,
            updated_at: now,
        };
        self.put_session(by, channel, &stored, Precondition::Absent).await?;
        self.get_session(by, channel).await
    }

    /// Something was asked in a session.
    pub async fn touch_session(
        &self,
        by: &By,
        id: ChannelId,
        connection: Option<ConnectionId>,
    ) -> Result<(), DataError> {
        let mut found = self.own_session(by, id).await?;
        found.value.updated_at = self.now().into();
        found.value.connection = connection.map(Id).or(found.value.connection);
        // Two questions at once: either moment is the last one.
        self.put_session(by, id, &found.value, Precondition::Any).await
    }

    /// Changes a session.
    pub async fn change_session(
        &self,
        by: &By,
        id: ChannelId,
        form: &ChatSessionForm,
    ) -> Result<ChatSession, DataError> {
        let Versioned { mut value, version, .. } = self.own_session(by, id).await?;
        if let Some(title) = &form.title {
            let title = title.trim();
            let is_bad = title.is_empty() || title.chars().nth(TITLE_CHARS_MAX).is_some();
            if is_bad || title.contains(char::is_control) {
                return Err(DataError::field("title", "must have 1 to 200 printable characters"));
            }
            title.clone_into(&mut value.title);
        }
        value.is_pinned = form.is_pinned.unwrap_or(value.is_pinned);
        self.put_session(by, id, &value, Precondition::Version(version)).await?;
        self.get_session(by, id).await
    }

    /// Forgets a session; whoever calls takes its channel away.
    pub async fn delete_session(&self, by: &By, id: ChannelId) -> Result<(), DataError> {
        self.own_session(by, id).await?;
        let (parent, id) = (by.user().to_string(), id.to_string());
        self.inner.shelves.delete(&SESSIONS, by.org(), &parent, &id).await?;
        Ok(())
    }

    async fn own_session(
        &self,
        by: &By,
        id: ChannelId,
    ) -> Result<Versioned<StoredSession>, DataError> {
        let (parent, id) = (by.user().to_string(), id.to_string());
        let found = self.inner.shelves.get(&SESSIONS, by.org(), &parent, &id).await?;
        found.ok_or(DataError::NotFound("session"))
    }

    async fn put_session(
        &self,
        by: &By,
        id: ChannelId,
        stored: &StoredSession,
        when: Precondition,
    ) -> Result<(), DataError> {
        let (parent, id) = (by.user().to_string(), id.to_string());
        let place = (by.org(), parent.as_str(), id.as_str());
        self.inner.shelves.put(&SESSIONS, place, stored, when).await?;
        Ok(())
    }
}

fn session(found: Versioned<StoredSession>) -> Option<ChatSession> {
    let stored = found.value;
    Some(ChatSession {
        channel: found.id.parse().ok()?,
        title: stored.title,
        is_pinned: stored.is_pinned,
        connection: stored.connection.map(|id| id.0),
        created_at: stored.created_at.into(),
        updated_at: stored.updated_at.into(),
    })
}
