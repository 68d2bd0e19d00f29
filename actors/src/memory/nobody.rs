//! No database, no analyst and no files: for tests of everything else.

use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::MemoryQuestions;
use crate::chat::{FilesError, MessageFiles, SentFiles};
use crate::domain::{Attachment, Connection, FileId, GuardedSql, OrgId, ResultTable, Table};
use crate::ports::{
    Analyst, AnalystError, DescribeTask, Described, Discovery, DraftTask, Drafted, Estimate,
    ExplainTask, Explained, RunLimits, Tested, Warehouse, WarehouseError,
};
use crate::query::{AskingPorts, NoQueryMeter};

/// Answers nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Nobody {
    /// Everything that asking needs, with nobody behind it.
    pub fn asking() -> AskingPorts {
        let stores = Arc::<MemoryQuestions>::default();
        AskingPorts {
            jobs: stores.clone(),
            answers: stores.clone(),
            catalog: stores.clone(),
            warehouse: Arc::new(Self),
            analyst: Arc::new(Self),
            cache: stores.clone(),
            audit: stores.clone(),
            roles: stores,
            background: None,
            meter: Arc::new(NoQueryMeter),
        }
    }
}

fn unreachable() -> WarehouseError {
    WarehouseError::Unreachable("there is no database".to_owned())
}

#[async_trait]
impl Warehouse for Nobody {
    async fn run(
        &self,
        _: &Connection,
        _: &GuardedSql,
        _: RunLimits,
        _: &CancellationToken,
    ) -> Result<ResultTable, WarehouseError> {
        Err(unreachable())
    }

    async fn estimate(
        &self,
        _: &Connection,
        _: &GuardedSql,
        _: RunLimits,
        _: &CancellationToken,
    ) -> Result<Option<Estimate>, WarehouseError> {
        Ok(None)
    }

    async fn test(&self, _: &Connection) -> Result<Tested, WarehouseError> {
        Err(unreachable())
    }

    async fn discover(
        &self,
        _: &Connection,
        _: &Discovery,
        _: &CancellationToken,
    ) -> Result<Vec<Table>, WarehouseError> {
        Err(unreachable())
    }
}

#[async_trait]
impl Analyst for Nobody {
    async fn draft(&self, _: &DraftTask) -> Result<Drafted, AnalystError> {
        Err(AnalystError::Unavailable("there is nobody".to_owned()))
    }

    async fn explain(&self, _: &ExplainTask) -> Result<Explained, AnalystError> {
        Err(AnalystError::Unavailable("there is nobody".to_owned()))
    }

    async fn describe(&self, _: &DescribeTask) -> Result<Described, AnalystError> {
        Ok(Described::default())
    }

    async fn name(&self, _: OrgId) -> String {
        "nobody".to_owned()
    }
}

#[async_trait]
impl MessageFiles for Nobody {
    async fn take(&self, _: &SentFiles) -> Result<Vec<Attachment>, FilesError> {
        Err(FilesError::Missing)
    }

    async fn loosen(&self, _: OrgId, _: &[FileId]) -> Result<(), FilesError> {
        Ok(())
    }

    async fn remove(&self, _: OrgId, _: &[FileId]) {}
}
