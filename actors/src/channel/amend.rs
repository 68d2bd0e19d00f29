//! Who may change a message and how, decided from the message as it stands.

use crate::domain::{ChannelId, Event, Message};
use crate::ports::{Amend, AmendError, Change};

/// Different emojis on one message: more would not be read, and they travel with every page.
pub(super) const REACTIONS_MAX: usize = 50;

/// Decides a change: the event to append, or `None` for a repeat without effect, which appends
/// nothing.
pub(super) fn decide(
    channel: ChannelId,
    amend: &Amend,
    message: Option<&Message>,
) -> Result<Option<Event>, AmendError> {
    let message = message.filter(|message| message.channel == channel);
    let message = message.ok_or(AmendError::NotFound)?;
    let is_author = message.author.user == amend.by.user;
    let (id, target) = (message.id, message.seq);
    match &amend.change {
        Change::Edit { .. } if !is_author => Err(AmendError::Forbidden),
        Change::Delete if !is_author && !amend.may_moderate => Err(AmendError::Forbidden),
        Change::Delete if message.is_deleted => Ok(None),
        Change::Edit { .. } | Change::React { .. } if message.is_deleted => {
            Err(AmendError::Deleted)
        }
        Change::Edit { content, mentions } => {
            let is_same = message.content == *content && message.mentions == *mentions;
            let (content, mentions) = (content.clone(), mentions.clone());
            Ok((!is_same).then_some(Event::Edited { message: id, target, content, mentions }))
        }
        Change::Delete => Ok(Some(Event::Deleted { message: id, target })),
        Change::React { emoji, added } => {
            if message.has_reaction(amend.by.user, emoji) == *added {
                return Ok(None);
            }
            let is_new = !message.reactions.iter().any(|reaction| reaction.emoji == *emoji);
            if is_new && message.reactions.len() >= REACTIONS_MAX {
                return Err(AmendError::TooManyReactions);
            }
            let (emoji, added) = (emoji.clone(), *added);
            Ok(Some(Event::Reacted { message: id, target, emoji, added }))
        }
    }
}
