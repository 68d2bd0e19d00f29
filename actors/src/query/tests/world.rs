//! One organization with a channel, a connection, an analyst that says what it is told to, and a
//! database that does. Owned by one test.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::chat::{
    Caller, ChannelDraft, Chat, ChatLimits, ChatPorts, PageWish, People, PeopleError,
};
use crate::domain::{
    Access, Byline, Cell, ChannelId, ChannelKind, ChannelRole, Column, ColumnType, Connection,
    ConnectionId, ConnectionKind, GuardedSql, Job, JobId, JobState, Message, NodeId, OrgId,
    OrgRole, ResultColumn, ResultTable, Schema, Table, TokenUsage, UserId,
};
use crate::memory::{
    FaultPlan, FaultyLog, LocalBus, LocalCluster, LocalLimits, LocalMembership, LocalPeers,
    ManualClock, MemoryDirectory, MemoryLog, MemoryQuestions, Nobody,
};
use crate::ports::{
    Analyst, AnalystError, Bus, BusEvent, BusSink, DescribeTask, Described, Discovery, Draft,
    DraftTask, Drafted, Estimate, ExplainTask, Explained, Jobs, RunLimits, Subscription, Tested,
    Topic, Warehouse, WarehouseError,
};
use crate::query::{
    Ask, AskError, Asked, AskingPorts, Background, NoQueryMeter, QuerySettings, Questions,
};
use crate::system::{ClusterPorts, Core, CoreLimits, Ports};

pub(super) const ORG: OrgId = OrgId::from_u128(1);
pub(super) const SHOP: ConnectionId = ConnectionId::from_u128(77);
/// Longer than anything here takes: a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) const SQL: &str = "SELECT city, total FROM sales";

/// What the database does with a query.
#[derive(Clone, Debug)]
pub(super) enum Does {
    Gives(ResultTable),
    Fails(WarehouseError),
    /// Works until it is called off.
    Hangs,
    /// Gives its rows when it is told to go on.
    Waits,
    Panics,
}

/// The database.
#[derive(Default)]
pub(super) struct Script {
    drafts: Mutex<VecDeque<Result<Draft, AnalystError>>>,
    does: Mutex<VecDeque<Does>>,
    /// Everything the analyst was asked.
    pub(super) tasks: Mutex<Vec<DraftTask>>,
    /// Everything that reached the database.
    pub(super) ran: Mutex<Vec<String>>,
    pub(super) cost: Mutex<Option<f64>>,
    busy: AtomicUsize,
    /// Most queries that were in the database at once.
    pub(super) busiest: AtomicUsize,
    /// Whether the analyst never answers.
    pub(super) is_mute: Mutex<bool>,
    /// A query that waits has begun.
    pub(super) begun: Notify,
    /// It may end.
    pub(super) go_on: Notify,
    /// Queries that were called off in the database.
    pub(super) called_off: AtomicUsize,
    /// The thread that asked the analyst last.
    pub(super) thread: Mutex<Option<String>>,
}

impl Script {
    pub(super) fn drafts(&self, draft: Result<Draft, AnalystError>) {
        self.drafts.lock().push_back(draft);
    }

    pub(super) fn writes(&self, sql: &str) {
        self.drafts(Ok(Draft::Sql { sql: sql.to_owned(), reasoning: "because".to_owned() }));
    }

    pub(super) fn does(&self, does: Does) {
        self.does.lock().push_back(does);
    }
}

/// Two cities and what they sold.
pub(super) fn two_cities() -> ResultTable {
    let column = |name: &str, kind| ResultColumn { name: name.to_owned(), kind };
    let row = |city: &str, total| vec![Cell::Text(city.to_owned()), Cell::Int(total)];
    ResultTable {
        columns: vec![column("city", ColumnType::Text), column("total", ColumnType::Integer)],
        rows: vec![row("Bergen", 41), row("Turku", 17)],
        is_truncated: false,
    }
}

#[async_trait]
impl Analyst for Script {
    async fn draft(&self, task: &DraftTask) -> Result<Drafted, AnalystError> {
        self.tasks.lock().push(task.clone());
        *self.thread.lock() = std::thread::current().name().map(str::to_owned);
        if *self.is_mute.lock() {
            std::future::pending::<()>().await;
        }
        let next = self.drafts.lock().pop_front();
        let draft = next
            .unwrap_or_else(|| Ok(Draft::Sql { sql: SQL.to_owned(), reasoning: String::new() }))?;
        let usage = TokenUsage { input: 10, output: 2 };
        Ok(Drafted { draft, usage, model: "script".to_owned() })
    }

    async fn explain(&self, task: &ExplainTask) -> Result<Explained, AnalystError> {
        let content = format!("{} rows; Bergen has 41, Oslo has 999.", task.row_count);
        let usage = TokenUsage { input: 5, output: 1 };
        Ok(Explained {
            summary: "Bergen leads.".to_owned(),
            content,
            usage,
            ..Explained::default()
        })
    }

    async fn describe(&self, _: &DescribeTask) -> Result<Described, AnalystError> {
        Ok(Described::default())
    }

    async fn name(&self, _: OrgId) -> String {
        "script".to_owned()
    }
}

#[async_trait]
impl Warehouse for Script {
    async fn run(
        &self,
        _: &Connection,
        sql: &GuardedSql,
        _: RunLimits,
        cancel: &CancellationToken,
    ) -> Result<ResultTable, WarehouseError> {
        self.ran.lock().push(sql.as_str().to_owned());
        let busy = self.busy.fetch_add(1, Ordering::SeqCst) + 1;
        self.busiest.fetch_max(busy, Ordering::SeqCst);
        let does = self.does.lock().pop_front().unwrap_or_else(|| Does::Gives(two_cities()));
        let given = match does {
            Does::Gives(table) => Ok(table),
            Does::Fails(error) => Err(error),
            Does::Hangs => {
                cancel.cancelled().await;
                self.called_off.fetch_add(1, Ordering::SeqCst);
                Err(WarehouseError::Cancelled)
            }
            Does::Waits => {
                self.begun.notify_one();
                self.go_on.notified().await;
                Ok(two_cities())
            }
            Does::Panics => {
                self.busy.fetch_sub(1, Ordering::SeqCst);
                std::panic::resume_unwind(Box::new("planted"))
            }
        };
        self.busy.fetch_sub(1, Ordering::SeqCst);
        given
    }

    async fn estimate(
        &self,
        _: &Connection,
        _: &GuardedSql,
        _: RunLimits,
        _: &CancellationToken,
    ) -> Result<Option<Estimate>, WarehouseError> {
        Ok(self.cost.lock().map(|cost| Estimate { cost, rows: Some(12) }))
    }

    async fn test(&self, _: &Connection) -> Result<Tested, WarehouseError> {
        Err(WarehouseError::Busy)
    }

    async fn discover(
        &self,
        _: &Connection,
        _: &Discovery,
        _: &CancellationToken,
    ) -> Result<Vec<Table>, WarehouseError> {
        Ok(Vec::new())
    }
}

/// Hears what is told to the channel.
#[derive(Default)]
pub(super) struct Ear {
    news: Notify,
    heard: Mutex<Vec<(JobId, JobState, Option<String>)>>,
}

impl BusSink for Ear {
    fn deliver(&self, event: BusEvent) {
        if let BusEvent::Progress(progress) = event {
            let detail = progress.detail.clone();
            self.heard.lock().push((progress.job, progress.state, detail));
        }
        self.news.notify_waiters();
    }
}

struct Crowd;

#[async_trait]
impl People for Crowd {
    async fn by_usernames(
        &self,
        _: OrgId,
        _: &[String],
    ) -> Result<Vec<(String, UserId)>, PeopleError> {
        Ok(Vec::new())
    }

    async fn bylines(&self, _: OrgId, users: &[UserId]) -> Result<Vec<Byline>, PeopleError> {
        Ok(users.iter().map(|user| caller(user.as_u128()).byline).collect())
    }
}

/// Someone of the organization.
pub(super) fn caller(number: u128) -> Caller {
    Caller {
        org: ORG,
        byline: Byline {
            user: UserId::from_u128(number),
            username: format!("user{number}"),
            full_name: String::new(),
            avatar_url: String::new(),
        },
        role: OrgRole::Analyst,
        is_superuser: false,
        login: None,
        token: None,
    }
}

/// A connection that these may use.
pub(super) fn shop(access: Access) -> Connection {
    Connection {
        id: SHOP,
        org: ORG,
        name: "shop".to_owned(),
        kind: ConnectionKind::Sqlite,
        access,
        is_active: true,
        version: 1,
    }
}

/// What the shop holds: `sales (city, total)`.
pub(super) fn sales() -> Schema {
    let column = |name: &str, kind| Column {
        name: name.to_owned(),
        data_type: "text".to_owned(),
        kind,
        ..Column::default()
    };
    let columns = vec![column("city", ColumnType::Text), column("total", ColumnType::Integer)];
    let table = Table { name: "sales".to_owned(), columns, ..Table::default() };
    Schema { tables: vec![table], ..Schema::default() }
}

pub(super) struct World {
    pub(super) script: Arc<Script>,
    pub(super) stores: Arc<MemoryQuestions>,
    pub(super) chat: Chat,
    pub(super) core: Core,
    pub(super) questions: Questions,
    pub(super) channel: ChannelId,
    /// What becomes of what channels write.
    pub(super) writes: Arc<FaultyLog>,
    ear: Arc<Ear>,
    _hearing: Subscription,
}

impl World {
    pub(super) async fn new() -> Self {
        Self::with(QuerySettings::default(), Arc::default()).await
    }

    /// Over stores that may hold something from before.
    pub(super) async fn with(settings: QuerySettings, stores: Arc<MemoryQuestions>) -> Self {
        let jobs = stores.clone();
        Self::over(settings, stores, jobs).await
    }

    /// With threads of the pool's own.
    pub(super) async fn beside(background: Background) -> Self {
        let stores = Arc::<MemoryQuestions>::default();
        let jobs = stores.clone();
        Self::built((Some(background), None), QuerySettings::default(), stores, jobs).await
    }

    /// With jobs that are kept in a way of their own.
    pub(super) async fn over(
        settings: QuerySettings,
        stores: Arc<MemoryQuestions>,
        jobs: Arc<dyn Jobs>,
    ) -> Self {
        Self::built((None, None), settings, stores, jobs).await
    }

    /// As one node of several.
    pub(super) async fn in_cluster(cluster: &LocalCluster, id: NodeId) -> Self {
        let (membership, peers) = cluster.join(id);
        Self::among((membership, peers), Arc::default()).await
    }

    /// The same over stores that may hold something from before.
    pub(super) async fn among(
        (membership, peers): (LocalMembership, LocalPeers),
        stores: Arc<MemoryQuestions>,
    ) -> Self {
        let ports = ClusterPorts {
            membership: Arc::new(membership),
            peers: Arc::new(peers),
            limits: Arc::<LocalLimits>::default(),
        };
        let jobs = stores.clone();
        Self::built((None, Some(ports)), QuerySettings::default(), stores, jobs).await
    }

    async fn built(
        (background, cluster): (Option<Background>, Option<ClusterPorts>),
        settings: QuerySettings,
        stores: Arc<MemoryQuestions>,
        jobs: Arc<dyn Jobs>,
    ) -> Self {
        let script = Arc::<Script>::default();
        stores.connect(shop(Access::Organization), sales());
        let (log, bus) = (Arc::new(MemoryLog::default()), Arc::new(LocalBus::new()));
        let writes = Arc::new(FaultyLog::new(log.clone(), FaultPlan::default(), 1));
        let directory = Arc::new(MemoryDirectory::default());
        let clock = Arc::new(ManualClock::default());
        let asking = AskingPorts {
            jobs,
            answers: stores.clone(),
            catalog: stores.clone(),
            warehouse: script.clone(),
            analyst: script.clone(),
            cache: stores.clone(),
            audit: stores.clone(),
            roles: stores.clone(),
            background,
            meter: Arc::new(NoQueryMeter),
        };
        let ports = Ports {
            clock: clock.clone(),
            log: writes.clone(),
            history: log.clone(),
            directory: directory.clone(),
            bus: bus.clone(),
            asking,
        };
        let limits =
            CoreLimits { messages_per_second: 0, queries: settings, ..CoreLimits::default() };
        let core = match cluster {
            Some(cluster) => Core::join(cluster, ports, limits).await,
            None => Core::start(ports, limits).await,
        };
        let core = core.expect("starts");
        let ports = ChatPorts {
            clock,
            history: log.clone(),
            log,
            directory,
            bus: bus.clone(),
            people: Arc::new(Crowd),
            files: Arc::new(Nobody),
        };
        let limits = ChatLimits { content_chars: 5_000 };
        let chat = Chat::new(ports, core.channels.clone(), core.sessions.clone(), limits);
        let questions = Questions::new(chat.clone(), core.pool.clone());
        let draft = ChannelDraft {
            kind: ChannelKind::Private,
            name: "numbers".to_owned(),
            description: String::new(),
            topic: String::new(),
            members: Vec::new(),
        };
        let (seen, _) = chat.create_channel(&caller(1), draft).await.expect("is made");
        let channel = seen.standing.channel.id;
        let ear = Arc::<Ear>::default();
        let hearing = bus.subscribe(Topic::Channel(channel), Arc::clone(&ear) as _);
        Self { script, stores, chat, core, questions, channel, writes, ear, _hearing: hearing }
    }

    /// The actions that the audit trail has, in their order.
    pub(super) fn actions(&self) -> Vec<&'static str> {
        self.stores.audited().iter().map(|event| event.action).collect()
    }

    /// Brings someone else into the channel.
    pub(super) async fn join(&self, number: u128) {
        let role = ChannelRole::Member;
        let user = caller(number).user();
        self.chat.add_member(&caller(1), self.channel, user, Some(role)).await.expect("is added");
    }

    pub(super) async fn try_asking(&self, question: &str) -> Result<Asked, AskError> {
        let ask =
            Ask { channel: Some(self.channel), question: question.to_owned(), ..Ask::default() };
        self.questions.ask(&caller(1), ask).await
    }

    /// Somebody else asks in the channel.
    pub(super) async fn ask_as(&self, number: u128, question: &str) -> JobId {
        let ask =
            Ask { channel: Some(self.channel), question: question.to_owned(), ..Ask::default() };
        self.questions.ask(&caller(number), ask).await.expect("is taken in").job.id
    }

    pub(super) async fn ask(&self, question: &str) -> JobId {
        self.try_asking(question).await.expect("is taken in").job.id
    }

    /// The job once it has ended.
    pub(super) async fn ended(&self, id: JobId) -> Job {
        self.until(id, |job| job.state.is_final()).await
    }

    /// The job once it is in a state.
    pub(super) async fn reached(&self, id: JobId, state: JobState) -> Job {
        self.until(id, |job| job.state == state).await
    }

    async fn until(&self, id: JobId, is_there: impl Fn(&Job) -> bool) -> Job {
        loop {
            let news = self.ear.news.notified();
            let (job, _) = self.stores.job(ORG, id).await;
            if is_there(&job) {
                return job;
            }
            timeout(PATIENCE, news).await.unwrap_or_else(|_| panic!("stays {:?}", job.state));
        }
    }

    /// The states that were told of a job.
    pub(super) fn told(&self, id: JobId) -> Vec<JobState> {
        let heard = self.ear.heard.lock();
        heard.iter().filter(|(job, ..)| *job == id).map(|(_, state, _)| *state).collect()
    }

    /// The words that were told with them.
    pub(super) fn details(&self, id: JobId) -> Vec<String> {
        let heard = self.ear.heard.lock();
        heard
            .iter()
            .filter(|(job, ..)| *job == id)
            .filter_map(|(.., detail)| detail.clone())
            .collect()
    }

    /// Everything that stands in the channel, oldest first.
    pub(super) async fn messages(&self) -> Vec<Message> {
        let page = self.chat.page(&caller(1), self.channel, PageWish::Newest, false, 100).await;
        page.expect("is read").messages
    }
}

impl MemoryQuestions {
    async fn job(&self, org: OrgId, id: JobId) -> (Job, u64) {
        Jobs::get(self, org, id).await.expect("is read").expect("is stored")
    }
}
