//! The audit log in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::domain::OrgId;
use crate::ports::{AuditFilter, AuditLog, AuditLogError, AuditRow};

/// Rows behind one lock.
#[derive(Debug, Default)]
pub struct MemoryAuditLog {
    /// In the order of their places, which begin with 1.
    rows: Mutex<BTreeMap<OrgId, Vec<AuditRow>>>,
}

impl MemoryAuditLog {
    /// Changes a stored row, as someone would who writes into the database directly.
    #[cfg(any(test, feature = "testing"))]
    pub fn tamper(&self, org: OrgId, place: usize, change: impl FnOnce(&mut AuditRow)) {
        if let Some(row) = self.rows.lock().get_mut(&org).and_then(|rows| rows.get_mut(place - 1)) {
            change(row);
        }
    }
}

#[async_trait]
impl AuditLog for MemoryAuditLog {
    async fn append(&self, row: AuditRow) -> Result<(), AuditLogError> {
        let mut rows = self.rows.lock();
        let rows = rows.entry(row.org).or_default();
        if row.place != rows.len() as u64 + 1 {
            return Err(AuditLogError::Conflict);
        }
        rows.push(row);
        Ok(())
    }

    async fn newest(&self, org: OrgId) -> Result<Option<AuditRow>, AuditLogError> {
        Ok(self.rows.lock().get(&org).and_then(|rows| rows.last().cloned()))
    }

    async fn page(
        &self,
        org: OrgId,
        filter: &AuditFilter,
        offset: u64,
        limit: usize,
    ) -> Result<(u64, Vec<AuditRow>), AuditLogError> {
        let rows = self.rows.lock();
        let rows = rows.get(&org).map_or(&[][..], Vec::as_slice);
        let wanted: Vec<&AuditRow> = rows.iter().rev().filter(|row| filter.admits(row)).collect();
        let skipped = usize::try_from(offset).unwrap_or(usize::MAX);
        let page = wanted.iter().skip(skipped).take(limit).map(|row| (*row).clone()).collect();
        Ok((wanted.len() as u64, page))
    }

    async fn after(
        &self,
        org: OrgId,
        place: u64,
        limit: usize,
    ) -> Result<Vec<AuditRow>, AuditLogError> {
        let rows = self.rows.lock();
        let rows = rows.get(&org).map_or(&[][..], Vec::as_slice);
        Ok(rows.iter().filter(|row| row.place > place).take(limit).cloned().collect())
    }

    async fn organizations(&self) -> Result<Vec<OrgId>, AuditLogError> {
        Ok(self.rows.lock().keys().copied().collect())
    }
}
