//! Messages as they stand now, read from what the log's appends keep.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Params, params};
use starling_actors::domain::{ChannelId, Message, MessageId, Seq, ThreadId, UserId, Version};
use starling_actors::ports::{Around, History, LogError, Page, ThreadCounts, Unread};

use super::columns::{count, id, limit as rows_max, time};
use super::log::{MESSAGE_COLUMNS, SqliteLog, message_at, reactions};

/// Which messages of a channel a page shows.
#[derive(Clone, Copy)]
struct Conversation {
    channel: ChannelId,
    thread: Option<ThreadId>,
    include_threads: bool,
}

/// In which direction rows are read from a position.
#[derive(Clone, Copy)]
enum Direction {
    /// Below the position, newest first.
    Below,
    /// From the position on, oldest first.
    From,
}

impl Conversation {
    /// At most `rows` messages on one side of a position.
    fn side(
        self,
        connection: &Connection,
        direction: Direction,
        position: u64,
        rows: usize,
    ) -> rusqlite::Result<Vec<Message>> {
        let scope = match (self.thread, self.include_threads) {
            (Some(_), _) => "thread = ?4",
            (None, true) => "?4 IS NULL",
            (None, false) => "thread IS NULL AND ?4 IS NULL",
        };
        let side = match direction {
            Direction::Below => "seq < ?2 ORDER BY seq DESC",
            Direction::From => "seq >= ?2 ORDER BY seq",
        };
        let sql = format!(
            "SELECT {MESSAGE_COLUMNS} FROM messages WHERE channel = ?1 AND {scope} AND {side} LIMIT ?3"
        );
        let thread = self.thread.map(|thread| thread.as_u128().to_be_bytes());
        // "Newest" is below the greatest position; SQLite's numbers end half-way there.
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        let channel = self.channel.as_u128().to_be_bytes();
        let range = params![channel, position, rows_max(rows), thread];
        let mut messages = query(connection, &sql, range)?;
        if matches!(direction, Direction::Below) {
            messages.reverse();
        }
        Ok(messages)
    }

    fn page(self, connection: &Connection, around: Around, limit: usize) -> rusqlite::Result<Page> {
        // One row more than asked for shows whether there are more.
        let below = |position, rows: usize| {
            let mut messages = self.side(connection, Direction::Below, position, rows + 1)?;
            let has_more = messages.len() > rows;
            if has_more {
                messages.remove(0);
            }
            Ok(Page { messages, has_more })
        };
        match around {
            Around::Newest => below(u64::MAX, limit),
            Around::Before(seq) => below(seq.0, limit),
            Around::After(seq) => {
                let from = seq.0.saturating_add(1);
                let mut messages = self.side(connection, Direction::From, from, limit + 1)?;
                let has_more = messages.len() > limit;
                messages.truncate(limit);
                Ok(Page { messages, has_more })
            }
            Around::Around(seq) => {
                let half = limit / 2;
                let mut page = below(seq.0, half)?;
                page.messages.extend(self.side(
                    connection,
                    Direction::From,
                    seq.0,
                    limit - half,
                )?);
                Ok(page)
            }
        }
    }
}

#[async_trait]
impl History for SqliteLog {
    async fn page(
        &self,
        channel: ChannelId,
        thread: Option<ThreadId>,
        around: Around,
        include_threads: bool,
        limit: usize,
    ) -> Result<Page, LogError> {
        let conversation = Conversation { channel, thread, include_threads };
        let page = self.store.read(move |connection| {
            let mut page = conversation.page(connection, around, limit)?;
            for message in &mut page.messages {
                message.reactions = reactions(connection, message.id)?;
            }
            Ok(page)
        });
        Ok(page.await?)
    }

    async fn message(&self, id: MessageId) -> Result<Option<Message>, LogError> {
        let message = self.store.read(move |connection| {
            let sql = format!("SELECT {MESSAGE_COLUMNS} FROM messages WHERE id = ?1");
            let mut query = connection.prepare_cached(&sql)?;
            let Some(mut message) =
                query.query_row([id.as_u128().to_be_bytes()], message_at).optional()?
            else {
                return Ok(None);
            };
            message.reactions = reactions(connection, id)?;
            Ok(Some(message))
        });
        Ok(message.await?)
    }

    async fn versions(&self, message: MessageId) -> Result<Vec<Version>, LogError> {
        let versions = self.store.read(move |connection| {
            let sql = "SELECT content, by, at FROM versions WHERE message = ?1 ORDER BY number";
            let mut query = connection.prepare_cached(sql)?;
            let rows = query.query_map([message.as_u128().to_be_bytes()], |row| {
                let by = UserId::from_u128(id(row, 1)?);
                Ok(Version { content: row.get(0)?, by, at: time(row, 2)? })
            })?;
            rows.collect()
        });
        Ok(versions.await?)
    }

    async fn unread(
        &self,
        reader: UserId,
        places: &[(ChannelId, Seq)],
    ) -> Result<Vec<Unread>, LogError> {
        let places = places.to_vec();
        let counts = self.store.read(move |connection| {
            places.into_iter().map(|place| unread(connection, reader, place)).collect()
        });
        Ok(counts.await?)
    }

    async fn thread_counts(
        &self,
        channel: ChannelId,
        thread: ThreadId,
    ) -> Result<ThreadCounts, LogError> {
        let counts = self.store.read(move |connection| {
            let place = [channel.as_u128().to_be_bytes(), thread.as_u128().to_be_bytes()];
            let mut writers = connection.prepare_cached(
                "SELECT author, count(*) FROM messages
                 WHERE channel = ?1 AND thread = ?2 AND is_deleted = 0
                 GROUP BY author ORDER BY max(seq) DESC",
            )?;
            let mut counts = ThreadCounts::default();
            let mut rows = writers.query(place)?;
            while let Some(row) = rows.next()? {
                counts.participants = counts.participants.saturating_add(1);
                counts.messages = counts.messages.saturating_add(row.get(1)?);
                if counts.recent.len() < ThreadCounts::RECENT_MAX {
                    counts.recent.push(UserId::from_u128(id(row, 0)?));
                }
            }
            Ok(counts)
        });
        Ok(counts.await?)
    }
}

/// What is unread above one place.
fn unread(
    connection: &Connection,
    reader: UserId,
    (channel, after): (ChannelId, Seq),
) -> rusqlite::Result<Unread> {
    let position = i64::try_from(after.0).unwrap_or(i64::MAX);
    let reader = reader.as_u128().to_be_bytes();
    connection
        .prepare_cached(
            "SELECT (SELECT count(*) FROM messages
                     WHERE channel = ?1 AND author <> ?2 AND seq > ?3),
                    (SELECT count(*) FROM mentions
                     WHERE channel = ?1 AND user = ?2 AND seq > ?3)",
        )?
        .query_row(params![channel.as_u128().to_be_bytes(), reader, position], |row| {
            Ok(Unread { messages: count(row, 0)?, mentions: count(row, 1)? })
        })
}

fn query(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
) -> rusqlite::Result<Vec<Message>> {
    connection.prepare_cached(sql)?.query_map(parameters, message_at)?.collect()
}
