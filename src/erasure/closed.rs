//! Channels that only their members can read, when one of these is erased: what nobody else can read goes, and
//! what others can read gets another owner.
//!
//! **Invariant:** a channel is emptied only if nobody is left in it who can read it, or could if they were
//! switched on again.

use std::collections::BTreeSet;

use starling_actors::chat::{ChatError, ClosedChannel};
use starling_actors::domain::{Byline, ChannelId, Membership, OrgId, UserId};

use super::record::Trouble;
use super::{ENTRIES, Erasures};
use crate::dossier::DossierError;

/// Who is left of a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Left {
    /// Whether anybody can still read it, or could if they were switched on again.
    is_read: bool,
    /// Who would look after it.
    heir: Option<UserId>,
}

impl Erasures {
    /// Empties the channels that nobody else can read, and gives those that others can read another owner
    /// than them. Gives which are empty.
    pub(super) async fn forget_closed(
        &self,
        org: OrgId,
        by: &Byline,
        trouble: &mut Trouble,
    ) -> BTreeSet<ChannelId> {
        let closed = trouble.take(self.inner.sources.chat.closed_channels(org, by.user).await);
        let mut gone = BTreeSet::new();
        for closed in closed.unwrap_or_default() {
            match self.forget_place(by, &closed).await {
                Ok(true) => {
                    gone.insert(closed.channel.id);
                }
                // It was removed in this moment.
                Ok(false) | Err(DossierError::Chat(ChatError::NotFound(_))) => {}
                Err(error) => {
                    trouble.take::<(), _>(Err(error));
                }
            }
        }
        gone
    }

    /// `true`: nobody else reads the channel, and it is empty.
    async fn forget_place(
        &self,
        by: &Byline,
        ClosedChannel { channel, others }: &ClosedChannel,
    ) -> Result<bool, DossierError> {
        let (chat, org) = (&self.inner.sources.chat, channel.org);
        // In a conversation of two both are owners.
        let needs_heir = channel.owner == by.user && channel.kind.has_changing_members();
        let left = self.left_of(org, others, needs_heir).await?;
        if !left.is_read {
            let gone = chat.empty_channel((org, channel.id), ENTRIES).await?;
            self.inner.previews.forget(org, channel.id, &gone).await?;
            self.forget_words_in((org, channel.id), by, false).await?;
            return Ok(true);
        }
        if let Some(heir) = left.heir.filter(|_| needs_heir) {
            chat.pass_on(channel, heir).await?;
        }
        Ok(false)
    }

    /// Who is left among members who stand in the order in which they would look after a channel.
    async fn left_of(
        &self,
        org: OrgId,
        members: &[Membership],
        needs_heir: bool,
    ) -> Result<Left, DossierError> {
        let mut left = Left::default();
        for member in members {
            let Some(person) = self.inner.sources.accounts.profile(org, member.user).await? else {
                continue;
            };
            left.is_read |= !person.is_erased;
            let may_own = person.is_active && person.role.may_open_channels();
            if may_own && !person.id.is_program() {
                left.heir = Some(person.id);
            }
            if left.is_read && (left.heir.is_some() || !needs_heir) {
                break;
            }
        }
        Ok(left)
    }
}
