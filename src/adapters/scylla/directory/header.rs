//! A channel's static cells, and changes of them under their revision.
//!
//! **Invariant:** a channel goes from nothing to making to live to removed and never back. A removed
//! header stays, so that whatever still points to the channel is known to be dead.

use starling_actors::domain::{Channel, ChannelId, ChannelKind, OrgId, Timestamp, UserId};
use uuid::Uuid;

use crate::adapters::scylla::cells::{Cell, bytes, count, held, id, text, time, word};
use crate::adapters::scylla::session::unreadable;
use crate::adapters::scylla::settle::{Freshness, Outcome, Question, Write, change, fresh_mark};
use crate::adapters::scylla::{Session, Statement, StoreError};

const HEADER: Question = Question::new(
    "channel_header",
    "SELECT org, state, revision, mark, kind, name, description, topic, owner, pair, created_at, \
     updated_at, member_count, next_place FROM channels WHERE id = ? LIMIT 1",
);
const MAKE: Statement = Statement::conditional(
    "channel_make",
    "UPDATE channels SET org = ?, state = ?, revision = 1, mark = ?, kind = ?, name = ?, \
     description = ?, topic = ?, owner = ?, pair = ?, created_at = ?, updated_at = ?, \
     member_count = ?, next_place = ? WHERE id = ? IF revision = null",
);
const FINISH: Statement = Statement::conditional(
    "channel_finish",
    "UPDATE channels SET state = ?, member_count = ?, next_place = ?, revision = ?, mark = ? \
     WHERE id = ? IF revision = ?",
);
const CHANGE: Statement = Statement::conditional(
    "channel_change",
    "UPDATE channels SET kind = ?, name = ?, description = ?, topic = ?, owner = ?, \
     updated_at = ?, revision = ?, mark = ? WHERE id = ? IF revision = ?",
);
const COUNT: Statement = Statement::conditional(
    "channel_count",
    "UPDATE channels SET member_count = ?, next_place = ?, revision = ?, mark = ? \
     WHERE id = ? IF revision = ?",
);
const REMOVE: Statement = Statement::conditional(
    "channel_remove",
    "UPDATE channels SET state = 'removed', name = null, description = null, topic = null, \
     owner = null, pair = null, revision = ?, mark = ? WHERE id = ? IF revision = ?",
);
const FENCE: Statement = Statement::conditional(
    "channel_fence",
    "UPDATE channels SET revision = ?, mark = ? WHERE id = ? IF revision = ?",
);
const CLEAN: Statement = Statement::conditional(
    "channel_clean",
    "UPDATE channels SET mark = ? WHERE id = ? IF state = 'removed'",
);
const BAR: Statement = Statement::conditional(
    "channel_bar",
    "UPDATE channels SET state = 'removed', revision = 1, mark = ? WHERE id = ? \
     IF revision = null",
);

/// Where a channel is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Its first members are being written; nobody sees it.
    Making,
    /// It is there.
    Live,
    /// It is gone, or will never be.
    Removed,
}

impl State {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Making => "making",
            Self::Live => "live",
            Self::Removed => "removed",
        }
    }

    pub(super) fn of(word: Option<&str>) -> Result<Self, StoreError> {
        match word {
            Some("making") => Ok(Self::Making),
            Some("live") => Ok(Self::Live),
            Some("removed") => Ok(Self::Removed),
            _ => Err(unreadable("channels.state", &"an unknown word")),
        }
    }
}

/// The static cells as they are read.
#[derive(Debug, scylla::DeserializeRow)]
pub(super) struct HeaderRow {
    pub(super) org: Option<Uuid>,
    pub(super) state: Option<String>,
    pub(super) revision: Option<i64>,
    pub(super) mark: Option<Uuid>,
    pub(super) kind: Option<String>,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) topic: Option<String>,
    pub(super) owner: Option<Uuid>,
    pub(super) pair: Option<Vec<u8>>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
    pub(super) member_count: Option<i64>,
    pub(super) next_place: Option<i64>,
}

/// What a channel's partition says of it.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub(super) state: State,
    /// Counts every change; the condition of the next one.
    pub(super) revision: u64,
    /// Of the change that made this revision.
    mark: u128,
    /// Where the next member will stand.
    pub(super) next_place: u64,
    /// The sorted ids of a direct channel.
    pub(super) pair: Option<Vec<u8>>,
    /// What it is, unless it is removed.
    channel: Option<Channel>,
}

impl Header {
    /// The header in a row; `None` when there is no such channel yet.
    pub(super) fn of(id: ChannelId, row: HeaderRow) -> Result<Option<Self>, StoreError> {
        let Some(revision) = row.revision else { return Ok(None) };
        let state = State::of(row.state.as_deref())?;
        Ok(Some(Self {
            state,
            revision: revision.cast_unsigned(),
            mark: held(row.mark, "channels.mark")?.as_u128(),
            next_place: row.next_place.unwrap_or_default().cast_unsigned(),
            pair: row.pair.clone(),
            channel: if state == State::Removed { None } else { Some(channel(id, row)?) },
        }))
    }

    /// The channel, if it is there.
    pub(super) fn live(&self) -> Option<&Channel> {
        self.channel.as_ref().filter(|_| self.state == State::Live)
    }

    /// The channel, if it is there and of `org`.
    pub(super) fn live_in(&self, org: OrgId) -> Option<&Channel> {
        self.live().filter(|channel| channel.org == org)
    }
}

fn channel(id: ChannelId, row: HeaderRow) -> Result<Channel, StoreError> {
    let members = row.member_count.unwrap_or_default();
    Ok(Channel {
        id,
        org: OrgId::from_u128(held(row.org, "channels.org")?.as_u128()),
        kind: word(row.kind, "channels.kind")?,
        name: row.name.unwrap_or_default(),
        description: row.description.unwrap_or_default(),
        topic: row.topic.unwrap_or_default(),
        owner: UserId::from_u128(held(row.owner, "channels.owner")?.as_u128()),
        created_at: Timestamp(held(row.created_at, "channels.created_at")?),
        updated_at: Timestamp(held(row.updated_at, "channels.updated_at")?),
        member_count: u32::try_from(members)
            .map_err(|error| unreadable("channels.member_count", &error))?,
    })
}

/// Reads a channel's static cells.
pub(super) async fn read(
    session: &Session,
    channel: ChannelId,
    freshness: Freshness,
) -> Result<Option<Header>, StoreError> {
    let cells = vec![id(channel.as_u128())];
    let row: Option<HeaderRow> = session.row(HEADER.at(freshness), cells).await?;
    row.map_or(Ok(None), |row| Header::of(channel, row))
}

/// Reads a channel that must be there and of an organization.
pub(super) async fn read_live(
    session: &Session,
    org: OrgId,
    channel: ChannelId,
) -> Result<Option<Channel>, StoreError> {
    let header = read(session, channel, Freshness::Answered).await?;
    Ok(header.and_then(|header| header.live_in(org).cloned()))
}

/// One channel that is there, whichever organization's it is.
pub(super) async fn find_live(
    session: &Session,
    channel: ChannelId,
) -> Result<Option<Channel>, StoreError> {
    let header = read(session, channel, Freshness::Answered).await?;
    Ok(header.and_then(|header| header.live().cloned()))
}

/// What a change of the static cells does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    /// The channel comes to be, live or not yet.
    Make { channel: &'a Channel, pair: Option<&'a [u8]>, state: State, next_place: u64 },
    /// More of the first members are there.
    Finish { state: State, members: u64, next_place: u64 },
    /// What it is changes.
    Change { channel: &'a Channel },
    /// Who is in it changes.
    Count { members: u64, next_place: u64 },
    /// It is removed.
    Remove,
    /// Nothing changes but the revision: whoever read the one before must read again.
    Fence,
    /// It was not there and never will be.
    Bar,
}

/// Applies a step, and writes of rows in the same partition, if the revision is still `revision`
/// (0: there is none yet).
pub(super) async fn apply(
    session: &Session,
    channel: ChannelId,
    revision: u64,
    step: Step<'_>,
    rows: Vec<Write>,
) -> Result<Outcome, StoreError> {
    let mark = fresh_mark();
    let mut writes = vec![write(channel, revision, mark, step)];
    writes.extend(rows);
    let landed = async {
        let stored = read(session, channel, Freshness::Settled).await?;
        let Some(stored) = stored else { return Ok(Some(false)) };
        let is_overtaken = stored.mark != mark && stored.revision > revision + 1;
        Ok((!is_overtaken).then_some(stored.mark == mark))
    };
    change(session, "channel_change", &writes, landed).await
}

fn write(channel: ChannelId, revision: u64, mark: u128, step: Step<'_>) -> Write {
    let place = id(channel.as_u128());
    // What a change of a revision that is there ends with.
    let moved = |cells: Vec<Cell>| {
        let end = vec![count(revision + 1), id(mark), place.clone(), count(revision)];
        [cells, end].concat()
    };
    match step {
        Step::Make { channel, pair, state, next_place } => {
            let cells = [
                id(channel.org.as_u128()),
                text(state.as_str()),
                id(mark),
                text(channel.kind.as_str()),
                text(&channel.name),
                text(&channel.description),
                text(&channel.topic),
                id(channel.owner.as_u128()),
                pair.and_then(bytes),
                time(channel.created_at),
                time(channel.updated_at),
                count(u64::from(channel.member_count)),
                count(next_place),
                place,
            ];
            Write::new(&MAKE, cells)
        }
        Step::Finish { state, members, next_place } => {
            let cells = vec![text(state.as_str()), count(members), count(next_place)];
            Write::new(&FINISH, moved(cells))
        }
        Step::Change { channel } => {
            let cells = vec![
                text(channel.kind.as_str()),
                text(&channel.name),
                text(&channel.description),
                text(&channel.topic),
                id(channel.owner.as_u128()),
                time(channel.updated_at),
            ];
            Write::new(&CHANGE, moved(cells))
        }
        Step::Count { members, next_place } => {
            Write::new(&COUNT, moved(vec![count(members), count(next_place)]))
        }
        Step::Remove => Write::new(&REMOVE, moved(Vec::new())),
        Step::Fence => Write::new(&FENCE, moved(Vec::new())),
        Step::Bar => Write::new(&BAR, [id(mark), place]),
    }
}

/// Deletes rows of a removed channel.
pub(super) async fn clean(
    session: &Session,
    channel: ChannelId,
    rows: Vec<Write>,
) -> Result<(), StoreError> {
    let mut writes = vec![Write::new(&CLEAN, [id(fresh_mark()), id(channel.as_u128())])];
    writes.extend(rows);
    // A removed channel stays removed, so the condition cannot fail.
    change(session, "channel_clean", &writes, async { Ok(Some(true)) }).await.map(drop)
}

/// The name as it is compared, for channels that are told apart by it.
pub(super) fn folded(kind: ChannelKind, name: &str) -> Option<String> {
    match kind {
        ChannelKind::Public | ChannelKind::Private => Some(name.to_lowercase()),
        ChannelKind::Direct | ChannelKind::Group => None,
    }
}
