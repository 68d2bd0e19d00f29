//! Unique keys: who was first has it, until its record is known never to come.
//!
//! A claim names the record that it is for. Whoever claims stores that record afterwards, and a
//! process that dies in between leaves a claim without one. Nobody sweeps in the background: the
//! next one who asks for the key looks after it. They leave it alone while its `pending` cell lives
//! (the database lets it go by itself, after [`PENDING_SECONDS`]); then they look for the record:
//!
//! 1. It is there: the key is taken.
//! 2. It is not: they *bar* it, under the condition that it is still not there. From then on a
//!    `put` of it is refused, so the first claimant, who may only have been slow, cannot finish.
//! 3. They take the key under the condition that the claim is still the one that they read.
//!
//! **Invariant:** two records never come to be under one key. The time that passes only decides
//! when somebody looks; the bar decides who has the key, so no clock is trusted.

use starling_actors::domain::OrgId;
use starling_actors::ports::{RecordKey, RecordsError};
use uuid::Uuid;

use super::{ScyllaRecords, place};
use crate::adapters::scylla::cells::{Cell, held, id, number, text};
use crate::adapters::scylla::settle::{Freshness, Outcome, Question, Write, change, fresh_mark};
use crate::adapters::scylla::{Session, Statement, StoreError};

/// How long a claim is left alone. Between a claim and its record lie a few writes, each of which
/// answers or fails within seconds.
pub(super) const PENDING_SECONDS: i32 = 60;
/// How long a bar stays: longer than a process can be held up between a claim and its record.
const BAR_SECONDS: i32 = 30 * 24 * 60 * 60;
/// Times that a claim meets another before it gives up.
const ATTEMPTS_MAX: usize = 8;

const CLAIM: Statement = Statement::conditional(
    "key_claim",
    "INSERT INTO unique_keys \
     (kind, key, owner, attempt, record_org, record_kind, record_parent, record_id) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) IF NOT EXISTS",
);
const TAKE_OVER: Statement = Statement::conditional(
    "key_take_over",
    "UPDATE unique_keys SET owner = ?, attempt = ?, record_org = ?, record_kind = ?, \
     record_parent = ?, record_id = ? WHERE kind = ? AND key = ? IF owner = ? AND attempt = ?",
);
const PENDING: Statement = Statement::conditional(
    "key_pending",
    "UPDATE unique_keys USING TTL ? SET pending = true WHERE kind = ? AND key = ?",
);
const HOLDER: Question = Question::new(
    "key_holder",
    "SELECT owner, attempt, pending, record_org, record_kind, record_parent, record_id \
     FROM unique_keys WHERE kind = ? AND key = ?",
);
const RELEASE: Statement = Statement::conditional(
    "key_release",
    "DELETE FROM unique_keys WHERE kind = ? AND key = ? IF owner = ?",
);
const STANDING: Statement = Statement::serial_read(
    "record_standing",
    "SELECT version, barred FROM records WHERE org = ? AND kind = ? AND parent = ? AND id = ?",
);
const BAR: Statement = Statement::conditional(
    "record_bar",
    "UPDATE records USING TTL ? SET barred = true \
     WHERE org = ? AND kind = ? AND parent = ? AND id = ? IF version = null",
);

/// A kind and a key.
type Place<'a> = (&'a str, &'a str);

/// Who has a key, and what for.
pub(super) struct Holder {
    pub(super) owner: String,
    attempt: u128,
    is_pending: bool,
    record: RecordKey,
}

#[derive(scylla::DeserializeRow)]
struct HolderRow {
    owner: Option<String>,
    attempt: Option<Uuid>,
    pending: Option<bool>,
    record_org: Option<Uuid>,
    record_kind: Option<String>,
    record_parent: Option<String>,
    record_id: Option<String>,
}

pub(super) async fn holder(
    session: &Session,
    (kind, key): Place<'_>,
    freshness: Freshness,
) -> Result<Option<Holder>, StoreError> {
    let row: Option<HolderRow> =
        session.row(HOLDER.at(freshness), vec![text(kind), text(key)]).await?;
    let Some(row) = row else { return Ok(None) };
    let record = RecordKey {
        org: OrgId::from_u128(held(row.record_org, "unique_keys.record_org")?.as_u128()),
        kind: held(row.record_kind, "unique_keys.record_kind")?,
        parent: held(row.record_parent, "unique_keys.record_parent")?,
        id: held(row.record_id, "unique_keys.record_id")?,
    };
    Ok(Some(Holder {
        owner: held(row.owner, "unique_keys.owner")?,
        attempt: held(row.attempt, "unique_keys.attempt")?.as_u128(),
        is_pending: row.pending.unwrap_or_default(),
        record,
    }))
}

/// Takes a key that nobody has, or whose holder's record never comes.
pub(super) async fn claim(
    records: &ScyllaRecords,
    key: Place<'_>,
    owner: &str,
    record: &RecordKey,
) -> Result<(), RecordsError> {
    let session = &*records.session;
    let key_cells = || vec![text(key.0), text(key.1)];
    let pending =
        || Write::new(&PENDING, [vec![number(records.pending_seconds)], key_cells()].concat());
    for _ in 0..ATTEMPTS_MAX {
        let attempt = fresh_mark();
        let landed = || async {
            let holder = holder(session, key, Freshness::Settled).await?;
            Ok(Some(holder.is_some_and(|holder| holder.attempt == attempt)))
        };
        let cells = [key_cells(), claimant(owner, attempt, record)].concat();
        let writes = [Write::new(&CLAIM, cells), pending()];
        if change(session, "key_claim", &writes, landed()).await? == Outcome::Applied {
            return Ok(());
        }
        let Some(held) = holder(session, key, Freshness::Settled).await? else { continue };
        if held.owner == owner {
            return Ok(());
        }
        if held.is_pending || !is_barred(session, &held.record).await? {
            return Err(RecordsError::Conflict);
        }
        let condition = vec![text(&held.owner), id(held.attempt)];
        let cells = [claimant(owner, attempt, record), key_cells(), condition].concat();
        let writes = [Write::new(&TAKE_OVER, cells), pending()];
        if change(session, "key_take_over", &writes, landed()).await? == Outcome::Applied {
            tracing::info!(kind = key.0, "took a unique key whose record never came to be");
            return Ok(());
        }
    }
    Err(RecordsError::Conflict)
}

fn claimant(owner: &str, attempt: u128, record: &RecordKey) -> Vec<Cell> {
    [vec![text(owner), id(attempt)], place(record)].concat()
}

/// Sees to it that a record that is not there never comes to be; `false` when it is there.
async fn is_barred(session: &Session, record: &RecordKey) -> Result<bool, StoreError> {
    let standing = || async {
        let row: Option<(Option<i64>, Option<bool>)> =
            session.row(&STANDING, place(record)).await?;
        let (version, barred) = row.unwrap_or_default();
        Ok::<_, StoreError>((version.is_some(), barred.unwrap_or_default()))
    };
    let (is_there, is_barred) = standing().await?;
    if is_there || is_barred {
        return Ok(!is_there);
    }
    let write = Write::new(&BAR, [vec![number(BAR_SECONDS)], place(record)].concat());
    let landed = || async { Ok(Some(standing().await?.1)) };
    Ok(change(session, "record_bar", &[write], landed()).await? == Outcome::Applied)
}

/// Frees a key of `owner`.
pub(super) async fn release(
    session: &Session,
    (kind, key): Place<'_>,
    owner: &str,
) -> Result<(), StoreError> {
    let write = Write::new(&RELEASE, [text(kind), text(key), text(owner)]);
    // Refused is as good: then it is not theirs.
    change(session, "key_release", &[write], async { Ok(Some(true)) }).await.map(drop)
}
