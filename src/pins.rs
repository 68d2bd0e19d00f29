//! Messages that are pinned to their channel.
//!
//! A pin is a record below its channel; the channel hears of it by a message of kind `system`, which the log
//! keeps and every resume brings, and by a frame beside the log, which also tells of what was taken off
//! (decision 0029).
//!
//! **Invariants:** a message is pinned at most once, and who pinned it first is shown; what its readers see of
//! it is the message as it stands, so a deleted one is in no list.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use starling_actors::chat::{Caller, Chat, ChatError, Said};
use starling_actors::domain::{
    ChannelId, Message, MessageId, MessageKind, OrgId, Timestamp, UserId,
};
use starling_actors::ports::{Aside, Clock, Precondition, Records};

use crate::records::{Shelf, Shelves, Versioned};

/// Pins, below their channel, by message.
const PINS: Shelf<StoredPin> = Shelf::new("pin");
/// Pins of a channel: more are no selection any more, and all of them are shown at once. Two people at the
/// same moment may go one beyond it.
const PINS_MAX: usize = 100;
/// Beginning of the idempotency key of the message that tells of a pin: pages know it by that.
pub const KEY_PREFIX: &str = "pin.";

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct StoredPin {
    #[serde(with = "crate::records::text")]
    by: UserId,
    at: i64,
}

/// A message that is pinned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// As it stands now.
    pub message: Message,
    /// Who pinned it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// Pins of all channels. Cheap to clone.
#[derive(Clone)]
pub struct Pins {
    shelves: Shelves<ChatError>,
    chat: Chat,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Pins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pins")
    }
}

impl Pins {
    /// Over these.
    pub fn new(records: Arc<dyn Records>, chat: Chat, clock: Arc<dyn Clock>) -> Self {
        Self { shelves: Shelves::new(records), chat, clock }
    }

    /// Pins of a channel that the caller may read, the newest first.
    pub async fn list(&self, caller: &Caller, channel: ChannelId) -> Result<Vec<Pin>, ChatError> {
        let mut stored = self.stored(caller.org, channel).await?;
        stored.sort_by_key(|(_, pin)| std::cmp::Reverse(pin.at));
        let ids: Vec<MessageId> = stored.iter().map(|(id, _)| *id).collect();
        let messages = self.chat.standing_messages(caller, channel, &ids).await?;
        let mut messages: HashMap<MessageId, Message> =
            messages.into_iter().map(|message| (message.id, message)).collect();
        let pin = |(id, StoredPin { by, at })| {
            let message = messages.remove(&id)?;
            Some(Pin { message, by, at: Timestamp(at) })
        };
        Ok(stored.into_iter().filter_map(pin).collect())
    }

    /// Pins a message; `true` when it was not pinned before.
    pub async fn pin(&self, caller: &Caller, id: MessageId) -> Result<(Pin, bool), ChatError> {
        let message = self.chat.pinnable(caller, id).await?;
        if message.is_deleted {
            let detail = "the message is deleted";
            return Err(ChatError::Conflict { code: "message_deleted", detail });
        }
        if let Some(found) = self.found(caller.org, &message).await? {
            return Ok((found, false));
        }
        if self.stored(caller.org, message.channel).await?.len() >= PINS_MAX {
            self.sweep(caller, message.channel).await?;
        }
        let pin = StoredPin { by: caller.user(), at: self.clock.now().0 };
        let (channel, key) = (message.channel.to_string(), id.to_string());
        let place = (caller.org, channel.as_str(), key.as_str());
        match self.shelves.put(&PINS, place, &pin, Precondition::Absent).await {
            Ok(_) => {}
            // Somebody was faster: theirs is the pin.
            Err(ChatError::Conflict { code: "conflict", .. }) => {
                let found = self.found(caller.org, &message).await?;
                return found.map(|found| (found, false)).ok_or(ChatError::Unavailable);
            }
            Err(error) => return Err(error),
        }
        self.announce(caller, &message, pin.at).await;
        Ok((Pin { message, by: pin.by, at: Timestamp(pin.at) }, true))
    }

    /// Takes a message off; that it is not pinned is no error.
    pub async fn unpin(&self, caller: &Caller, id: MessageId) -> Result<(), ChatError> {
        let message = self.chat.pinnable(caller, id).await?;
        let (channel, key) = (message.channel.to_string(), id.to_string());
        if self.shelves.delete(&PINS, caller.org, &channel, &key).await? {
            self.tell(caller, &message, false).await;
        }
        Ok(())
    }

    /// Tells the channel. The pin is stored: what fails here costs the news and not the pin.
    async fn announce(&self, caller: &Caller, message: &Message, at: i64) {
        self.tell(caller, message, true).await;
        let said = Said {
            by: caller.byline.clone(),
            kind: MessageKind::System,
            content: "pinned a message to this channel.".to_owned(),
            parent: Some(message.id),
            mentions: Vec::new(),
            key: Some(format!("{KEY_PREFIX}{}.{at}", message.id)),
        };
        let told = match self.chat.say(caller.org, message.channel, said).await {
            Ok(pending) => pending.receipt().await.map(|_| ()).map_err(ChatError::from),
            Err(error) => Err(error),
        };
        if let Err(error) = told {
            tracing::warn!(%error, message = %message.id, "a pin was not told in its channel");
        }
    }

    async fn tell(&self, caller: &Caller, message: &Message, pinned: bool) {
        let (channel, by) = (message.channel, caller.user());
        let aside = Aside::Pin { channel, message: message.id, by, pinned };
        self.chat.tell_beside(channel, aside).await;
    }

    /// Makes room: pins of messages that were deleted go. 409 when there is none.
    async fn sweep(&self, caller: &Caller, channel: ChannelId) -> Result<(), ChatError> {
        let stored = self.stored(caller.org, channel).await?;
        let ids: Vec<MessageId> = stored.iter().map(|(id, _)| *id).collect();
        let standing = self.chat.standing_messages(caller, channel, &ids).await?;
        let is_gone = |id: &&MessageId| !standing.iter().any(|message| message.id == **id);
        let gone: Vec<&MessageId> = ids.iter().filter(is_gone).collect();
        if gone.is_empty() {
            let detail = "the channel has as many pins as it may have: take one off";
            return Err(ChatError::Conflict { code: "limit_reached", detail });
        }
        for id in gone {
            let (channel, id) = (channel.to_string(), id.to_string());
            self.shelves.delete(&PINS, caller.org, &channel, &id).await?;
        }
        Ok(())
    }

    async fn found(&self, org: OrgId, message: &Message) -> Result<Option<Pin>, ChatError> {
        let (channel, id) = (message.channel.to_string(), message.id.to_string());
        let found = self.shelves.get(&PINS, org, &channel, &id).await?;
        let pin = |Versioned { value: StoredPin { by, at }, .. }| Pin {
            message: message.clone(),
            by,
            at: Timestamp(at),
        };
        Ok(found.map(pin))
    }

    /// All that are stored, of deleted messages too.
    async fn stored(
        &self,
        org: OrgId,
        channel: ChannelId,
    ) -> Result<Vec<(MessageId, StoredPin)>, ChatError> {
        let channel = channel.to_string();
        // Twice as many as may be: those that two people made at the same moment are shown too.
        let found = self.shelves.list(&PINS, org, &channel, 2 * PINS_MAX).await?;
        let id_of = |pin: Versioned<StoredPin>| Some((pin.id.parse().ok()?, pin.value));
        Ok(found.into_iter().filter_map(id_of).collect())
    }
}
