//! What finds rows of the log, written before the append whose rows it finds.
//!
//! **Invariant:** a place or a bucket that is named may hold nothing (the append was refused), but
//! what holds something is named: nothing is appended whose hints are not stored. So they need no
//! repair after a crash, and readers look whether a row is what they want.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join_all;
use moka::sync::Cache;
use starling_actors::domain::{Bucket, ChannelId, Event, MessageId, Seq};
use starling_actors::ports::Append;

use super::ScyllaLog;
use super::rows::{AUTHOR, CHANGE, NAMED, THREAD, big, id, name_of, name_of_target, text, tiny};
use crate::adapters::scylla::failure::StoreError;
use crate::adapters::scylla::session::{Line, Statement};
use crate::adapters::scylla::uuid;

/// Partitions written in one request; the database warns above ten.
const PARTITIONS_MAX: usize = 10;
/// Bits of an id that are not its era. Ids begin with 48 bits of milliseconds: an era is 64 of
/// them, so that an append's places are one write or two, and each era's is another partition.
const ERA_SHIFT: u32 = 80 + 6;
/// Spans known to be stored: about 10 MiB. One that is forgotten is written again.
const KNOWN_MAX: u64 = 50_000;

const STORE_SPAN: Statement = Statement::write(
    "store_span",
    "INSERT INTO spans (channel, kind, name, bucket) VALUES (?, ?, ?, ?)",
);
const STORE_PLACE: Statement = Statement::write(
    "store_place",
    "INSERT INTO places (era, message, channel, seq) VALUES (?, ?, ?, ?)",
);
const SPANS: Statement = Statement::read(
    "spans",
    "SELECT bucket FROM spans WHERE channel = ? AND kind = ? AND name = ? AND bucket >= ?",
);
const PLACES: Statement =
    Statement::read("places", "SELECT channel, seq FROM places WHERE era = ? AND message = ?");

/// That an index of a channel has rows in a bucket.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Span {
    channel: ChannelId,
    kind: i8,
    name: String,
    bucket: Bucket,
}

/// Spans that are known to be stored.
pub(super) type KnownSpans = Cache<Span, ()>;

pub(super) fn known_spans() -> KnownSpans {
    Cache::new(KNOWN_MAX)
}

impl ScyllaLog {
    /// Stores what will find the rows of an append.
    pub(super) async fn announce(
        &self,
        append: &Append,
        more: Vec<Line>,
    ) -> Result<(), StoreError> {
        let spans = self.spans_of(append);
        // One partition each, but for places of one era.
        let mut partitions: Vec<Vec<Line>> = more.into_iter().map(|line| vec![line]).collect();
        partitions.extend(spans.iter().map(|span| {
            let values = vec![
                id(span.channel.as_u128()),
                tiny(span.kind),
                text(&span.name),
                big(span.bucket.0),
            ];
            vec![Line { statement: &STORE_SPAN, values }]
        }));
        let mut places: BTreeMap<i64, Vec<Line>> = BTreeMap::new();
        for entry in &append.entries {
            let Some(posted) = entry.posted() else { continue };
            let (era, channel) = (era_of(posted.id), append.channel.as_u128());
            let values = vec![
                big(era.cast_unsigned()),
                id(posted.id.as_u128()),
                id(channel),
                big(entry.seq.0),
            ];
            places.entry(era).or_default().push(Line { statement: &STORE_PLACE, values });
        }
        partitions.extend(places.into_values());
        let mut requests = Vec::new();
        while !partitions.is_empty() {
            let rest = partitions.split_off(partitions.len().min(PARTITIONS_MAX));
            let lines = partitions.into_iter().flatten().collect();
            requests.push(self.session.write_batch("announce", lines));
            partitions = rest;
        }
        try_join_all(requests).await?;
        for span in spans {
            self.known.insert(span, ());
        }
        Ok(())
    }

    /// The spans of an append that are not known to be stored.
    fn spans_of(&self, append: &Append) -> BTreeSet<Span> {
        let (channel, bucket) = (append.channel, append.bucket);
        let mut spans = BTreeSet::new();
        let mut add = |kind, name| {
            let span = Span { channel, kind, name, bucket };
            if !self.known.contains_key(&span) {
                spans.insert(span);
            }
        };
        for entry in &append.entries {
            match &entry.event {
                Event::Posted(posted) => {
                    add(AUTHOR, name_of(entry.by.user.as_u128()));
                    if let Some(thread) = posted.thread {
                        add(THREAD, name_of(thread.as_u128()));
                    }
                    for user in &posted.mentions {
                        add(NAMED, name_of(user.as_u128()));
                    }
                }
                Event::Edited { mentions, .. } => {
                    for user in mentions {
                        add(NAMED, name_of(user.as_u128()));
                    }
                }
                Event::Deleted { .. }
                | Event::Reacted { .. }
                | Event::Joined { .. }
                | Event::Left { .. } => {}
            }
            if let Some(target) = target_of(&entry.event) {
                let changed = self.bucket_of(target);
                if changed != bucket {
                    add(CHANGE, name_of_target(Seq(changed.0)));
                }
            }
        }
        spans
    }

    /// The buckets from `from` on in which an index may have rows, in their order.
    pub(in crate::adapters::scylla) async fn spans(
        &self,
        channel: ChannelId,
        kind: i8,
        name: &str,
        from: Bucket,
    ) -> Result<Vec<Bucket>, StoreError> {
        let span = (uuid(channel.as_u128()), kind, name, from.0.cast_signed());
        let rows: Vec<(i64,)> = self.session.rows(&SPANS, span).await?;
        Ok(rows.into_iter().map(|(bucket,)| Bucket(bucket.cast_unsigned())).collect())
    }

    /// The other buckets in which there may be changes of messages of a bucket.
    pub(super) async fn buckets_with_changes(
        &self,
        channel: ChannelId,
        bucket: Bucket,
    ) -> Result<Vec<Bucket>, StoreError> {
        self.spans(channel, CHANGE, &name_of_target(Seq(bucket.0)), Bucket(0)).await
    }

    /// Where a message may be.
    pub(in crate::adapters::scylla) async fn places(
        &self,
        message: MessageId,
    ) -> Result<Vec<(ChannelId, Seq)>, StoreError> {
        let rows: Vec<(::uuid::Uuid, i64)> =
            self.session.rows(&PLACES, (era_of(message), uuid(message.as_u128()))).await?;
        let place = |(channel, seq): (::uuid::Uuid, i64)| {
            (ChannelId::from_u128(channel.as_u128()), Seq(seq.cast_unsigned()))
        };
        Ok(rows.into_iter().map(place).collect())
    }
}

fn era_of(message: MessageId) -> i64 {
    // 42 bits are left: they always fit.
    i64::try_from(message.as_u128() >> ERA_SHIFT).unwrap_or_default()
}

/// The position of the message that an event changes.
pub(super) const fn target_of(event: &Event) -> Option<Seq> {
    match event {
        Event::Edited { target, .. }
        | Event::Deleted { target, .. }
        | Event::Reacted { target, .. } => Some(*target),
        Event::Posted(_) | Event::Joined { .. } | Event::Left { .. } => None,
    }
}
