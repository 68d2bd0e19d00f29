//! Snowflake, over its SQL API (version 2).
//!
//! ```text
//!   POST statements (asynchronous, one statement, time limit, query tag) ─▶ handle
//!     ─▶ GET handle until 200 ─▶ GET further partitions ─▶ rows, counted
//!     time-out, cancel, drop ─▶ POST handle/cancel
//! ```
//!
//! Every statement is sent as asynchronous, so that its handle, which a cancel needs, is known before it
//! runs; one that is dropped before that is cancelled as soon as the handle comes. Each is a session of its own there: nothing is left for the next.

mod api;
mod decode;
mod discover;
mod token;

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use starling_actors::domain::{Cell, ConnectionId, ResultColumn, ResultTable, Table};
use starling_actors::ports::{Discovery, Estimate, RunLimits, Tested, WarehouseError};

use super::collect::Collector;
use super::dial::Reach;
use super::{Engine, Target};
use api::Api;

/// Roles that may do everything; Snowflake's own names.
const PRIVILEGED: &[&str] =
    &["ACCOUNTADMIN", "ORGADMIN", "GLOBALORGADMIN", "SECURITYADMIN", "USERADMIN", "SYSADMIN"];
/// For the statements of a test.
const TEST_TIMEOUT: Duration = Duration::from_secs(12);
/// Connections whose roles are remembered.
const ROLES_MAX: usize = 1_000;

/// The engine for Snowflake.
pub(super) struct Snowflake {
    api: Api,
    /// The role of a connection in one of its versions.
    roles: Mutex<HashMap<ConnectionId, (u64, String)>>,
}

impl Snowflake {
    /// `base_url` stands in for the account's own address in tests.
    pub(super) fn new(reach: Reach, base_url: Option<String>) -> Self {
        Self { api: Api::new(reach, base_url), roles: Mutex::new(HashMap::new()) }
    }

    /// The role that statements run under.
    async fn role(&self, target: &Target) -> Result<String, WarehouseError> {
        if let Some(role) = target.login.role.as_deref().filter(|role| !role.is_empty()) {
            return Ok(role.to_ascii_uppercase());
        }
        if let Some((version, role)) = self.roles.lock().get(&target.id)
            && *version == target.version
        {
            return Ok(role.clone());
        }
        let limits = RunLimits { timeout: TEST_TIMEOUT, ..RunLimits::default() };
        let found = self.read(target, "SELECT CURRENT_ROLE()", limits).await?;
        let role = first_text(&found).to_ascii_uppercase();
        let mut roles = self.roles.lock();
        if roles.len() >= ROLES_MAX {
            roles.clear();
        }
        roles.insert(target.id, (target.version, role.clone()));
        Ok(role)
    }

    async fn admitted(&self, target: &Target) -> Result<(), WarehouseError> {
        if target.login.allows_privileged {
            return Ok(());
        }
        let role = self.role(target).await?;
        if PRIVILEGED.contains(&role.as_str()) {
            return Err(WarehouseError::Privileged(format!("the role {role}")));
        }
        Ok(())
    }

    async fn read(
        &self,
        target: &Target,
        sql: &str,
        limits: RunLimits,
    ) -> Result<ResultTable, WarehouseError> {
        let statement = self.api.submit(&target.login, sql, limits.timeout).await?;
        let mut part = statement.finished(limits.timeout).await?;
        let types = std::mem::take(&mut part.types);
        let columns = types
            .iter()
            .map(|of| ResultColumn { name: of.name.clone(), kind: decode::kind_of(of) })
            .collect();
        let mut rows = Collector::new(columns, limits);
        let partitions = part.partitions.max(1);
        for number in 0..partitions {
            if number > 0 {
                part = statement.partition(number).await?;
            }
            for row in &part.rows {
                let cell = |(of, value): (&api::RowType, &Option<String>)| {
                    decode::cell(of, value.as_deref())
                };
                if !rows.push(types.iter().zip(row).map(cell).collect()) {
                    return Ok(rows.finish());
                }
            }
        }
        Ok(rows.finish())
    }
}

fn first_text(table: &ResultTable) -> String {
    table.rows.first().and_then(|row| row.first()).map(Cell::to_string).unwrap_or_default()
}

#[async_trait]
impl Engine for Snowflake {
    async fn run(
        &self,
        target: &Target,
        sql: &str,
        limits: RunLimits,
    ) -> Result<ResultTable, WarehouseError> {
        self.admitted(target).await?;
        self.read(target, sql, limits).await
    }

    async fn estimate(
        &self,
        _: &Target,
        _: &str,
        _: RunLimits,
    ) -> Result<Option<Estimate>, WarehouseError> {
        Ok(None)
    }

    async fn test(&self, target: &Target) -> Result<Tested, WarehouseError> {
        let limits = RunLimits { timeout: TEST_TIMEOUT, ..RunLimits::default() };
        let role = self.role(target).await?;
        let version = self.read(target, "SELECT CURRENT_VERSION()", limits).await?;
        let tables = self.read(target, &discover::tables(&target.login), limits).await?;
        Ok(Tested {
            tables_found: tables.rows.len(),
            // What a role may is spread over the roles it was granted; nothing sums it up.
            writable: None,
            is_privileged: PRIVILEGED.contains(&role.as_str()),
            server: format!("Snowflake {}", first_text(&version)),
        })
    }

    async fn discover(
        &self,
        target: &Target,
        wish: &Discovery,
    ) -> Result<Vec<Table>, WarehouseError> {
        self.admitted(target).await?;
        discover::discover(self, target, wish).await
    }
}
