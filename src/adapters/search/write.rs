//! Takes a batch in: one transaction that moves the channel's position with what it brings.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use starling_actors::domain::{Seq, Timestamp};
use starling_actors::ports::{IndexBatch, IndexChange, IndexedMessage, Trait};

use super::expression;

/// Documents of one millisecond that follow each other. A document's number is its time in these.
pub(super) const NUMBERS_PER_MS: i64 = 16;
/// How far a document's number may be past its time, where many were written at once: a minute.
pub(super) const NUMBERS_AHEAD_MAX: i64 = 60_000 * NUMBERS_PER_MS;
/// Numbers that are tried in order before they are tried anywhere in the minute.
const TRIED_IN_ORDER: i64 = 4 * NUMBERS_PER_MS;
/// An odd number near 2^32 / golden ratio: its multiples spread evenly.
const SPREAD: i64 = 2_654_435_769;
/// The latest time whose numbers SQLite can hold.
const MS_MAX: i64 = i64::MAX / NUMBERS_PER_MS - NUMBERS_AHEAD_MAX;

/// Takes a batch in, if the channel stands where it goes on.
pub(super) fn apply(connection: &mut Connection, batch: IndexBatch) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let Some(number) = begin(&transaction, &batch)? else { return Ok(false) };
    let mut writer =
        Writer { transaction: &transaction, channel: number, documents: 0, people: HashMap::new() };
    for change in batch.changes {
        writer.change(change)?;
    }
    let documents = writer.documents;
    transaction
        .prepare_cached(
            "UPDATE channels SET seq = ?2, documents = documents + ?3 WHERE number = ?1",
        )?
        .execute(params![number, batch.up_to.0.cast_signed(), documents])?;
    transaction.commit()?;
    Ok(true)
}

/// The channel's number, if it stands where the batch goes on. Another life's documents go.
fn begin(transaction: &Transaction<'_>, batch: &IndexBatch) -> rusqlite::Result<Option<i64>> {
    let id = batch.channel.as_u128().to_be_bytes();
    let generation = i64::from(batch.generation.0);
    let stored = transaction
        .prepare_cached("SELECT number, generation, seq FROM channels WHERE id = ?1")?
        .query_row([id], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        })
        .optional()?;
    let after = batch.after.0.cast_signed();
    match stored {
        Some((number, same, seq)) if same == generation => Ok((seq == after).then_some(number)),
        Some((number, ..)) if batch.after == Seq(0) => {
            transaction.execute("DELETE FROM documents WHERE channel = ?1", [number])?;
            let sql =
                "UPDATE channels SET generation = ?2, seq = 0, documents = 0 WHERE number = ?1";
            transaction.execute(sql, [number, generation])?;
            Ok(Some(number))
        }
        None if batch.after == Seq(0) => {
            let sql = "INSERT INTO channels (id, generation, seq, documents) VALUES (?1, ?2, 0, 0)";
            transaction.execute(sql, params![id, generation])?;
            Ok(Some(transaction.last_insert_rowid()))
        }
        Some(_) | None => Ok(None),
    }
}

/// Writes the changes of one batch.
struct Writer<'a> {
    transaction: &'a Transaction<'a>,
    channel: i64,
    /// How many more there are than before.
    documents: i64,
    /// Authors of this batch: it has few.
    people: HashMap<u128, i64>,
}

/// What of a document makes its facts.
struct Facts {
    author: i64,
    connection: Option<i64>,
    traits: i64,
    reactions: i64,
}

impl Facts {
    fn text(&self, channel: i64) -> String {
        let of_traits = Trait::ALL.into_iter().filter(|named| match named {
            Trait::Reaction => self.reactions > 0,
            Trait::Link | Trait::Code | Trait::File | Trait::Answer | Trait::Thread => {
                self.traits & bit(*named) != 0
            }
        });
        let marks = [expression::channel(channel), expression::author(self.author)];
        let data = self.connection.map(expression::connection);
        expression::facts(marks.into_iter().chain(data).chain(of_traits.map(expression::named)))
    }
}

impl Writer<'_> {
    fn change(&mut self, change: IndexChange) -> rusqlite::Result<()> {
        match change {
            IndexChange::Added(message) => self.add(&message),
            IndexChange::Reworded { target, words, traits } => self.reword(target, &words, &traits),
            IndexChange::Reacted { target, added } => self.react(target, added),
            IndexChange::Removed { target } => self.remove(target),
        }
    }

    fn add(&mut self, message: &IndexedMessage) -> rusqlite::Result<()> {
        let author = message.author.as_u128();
        let author = match self.people.get(&author) {
            Some(number) => *number,
            None => {
                let number = self.number("people", author)?;
                self.people.insert(author, number);
                number
            }
        };
        let connection = message.connection.map(|data| self.number("connections", data.as_u128()));
        let connection = connection.transpose()?;
        let facts = Facts { author, connection, traits: bits(&message.traits), reactions: 0 };
        let added = self
            .transaction
            .prepare_cached(
                "INSERT INTO documents (id, channel, seq, message, at, author, connection, traits,
                                        reactions, facts, words)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, ?10) ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                self.free_number(message.at, message.seq)?,
                self.channel,
                message.seq.0.cast_signed(),
                message.message.as_u128().to_be_bytes(),
                message.at.0,
                author,
                connection,
                facts.traits,
                facts.text(self.channel),
                message.words,
            ])?;
        self.documents += i64::from(added == 1);
        Ok(())
    }

    /// The number of a person or a connection, given out the first time.
    fn number(&self, table: &str, id: u128) -> rusqlite::Result<i64> {
        let id = id.to_be_bytes();
        let insert = format!("INSERT INTO {table} (id) VALUES (?1) ON CONFLICT DO NOTHING");
        self.transaction.prepare_cached(&insert)?.execute([id])?;
        let select = format!("SELECT number FROM {table} WHERE id = ?1");
        self.transaction.prepare_cached(&select)?.query_row([id], |row| row.get(0))
    }

    /// A number for a document: its time, or one shortly after where that is taken.
    fn free_number(&self, at: Timestamp, seq: Seq) -> rusqlite::Result<i64> {
        let first = at.0.clamp(0, MS_MAX) * NUMBERS_PER_MS;
        let mut taken = self.transaction.prepare_cached("SELECT 1 FROM documents WHERE id = ?1")?;
        let mut tried = 0;
        loop {
            let ahead = if tried < TRIED_IN_ORDER {
                tried
            } else {
                let place = seq.0.cast_signed().wrapping_add(tried);
                place.wrapping_mul(SPREAD).rem_euclid(NUMBERS_AHEAD_MAX)
            };
            if !taken.exists([first + ahead])? {
                return Ok(first + ahead);
            }
            tried += 1;
        }
    }

    fn reword(&self, target: Seq, words: &str, traits: &[Trait]) -> rusqlite::Result<()> {
        let Some((id, mut facts)) = self.document(target)? else { return Ok(()) };
        facts.traits = facts.traits & !bits(&Trait::OF_WORDS) | bits(traits);
        self.transaction
            .prepare_cached(
                "UPDATE documents SET words = ?2, facts = ?3, traits = ?4 WHERE id = ?1",
            )?
            .execute(params![id, words, facts.text(self.channel), facts.traits])?;
        Ok(())
    }

    fn react(&self, target: Seq, added: bool) -> rusqlite::Result<()> {
        let Some((id, mut facts)) = self.document(target)? else { return Ok(()) };
        let before = facts.text(self.channel);
        facts.reactions = (facts.reactions + if added { 1 } else { -1 }).max(0);
        self.transaction
            .prepare_cached("UPDATE documents SET reactions = ?2 WHERE id = ?1")?
            .execute([id, facts.reactions])?;
        let after = facts.text(self.channel);
        // Only the first reaction and the last one are seen by a search.
        if before != after {
            self.transaction
                .prepare_cached("UPDATE documents SET facts = ?2 WHERE id = ?1")?
                .execute(params![id, after])?;
        }
        Ok(())
    }

    fn remove(&mut self, target: Seq) -> rusqlite::Result<()> {
        let removed = self
            .transaction
            .prepare_cached("DELETE FROM documents WHERE channel = ?1 AND seq = ?2")?
            .execute([self.channel, target.0.cast_signed()])?;
        self.documents -= i64::from(removed == 1);
        Ok(())
    }

    fn document(&self, target: Seq) -> rusqlite::Result<Option<(i64, Facts)>> {
        self.transaction
            .prepare_cached(
                "SELECT id, author, connection, traits, reactions FROM documents
                 WHERE channel = ?1 AND seq = ?2",
            )?
            .query_row([self.channel, target.0.cast_signed()], |row| {
                let (author, connection) = (row.get(1)?, row.get(2)?);
                let facts =
                    Facts { author, connection, traits: row.get(3)?, reactions: row.get(4)? };
                Ok((row.get(0)?, facts))
            })
            .optional()
    }
}

fn bits(traits: &[Trait]) -> i64 {
    traits.iter().fold(0, |bits, named| bits | bit(*named))
}

/// As it is stored: a trait keeps its bit for ever.
const fn bit(named: Trait) -> i64 {
    match named {
        Trait::Link => 1,
        Trait::Code => 2,
        Trait::File => 4,
        Trait::Reaction => 8,
        Trait::Answer => 16,
        Trait::Thread => 32,
    }
}
