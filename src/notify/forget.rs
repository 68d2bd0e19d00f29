//! What is taken away of a person who is erased: wishes, browsers, notices, letters to come; and what an archive tells of them.
//!
//! Entries of the agenda stay: what they stand for is not found, and they go by themselves.

use starling_actors::chat::{Caller, ChatError};
use starling_actors::domain::{ChannelId, MessageId, OrgId, Timestamp, UserId};

use super::pushes::BROWSERS_MAX;
use super::stored::{DIGESTS, NOTICES, NOTICES_KEPT_MAX, SUBSCRIPTIONS};
use super::wishes::WISHES;
use super::{Notifier, NotifyError};

/// That a person is told of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptNotice {
    /// Where.
    pub channel: ChannelId,
    /// Which one.
    pub message: MessageId,
    /// When it was stored.
    pub at: Timestamp,
}

impl Notifier {
    /// Takes away all that is kept of a person. Doing it again is harmless.
    pub async fn forget(&self, org: OrgId, user: UserId) -> Result<(), ChatError> {
        Ok(self.forget_person(org, user).await?)
    }

    async fn forget_person(&self, org: OrgId, user: UserId) -> Result<(), NotifyError> {
        let (shelves, person) = (&self.inner.shelves, user.to_string());
        // Twice as many as may be: those that came at the same moment go too.
        let browsers = shelves.list(&SUBSCRIPTIONS, org, &person, 2 * BROWSERS_MAX).await?;
        for browser in browsers {
            self.forget_browser(org, user, &browser).await?;
        }
        shelves.delete(&DIGESTS, org, "", &person).await?;
        loop {
            let notices = shelves.list(&NOTICES, org, &person, NOTICES_KEPT_MAX).await?;
            for notice in &notices {
                shelves.delete(&NOTICES, org, &person, &notice.id).await?;
            }
            if notices.len() < NOTICES_KEPT_MAX {
                break;
            }
        }
        shelves.delete(&WISHES, org, "", &person).await?;
        Ok(())
    }

    /// Messages of which a person was told, or will be, as far as that is remembered.
    pub async fn notices(&self, caller: &Caller) -> Result<Vec<KeptNotice>, ChatError> {
        let person = caller.user().to_string();
        let found = self.inner.shelves.list(&NOTICES, caller.org, &person, NOTICES_KEPT_MAX);
        let found: Vec<_> = found.await.map_err(ChatError::from)?;
        let kept = found.into_iter().map(|notice| KeptNotice {
            channel: notice.value.channel,
            message: notice.value.message,
            at: Timestamp(notice.value.at),
        });
        Ok(kept.collect())
    }
}
