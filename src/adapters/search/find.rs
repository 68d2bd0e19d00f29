//! Answers questions about one organization's index.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use starling_actors::domain::{
    ChannelId, ConnectionId, Generation, MessageId, Seq, Timestamp, UserId,
};
use starling_actors::ports::{Frequencies, IndexPosition, Match, MatchPlace, Sought, Words};

use super::expression;
use super::write::{NUMBERS_AHEAD_MAX, NUMBERS_PER_MS};

/// Characters of a message by which it is ranked.
const RANKED_CHARS: usize = 1_000;
/// Channels that are named in the expression, at most: each is a list that FTS5 walks.
const NAMED_CHANNELS_MAX: usize = 500;
/// When the wanted channels hold at least one in so many documents, each match is looked up: that costs
/// less than walking their lists beside it.
const LOOKED_UP_SHARE: i64 = 4;

/// Every channel of which something is known.
pub(super) fn channels(connection: &Connection) -> rusqlite::Result<Vec<ChannelId>> {
    let ids = all(connection, "SELECT id FROM channels ORDER BY number", [], |row| id(row, 0))?;
    Ok(ids.into_iter().map(ChannelId::from_u128).collect())
}

/// How far channels are known.
pub(super) fn positions(
    connection: &Connection,
    channels: &[ChannelId],
) -> rusqlite::Result<Vec<Option<IndexPosition>>> {
    let mut query =
        connection.prepare_cached("SELECT generation, seq FROM channels WHERE id = ?1")?;
    let mut position = |channel: &ChannelId| {
        let found = query.query_row([channel.as_u128().to_be_bytes()], |row| {
            let seq = Seq(row.get::<_, i64>(1)?.cast_unsigned());
            Ok(IndexPosition { generation: Generation(row.get(0)?), seq })
        });
        found.optional()
    };
    channels.iter().map(&mut position).collect()
}

/// Connections of which there are answers.
pub(super) fn connections(connection: &Connection) -> rusqlite::Result<Vec<ConnectionId>> {
    let ids = all(connection, "SELECT id FROM connections ORDER BY number", [], |row| id(row, 0))?;
    Ok(ids.into_iter().map(ConnectionId::from_u128).collect())
}

/// Matches below a place, newest first.
pub(super) fn find(
    connection: &Connection,
    sought: &Sought,
    below: Option<MatchPlace>,
    limit: usize,
) -> rusqlite::Result<Vec<Match>> {
    let Some(question) = Question::of(connection, sought)? else { return Ok(Vec::new()) };
    let below = below.map_or(i64::MAX, |place| i64::try_from(place.0).unwrap_or(i64::MAX));
    let columns = format!("d.id, d.channel, d.message, d.at, substr(d.words, 1, {RANKED_CHARS})");
    let sql = question.sql(&columns);
    let range = params![
        question.expression,
        question.from,
        question.to.min(below),
        question.since,
        question.until,
        rows(limit)
    ];
    let found = all(connection, &sql, range, |row| {
        let number = row.get::<_, i64>(1)?;
        let found = Match {
            place: MatchPlace(row.get::<_, i64>(0)?.cast_unsigned()),
            channel: question.channels.get(&number).copied().unwrap_or(ChannelId::from_u128(0)),
            message: MessageId::from_u128(id(row, 2)?),
            at: Timestamp(row.get(3)?),
            words: row.get(4)?,
        };
        Ok(question.channels.contains_key(&number).then_some(found))
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// How many matches there are, counted up to `max`.
pub(super) fn count(connection: &Connection, sought: &Sought, max: u64) -> rusqlite::Result<u64> {
    let Some(question) = Question::of(connection, sought)? else { return Ok(0) };
    let sql = format!("SELECT count(*) FROM ({})", question.sql("1"));
    let max = i64::try_from(max).unwrap_or(i64::MAX);
    let range = params![
        question.expression,
        question.from,
        question.to,
        question.since,
        question.until,
        max
    ];
    let counted: i64 = connection.query_row(&sql, range, |row| row.get(0))?;
    Ok(counted.cast_unsigned())
}

/// How many documents hold each of these, and how many there are, counted up to `max`.
pub(super) fn frequencies(
    connection: &Connection,
    words: &[Words],
    max: u64,
) -> rusqlite::Result<Frequencies> {
    let max_rows = i64::try_from(max).unwrap_or(i64::MAX);
    let sql = "SELECT count(*) FROM (SELECT 1 FROM texts WHERE texts MATCH ?1 LIMIT ?2)";
    let mut query = connection.prepare_cached(sql)?;
    let mut of = Vec::with_capacity(words.len());
    for words in words {
        let expression = expression::phrase(words);
        let counted: i64 = query.query_row(params![expression, max_rows], |row| row.get(0))?;
        of.push(counted.cast_unsigned());
    }
    let sql = "SELECT coalesce(sum(documents), 0) FROM channels";
    let documents: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(Frequencies { of, messages: max.min(documents.cast_unsigned()) })
}

/// A search, ready to be asked.
struct Question {
    expression: String,
    /// Numbers of the channels that are looked up for each match; `None`: nothing has to be.
    looked_up: Option<String>,
    /// Documents from this number on …
    from: i64,
    /// … and below this one.
    to: i64,
    since: i64,
    until: i64,
    /// The wanted channels by their numbers.
    channels: HashMap<i64, ChannelId>,
}

impl Question {
    /// `None` when nothing can be found.
    fn of(connection: &Connection, sought: &Sought) -> rusqlite::Result<Option<Self>> {
        let place = Place::of(connection, sought)?;
        if place.wanted.is_empty() {
            return Ok(None);
        }
        let mut parts: Vec<String> = sought.words.iter().map(expression::phrase).collect();
        let mut without: Vec<String> =
            sought.without_words.iter().map(expression::phrase).collect();
        if !sought.authors.is_empty() {
            let authors = authors(connection, &sought.authors)?;
            if authors.is_empty() {
                return Ok(None);
            }
            parts.push(expression::one_of(&authors));
        }
        parts.extend(
            sought.traits.iter().map(|named| expression::one_of(&[expression::named(*named)])),
        );
        let unwanted = sought.without_traits.iter().map(|named| expression::named(*named));
        let mut unwanted: Vec<String> = unwanted.collect();
        unwanted.extend(authors(connection, &sought.without_authors)?);
        unwanted.extend(closed(connection, &sought.connections)?);
        if !unwanted.is_empty() {
            without.push(expression::one_of(&unwanted));
        }
        let looked_up = match place.way() {
            Way::Anywhere => None,
            Way::Named => {
                let marks: Vec<_> =
                    place.wanted.keys().map(|number| expression::channel(*number)).collect();
                parts.push(expression::one_of(&marks));
                None
            }
            Way::LookedUp => {
                let numbers: Vec<_> = place.wanted.keys().map(ToString::to_string).collect();
                Some(numbers.join(","))
            }
        };
        let (since, until) = (sought.since.map(|at| at.0), sought.until.map(|at| at.0));
        let number = |at: i64| at.max(0).saturating_mul(NUMBERS_PER_MS);
        Ok(Some(Self {
            expression: expression::all(parts, &without),
            looked_up,
            from: since.map_or(i64::MIN, number),
            to: until.map_or(i64::MAX, |at| number(at).saturating_add(NUMBERS_AHEAD_MAX)),
            since: since.unwrap_or(i64::MIN),
            until: until.unwrap_or(i64::MAX),
            channels: place.wanted,
        }))
    }

    /// Selects columns of documents, newest first. The numbers in it are this program's own.
    fn sql(&self, columns: &str) -> String {
        let place = match &self.looked_up {
            Some(numbers) => format!("AND d.channel IN ({numbers})"),
            None => String::new(),
        };
        format!(
            "SELECT {columns} FROM texts CROSS JOIN documents d ON d.id = texts.rowid
             WHERE texts MATCH ?1 AND texts.rowid >= ?2 AND texts.rowid < ?3
                   AND d.at >= ?4 AND d.at < ?5 {place}
             ORDER BY texts.rowid DESC LIMIT ?6"
        )
    }
}

/// Where is looked.
struct Place {
    wanted: HashMap<i64, ChannelId>,
    /// How many channels there are beside those.
    others: usize,
    documents_wanted: i64,
    documents: i64,
}

/// How matches outside the wanted channels are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// There are none.
    Anywhere,
    /// By the expression.
    Named,
    /// One by one.
    LookedUp,
}

impl Place {
    fn of(connection: &Connection, sought: &Sought) -> rusqlite::Result<Self> {
        let asked: HashSet<ChannelId> = sought.channels.iter().copied().collect();
        let mut place =
            Self { wanted: HashMap::new(), others: 0, documents_wanted: 0, documents: 0 };
        let known = all(connection, "SELECT number, id, documents FROM channels", [], |row| {
            Ok((row.get::<_, i64>(0)?, ChannelId::from_u128(id(row, 1)?), row.get::<_, i64>(2)?))
        })?;
        for (number, channel, documents) in known {
            place.documents += documents;
            if asked.contains(&channel) {
                place.wanted.insert(number, channel);
                place.documents_wanted += documents;
            } else {
                place.others += 1;
            }
        }
        Ok(place)
    }

    fn way(&self) -> Way {
        let is_large = self.documents_wanted.saturating_mul(LOOKED_UP_SHARE) >= self.documents;
        if self.others == 0 {
            Way::Anywhere
        } else if is_large || self.wanted.len() > NAMED_CHANNELS_MAX {
            Way::LookedUp
        } else {
            Way::Named
        }
    }
}

/// Marks of those authors of whom there is anything.
fn authors(connection: &Connection, users: &[UserId]) -> rusqlite::Result<Vec<String>> {
    let mut query = connection.prepare_cached("SELECT number FROM people WHERE id = ?1")?;
    let mut marks = Vec::new();
    for user in users {
        let number =
            query.query_row([user.as_u128().to_be_bytes()], |row| row.get(0)).optional()?;
        marks.extend(number.map(expression::author));
    }
    Ok(marks)
}

/// Marks of the data that is not open.
fn closed(connection: &Connection, open: &[ConnectionId]) -> rusqlite::Result<Vec<String>> {
    let known = all(connection, "SELECT number, id FROM connections", [], |row| {
        Ok((row.get::<_, i64>(0)?, ConnectionId::from_u128(id(row, 1)?)))
    })?;
    let closed = known.into_iter().filter(|(_, data)| !open.contains(data));
    Ok(closed.map(|(number, _)| expression::connection(number)).collect())
}

fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection.prepare_cached(sql)?.query_map(params, read)?.collect()
}

fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<u128> {
    row.get(column).map(u128::from_be_bytes)
}

fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
