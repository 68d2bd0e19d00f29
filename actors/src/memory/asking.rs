//! What asking keeps, in memory: the reference of its stores.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::domain::{
    Access, Answer, Connection, ConnectionId, Job, JobId, JobState, OrgId, OrgRole, ResultTable,
    Schema, Timestamp, UserId,
};
use crate::ports::{
    Answers, AuditEvent, AuditTrail, Catalog, Example, Jobs, Metric, OrgQueryLimits,
    QuestionsError, ResultCache, ResultKey, Roles, SchemaChange,
};

/// Jobs, answers, connections, results and audit in one place.
#[derive(Default)]
pub struct MemoryQuestions {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    jobs: HashMap<(OrgId, JobId), (Job, u64)>,
    answers: HashMap<(OrgId, JobId), Answer>,
    connections: Vec<Connection>,
    schemas: HashMap<ConnectionId, Arc<Schema>>,
    examples: Vec<(ConnectionId, JobId, Example)>,
    results: HashMap<ResultKey, (Arc<ResultTable>, Timestamp)>,
    audit: Vec<AuditEvent>,
    refuses_audit: bool,
    limits: OrgQueryLimits,
    roles: HashMap<UserId, Option<OrgRole>>,
}

impl MemoryQuestions {
    /// Adds a connection with what it holds, or replaces it.
    pub fn connect(&self, connection: Connection, schema: Schema) {
        let mut inner = self.inner.lock();
        inner.schemas.insert(connection.id, Arc::new(schema));
        inner.connections.retain(|other| other.id != connection.id);
        inner.connections.push(connection);
    }

    /// Sets what every organization allows.
    pub fn limit(&self, limits: OrgQueryLimits) {
        self.inner.lock().limits = limits;
    }

    /// Gives someone another role; `None` lets them in no more. Everybody else is an analyst.
    pub fn appoint(&self, user: UserId, role: Option<OrgRole>) {
        self.inner.lock().roles.insert(user, role);
    }

    /// From now on nothing can be written down.
    pub fn refuse_audit(&self) {
        self.inner.lock().refuses_audit = true;
    }

    /// What was written down so far.
    pub fn audited(&self) -> Vec<AuditEvent> {
        self.inner.lock().audit.clone()
    }
}

#[async_trait]
impl Jobs for MemoryQuestions {
    async fn put(&self, job: &Job, over: u64) -> Result<u64, QuestionsError> {
        let mut inner = self.inner.lock();
        let stored = inner.jobs.get(&(job.org, job.id)).map_or(0, |(_, version)| *version);
        if stored != over {
            return Err(QuestionsError::Conflict);
        }
        inner.jobs.insert((job.org, job.id), (job.clone(), over + 1));
        Ok(over + 1)
    }

    async fn get(&self, org: OrgId, id: JobId) -> Result<Option<(Job, u64)>, QuestionsError> {
        Ok(self.inner.lock().jobs.get(&(org, id)).cloned())
    }

    async fn unfinished(&self) -> Result<Vec<(Job, u64)>, QuestionsError> {
        let inner = self.inner.lock();
        let jobs = inner.jobs.values().filter(|(job, _)| !job.state.is_final());
        let mut jobs: Vec<_> = jobs.cloned().collect();
        jobs.sort_by_key(|(job, _)| job.id);
        Ok(jobs)
    }

    async fn dead(&self, org: OrgId, limit: usize) -> Result<Vec<Job>, QuestionsError> {
        let inner = self.inner.lock();
        let dead = inner.jobs.values().map(|(job, _)| job);
        let mut dead: Vec<Job> =
            dead.filter(|job| job.org == org && job.state == JobState::Failed).cloned().collect();
        dead.sort_by_key(|job| std::cmp::Reverse(job.id));
        dead.truncate(limit);
        Ok(dead)
    }
}

#[async_trait]
impl Answers for MemoryQuestions {
    async fn put(&self, answer: &Answer) -> Result<(), QuestionsError> {
        self.inner.lock().answers.insert((answer.org, answer.job), answer.clone());
        Ok(())
    }

    async fn get(&self, org: OrgId, job: JobId) -> Result<Option<Answer>, QuestionsError> {
        Ok(self.inner.lock().answers.get(&(org, job)).cloned())
    }
}

#[async_trait]
impl Catalog for MemoryQuestions {
    async fn connection(
        &self,
        org: OrgId,
        id: ConnectionId,
    ) -> Result<Option<Connection>, QuestionsError> {
        let inner = self.inner.lock();
        Ok(inner.connections.iter().find(|one| one.org == org && one.id == id).cloned())
    }

    async fn access(&self, org: OrgId, id: ConnectionId) -> Result<Option<Access>, QuestionsError> {
        Ok(self.connection(org, id).await?.map(|found| found.access))
    }

    async fn connections(&self, org: OrgId) -> Result<Vec<Connection>, QuestionsError> {
        let inner = self.inner.lock();
        let mut found: Vec<_> =
            inner.connections.iter().filter(|one| one.org == org).cloned().collect();
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    async fn schema(&self, org: OrgId, id: ConnectionId) -> Result<Arc<Schema>, QuestionsError> {
        let inner = self.inner.lock();
        let is_own = inner.connections.iter().any(|one| one.org == org && one.id == id);
        Ok(inner.schemas.get(&id).filter(|_| is_own).cloned().unwrap_or_default())
    }

    async fn put_schema(
        &self,
        _: OrgId,
        id: ConnectionId,
        schema: Schema,
    ) -> Result<SchemaChange, QuestionsError> {
        let mut inner = self.inner.lock();
        let before = inner.schemas.get(&id).cloned().unwrap_or_default();
        let missing_in = |one: &Schema, other: &Schema| {
            let names = one.tables.iter().map(|table| &table.name);
            names.filter(|name| other.table(name).is_none()).cloned().collect()
        };
        let change = SchemaChange {
            added: missing_in(&schema, &before),
            removed: missing_in(&before, &schema),
        };
        inner.schemas.insert(id, Arc::new(schema));
        Ok(change)
    }

    async fn examples(&self, _: OrgId, id: ConnectionId) -> Result<Vec<Example>, QuestionsError> {
        let inner = self.inner.lock();
        let examples = inner.examples.iter().rev().filter(|(connection, ..)| *connection == id);
        Ok(examples.map(|(.., example)| example.clone()).collect())
    }

    async fn put_example(
        &self,
        _: OrgId,
        id: ConnectionId,
        job: JobId,
        example: Option<Example>,
    ) -> Result<(), QuestionsError> {
        let mut inner = self.inner.lock();
        inner.examples.retain(|(_, other, _)| *other != job);
        inner.examples.extend(example.map(|example| (id, job, example)));
        Ok(())
    }

    async fn metrics(&self, _: OrgId, _: ConnectionId) -> Result<Vec<Metric>, QuestionsError> {
        Ok(Vec::new())
    }

    async fn limits(&self, _: OrgId) -> Result<OrgQueryLimits, QuestionsError> {
        Ok(self.inner.lock().limits)
    }
}

#[async_trait]
impl ResultCache for MemoryQuestions {
    async fn get(&self, key: &ResultKey) -> Option<(Arc<ResultTable>, Timestamp)> {
        self.inner.lock().results.get(key).cloned()
    }

    async fn put(&self, key: ResultKey, table: Arc<ResultTable>, read_at: Timestamp) {
        self.inner.lock().results.insert(key, (table, read_at));
    }
}

#[async_trait]
impl Roles for MemoryQuestions {
    async fn role(&self, _: OrgId, user: UserId) -> Result<Option<OrgRole>, QuestionsError> {
        let role = self.inner.lock().roles.get(&user).copied();
        Ok(role.unwrap_or(Some(OrgRole::Analyst)))
    }
}

#[async_trait]
impl AuditTrail for MemoryQuestions {
    async fn append(&self, event: AuditEvent) -> Result<(), QuestionsError> {
        let mut inner = self.inner.lock();
        if inner.refuses_audit {
            return Err(QuestionsError::Unavailable);
        }
        inner.audit.push(event);
        Ok(())
    }
}
