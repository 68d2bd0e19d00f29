//! How the rest of the program speaks to channels.

use super::order::{Amend, AmendError, Amended, MemberChange, Post, PostError, Receipt};
use crate::domain::{Byline, ChannelId, Seq};

/// The way to every channel. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Channels {}

/// A message that is in its channel's queue. Two sends whose `Pending` were got one after the
/// other are stored in that order, if both succeed at the first try.
#[derive(Debug)]
pub struct Pending {}

impl Pending {
    /// Waits until the message is stored, or that has failed.
    pub async fn receipt(self) -> Result<Receipt, PostError> {
        Err(PostError::Unavailable)
    }
}

impl Channels {
    /// Puts a message into the channel's queue.
    pub async fn post(&self, _channel: ChannelId, _post: Post) -> Result<Pending, PostError> {
        Err(PostError::Unavailable)
    }

    /// Changes a message.
    pub async fn amend(&self, _channel: ChannelId, _amend: Amend) -> Result<Amended, AmendError> {
        Err(AmendError::Post(PostError::Unavailable))
    }

    /// Writes into the log that someone came or went; gives the place.
    pub async fn member(
        &self,
        _channel: ChannelId,
        _by: Byline,
        _change: MemberChange,
    ) -> Result<Seq, PostError> {
        Err(PostError::Unavailable)
    }
}
