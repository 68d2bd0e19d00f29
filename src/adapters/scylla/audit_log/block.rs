//! One block of an organization's rows, as a partition.
//!
//! Under the empty lane lie the rows, by their place; under each other lane the places of its rows, by
//! ordinal, counted from the organization's first row on.

use std::collections::HashMap;

use starling_actors::domain::{OrgId, Timestamp};
use starling_actors::ports::{AuditFilter, AuditRow};
use uuid::Uuid;

use crate::adapters::scylla::cells::{bytes, count, held, id, number, text, time};
use crate::adapters::scylla::session::unreadable;
use crate::adapters::scylla::settle::{Freshness, Outcome, Question, Write, change, fresh_mark};
use crate::adapters::scylla::{Session, Statement, StoreError};
use scylla::value::CqlValue;

const BLOCK: Question = Question::new(
    "audit_block",
    "SELECT last_place, lanes FROM audit WHERE org = ? AND block = ? LIMIT 1",
);
const BEGIN: Statement = Statement::conditional(
    "audit_begin",
    "UPDATE audit SET last_place = ?, lanes = ? WHERE org = ? AND block = ? IF last_place = null",
);
const MOVE: Statement = Statement::conditional(
    "audit_move",
    "UPDATE audit SET last_place = ?, lanes = lanes + ? WHERE org = ? AND block = ? \
     IF last_place = ?",
);
const ROW: Statement = Statement::conditional(
    "audit_row",
    "INSERT INTO audit (org, block, lane, ordinal, action, resource_type, at, body, hash, mark) \
     VALUES (?, ?, '', ?, ?, ?, ?, ?, ?, ?)",
);
const ENTRY: Statement = Statement::conditional(
    "audit_entry",
    "INSERT INTO audit (org, block, lane, ordinal, place) VALUES (?, ?, ?, ?, ?)",
);
const MARK: Statement = Statement::serial_read(
    "audit_mark",
    "SELECT mark FROM audit WHERE org = ? AND block = ? AND lane = '' AND ordinal = ?",
);
const ROWS: Statement = Statement::read(
    "audit_rows",
    "SELECT ordinal, action, resource_type, at, body, hash FROM audit \
     WHERE org = ? AND block = ? AND lane = '' AND ordinal > ? LIMIT ?",
);
const ROWS_AT: Statement = Statement::read(
    "audit_rows_at",
    "SELECT ordinal, action, resource_type, at, body, hash FROM audit \
     WHERE org = ? AND block = ? AND lane = '' AND ordinal IN ?",
);
const LANE: Statement = Statement::read(
    "audit_lane",
    "SELECT place FROM audit WHERE org = ? AND block = ? AND lane = ? AND ordinal <= ? \
     ORDER BY lane DESC, ordinal DESC LIMIT ?",
);

/// Rows that one question asks for; more than this come in several.
const PAGE_ROWS: usize = 500;

/// Rows that have an action, a kind of thing or both in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lane(String);

impl Lane {
    /// The lane of a filter; `None` when it admits every row.
    pub(super) fn of(filter: &AuditFilter) -> Option<Self> {
        // Neither word holds the separator: both are identifiers of this program.
        match (&filter.action, &filter.resource_type) {
            (None, None) => None,
            (Some(action), None) => Some(Self(format!("a\n{action}"))),
            (None, Some(kind)) => Some(Self(format!("r\n{kind}"))),
            (Some(action), Some(kind)) => Some(Self(format!("b\n{action}\n{kind}"))),
        }
    }

    /// The lanes that a row is in.
    fn all_of(row: &AuditRow) -> Vec<Self> {
        let (action, resource_type) = (Some(row.action.clone()), Some(row.resource_type.clone()));
        let by_action = AuditFilter { action: action.clone(), resource_type: None };
        let by_kind = AuditFilter { action: None, resource_type: resource_type.clone() };
        let by_both = AuditFilter { action, resource_type };
        [by_action, by_kind, by_both].iter().filter_map(Self::of).collect()
    }
}

/// The static cells of a block that has rows.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) org: OrgId,
    pub(super) number: u64,
    /// Of its newest row.
    pub(super) last_place: u64,
    lanes: HashMap<String, i64>,
}

impl Block {
    pub(super) async fn read(
        session: &Session,
        org: OrgId,
        number: u64,
        freshness: Freshness,
    ) -> Result<Option<Self>, StoreError> {
        type Columns = (Option<i64>, Option<HashMap<String, i64>>);
        let cells = vec![id(org.as_u128()), count(number)];
        let row: Option<Columns> = session.row(BLOCK.at(freshness), cells).await?;
        let Some((Some(last_place), lanes)) = row else { return Ok(None) };
        let (last_place, lanes) = (last_place.cast_unsigned(), lanes.unwrap_or_default());
        Ok(Some(Self { org, number, last_place, lanes }))
    }

    /// How many rows of a lane there are, in this block and all before it.
    pub(super) fn count(&self, lane: &Lane) -> u64 {
        self.lanes.get(&lane.0).map_or(0, |count| count.cast_unsigned())
    }
}

/// Stores the row behind `before`: the newest place of its own block, or of the full one that its
/// block follows, or nothing.
pub(super) async fn append(
    session: &Session,
    block: u64,
    before: Option<Block>,
    row: AuditRow,
) -> Result<Outcome, StoreError> {
    let mark = fresh_mark();
    let partition = [id(row.org.as_u128()), count(block)];
    let lanes: Vec<(Lane, u64)> = Lane::all_of(&row)
        .into_iter()
        .map(|lane| {
            let ordinal = before.as_ref().map_or(0, |block| block.count(&lane)) + 1;
            (lane, ordinal)
        })
        .collect();
    let mut writes = vec![head(block, before.as_ref(), &row, &lanes)];
    let cells = [
        &partition[..],
        &[
            count(row.place),
            text(&row.action),
            text(&row.resource_type),
            time(row.at),
            bytes(&row.body),
            bytes(&row.hash),
            id(mark),
        ],
    ];
    writes.push(Write::new(&ROW, cells.concat()));
    for (lane, ordinal) in &lanes {
        let entry = [text(&lane.0), count(*ordinal), count(row.place)];
        writes.push(Write::new(&ENTRY, [&partition[..], &entry].concat()));
    }
    let landed = async {
        let cells = [&partition[..], &[count(row.place)]].concat();
        let stored: Option<(Option<Uuid>,)> = session.row(&MARK, cells).await?;
        Ok(Some(stored.is_some_and(|(stored,)| stored == Some(Uuid::from_u128(mark)))))
    };
    change(session, "audit_append", &writes, landed).await
}

/// Moves a block's newest place, or begins the block with the counts of the one before.
fn head(block: u64, before: Option<&Block>, row: &AuditRow, lanes: &[(Lane, u64)]) -> Write {
    let entry = |lane: &str, count: i64| (CqlValue::Text(lane.to_owned()), CqlValue::BigInt(count));
    let moved = lanes.iter().map(|(lane, ordinal)| entry(&lane.0, ordinal.cast_signed()));
    let place = [count(row.place)];
    let partition = [id(row.org.as_u128()), count(block)];
    match before {
        Some(before) if before.number == block => {
            let lanes = [Some(CqlValue::Map(moved.collect()))];
            let condition = [count(before.last_place)];
            Write::new(&MOVE, [&place[..], &lanes, &partition, &condition].concat())
        }
        _ => {
            let carried = before.into_iter().flat_map(|block| &block.lanes);
            let carried = carried
                .filter(|(name, _)| lanes.iter().all(|(lane, _)| lane.0 != **name))
                .map(|(name, count)| entry(name, *count));
            let lanes = [Some(CqlValue::Map(carried.chain(moved).collect()))];
            Write::new(&BEGIN, [&place[..], &lanes, &partition].concat())
        }
    }
}

#[derive(scylla::DeserializeRow)]
struct AuditColumns {
    ordinal: i64,
    action: Option<String>,
    resource_type: Option<String>,
    at: Option<i64>,
    body: Option<Vec<u8>>,
    hash: Option<Vec<u8>>,
}

impl AuditColumns {
    fn into_row(self, org: OrgId) -> Result<AuditRow, StoreError> {
        let hash = held(self.hash, "audit.hash")?;
        Ok(AuditRow {
            org,
            place: self.ordinal.cast_unsigned(),
            action: held(self.action, "audit.action")?,
            resource_type: held(self.resource_type, "audit.resource_type")?,
            at: Timestamp(held(self.at, "audit.at")?),
            body: self.body.unwrap_or_default(),
            hash: hash.try_into().map_err(|_| unreadable("audit.hash", &"not 32 bytes"))?,
        })
    }
}

/// At most `limit` rows of a block with places above `after`, in order.
pub(super) async fn rows(
    session: &Session,
    org: OrgId,
    block: u64,
    after: u64,
    limit: usize,
) -> Result<Vec<AuditRow>, StoreError> {
    let limit = number(i32::try_from(limit.min(PAGE_ROWS)).unwrap_or(i32::MAX));
    let after = i64::try_from(after).unwrap_or(i64::MAX).cast_unsigned();
    let cells = vec![id(org.as_u128()), count(block), count(after), limit];
    let rows: Vec<AuditColumns> = session.rows(&ROWS, cells).await?;
    rows.into_iter().map(|row| row.into_row(org)).collect()
}

/// The rows at some places of a block, newest first.
pub(super) async fn at(
    session: &Session,
    org: OrgId,
    block: u64,
    places: &[u64],
) -> Result<Vec<AuditRow>, StoreError> {
    let mut found = Vec::new();
    for places in places.chunks(PAGE_ROWS) {
        let places = places.iter().map(|place| CqlValue::BigInt(place.cast_signed())).collect();
        let cells = vec![id(org.as_u128()), count(block), Some(CqlValue::List(places))];
        let rows: Vec<AuditColumns> = session.rows(&ROWS_AT, cells).await?;
        for row in rows {
            found.push(row.into_row(org)?);
        }
    }
    found.sort_unstable_by_key(|row| std::cmp::Reverse(row.place));
    Ok(found)
}

/// The places of a block's rows in a lane, from the ordinal `newest` down.
pub(super) async fn lane(
    session: &Session,
    org: OrgId,
    block: u64,
    lane: &Lane,
    newest: u64,
    limit: usize,
) -> Result<Vec<u64>, StoreError> {
    let limit = number(i32::try_from(limit).unwrap_or(i32::MAX));
    let cells = vec![id(org.as_u128()), count(block), text(&lane.0), count(newest), limit];
    let places: Vec<(Option<i64>,)> = session.rows(&LANE, cells).await?;
    places.into_iter().map(|(place,)| held(place, "audit.place").map(i64::cast_unsigned)).collect()
}
