//! The search index in memory: every question reads every message.

use std::collections::{BTreeMap, HashMap, HashSet};

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::domain::{ChannelId, ConnectionId, OrgId, Seq, phrase_places, tokens};
use crate::ports::{
    Frequencies, IndexBatch, IndexChange, IndexPosition, IndexedMessage, Match, MatchPlace,
    SearchIndex, SearchIndexError, Sought, Trait, Words,
};

/// An index behind one lock.
#[derive(Debug, Default)]
pub struct MemorySearchIndex {
    shelves: Mutex<BTreeMap<OrgId, Shelf>>,
}

/// What is known of one organization.
#[derive(Debug, Default)]
struct Shelf {
    positions: BTreeMap<ChannelId, IndexPosition>,
    messages: BTreeMap<(ChannelId, Seq), Held>,
    /// Counts messages up, so that two of one moment have different places.
    taken: u64,
}

#[derive(Debug)]
struct Held {
    place: MatchPlace,
    message: IndexedMessage,
    reactions: u64,
}

impl Held {
    fn has(&self, named: Trait) -> bool {
        match named {
            Trait::Reaction => self.reactions > 0,
            Trait::Link | Trait::Code | Trait::File | Trait::Answer | Trait::Thread => {
                self.message.traits.contains(&named)
            }
        }
    }

    fn says(&self, words: &Words) -> bool {
        let (text, phrase) = (tokens(&self.message.words), tokens(&words.text));
        !phrase_places(&text, &phrase, words.is_prefix).is_empty()
    }

    fn is_sought(&self, sought: &Sought) -> bool {
        let message = &self.message;
        let is_open = message.connection.is_none_or(|data| sought.connections.contains(&data));
        let is_by = sought.authors.is_empty() || sought.authors.contains(&message.author);
        is_open
            && is_by
            && !sought.without_authors.contains(&message.author)
            && sought.since.is_none_or(|since| message.at >= since)
            && sought.until.is_none_or(|until| message.at < until)
            && sought.traits.iter().all(|named| self.has(*named))
            && !sought.without_traits.iter().any(|named| self.has(*named))
            && sought.words.iter().all(|words| self.says(words))
            && !sought.without_words.iter().any(|words| self.says(words))
    }
}

impl Shelf {
    fn change(&mut self, channel: ChannelId, change: IndexChange) {
        match change {
            IndexChange::Added(message) => self.add(channel, *message),
            IndexChange::Reworded { target, words, traits } => {
                let Some(held) = self.messages.get_mut(&(channel, target)) else { return };
                held.message.words = words;
                held.message.traits.retain(|named| !Trait::OF_WORDS.contains(named));
                held.message.traits.extend(traits);
            }
            IndexChange::Reacted { target, added } => {
                let Some(held) = self.messages.get_mut(&(channel, target)) else { return };
                held.reactions =
                    if added { held.reactions + 1 } else { held.reactions.saturating_sub(1) };
            }
            IndexChange::Removed { target } => {
                self.messages.remove(&(channel, target));
            }
        }
    }

    fn add(&mut self, channel: ChannelId, message: IndexedMessage) {
        /// Messages of one moment that have places of their own.
        const OF_A_MOMENT: u64 = 1 << 20;
        self.taken += 1;
        let moment = message.at.0.max(0).cast_unsigned();
        let place = MatchPlace(moment * OF_A_MOMENT + self.taken % OF_A_MOMENT);
        let held = Held { place, message, reactions: 0 };
        self.messages.insert((channel, held.message.seq), held);
    }

    /// What is sought, newest first.
    fn found(&self, sought: &Sought) -> Vec<(ChannelId, &Held)> {
        let channels: HashSet<_> = sought.channels.iter().collect();
        let here = self.messages.iter().filter(|((channel, _), _)| channels.contains(channel));
        let mut found: Vec<_> = here
            .filter(|(_, held)| held.is_sought(sought))
            .map(|((channel, _), held)| (*channel, held))
            .collect();
        found.sort_by_key(|(_, held)| std::cmp::Reverse(held.place));
        found
    }
}

#[async_trait]
impl SearchIndex for MemorySearchIndex {
    async fn indexed(&self, max: usize) -> Result<Vec<(OrgId, ChannelId)>, SearchIndexError> {
        let shelves = self.shelves.lock();
        let all = shelves.iter();
        let all =
            all.flat_map(|(org, shelf)| shelf.positions.keys().map(|channel| (*org, *channel)));
        Ok(all.take(max).collect())
    }

    async fn positions(
        &self,
        org: OrgId,
        channels: &[ChannelId],
    ) -> Result<Vec<Option<IndexPosition>>, SearchIndexError> {
        let shelves = self.shelves.lock();
        let shelf = shelves.get(&org);
        let of = |channel| shelf.and_then(|shelf| shelf.positions.get(channel).copied());
        Ok(channels.iter().map(of).collect())
    }

    async fn connections(&self, org: OrgId) -> Result<Vec<ConnectionId>, SearchIndexError> {
        let shelves = self.shelves.lock();
        let held = shelves.get(&org).into_iter().flat_map(|shelf| shelf.messages.values());
        let connections: HashSet<_> = held.filter_map(|held| held.message.connection).collect();
        Ok(connections.into_iter().collect())
    }

    async fn apply(&self, org: OrgId, batch: IndexBatch) -> Result<bool, SearchIndexError> {
        let mut shelves = self.shelves.lock();
        let shelf = shelves.entry(org).or_default();
        let IndexBatch { channel, generation, after, up_to, changes } = batch;
        let stored = shelf.positions.get(&channel);
        let is_here = stored.is_some_and(|at| at.generation == generation);
        let seq = stored.filter(|_| is_here).map_or(Seq(0), |at| at.seq);
        if seq != after {
            return Ok(false);
        }
        if !is_here {
            shelf.messages.retain(|(other, _), _| *other != channel);
        }
        for change in changes {
            shelf.change(channel, change);
        }
        shelf.positions.insert(channel, IndexPosition { generation, seq: up_to });
        Ok(true)
    }

    async fn find(
        &self,
        org: OrgId,
        sought: &Sought,
        below: Option<MatchPlace>,
        limit: usize,
    ) -> Result<Vec<Match>, SearchIndexError> {
        let shelves = self.shelves.lock();
        let found = shelves.get(&org).map(|shelf| shelf.found(sought)).unwrap_or_default();
        let below =
            found.into_iter().filter(|(_, held)| below.is_none_or(|below| held.place < below));
        let matches = below.take(limit).map(|(channel, held)| Match {
            place: held.place,
            channel,
            message: held.message.message,
            at: held.message.at,
            words: held.message.words.clone(),
        });
        Ok(matches.collect())
    }

    async fn count(&self, org: OrgId, sought: &Sought, max: u64) -> Result<u64, SearchIndexError> {
        let shelves = self.shelves.lock();
        let found = shelves.get(&org).map_or(0, |shelf| shelf.found(sought).len());
        Ok(max.min(found as u64))
    }

    async fn frequencies(
        &self,
        org: OrgId,
        words: &[Words],
        max: u64,
    ) -> Result<Frequencies, SearchIndexError> {
        let shelves = self.shelves.lock();
        let held: HashMap<_, _> =
            shelves.get(&org).into_iter().flat_map(|shelf| &shelf.messages).collect();
        let of = |words| held.values().filter(|held| held.says(words)).count() as u64;
        let of = words.iter().map(|words| max.min(of(words))).collect();
        Ok(Frequencies { of, messages: max.min(held.len() as u64) })
    }
}
