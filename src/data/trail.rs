//! The audit trail: every entry carries the hash of the one before, so that nobody changes, removes
//! or inserts one without breaking all that follow.
//!
//! `hash = SHA-256(hash of the entry before, or 32 zero bytes ‖ body)`, where the body is the entry as
//! JSON with its fields in a fixed order.
//!
//! **Invariant:** entries of one organization have places without holes, in the order in which their
//! appends were asked for on this node.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use starling_actors::domain::{OrgId, Timestamp, UserId, uuid_v7};
use starling_actors::ports::{
    AuditEvent, AuditFilter, AuditLog, AuditLogError, AuditRow, AuditTrail, Clock, QuestionsError,
};

use super::stored::text::{At, Id};
use super::{By, Data, DataError};

/// Times that an append is tried when another node was first.
const ATTEMPTS: usize = 8;
/// Entries that are checked at once.
const CHECKED_AT_ONCE: usize = 500;
/// Bytes of one detail: SQL has at most 16 KiB, a question less.
const DETAIL_BYTES_MAX: usize = 16 * 1024;

/// Keeps the trail of every organization.
pub(super) struct Trail {
    log: Arc<dyn AuditLog>,
    clock: Arc<dyn Clock>,
    /// The newest entry of each organization that this node wrote to; held while one is added.
    tails: Mutex<HashMap<OrgId, Arc<tokio::sync::Mutex<Option<Tail>>>>>,
}

#[derive(Clone, Copy)]
struct Tail {
    place: u64,
    hash: [u8; 32],
}

/// Before the first entry.
const START: Tail = Tail { place: 0, hash: [0; 32] };

/// An entry as it is hashed. The order of the fields is part of the format.
#[derive(Serialize, Deserialize)]
struct Body {
    id: String,
    org: Id<OrgId>,
    place: u64,
    at: At,
    user: Option<Id<UserId>>,
    action: String,
    resource_type: String,
    resource_id: String,
    ip_address: Option<String>,
    details: Vec<(String, String)>,
}

/// An entry for its readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditItem {
    /// Its id.
    pub id: String,
    /// Who; absent for the server itself.
    pub user: Option<UserId>,
    /// What.
    pub action: String,
    /// Of what kind the thing is.
    pub resource_type: String,
    /// Which one.
    pub resource_id: String,
    /// Where from.
    pub ip_address: Option<String>,
    /// More about it, by name.
    pub details: Vec<(String, String)>,
    /// When.
    pub at: Timestamp,
    /// Its number in the trail.
    pub place: u64,
    /// Its hash, in hexadecimal.
    pub hash: String,
}

/// A part of a trail, the newest first.
#[derive(Clone, Debug)]
pub struct AuditPage {
    /// How many entries match.
    pub total: u64,
    /// Some of them.
    pub items: Vec<AuditItem>,
}

/// What a check of one trail found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Whose trail.
    pub org: OrgId,
    /// Entries that are whole, from the first on.
    pub entries: u64,
    /// The hash of the last of these, in hexadecimal: written down elsewhere, it shows later that
    /// none was cut off at the end.
    pub hash: String,
    /// The first broken entry: its place, and what is wrong.
    pub broken: Option<(u64, &'static str)>,
}

impl Trail {
    pub(super) fn new(log: Arc<dyn AuditLog>, clock: Arc<dyn Clock>) -> Self {
        Self { log, clock, tails: Mutex::default() }
    }

    async fn append(&self, event: &AuditEvent) -> Result<(), AuditLogError> {
        let tail = Arc::clone(self.tails.lock().entry(event.org).or_default());
        let mut tail = tail.lock().await;
        for _ in 0..ATTEMPTS {
            let before = match *tail {
                Some(known) => known,
                None => self.newest(event.org).await?,
            };
            let row = self.row(event, before)?;
            let after = Tail { place: row.place, hash: row.hash };
            match self.log.append(row).await {
                Ok(()) => {
                    *tail = Some(after);
                    return Ok(());
                }
                // Another node was first, or an earlier outcome was unknown and is stored after all.
                Err(AuditLogError::Conflict) => *tail = None,
                Err(AuditLogError::Unavailable) => {
                    *tail = None;
                    return Err(AuditLogError::Unavailable);
                }
            }
        }
        Err(AuditLogError::Unavailable)
    }

    async fn newest(&self, org: OrgId) -> Result<Tail, AuditLogError> {
        let newest = self.log.newest(org).await?;
        Ok(newest.map_or(START, |row| Tail { place: row.place, hash: row.hash }))
    }

    fn row(&self, event: &AuditEvent, before: Tail) -> Result<AuditRow, AuditLogError> {
        let at = self.clock.now();
        let id = uuid_v7(u64::try_from(at.0).unwrap_or_default(), self.clock.random());
        let details = event.details.iter();
        let body = Body {
            // The same text form as any other id.
            id: UserId::from_u128(id).to_string(),
            org: Id(event.org),
            place: before.place + 1,
            at: at.into(),
            user: event.user.map(Id),
            action: event.action.to_owned(),
            resource_type: event.resource_type.to_owned(),
            resource_id: event.resource_id.clone(),
            ip_address: event.ip_address.clone(),
            details: details.map(|(name, text)| ((*name).to_owned(), bounded(text))).collect(),
        };
        let bytes = serde_json::to_vec(&body).map_err(|_| AuditLogError::Unavailable)?;
        Ok(AuditRow {
            org: event.org,
            place: body.place,
            action: body.action,
            resource_type: body.resource_type,
            at,
            hash: hash(&before.hash, &bytes),
            body: bytes,
        })
    }

    async fn verify(&self, org: OrgId) -> Result<Verified, AuditLogError> {
        let mut last = START;
        loop {
            let rows = self.log.after(org, last.place, CHECKED_AT_ONCE).await?;
            let is_end = rows.len() < CHECKED_AT_ONCE;
            for row in rows {
                if let Some(fault) = fault(&row, last) {
                    return Ok(last.verified(org, Some((row.place, fault))));
                }
                last = Tail { place: row.place, hash: row.hash };
            }
            if is_end {
                return Ok(last.verified(org, None));
            }
        }
    }
}

impl Tail {
    fn verified(self, org: OrgId, broken: Option<(u64, &'static str)>) -> Verified {
        Verified { org, entries: self.place, hash: hexadecimal(&self.hash), broken }
    }
}

/// What is wrong with an entry that follows `before`.
fn fault(row: &AuditRow, before: Tail) -> Option<&'static str> {
    if row.place != before.place + 1 {
        return Some("the entry before it is missing");
    }
    if row.hash != hash(&before.hash, &row.body) {
        return Some("its hash is not that of its words after the entry before it");
    }
    // What is searched by must be what was hashed.
    let is_same = serde_json::from_slice::<Body>(&row.body).is_ok_and(|body| {
        body.org.0 == row.org
            && body.place == row.place
            && body.action == row.action
            && body.resource_type == row.resource_type
            && Timestamp::from(body.at) == row.at
    });
    (!is_same).then_some("its words are not those that it is found by")
}

fn hash(before: &[u8; 32], body: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(before).chain_update(body).finalize().into()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bounded(text: &str) -> String {
    text[..text.floor_char_boundary(DETAIL_BYTES_MAX)].to_owned()
}

fn item(row: &AuditRow) -> Result<AuditItem, AuditLogError> {
    let body: Body = serde_json::from_slice(&row.body).map_err(|error| {
        tracing::error!(org = %row.org, place = row.place, %error, "audit entry unreadable");
        AuditLogError::Unavailable
    })?;
    Ok(AuditItem {
        id: body.id,
        user: body.user.map(|id| id.0),
        action: body.action,
        resource_type: body.resource_type,
        resource_id: body.resource_id,
        ip_address: body.ip_address,
        details: body.details,
        at: body.at.into(),
        place: row.place,
        hash: hexadecimal(&row.hash),
    })
}

#[async_trait]
impl AuditTrail for Data {
    async fn append(&self, event: AuditEvent) -> Result<(), QuestionsError> {
        self.inner.trail.append(&event).await.map_err(|_| QuestionsError::Unavailable)
    }
}

impl Data {
    /// Adds what was just done. It is done: when the trail cannot take it, the log says so.
    pub async fn note(&self, event: AuditEvent) {
        if self.inner.trail.append(&event).await.is_err() {
            let (org, action, resource) = (event.org, event.action, event.resource_id);
            tracing::error!(%org, action, resource, "not in the audit trail, which is unavailable");
        }
    }

    /// A part of the organization's trail, the newest first; only admins read it.
    pub async fn audit(
        &self,
        by: &By,
        filter: &AuditFilter,
        offset: u64,
        limit: usize,
    ) -> Result<AuditPage, DataError> {
        if !by.caller.role.may_administer() {
            return Err(DataError::Forbidden("only admins read the audit trail"));
        }
        let page = self.inner.trail.log.page(by.org(), filter, offset, limit).await;
        let (total, rows) = page.map_err(|_| DataError::Unavailable)?;
        let items: Result<Vec<_>, _> = rows.iter().map(item).collect();
        Ok(AuditPage { total, items: items.map_err(|_| DataError::Unavailable)? })
    }

    /// What a person did, or what was done with them, among at most `limit` entries above a place; and
    /// where to go on, unless the trail is over.
    pub async fn audit_about(
        &self,
        org: OrgId,
        user: UserId,
        after: u64,
        limit: usize,
    ) -> Result<(Vec<AuditItem>, Option<u64>), DataError> {
        let rows = self.inner.trail.log.after(org, after, limit).await;
        let rows = rows.map_err(|_| DataError::Unavailable)?;
        let next = rows.last().filter(|_| rows.len() >= limit).map(|row| row.place);
        let items: Result<Vec<_>, _> = rows.iter().map(item).collect();
        let mut items = items.map_err(|_| DataError::Unavailable)?;
        let id = user.to_string();
        items.retain(|item| item.user == Some(user) || item.resource_id == id);
        Ok((items, next))
    }

    /// Checks the trails of all organizations.
    pub async fn verify_audit(&self) -> Result<Vec<Verified>, DataError> {
        let trail = &self.inner.trail;
        let organizations = trail.log.organizations().await.map_err(|_| DataError::Unavailable)?;
        let mut verified = Vec::new();
        for org in organizations {
            verified.push(trail.verify(org).await.map_err(|_| DataError::Unavailable)?);
        }
        Ok(verified)
    }
}
