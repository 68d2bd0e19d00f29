//! Whom a message concerns: those it names, those it was written to, and those who take part in its thread.
//!
//! The level that a person chose for the channel decides what of that reaches them. Groups of people that a
//! message names belong in `named`: whoever is named is a mention, by whatever name.

use std::collections::HashMap;

use starling_actors::domain::{
    Channel, ChannelKind, Entry, NotificationLevel, Posted, Seq, ThreadId, UserId,
};
use starling_actors::ports::Around;

use super::stored::Reason;
use super::{Notifier, NotifyError};

/// Messages of a thread whose authors count as taking part: who wrote earlier than that has left it.
const THREAD_MESSAGES: usize = 200;
/// People of a conversation who are told; those with more people are channels by another name.
const CONVERSATION_MAX: usize = 100;

/// Whether a level lets somebody hear of a message that concerns them for this reason.
pub(super) const fn lets_through(level: NotificationLevel, reason: Reason) -> bool {
    match (level, reason) {
        (NotificationLevel::None, _) => false,
        (NotificationLevel::All, _) | (NotificationLevel::Mentions, Reason::Mention) => true,
        (NotificationLevel::Mentions, Reason::Direct | Reason::Reply) => false,
    }
}

impl Notifier {
    /// Whom a message concerns and why, its author and programs left out. Whether they may and want to
    /// hear of it is another question.
    pub(super) async fn concerned(
        &self,
        channel: &Channel,
        entry: &Entry,
        posted: &Posted,
    ) -> Result<Vec<(UserId, Reason)>, NotifyError> {
        let mut reasons: HashMap<UserId, Reason> = HashMap::new();
        for user in named(posted) {
            reasons.insert(user, Reason::Mention);
        }
        if matches!(channel.kind, ChannelKind::Direct | ChannelKind::Group) {
            let members = self.inner.directory.members(channel.id).await?;
            for member in members.into_iter().take(CONVERSATION_MAX) {
                reasons.entry(member.user).or_insert(Reason::Direct);
            }
        }
        if let Some(thread) = posted.thread {
            for user in self.participants(channel, thread, entry.seq).await? {
                reasons.entry(user).or_insert(Reason::Reply);
            }
        }
        let is_someone_else = |user: &UserId| *user != entry.by.user && !user.is_program();
        let mut reasons: Vec<_> =
            reasons.into_iter().filter(|(user, _)| is_someone_else(user)).collect();
        reasons.sort_unstable_by_key(|(user, _)| *user);
        Ok(reasons)
    }

    /// Who wrote in a thread, and who wrote what it hangs on.
    async fn participants(
        &self,
        channel: &Channel,
        thread: ThreadId,
        before: Seq,
    ) -> Result<Vec<UserId>, NotifyError> {
        let history = &self.inner.history;
        let around = Around::Before(before);
        let page = history.page(channel.id, Some(thread), around, true, THREAD_MESSAGES).await?;
        let mut people: Vec<UserId> =
            page.messages.iter().map(|message| message.author.user).collect();
        let found = self.inner.directory.thread(channel.org, thread).await?;
        if let Some(root) = found.and_then(|thread| thread.root)
            && let Some(root) = history.message(root).await?
        {
            people.push(root.author.user);
        }
        people.sort_unstable();
        people.dedup();
        Ok(people)
    }
}

/// Whom a message names.
fn named(posted: &Posted) -> impl Iterator<Item = UserId> {
    posted.mentions.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_decides_what_of_a_channel_reaches_somebody() {
        use NotificationLevel::{All, Mentions, None};
        let through = |level| {
            [Reason::Mention, Reason::Direct, Reason::Reply].map(|why| lets_through(level, why))
        };
        assert_eq!(through(All), [true, true, true]);
        assert_eq!(through(Mentions), [true, false, false]);
        assert_eq!(through(None), [false, false, false]);
    }
}
