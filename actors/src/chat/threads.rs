//! Threads: made by members, read by all who read their channel.

use super::channels::checked_text;
use super::{Caller, Chat, ChatError};
use crate::domain::{ChannelId, MessageId, Thread, ThreadId};
use crate::ports::ThreadCounts;

/// Longest title, in characters: a line of the side panel.
const TITLE_CHARS_MAX: usize = 250;
/// Databases or tables that one thread may list, and the characters of each.
const ALLOWED_MAX: usize = 200;
const ALLOWED_CHARS_MAX: usize = 200;

/// A thread as its maker wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadDraft {
    /// Whose members read it.
    pub channel: ChannelId,
    /// The message it hangs on.
    pub root: Option<MessageId>,
    /// May be empty.
    pub title: String,
    /// Whether questions may be asked in it.
    pub is_llm_enabled: bool,
    /// Connections that questions may use.
    pub allowed_databases: Vec<String>,
    /// Tables that questions may use.
    pub allowed_tables: Vec<String>,
}

/// What of a thread shall change; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadEdit {
    /// New title.
    pub title: Option<String>,
    /// Whether questions may be asked in it.
    pub is_llm_enabled: Option<bool>,
    /// Connections that questions may use.
    pub allowed_databases: Option<Vec<String>>,
    /// Tables that questions may use.
    pub allowed_tables: Option<Vec<String>>,
}

impl Chat {
    /// Makes a thread; `false` when its message had one already, which is then given.
    pub async fn create_thread(
        &self,
        caller: &Caller,
        draft: ThreadDraft,
    ) -> Result<(Thread, bool), ChatError> {
        self.member_role(caller, draft.channel).await?;
        let title = checked_text("title", draft.title, TITLE_CHARS_MAX)?;
        check_allowed("allowed_databases", &draft.allowed_databases)?;
        check_allowed("allowed_tables", &draft.allowed_tables)?;
        if let Some(root) = draft.root {
            self.check_root(draft.channel, root).await?;
            let threads = self.inner.ports.directory.threads(draft.channel).await?;
            if let Some(first) = threads.into_iter().find(|thread| thread.root == Some(root)) {
                return Ok((self.counted(first).await?, false));
            }
        }
        let now = self.inner.ports.clock.now();
        let thread = Thread {
            id: ThreadId::from_u128(self.inner.ports.clock.fresh_id()),
            org: caller.org,
            channel: draft.channel,
            root: draft.root,
            title,
            is_llm_enabled: draft.is_llm_enabled,
            allowed_databases: draft.allowed_databases,
            allowed_tables: draft.allowed_tables,
            created_by: caller.user(),
            created_at: now,
            updated_at: now,
            participant_count: 0,
            message_count: 0,
            recent_participants: Vec::new(),
        };
        // Two may ask at once: the directory says which thread is the message's.
        let (thread, is_new) = self.inner.ports.directory.create_thread(thread).await?;
        if is_new { Ok((thread, true)) } else { Ok((self.counted(thread).await?, false)) }
    }

    /// One thread with its counts.
    pub async fn get_thread(&self, caller: &Caller, id: ThreadId) -> Result<Thread, ChatError> {
        let thread = self.readable_thread(caller, id).await?;
        self.counted(thread).await
    }

    /// Changes a thread. Its maker and the channel's moderators may.
    pub async fn change_thread(
        &self,
        caller: &Caller,
        id: ThreadId,
        edit: ThreadEdit,
    ) -> Result<Thread, ChatError> {
        let mut thread = self.readable_thread(caller, id).await?;
        let role = self.member_role(caller, thread.channel).await?;
        if thread.created_by != caller.user() && !role.may_moderate() {
            return Err(ChatError::Forbidden("only its maker and moderators may change a thread"));
        }
        if let Some(title) = edit.title {
            thread.title = checked_text("title", title, TITLE_CHARS_MAX)?;
        }
        if let Some(databases) = edit.allowed_databases {
            check_allowed("allowed_databases", &databases)?;
            thread.allowed_databases = databases;
        }
        if let Some(tables) = edit.allowed_tables {
            check_allowed("allowed_tables", &tables)?;
            thread.allowed_tables = tables;
        }
        thread.is_llm_enabled = edit.is_llm_enabled.unwrap_or(thread.is_llm_enabled);
        thread.updated_at = self.inner.ports.clock.now();
        self.inner.ports.directory.put_thread(thread.clone()).await?;
        self.counted(thread).await
    }

    /// Threads of a channel, newest first, below `before`, at most `limit`; whether there are more.
    pub async fn list_threads(
        &self,
        caller: &Caller,
        channel: ChannelId,
        before: Option<ThreadId>,
        limit: usize,
    ) -> Result<(Vec<Thread>, bool), ChatError> {
        self.access(caller, channel).await?;
        let mut threads = self.inner.ports.directory.threads(channel).await?;
        threads.sort_unstable_by_key(|thread| std::cmp::Reverse(thread.id));
        threads.retain(|thread| before.is_none_or(|before| thread.id < before));
        let has_more = threads.len() > limit;
        threads.truncate(limit);
        let mut counted = Vec::with_capacity(threads.len());
        for thread in threads {
            counted.push(self.counted(thread).await?);
        }
        Ok((counted, has_more))
    }

    /// A thread of a channel that the caller may read, its counts zero.
    pub(super) async fn readable_thread(
        &self,
        caller: &Caller,
        id: ThreadId,
    ) -> Result<Thread, ChatError> {
        let missing = || ChatError::NotFound("thread");
        let thread = self.inner.ports.directory.thread(caller.org, id).await?;
        let thread = thread.ok_or_else(missing)?;
        match self.access(caller, thread.channel).await {
            Ok(_) => Ok(thread),
            Err(ChatError::NotFound(_)) => Err(missing()),
            Err(error) => Err(error),
        }
    }

    async fn counted(&self, thread: Thread) -> Result<Thread, ChatError> {
        let history = &self.inner.ports.history;
        let counts = history.thread_counts(thread.channel, thread.id).await?;
        let ThreadCounts { participants, messages, recent } = counts;
        Ok(Thread {
            participant_count: participants,
            message_count: messages,
            recent_participants: recent,
            ..thread
        })
    }

    /// A thread hangs on a message of its channel that is in no thread itself.
    async fn check_root(&self, channel: ChannelId, root: MessageId) -> Result<(), ChatError> {
        let message = self.inner.ports.history.message(root).await?;
        let message = message.filter(|message| message.channel == channel);
        let message = message.ok_or(ChatError::NotFound("root message"))?;
        if message.thread.is_some() {
            let problem = "is a reply in a thread itself";
            return Err(ChatError::invalid("root_message_id", problem));
        }
        Ok(())
    }
}

fn check_allowed(field: &'static str, names: &[String]) -> Result<(), ChatError> {
    let is_long = |name: &String| name.chars().nth(ALLOWED_CHARS_MAX).is_some();
    if names.len() > ALLOWED_MAX || names.iter().any(is_long) {
        let message =
            format!("must have at most {ALLOWED_MAX} names of {ALLOWED_CHARS_MAX} characters");
        return Err(ChatError::invalid(field, message));
    }
    Ok(())
}
