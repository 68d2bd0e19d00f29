//! One node: its stores, its actors, and the state that handlers share.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use async_trait::async_trait;
use starling_actors::channel::ChannelSettings;
use starling_actors::chat::{Chat, ChatLimits, ChatPorts};
use starling_actors::memory::LocalBus;
use starling_actors::ports::{Bus, Clock, Directory, History, MessageLog, Records, TappedLog};
use starling_actors::query::{QuerySettings, Questions};
use starling_actors::system::{Core, CoreLimits, Ports};

use super::asking::Asking;
use super::background::Background;
use super::quota::OrganizationQuota;
use super::{StartError, SystemClock};
use crate::adapters::metered::Metered;
use crate::adapters::sqlite::Store;
use crate::auth::{Accounts, FirstAdmin};
use crate::config::Settings;
use crate::data::{Data, DataPorts, DataSettings, Explorer};
use crate::gateway::Gateway;
use crate::gateway::rooms::Rooms;
use crate::http::AppState;
use crate::http::health::{Dependencies, Dependency};
use crate::http::limits::RestLimits;
use crate::telemetry::{self, Meters};

/// Where uploads are kept below the data folder.
const UPLOADS_FOLDER: &str = "uploads";

/// A node on one machine: SQLite and the in-process bus.
pub struct Node {
    /// The tree of actors.
    pub core: Core,
    /// What a person may do.
    pub chat: Chat,
    /// Questions about data.
    pub questions: Questions,
    /// Who asks.
    pub accounts: Accounts,
    /// Connections, schemas, answers, settings and the audit trail.
    pub data: Data,
    /// Reads what connections hold.
    pub explorer: Explorer,
    /// Messages stored since the rate was last read.
    pub recent_messages: Arc<AtomicU64>,
    settings: Arc<Settings>,
    clock: Arc<dyn Clock>,
    store: Store,
    gateway: Gateway,
    meters: Meters,
    /// Last: the pool's threads go when nobody uses them any more.
    _background: Background,
}

/// The database, as `/ready` asks it.
struct Database(Store);

#[async_trait]
impl Dependency for Database {
    fn name(&self) -> &'static str {
        "database"
    }

    async fn check(&self) -> Result<(), String> {
        self.0.check().await
    }
}

impl Node {
    /// Opens the stores and starts the actors; on the very first start also gives the first admin.
    pub async fn start(settings: Arc<Settings>) -> Result<(Self, Option<FirstAdmin>), StartError> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let store = Store::open(&settings.data.dir, &*clock)?;
        let log = Arc::new(store.log());
        let history = Arc::clone(&log) as Arc<dyn History>;
        let directory: Arc<dyn Directory> = Arc::new(store.directory());
        let records: Arc<dyn Records> = Arc::new(store.records());
        let bus: Arc<dyn Bus> = Arc::new(LocalBus::default());
        #[cfg(feature = "testing")]
        let bus: Arc<dyn Bus> = Arc::new(crate::adapters::planted::PlantedBus(bus));
        let meters = telemetry::install();
        let recent_messages = Arc::<AtomicU64>::default();
        let log: Arc<dyn MessageLog> =
            Arc::new(TappedLog::new(log, Metered::new(Arc::clone(&recent_messages))));
        #[cfg(feature = "testing")]
        let log: Arc<dyn MessageLog> =
            Arc::new(TappedLog::new(log, crate::adapters::planted::PlantedAppends::default()));
        let accounts =
            Accounts::new(Arc::clone(&records), Arc::clone(&clock), Arc::clone(&bus), &settings)?;
        let data = open_data(&settings, &store, records, &clock, &accounts).await?;
        let asking = Asking::start(&settings, (&data, &accounts), &meters)?;
        let ports = Ports {
            clock: Arc::clone(&clock),
            log: Arc::clone(&log),
            history: Arc::clone(&history),
            directory: Arc::clone(&directory),
            bus: Arc::clone(&bus),
            asking: asking.ports,
        };
        let core = Core::start(ports, core_limits(&settings, &meters)).await?;
        let people = Arc::new(accounts.clone());
        let chat = Chat::new(
            ChatPorts { clock: Arc::clone(&clock), log, history, directory, bus, people },
            core.channels.clone(),
            core.sessions.clone(),
            ChatLimits { content_chars: settings.limits.content_chars },
        );
        let first_admin = accounts.first_start().await?;
        if let Some(admin) = &first_admin {
            welcome(&chat, admin).await;
        }
        let questions = Questions::new(chat.clone(), core.pool.clone());
        let rooms = Arc::new(Rooms::new(accounts.clone(), chat.clone(), questions.clone()));
        let gateway = Gateway::start(
            rooms,
            core.sessions.clone(),
            Arc::clone(&settings),
            Arc::clone(&clock),
            asking.ready,
        );
        let node = Self {
            core,
            chat,
            questions,
            accounts,
            data,
            explorer: asking.explorer,
            recent_messages,
            settings,
            clock,
            store,
            gateway,
            meters,
            _background: asking.background,
        };
        Ok((node, first_admin))
    }

    /// How much waits in every bounded queue of this node, by the queue's name.
    pub fn queues(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let own = [
            ("sqlite_writes", self.store.waiting_writes()),
            ("lane_bytes", self.gateway.waiting_bytes()),
            ("password_hashes", self.accounts.waiting_hashes()),
        ];
        self.core.queues().into_iter().chain(own)
    }

    /// The state that handlers share.
    pub fn state(&self) -> AppState {
        let database: Arc<dyn Dependency> = Arc::new(Database(self.store.clone()));
        AppState {
            settings: Arc::clone(&self.settings),
            clock: Arc::clone(&self.clock),
            chat: self.chat.clone(),
            questions: self.questions.clone(),
            sessions: self.core.sessions.clone(),
            accounts: self.accounts.clone(),
            data: self.data.clone(),
            explorer: self.explorer.clone(),
            gateway: self.gateway.clone(),
            rest_limits: RestLimits::new(&self.settings.limits),
            dependencies: Dependencies::from([database]),
            meters: self.meters.clone(),
        }
    }

    /// Tells sockets to come back, finishes what is in flight, stops the actors.
    pub async fn drain(&self, deadline: Duration) {
        self.gateway.drain().await;
        self.explorer.stop().await;
        self.core.stop(deadline).await;
    }
}

fn core_limits(settings: &Settings, meters: &Meters) -> CoreLimits {
    CoreLimits {
        messages_per_second: settings.limits.messages_per_second,
        cooldown_ms: settings.limits.cooldown_ms,
        channels: ChannelSettings::default(),
        meter: Arc::new(meters.clone()),
        queries: QuerySettings::default(),
    }
}

/// Connections and what is kept of them, over the same store as everything else.
async fn open_data(
    settings: &Settings,
    store: &Store,
    records: Arc<dyn Records>,
    clock: &Arc<dyn Clock>,
    accounts: &Accounts,
) -> Result<Data, StartError> {
    let ports = DataPorts {
        records,
        audit_log: Arc::new(store.audit_log()),
        clock: Arc::clone(clock),
        quota: Arc::new(OrganizationQuota(accounts.clone())),
    };
    let wanted = DataSettings {
        vault: settings.vault.clone(),
        import_dir: settings.import.dir.clone(),
        uploads_dir: settings.data.dir.join(UPLOADS_FOLDER),
        upload_bytes_per_org: settings.limits.upload_bytes_per_org,
    };
    Ok(Data::open(ports, wanted).await?)
}

/// Puts the first admin into the default channel, which this makes. Nothing that fails here may
/// end the start: their password is shown by whoever started.
async fn welcome(chat: &Chat, admin: &FirstAdmin) {
    if let Err(error) = chat.welcome(&admin.caller).await {
        tracing::warn!(%error, "the first admin is in no channel yet");
    }
}
