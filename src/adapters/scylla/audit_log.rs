//! The audit log in ScyllaDB.
//!
//! Rows lie in blocks of [`BLOCK_PLACES`] places, one partition each, so that none grows for ever.
//! A block's static cells say its newest place, and for each action, each kind of thing and each pair
//! of both (a *lane*) how many rows the organization has of it so far. A conditional batch on
//! the newest place stores a row, its entries in its three lanes and the new counts together, so
//! counting never reads rows, and a page reads only what it shows.
//!
//! **Invariant:** a row is stored only right after the newest one, and no block is begun before
//! the one before it is full. The row's random mark tells a writer whose answer was lost whether it is
//! its own.

mod block;

use std::sync::Arc;

use async_trait::async_trait;
use starling_actors::domain::OrgId;
use starling_actors::ports::{AuditFilter, AuditLog, AuditLogError, AuditRow};
use uuid::Uuid;

use self::block::{Block, Lane};
use super::cells::{count, id};
use super::settle::{Freshness, Outcome};
use super::{Session, Statement, StoreError};

const HEAD: Statement =
    Statement::read("audit_head", "SELECT block FROM audit_heads WHERE part = 0 AND org = ?");
const ORGANIZATIONS: Statement =
    Statement::read("audit_organizations", "SELECT org FROM audit_heads WHERE part = 0");
/// The block is the time stamp too: a later block wins, whoever writes it when.
const PUT_HEAD: Statement = Statement::write(
    "audit_head_put",
    "INSERT INTO audit_heads (part, org, block) VALUES (0, ?, ?) USING TIMESTAMP ?",
);

/// Places in a block. At about a kilobyte for a row with its lanes this is 10 MB.
const BLOCK_PLACES: u64 = 10_000;

/// The audit log in one keyspace.
#[derive(Clone, Debug)]
pub struct ScyllaAuditLog {
    session: Arc<Session>,
    /// Places in a block; fixed for ever in one keyspace.
    block_places: u64,
}

impl From<StoreError> for AuditLogError {
    fn from(error: StoreError) -> Self {
        match error {
            // As for records: asking again meets the row as a conflict if it was stored after all.
            StoreError::Unavailable | StoreError::Unknown => Self::Unavailable,
        }
    }
}

impl ScyllaAuditLog {
    pub(super) fn new(session: Arc<Session>) -> Self {
        Self { session, block_places: BLOCK_PLACES }
    }

    /// With other blocks.
    #[cfg(test)]
    pub(super) fn with_block_places(self, block_places: u64) -> Self {
        Self { block_places, ..self }
    }

    /// The block of a place, which is at least 1.
    const fn block_of(&self, place: u64) -> u64 {
        (place - 1) / self.block_places
    }

    /// The newest block that has rows.
    async fn newest_block(
        &self,
        org: OrgId,
        freshness: Freshness,
    ) -> Result<Option<Block>, StoreError> {
        let row: Option<(i64,)> = self.session.row(&HEAD, vec![id(org.as_u128())]).await?;
        // A head without rows is of a first append that did not come through.
        let Some((number,)) = row else { return Ok(None) };
        let mut newest = Block::read(&self.session, org, number.cast_unsigned(), freshness).await?;
        while let Some(block) = &newest
            && block.last_place == (block.number + 1) * self.block_places
            && let Some(next) = Block::read(&self.session, org, block.number + 1, freshness).await?
        {
            newest = Some(next);
        }
        Ok(newest)
    }

    /// Writes down where an organization's newest block is.
    async fn put_head(&self, org: OrgId, number: u64) -> Result<(), StoreError> {
        let cells = vec![id(org.as_u128()), count(number), count(number)];
        self.session.write(&PUT_HEAD, cells).await
    }

    /// What stands before `place`: its own block, or the full one before a block that `place` begins.
    async fn before(&self, org: OrgId, place: u64) -> Result<Option<Block>, StoreError> {
        let number = self.block_of(place.saturating_sub(1).max(1));
        Block::read(&self.session, org, number, Freshness::Answered).await
    }

    /// The places of a lane's rows, newest first, from its ordinal `newest` down.
    async fn places(
        &self,
        head: &Block,
        lane: &Lane,
        newest: u64,
        limit: usize,
    ) -> Result<Vec<u64>, StoreError> {
        let mut places = Vec::new();
        let mut number = head.number;
        let mut newest = newest;
        loop {
            if newest == 0 || places.len() >= limit {
                return Ok(places);
            }
            // Where the lane stood when the block began.
            let opening = match number.checked_sub(1) {
                Some(before) => {
                    let before =
                        Block::read(&self.session, head.org, before, Freshness::Answered).await?;
                    before.map_or(0, |block| block.count(lane))
                }
                None => 0,
            };
            if newest > opening {
                let rows = limit - places.len();
                let found =
                    block::lane(&self.session, head.org, number, lane, newest, rows).await?;
                newest = newest.saturating_sub(found.len() as u64).max(opening);
                places.extend(found);
            }
            if number == 0 {
                return Ok(places);
            }
            number -= 1;
        }
    }
}

#[async_trait]
impl AuditLog for ScyllaAuditLog {
    async fn append(&self, row: AuditRow) -> Result<(), AuditLogError> {
        if row.place == 0 {
            return Err(AuditLogError::Conflict);
        }
        let before = self.before(row.org, row.place).await?;
        let last_place = before.as_ref().map_or(0, |block| block.last_place);
        if last_place + 1 != row.place {
            return Err(AuditLogError::Conflict);
        }
        let (org, number) = (row.org, self.block_of(row.place));
        let begins = before.as_ref().is_none_or(|block| block.number != number);
        // Ahead of the first row of all, so that none is without a head.
        if row.place == 1 {
            self.put_head(org, number).await?;
        }
        let appended = block::append(&self.session, number, before, row).await?;
        if appended != Outcome::Applied {
            return Err(AuditLogError::Conflict);
        }
        if begins && number > 0 {
            // Behind it: a head is of a block that has rows. Left behind, it makes readers look on.
            self.put_head(org, number).await.ok();
        }
        Ok(())
    }

    async fn newest(&self, org: OrgId) -> Result<Option<AuditRow>, AuditLogError> {
        // Settled: who appends begins here.
        let Some(head) = self.newest_block(org, Freshness::Settled).await? else {
            return Ok(None);
        };
        Ok(block::rows(&self.session, org, head.number, head.last_place - 1, 1).await?.pop())
    }

    async fn page(
        &self,
        org: OrgId,
        filter: &AuditFilter,
        offset: u64,
        limit: usize,
    ) -> Result<(u64, Vec<AuditRow>), AuditLogError> {
        let Some(head) = self.newest_block(org, Freshness::Answered).await? else {
            return Ok((0, Vec::new()));
        };
        let lane = Lane::of(filter);
        let total = lane.as_ref().map_or(head.last_place, |lane| head.count(lane));
        let newest = total.saturating_sub(offset);
        let places = match &lane {
            Some(lane) => self.places(&head, lane, newest, limit).await?,
            None => (1..=newest).rev().take(limit).collect(),
        };
        let mut rows = Vec::new();
        // Runs of places in one block are one question each.
        for run in places.chunk_by(|one, other| self.block_of(*one) == self.block_of(*other)) {
            let Some(first) = run.first() else { continue };
            rows.extend(block::at(&self.session, org, self.block_of(*first), run).await?);
        }
        Ok((total, rows))
    }

    async fn after(
        &self,
        org: OrgId,
        place: u64,
        limit: usize,
    ) -> Result<Vec<AuditRow>, AuditLogError> {
        let mut rows: Vec<AuditRow> = Vec::new();
        let mut place = place;
        while rows.len() < limit {
            let number = self.block_of(place.saturating_add(1));
            let page = block::rows(&self.session, org, number, place, limit - rows.len()).await?;
            let Some(last) = page.last() else { break };
            place = last.place;
            rows.extend(page);
        }
        Ok(rows)
    }

    async fn organizations(&self) -> Result<Vec<OrgId>, AuditLogError> {
        let heads: Vec<(Uuid,)> = self.session.rows(&ORGANIZATIONS, ()).await?;
        let mut organizations = Vec::new();
        for (org,) in heads {
            let org = OrgId::from_u128(org.as_u128());
            if Block::read(&self.session, org, 0, Freshness::Answered).await?.is_some() {
                organizations.push(org);
            }
        }
        organizations.sort_unstable();
        Ok(organizations)
    }
}
