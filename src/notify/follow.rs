//! Looks at channels where something was said, and keeps a notice for everyone whom it concerns.
//!
//! ```text
//!   agenda: channel, from where ─▶ entries up to the end ─▶ whom? ─▶ notices, each with its entry ─▶ done
//! ```
//!
//! **Invariant:** an entry of the agenda goes only when the notices of all its messages are stored; looking
//! twice stores nothing new.

use std::collections::HashMap;

use futures_util::StreamExt;
use futures_util::stream;
use starling_actors::domain::{Channel, ChannelId, Entry, OrgId, Seq, Timestamp, UserId};
use starling_actors::ports::Precondition;

use super::audience::lets_through;
use super::stored::{
    NOTICES, NOTICES_KEPT_MAX, Reason, SUBSCRIPTIONS, StoredNotice, Way, notice_id,
};
use super::tap::parse_place;
use super::{AT_ONCE, DUE_MAX, Notifier, NotifyError};
use crate::agenda::{Due, Slot};

/// Entries that are read at once.
const ENTRIES: usize = 200;
/// Messages that were written so long ago are nothing new: a server that was down for days does not
/// write about them all.
const AGE_MS_MAX: i64 = 24 * 3_600_000;
/// Old notices that are removed with one new one.
const REMOVED_AT_ONCE: usize = 20;

/// A look from a place of a channel, or none for what cannot be read, and the agenda's entries that it
/// stands for.
type Look = (Option<(OrgId, ChannelId, Seq)>, Vec<Slot>);

/// One look for each channel, from the first place: else a backlog is read once for each of its entries.
fn looks(due: Vec<(Slot, Due)>) -> Vec<Look> {
    let mut unread = Vec::new();
    let mut channels: HashMap<(OrgId, ChannelId), (Seq, Vec<Slot>)> = HashMap::new();
    for (slot, due) in due {
        let (Some(org), Some((channel, from))) = (due.org(), parse_place(&due.id)) else {
            unread.push((None, vec![slot]));
            continue;
        };
        let (first, slots) = channels.entry((org, channel)).or_insert((from, Vec::new()));
        *first = from.min(*first);
        slots.push(slot);
    }
    let looks = channels.into_iter();
    let looks = looks.map(|((org, channel), (from, slots))| (Some((org, channel, from)), slots));
    unread.into_iter().chain(looks).collect()
}

impl Notifier {
    pub(super) async fn look_at_news(&self) {
        match self.inner.news.due(self.inner.clock.now(), DUE_MAX).await {
            Ok(due) => {
                stream::iter(looks(due))
                    .for_each_concurrent(AT_ONCE, |(place, slots)| async move {
                        if let Err(error) = self.look_at_channel(place, &slots).await {
                            tracing::warn!(%error, ?place, "who is away is told later");
                        }
                    })
                    .await;
            }
            Err(error) => tracing::warn!(%error, "what happened in channels cannot be read"),
        }
    }

    async fn look_at_channel(
        &self,
        place: Option<(OrgId, ChannelId, Seq)>,
        slots: &[Slot],
    ) -> Result<(), NotifyError> {
        if let Some((org, channel, from)) = place
            && let Some(channel) = self.inner.directory.channel(org, channel).await?
        {
            self.follow(&channel, from).await?;
        }
        for slot in slots {
            self.inner.news.done(slot).await?;
        }
        Ok(())
    }

    async fn follow(&self, channel: &Channel, from: Seq) -> Result<(), NotifyError> {
        let oldest = self.inner.clock.now().plus_ms(-AGE_MS_MAX);
        let mut cursor = from;
        loop {
            let entries = self.inner.log.entries(channel.id, cursor, ENTRIES).await?;
            let is_news = |entry: &&Entry| entry.at > oldest && !entry.is_brought();
            for entry in entries.iter().filter(is_news) {
                self.note(channel, entry).await?;
            }
            match entries.last() {
                Some(last) if entries.len() == ENTRIES => cursor = last.seq,
                Some(_) | None => return Ok(()),
            }
        }
    }

    /// Keeps notices of a message for everyone whom it concerns and who wants to hear of it.
    async fn note(&self, channel: &Channel, entry: &Entry) -> Result<(), NotifyError> {
        let Some(posted) = entry.posted() else { return Ok(()) };
        for (user, reason) in self.concerned(channel, entry, posted).await? {
            let place = self.inner.directory.membership(channel.id, user).await?;
            let Some(place) = place else { continue };
            let is_read = place.last_read_seq >= entry.seq;
            if is_read || !lets_through(place.notification_level, reason) {
                continue;
            }
            let (email, push) = self.ways(channel.org, user).await?;
            if email != Way::Off || push != Way::Off {
                let message = (entry, posted.id);
                self.keep((channel.org, user), message, reason, (email, push)).await?;
            }
        }
        Ok(())
    }

    /// How somebody can be told, and wants to be.
    async fn ways(&self, org: OrgId, user: UserId) -> Result<(Way, Way), NotifyError> {
        let off = (Way::Off, Way::Off);
        let Some(profile) = self.inner.accounts.profile(org, user).await? else { return Ok(off) };
        if !profile.is_active {
            return Ok(off);
        }
        let wishes = self.wishes(org, user).await?;
        let has_mail = self.inner.mailer.is_some() && !profile.email.is_empty();
        let parent = user.to_string();
        let email = if wishes.email && has_mail { Way::Waiting } else { Way::Off };
        let has_browser = wishes.push
            && !self.inner.shelves.list(&SUBSCRIPTIONS, org, &parent, 1).await?.is_empty();
        Ok((email, if has_browser { Way::Waiting } else { Way::Off }))
    }

    /// Stores a notice with what will be done about it. The entries of the agenda come first: one without
    /// its notice is thrown away, the other way round nobody would ever look at the notice.
    async fn keep(
        &self,
        (org, user): (OrgId, UserId),
        (entry, message): (&Entry, starling_actors::domain::MessageId),
        reason: Reason,
        (email, push): (Way, Way),
    ) -> Result<(), NotifyError> {
        let now = self.inner.clock.now();
        let (id, person) = (notice_id(entry.channel, entry.seq, entry.at), user.to_string());
        let shelves = &self.inner.shelves;
        if shelves.get(&NOTICES, org, &person, &id).await?.is_none() {
            let mut push_at = now;
            if push == Way::Waiting {
                push_at = self.inner.pushes.put((now, now), (org, &person, &id)).await?.at;
            }
            let notice = StoredNotice {
                channel: entry.channel,
                seq: entry.seq.0,
                message,
                reason,
                at: entry.at.0,
                email,
                push,
                push_at: push_at.0,
                push_attempts: 0,
                busy_until: 0,
                pushed: Vec::new(),
            };
            let place = (org, person.as_str(), id.as_str());
            match shelves.put(&NOTICES, place, &notice, Precondition::Absent).await {
                // Another node has looked at the same message.
                Ok(_) | Err(NotifyError::Conflict) => {}
                Err(error) => return Err(error),
            }
            self.trim(org, &person).await?;
        }
        if email == Way::Waiting {
            let wait = self.wishes(org, user).await?.email_wait_ms();
            let at = Timestamp(entry.at.0).plus_ms(wait).max(now);
            self.write_at(org, user, at).await?;
        }
        Ok(())
    }

    /// Removes the oldest notices beyond those that are kept.
    async fn trim(&self, org: OrgId, person: &str) -> Result<(), NotifyError> {
        let most = NOTICES_KEPT_MAX + REMOVED_AT_ONCE;
        let found = self.inner.shelves.list(&NOTICES, org, person, most).await?;
        for old in found.into_iter().skip(NOTICES_KEPT_MAX) {
            self.inner.shelves.delete(&NOTICES, org, person, &old.id).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use starling_actors::cluster::Placement;
    use starling_actors::memory::MemoryRecords;

    use super::super::tap::LINE;
    use super::*;
    use crate::agenda::Agenda;

    #[test]
    fn a_channel_is_looked_at_once_from_the_first_place_it_was_entered_for() {
        let agenda = Agenda::new(LINE, Arc::new(MemoryRecords::default()), Placement::alone());
        let (org, boats, birds) =
            (OrgId::from_u128(1), ChannelId::from_u128(2), ChannelId::from_u128(3));
        let entry = |id: String| {
            let due =
                Due { org: org.to_string(), parent: String::new(), id: id.clone(), put_at: 0 };
            (agenda.slot(Timestamp(1), &id), due)
        };
        let due = vec![
            entry(format!("{boats}.7")),
            entry("nothing that can be read".to_owned()),
            entry(format!("{birds}.1")),
            entry(format!("{boats}.4")),
            entry(format!("{boats}.9")),
        ];
        let found = looks(due.clone());
        assert_eq!(found.len(), 3);
        let slots_of = |place| found.iter().find(|look| look.0 == place).map(|look| look.1.clone());
        let slot = |index: usize| due[index].0.clone();
        let boats = slots_of(Some((org, boats, Seq(4))));
        assert_eq!(boats, Some(vec![slot(0), slot(3), slot(4)]), "all three are done with it");
        assert_eq!(slots_of(Some((org, birds, Seq(1)))), Some(vec![slot(2)]));
        assert_eq!(slots_of(None), Some(vec![slot(1)]), "it goes, and holds nothing up");
    }
}
