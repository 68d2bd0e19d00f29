//! Whether somebody may and should still be told of a message, asked at the moment of telling.
//!
//! **Invariant:** nobody is told of what they may not read at that moment: the account, the membership and
//! the message are read anew for every notice.

use starling_actors::chat::ChatError;
use starling_actors::domain::{ChannelKind, Message, OrgId, Presence, Seq, Timestamp, UserId};

use super::audience::lets_through;
use super::stored::{Reason, StoredNotice};
use super::{Notifier, NotifyError};
use crate::mail::Told;

/// How old a message may be that is told: a weekend that was quiet, and some days of holidays.
const AGE_MS_MAX: i64 = 7 * 24 * 3_600_000;
/// Characters of a message that are shown: a paragraph.
const TEXT_CHARS_MAX: usize = 400;

impl Notifier {
    /// What a notice says now; `None` when there is nothing to tell any more.
    pub(super) async fn still_told(
        &self,
        (org, user): (OrgId, UserId),
        notice: &StoredNotice,
        now: Timestamp,
    ) -> Result<Option<Told>, NotifyError> {
        if now.0 - notice.at > AGE_MS_MAX {
            return Ok(None);
        }
        let Some(reader) = self.inner.accounts.author(org, user).await? else { return Ok(None) };
        let place = self.inner.directory.membership(notice.channel, user).await?;
        let Some(place) = place else { return Ok(None) };
        let is_read = place.last_read_seq >= Seq(notice.seq);
        if is_read || !lets_through(place.notification_level, notice.reason) {
            return Ok(None);
        }
        let message = match self.inner.chat.message(&reader, notice.message).await {
            Ok(message) => message,
            Err(ChatError::NotFound(_)) => return Ok(None),
            Err(_) => return Err(NotifyError::Unavailable),
        };
        let is_named_no_more =
            notice.reason == Reason::Mention && !message.mentions.contains(&user);
        if message.is_deleted || is_named_no_more {
            return Ok(None);
        }
        let channel = self.inner.directory.channel(org, notice.channel).await?;
        let Some(channel) = channel else { return Ok(None) };
        let is_conversation = matches!(channel.kind, ChannelKind::Direct | ChannelKind::Group);
        let author = &message.author;
        let name = if author.full_name.is_empty() { &author.username } else { &author.full_name };
        Ok(Some(Told {
            author: name.clone(),
            channel: if is_conversation { String::new() } else { channel.name },
            text: shown(&words_of(&message)),
            link: format!("{}/#{}/{}", self.inner.settings.server, channel.id, message.id),
        }))
    }

    /// Whether somebody sits before the page, on any node. Who says to be away does not; who wants to be
    /// left alone does, and is told later.
    pub(super) fn is_here(&self, user: UserId) -> bool {
        match self.inner.sessions.presence(user) {
            Presence::Online | Presence::DoNotDisturb => true,
            Presence::Away | Presence::Offline => false,
        }
    }
}

/// A message's words; of one that has none, its files.
fn words_of(message: &Message) -> String {
    if message.content.is_empty() {
        let names: Vec<&str> = message.attachments.iter().map(|file| file.name.as_str()).collect();
        return names.join(", ");
    }
    message.content.clone()
}

/// The beginning of a message.
fn shown(content: &str) -> String {
    let mut shown: String = content.chars().take(TEXT_CHARS_MAX).collect();
    if content.chars().nth(TEXT_CHARS_MAX).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_message_is_cut_between_characters() {
        assert_eq!(shown("short"), "short");
        let cut = shown(&"ü".repeat(1_000));
        assert_eq!(cut.chars().count(), TEXT_CHARS_MAX + 1);
        assert!(cut.ends_with('…'));
    }
}
