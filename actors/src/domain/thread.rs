//! Threads: replies kept together beside their channel.

use super::{ChannelId, MessageId, OrgId, ThreadId, Timestamp, UserId};

/// A thread and its counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// Never reused.
    pub id: ThreadId,
    /// The tenant.
    pub org: OrgId,
    /// Whose members read it.
    pub channel: ChannelId,
    /// The message it hangs on, if it hangs on one.
    pub root: Option<MessageId>,
    /// Empty when never given.
    pub title: String,
    /// Whether questions may be asked in it.
    pub is_llm_enabled: bool,
    /// Connections that questions may use; empty: all that the asker may use.
    pub allowed_databases: Vec<String>,
    /// Tables that questions may use; empty: all of these.
    pub allowed_tables: Vec<String>,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its own fields last changed.
    pub updated_at: Timestamp,
    /// People who wrote in it.
    pub participant_count: u32,
    /// Messages in it that are not deleted.
    pub message_count: u32,
    /// Who wrote in it last, a few people, the last one first.
    pub recent_participants: Vec<UserId>,
}
