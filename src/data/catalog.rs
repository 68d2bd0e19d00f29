//! What the query pool looks up.

use std::sync::Arc;

use async_trait::async_trait;
use starling_actors::domain::{Access, Connection, ConnectionId, JobId, OrgId, Schema};
use starling_actors::ports::{
    Catalog, Example, Metric, OrgQueryLimits, QuestionsError, SchemaChange,
};

use super::Data;

#[async_trait]
impl Catalog for Data {
    async fn connection(
        &self,
        org: OrgId,
        id: ConnectionId,
    ) -> Result<Option<Connection>, QuestionsError> {
        let found = self.stored_connection(org, id).await?;
        Ok(found.map(|found| found.value.connection(found.version)))
    }

    async fn access(&self, org: OrgId, id: ConnectionId) -> Result<Option<Access>, QuestionsError> {
        self.last_access(org, id).await
    }

    async fn connections(&self, org: OrgId) -> Result<Vec<Connection>, QuestionsError> {
        let found = self.stored_connections(org).await?;
        Ok(found.into_iter().map(|found| found.value.connection(found.version)).collect())
    }

    async fn schema(&self, org: OrgId, id: ConnectionId) -> Result<Arc<Schema>, QuestionsError> {
        self.stored_schema(org, id).await
    }

    async fn put_schema(
        &self,
        org: OrgId,
        id: ConnectionId,
        schema: Schema,
    ) -> Result<SchemaChange, QuestionsError> {
        self.store_schema(org, id, schema).await
    }

    async fn examples(&self, org: OrgId, id: ConnectionId) -> Result<Vec<Example>, QuestionsError> {
        self.stored_examples(org, id).await
    }

    async fn put_example(
        &self,
        org: OrgId,
        id: ConnectionId,
        job: JobId,
        example: Option<Example>,
    ) -> Result<(), QuestionsError> {
        self.store_example(org, id, job, example).await
    }

    async fn metrics(&self, org: OrgId, id: ConnectionId) -> Result<Vec<Metric>, QuestionsError> {
        self.stored_metrics(org, id).await
    }

    async fn limits(&self, org: OrgId) -> Result<OrgQueryLimits, QuestionsError> {
        self.stored_limits(org).await
    }
}
