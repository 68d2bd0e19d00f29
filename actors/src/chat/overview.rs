//! Channels as one person sees them: their place in each, what is unread, whom they meet.

use std::collections::HashMap;

use super::{Caller, Chat, ChatError};
use crate::domain::{Channel, ChannelId, Generation, Membership, Seq, Standing, UserId};
use crate::ports::{Head, Unread};

/// People shown at the start; the rest are found by searching.
const MET_MAX: usize = 200;
/// Members of a channel whose people count as met; in larger ones few know each other.
const MET_CHANNEL_MEMBERS_MAX: usize = 200;
/// Channels shown at the start; the rest come by the list's cursor.
const CHANNELS_AT_START_MAX: usize = 500;
/// Channels whose heads and unread messages are read at once: a larger read would hold up others.
const LOOKED_AT_ONCE: usize = 200;

/// A channel as one person sees it, and which life of its log the positions belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The channel, the person's place, and what is unread.
    pub standing: Standing,
    /// The log's life.
    pub generation: Generation,
}

/// All that a client needs of the chat at its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// Channels the person is in, and open ones.
    pub channels: Vec<Seen>,
    /// People of their smaller channels.
    pub met: Vec<UserId>,
}

impl Chat {
    /// Channels the caller is in and open ones, by id, after `after`, at most `limit`; whether
    /// there are more.
    pub async fn list_channels(
        &self,
        caller: &Caller,
        after: Option<ChannelId>,
        limit: usize,
    ) -> Result<(Vec<Seen>, bool), ChatError> {
        let directory = &self.inner.ports.directory;
        let own = directory.channels_of(caller.org, caller.user()).await?;
        let mut all: Vec<(Channel, Option<Membership>)> =
            own.into_iter().map(|(channel, membership)| (channel, Some(membership))).collect();
        if caller.role.may_open_channels() {
            let open = directory.public_channels(caller.org).await?;
            all.extend(open.into_iter().map(|channel| (channel, None)));
        }
        // Of a channel that is in both lists, the one with the membership comes first and stays.
        all.sort_by_key(|(channel, membership)| (channel.id, membership.is_none()));
        all.dedup_by_key(|(channel, _)| channel.id);
        all.retain(|(channel, _)| after.is_none_or(|after| channel.id > after));
        let has_more = all.len() > limit;
        all.truncate(limit);
        let mut seen = Vec::with_capacity(all.len());
        while !all.is_empty() {
            let rest = all.split_off(all.len().min(LOOKED_AT_ONCE));
            seen.extend(self.look(caller, std::mem::replace(&mut all, rest)).await?);
        }
        Ok((seen, has_more))
    }

    /// One channel as the caller sees it.
    pub async fn get_channel(&self, caller: &Caller, id: ChannelId) -> Result<Seen, ChatError> {
        self.access(caller, id).await?;
        self.seen(caller, id).await
    }

    /// All that a client needs of the chat at its start.
    pub async fn overview(&self, caller: &Caller) -> Result<Overview, ChatError> {
        let (channels, _) = self.list_channels(caller, None, CHANNELS_AT_START_MAX).await?;
        let directory = &self.inner.ports.directory;
        let mut met = directory.companions(caller.user(), MET_CHANNEL_MEMBERS_MAX).await?;
        met.retain(|user| *user != caller.user());
        met.truncate(MET_MAX);
        Ok(Overview { channels, met })
    }

    /// A channel with the caller's place in it, rights already checked.
    pub(super) async fn seen(&self, caller: &Caller, id: ChannelId) -> Result<Seen, ChatError> {
        let channel = self.channel(caller, id).await?;
        let membership = self.inner.ports.directory.membership(id, caller.user()).await?;
        let seen = self.look(caller, vec![(channel, membership)]).await?;
        seen.into_iter().next().ok_or(ChatError::NotFound("channel"))
    }

    /// Channels with the caller's place in each: two questions, however many there are.
    async fn look(
        &self,
        caller: &Caller,
        channels: Vec<(Channel, Option<Membership>)>,
    ) -> Result<Vec<Seen>, ChatError> {
        let ports = &self.inner.ports;
        let ids: Vec<_> = channels.iter().map(|(channel, _)| channel.id).collect();
        let heads = ports.log.heads(&ids).await?;
        let places: Vec<_> = channels
            .iter()
            .zip(&heads)
            .filter_map(|((_, place), head)| behind(place.as_ref(), *head))
            .collect();
        let counts = ports.history.unread(caller.user(), &places).await?;
        let unread: HashMap<ChannelId, Unread> =
            places.into_iter().map(|(channel, _)| channel).zip(counts).collect();
        let seen = channels.into_iter().zip(heads).map(|((channel, membership), head)| {
            let unread = unread.get(&channel.id).copied().unwrap_or_default();
            let (unread_count, mention_count) = (unread.messages, unread.mentions);
            let standing =
                Standing { channel, membership, head: head.seq, unread_count, mention_count };
            Seen { standing, generation: head.generation }
        });
        Ok(seen.collect())
    }
}

/// From where on messages are to be counted, if there can be any.
fn behind(place: Option<&Membership>, head: Head) -> Option<(ChannelId, Seq)> {
    let place = place.filter(|place| place.last_read_seq < head.seq)?;
    Some((place.channel, place.last_read_seq))
}
