//! Threads.

use serde::Serialize;
use starling_actors::domain::{Thread, UserId};

use super::time::rfc3339;

/// A thread and its counts.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ThreadView {
    /// The thread's id.
    pub id: String,
    /// Whose members read it.
    pub channel_id: String,
    /// The message it hangs on, if it hangs on one.
    pub root_message_id: Option<String>,
    /// Empty when never given.
    pub title: String,
    /// Whether questions may be asked in it.
    pub is_llm_enabled: bool,
    /// What was asked and answered in it so far.
    #[schema(value_type = Option<Object>)]
    pub llm_context: Option<serde_json::Value>,
    /// Connections that questions may use; empty: all that the asker may use.
    pub allowed_databases: Vec<String>,
    /// Tables that questions may use; empty: all of these.
    pub allowed_tables: Vec<String>,
    /// People who wrote in it.
    pub participant_count: u32,
    /// Messages in it that are not deleted.
    pub message_count: u32,
    /// Who wrote in it last, at most three people, the last one first.
    pub recent_participants: Vec<String>,
    /// When it was made.
    pub created_at: String,
    /// When its own fields last changed.
    pub updated_at: String,
}

impl ThreadView {
    /// A thread with its counts.
    pub fn new(thread: &Thread) -> Self {
        Self {
            id: thread.id.to_string(),
            channel_id: thread.channel.to_string(),
            root_message_id: thread.root.map(|id| id.to_string()),
            title: thread.title.clone(),
            is_llm_enabled: thread.is_llm_enabled,
            llm_context: None,
            allowed_databases: thread.allowed_databases.clone(),
            allowed_tables: thread.allowed_tables.clone(),
            participant_count: thread.participant_count,
            message_count: thread.message_count,
            recent_participants: thread.recent_participants.iter().map(UserId::to_string).collect(),
            created_at: rfc3339(thread.created_at),
            updated_at: rfc3339(thread.updated_at),
        }
    }
}
