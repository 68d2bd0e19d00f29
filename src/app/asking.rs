//! What questions are answered with on this node.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use moka::sync::Cache;
use starling_actors::assistant::Assistant;
use starling_actors::domain::{Answer, Cell, JobId, OrgId, ResultTable, Timestamp};
use starling_actors::ports::{Analyst, Answers, QuestionsError, ResultCache, ResultKey, Warehouse};
use starling_actors::query::AskingPorts;

use super::StartError;
use super::background::Background;
use super::imports::Imports;
use super::logins::Logins;
use super::model_choice::analysts;
use super::roles::CurrentRoles;
use crate::adapters::warehouse::{Reach, Warehouses};
use crate::auth::Accounts;
use crate::config::Settings;
use crate::data::{Data, Explorer};
use crate::egress::{Egress, Policy};
use crate::telemetry::Meters;
use crate::wire::ready_answers::ReadyAnswers;

/// Everything that asking needs from this node.
pub(super) struct Asking {
    /// For the core.
    pub(super) ports: AskingPorts,
    /// Reads what connections hold.
    pub(super) explorer: Explorer,
    /// Answers that frames may carry.
    pub(super) ready: ReadyAnswers,
    /// The threads of the pool.
    pub(super) background: Background,
}

impl Asking {
    /// Puts it together, and starts reading schemas.
    pub(super) fn start(
        settings: &Settings,
        (data, accounts): (&Data, &Accounts),
        meters: &Meters,
    ) -> Result<Self, StartError> {
        let logins = Arc::new(Logins(data.clone()));
        let egress = egress(settings)?;
        let databases = egress.clone();
        let reach = Reach::only(move |host, address| databases.admits(host, address));
        let warehouse: Arc<dyn Warehouse> = Arc::new(Warehouses::new(logins, reach));
        let analyst: Arc<dyn Analyst> =
            Arc::new(analysts(settings, data, Arc::new(Assistant), egress)?);
        let explorer = Explorer::start(
            data.clone(),
            Arc::clone(&warehouse),
            Arc::clone(&analyst),
            Arc::new(Imports::default()),
        );
        let background = Background::start().map_err(StartError::Runtime)?;
        let (ready, stored) = (ReadyAnswers::default(), Arc::new(data.clone()));
        let answers = LaidReady { stored: stored.clone(), ready: ready.clone() };
        let ports = AskingPorts {
            jobs: stored.clone(),
            answers: Arc::new(answers),
            catalog: stored.clone(),
            warehouse,
            analyst,
            cache: Arc::new(RecentResults::default()),
            audit: stored,
            roles: Arc::new(CurrentRoles(accounts.clone())),
            meter: Arc::new(meters.clone()),
            background: background.threads(),
        };
        Ok(Self { ports, explorer, ready, background })
    }
}

/// The operator's environment in which only public addresses are called unless said otherwise.
const PRODUCTION: &str = "production";

/// What tenants may make this server call or connect to: models and databases alike.
fn egress(settings: &Settings) -> Result<Egress, StartError> {
    let is_production = settings.server.environment == PRODUCTION;
    let policy = Policy::of_settings(&settings.egress.allow, is_production)
        .map_err(|error| StartError::Egress(error.to_string()))?;
    Ok(Egress::new(policy))
}

/// How long a result is kept: a day, the longest for which an organization may want it used again.
/// Whether it is fresh enough, the pool says for each organization.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// Bytes of all results that are kept.
const BYTES_MAX: u64 = 128 << 20;

/// Results of the last minutes, in this process. In a cluster each node has its own: a miss costs
/// one query.
#[derive(Clone, Debug)]
pub(super) struct RecentResults(Cache<ResultKey, (Arc<ResultTable>, Timestamp)>);

impl Default for RecentResults {
    fn default() -> Self {
        let weigh = |key: &ResultKey, (table, _): &(Arc<ResultTable>, Timestamp)| {
            // A cell takes its place whatever is in it.
            let bytes = |cell: &Cell| size_of::<Cell>() + cell.bytes();
            let cells: usize = table.rows.iter().flatten().map(bytes).sum();
            u32::try_from(cells + key.sql.len()).unwrap_or(u32::MAX).max(1)
        };
        Self(Cache::builder().max_capacity(BYTES_MAX).weigher(weigh).time_to_live(KEPT).build())
    }
}

#[async_trait]
impl ResultCache for RecentResults {
    async fn get(&self, key: &ResultKey) -> Option<(Arc<ResultTable>, Timestamp)> {
        self.0.get(key)
    }

    async fn put(&self, key: ResultKey, table: Arc<ResultTable>, read_at: Timestamp) {
        self.0.insert(key, (table, read_at));
    }
}

/// Stored answers, laid ready for frames as they come.
pub(super) struct LaidReady {
    pub(super) stored: Arc<dyn Answers>,
    pub(super) ready: ReadyAnswers,
}

#[async_trait]
impl Answers for LaidReady {
    async fn put(&self, answer: &Answer) -> Result<(), QuestionsError> {
        self.stored.put(answer).await?;
        self.ready.put(answer);
        Ok(())
    }

    async fn get(&self, org: OrgId, job: JobId) -> Result<Option<Answer>, QuestionsError> {
        self.stored.get(org, job).await
    }
}
