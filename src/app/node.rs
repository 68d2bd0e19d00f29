//! One node: its stores, its actors, and the state that handlers share.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use starling_actors::channel::ChannelSettings;
use starling_actors::chat::{Chat, ChatLimits, ChatPorts};
use starling_actors::memory::LocalBus;
use starling_actors::ports::{Bus, Clock, Directory, MessageLog, Records, TappedLog};
use starling_actors::query::{AskingPorts, QuerySettings, Questions};
use starling_actors::search::SearchNews;
use starling_actors::system::{Core, CoreLimits, Ports};

use super::asking::Asking;
use super::attachments;
use super::background::Background;
use super::beside::Beside;
use super::cluster::Cluster;
use super::files::SharedFiles;
use super::keeping::Keeping;
use super::programs::{Channels, Programs};
use super::quota::OrganizationQuota;
use super::search::Searching;
use super::stores::{Database, Stores};
use super::{StartError, SystemClock};
use crate::adapters::metered::Metered;
use crate::auth::{Accounts, FirstAdmin};
use crate::config::Settings;
use crate::data::{Data, DataPorts, DataSettings, Explorer};
use crate::files::{Files, Sweeping};
use crate::gateway::Gateway;
use crate::gateway::rooms::Rooms;
use crate::gateway::vigil::Hearing;
use crate::hooks::Hints;
use crate::http::AppState;
use crate::http::health::{Dependencies, Dependency};
use crate::http::limits::RestLimits;
use crate::notify::News;
use crate::peers::PeerListener;
use crate::telemetry::{self, Meters};
use crate::wire::ready_answers::ReadyAnswers;

/// How long Redis may take for the last events of a node that stops. It takes milliseconds; what it does
/// not take is found in the log, as after a crash.
const FLUSH_MAX: Duration = Duration::from_secs(2);

/// How long another node may do nothing about the first start that it has begun: hashing a password and
/// a few writes take two seconds on a slow machine. On one machine nobody else can be at it.
const FIRST_START_PATIENCE: Duration = Duration::from_secs(10);

/// A node: alone on its machine, or one of several.
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
    /// What people attach.
    pub attachments: Files,
    /// How long what is kept, and where it came from.
    pub keeping: Keeping,
    /// Slash commands, webhooks, and what is said later.
    programs: Programs,
    /// What stands beside messages and people.
    beside: Beside,
    /// Messages stored since the rate was last read.
    pub recent_messages: Arc<AtomicU64>,
    settings: Arc<Settings>,
    clock: Arc<dyn Clock>,
    database: Database,
    cluster: Option<Cluster>,
    files: Option<SharedFiles>,
    gateway: Gateway,
    meters: Meters,
    searching: Searching,
    _sweeping: Sweeping,
    /// Last: the pool's threads go when nobody uses them any more.
    _background: Background,
}

impl Node {
    /// Opens the stores and starts the actors; on the very first start also gives the first admin.
    /// In a cluster, a node with a socket for `others` is a member.
    pub async fn start(
        settings: Arc<Settings>,
        others: Option<PeerListener>,
    ) -> Result<(Self, Option<FirstAdmin>), StartError> {
        let (clock, meters): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), telemetry::install());
        let stores = Stores::open(&settings, &*clock).await?;
        let Stores { history, directory, records, audit_log, database, .. } = stores;
        let (recent_messages, news, hints) = <(Arc<AtomicU64>, SearchNews, Hints)>::default();
        let away = away(&records, &directory, &clock);
        let log = tapped(stores.log, &recent_messages, (&news, &hints, &away));
        let mut cluster = Cluster::enter(&settings, &*clock, others).await?;
        let bus = bus(cluster.as_ref());
        let accounts = open_accounts(&settings, (&records, &clock), &bus, cluster.as_mut())?;
        let files = SharedFiles::open(&settings).await?;
        let shared = files.as_ref().map(SharedFiles::databases);
        let quota = Arc::new(OrganizationQuota(accounts.clone()));
        let stored = (&records, &clock, &log, &history);
        let attachments = attachments::open(&settings, files.as_ref(), stored)?;
        let (kept, rooms_of) = ((Arc::clone(&records), Arc::clone(&clock)), Arc::clone(&directory));
        let ports = DataPorts { records, audit_log, clock: Arc::clone(&clock), quota, shared };
        let data = Data::open(ports, data_settings(&settings)).await?;
        let asking = Asking::start(&settings, (&data, &accounts), &meters)?;
        let channels = Channels::new(&log, &history, &directory);
        let ports = ChatPorts {
            clock: Arc::clone(&clock),
            log,
            history,
            directory,
            bus,
            people: Arc::new(accounts.clone()),
            files: Arc::new(attachments.clone()),
        };
        let limits = core_limits(&settings, &database, &meters);
        let core = start_core(cluster.as_ref(), (&ports, asking.ports.clone()), limits).await?;
        asking.explorer.share(core.channels.placement());
        let sweeping = attachments.start(core.channels.placement());
        let searching = Searching::start(&settings, &ports, &asking.ports, news)?;
        let chat = open_chat(ports, &core, &settings);
        let first_admin = first_start(&settings, &accounts, &chat).await?;
        let beside = Beside::start(&settings, &kept, (&chat, &accounts))?;
        let (talk, people) = ((&chat, channels, &beside), (&accounts, &core));
        let programs = Programs::start(&settings, kept.clone(), talk, people, (hints, away))?;
        let owners = ((&chat, &accounts, &core), (&attachments, &programs, &data, &beside));
        let keeping = Keeping::start(&settings, (kept, rooms_of), owners);
        let questions = Questions::new(chat.clone(), core.pool.clone());
        let rooms = open_rooms(&accounts, (&chat, &questions), (&beside, &programs, &keeping));
        let heard = (asking.ready, cluster.as_ref().map(Cluster::hearing).unwrap_or_default());
        let gateway = open_gateway(rooms, &core, (&settings, &clock), heard);
        let node = Self {
            core,
            chat,
            questions,
            accounts,
            data,
            explorer: asking.explorer,
            attachments,
            keeping,
            programs,
            beside,
            recent_messages,
            settings,
            clock,
            database,
            cluster,
            files,
            gateway,
            meters,
            searching,
            _sweeping: sweeping,
            _background: asking.background,
        };
        Ok((node, first_admin))
    }

    /// How much waits in every bounded queue of this node, by the queue's name.
    pub fn queues(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let own = [
            ("lane_bytes", self.gateway.waiting_bytes()),
            ("password_hashes", self.accounts.waiting_hashes()),
        ];
        let writes = self.database.waiting_writes().map(|writes| ("sqlite_writes", writes));
        let others = self.cluster.as_ref().map(Cluster::queues).into_iter().flatten();
        self.core.queues().into_iter().chain(own).chain(writes).chain(others)
    }

    /// Whether this is one node of several.
    pub(super) fn is_cluster(&self) -> bool {
        self.cluster.is_some()
    }

    /// The state that handlers share.
    pub fn state(&self) -> AppState {
        let mut dependencies: Vec<Arc<dyn Dependency>> = vec![Arc::new(self.database.clone())];
        let mut rest_limits = RestLimits::new(&self.settings.limits);
        if let Some(files) = &self.files {
            dependencies.push(Arc::new(files.dependency()));
        }
        if let Some(cluster) = &self.cluster {
            dependencies.push(Arc::new(cluster.dependency()));
            rest_limits = rest_limits.shared(Arc::clone(&cluster.limits));
        }
        AppState {
            settings: Arc::clone(&self.settings),
            clock: Arc::clone(&self.clock),
            chat: self.chat.clone(),
            questions: self.questions.clone(),
            search: self.searching.search.clone(),
            sessions: self.core.sessions.clone(),
            accounts: self.accounts.clone(),
            data: self.data.clone(),
            explorer: self.explorer.clone(),
            files: self.attachments.clone(),
            commands: self.programs.commands.clone(),
            incoming: self.programs.incoming.clone(),
            notifier: self.programs.notifier.clone(),
            postbox: self.programs.postbox.clone(),
            outgoing: self.programs.outgoing.clone(),
            later: self.programs.later.clone(),
            pins: self.beside.pins.clone(),
            previews: self.beside.previews.clone(),
            statuses: self.beside.statuses.clone(),
            retention: self.keeping.retention.clone(),
            dossiers: self.keeping.dossiers.clone(),
            erasures: self.keeping.erasures.clone(),
            gateway: self.gateway.clone(),
            rest_limits,
            dependencies: Dependencies::from(dependencies),
            meters: self.meters.clone(),
        }
    }

    /// Begins what a node that serves does by itself: sends what is planned, tells webhooks and who is away.
    pub fn begin(&self) {
        self.programs.begin();
    }

    /// Says good-bye to other nodes, who take the channels; tells sockets to come back, finishes what
    /// is in flight, stops the actors, and sees to it that other nodes hear of all that was stored; then
    /// their orders are not taken any more.
    pub async fn drain(&self, deadline: Duration) {
        if let Some(cluster) = &self.cluster {
            cluster.leave().await;
        }
        self.gateway.drain().await;
        self.explorer.stop().await;
        self.programs.stop().await;
        self.beside.stop().await;
        self.core.stop(deadline).await;
        if let Some(cluster) = &self.cluster {
            cluster.flush(FLUSH_MAX).await;
            cluster.stop();
        }
    }
}

/// What the gateway asks of the rest.
fn open_rooms(
    accounts: &Accounts,
    (chat, questions): (&Chat, &Questions),
    (beside, programs, keeping): (&Beside, &Programs, &Keeping),
) -> Rooms {
    let talk = (chat.clone(), beside.previews.clone());
    let said = (programs.commands.clone(), keeping.retention.clone());
    Rooms::new(accounts.clone(), talk, questions.clone(), said)
}

/// What people may do, as the operator limits it.
fn open_chat(ports: ChatPorts, core: &Core, settings: &Settings) -> Chat {
    let limits = ChatLimits { content_chars: settings.limits.content_chars };
    Chat::new(ports, core.channels.clone(), core.sessions.clone(), limits)
}

/// The sockets' side of this node.
fn open_gateway(
    rooms: Rooms,
    core: &Core,
    (settings, clock): (&Arc<Settings>, &Arc<dyn Clock>),
    heard: (ReadyAnswers, Hearing),
) -> Gateway {
    let (settings, clock) = (Arc::clone(settings), Arc::clone(clock));
    Gateway::start(Arc::new(rooms), core.sessions.clone(), settings, clock, heard)
}

/// Who may come in, by what all nodes know where there are others.
fn open_accounts(
    settings: &Arc<Settings>,
    (records, clock): (&Arc<dyn Records>, &Arc<dyn Clock>),
    bus: &Arc<dyn Bus>,
    cluster: Option<&mut Cluster>,
) -> Result<Accounts, StartError> {
    let (records, clock) = (Arc::clone(records), Arc::clone(clock));
    let accounts = Accounts::new(records, clock, Arc::clone(bus), settings)?;
    if let Some(cluster) = cluster {
        cluster.share(&accounts);
    }
    Ok(accounts)
}

/// The log, with its messages counted, and told to the search, to webhooks, and to who tells people.
fn tapped(
    log: Arc<dyn MessageLog>,
    recent_messages: &Arc<AtomicU64>,
    (news, hints, away): (&SearchNews, &Hints, &News),
) -> Arc<dyn MessageLog> {
    let log: Arc<dyn MessageLog> = Arc::new(TappedLog::new(log, news.clone()));
    let log: Arc<dyn MessageLog> = Arc::new(TappedLog::new(log, hints.clone()));
    let log: Arc<dyn MessageLog> = Arc::new(TappedLog::new(log, away.clone()));
    let log: Arc<dyn MessageLog> =
        Arc::new(TappedLog::new(log, Metered::new(Arc::clone(recent_messages))));
    #[cfg(feature = "testing")]
    let log: Arc<dyn MessageLog> =
        Arc::new(TappedLog::new(log, crate::adapters::planted::PlantedAppends::default()));
    log
}

/// Hears of what may concern people who are away.
fn away(
    records: &Arc<dyn Records>,
    directory: &Arc<dyn Directory>,
    clock: &Arc<dyn Clock>,
) -> News {
    News::new(Arc::clone(records), Arc::clone(directory), Arc::clone(clock))
}

/// What must be heard elsewhere goes over Redis where there are other nodes.
fn bus(cluster: Option<&Cluster>) -> Arc<dyn Bus> {
    let bus: Arc<dyn Bus> = match cluster {
        Some(cluster) => Arc::new(cluster.bus.clone()),
        None => Arc::new(LocalBus::default()),
    };
    #[cfg(feature = "testing")]
    let bus: Arc<dyn Bus> = Arc::new(crate::adapters::planted::PlantedBus(bus));
    bus
}

/// What the actors stand on: the same as the chat, and what questions need.
fn core_ports(ports: &ChatPorts, asking: AskingPorts) -> Ports {
    let ChatPorts { clock, log, history, directory, bus, .. } = ports.clone();
    Ports { clock, log, history, directory, bus, asking }
}

/// Starts the actors, and with them what is done for other nodes.
async fn start_core(
    cluster: Option<&Cluster>,
    (chat, query): (&ChatPorts, AskingPorts),
    limits: CoreLimits,
) -> Result<Core, StartError> {
    let ports = core_ports(chat, query);
    let Some((cluster, others)) = cluster.and_then(|cluster| Some((cluster, cluster.ports()?)))
    else {
        return Ok(Core::start(ports, limits).await?);
    };
    let core = Core::join(others, ports, limits).await?;
    cluster.serve(Arc::new(core.channels.clone()));
    Ok(core)
}

fn core_limits(settings: &Settings, database: &Database, meters: &Meters) -> CoreLimits {
    CoreLimits {
        messages_per_second: settings.limits.messages_per_second,
        cooldown_ms: settings.limits.cooldown_ms,
        channels: ChannelSettings {
            bucket_entries: database.bucket_entries(),
            ..ChannelSettings::default()
        },
        meter: Arc::new(meters.clone()),
        queries: QuerySettings::default(),
    }
}

/// What the operator has set for the data side.
fn data_settings(settings: &Settings) -> DataSettings {
    DataSettings {
        vault: settings.vault.clone(),
        import_dir: settings.import.dir.clone(),
        uploads_dir: settings.uploads_dir(),
        upload_bytes_per_org: settings.limits.upload_bytes_per_org,
    }
}

/// Makes what every server begins with, unless it was made before.
async fn first_start(
    settings: &Settings,
    accounts: &Accounts,
    chat: &Chat,
) -> Result<Option<FirstAdmin>, StartError> {
    let patience = if settings.is_cluster() { FIRST_START_PATIENCE } else { Duration::ZERO };
    let first_admin = accounts.first_start(patience).await?;
    if let Some(admin) = &first_admin {
        welcome(chat, admin).await;
    }
    Ok(first_admin)
}

/// Puts the first admin into the default channel, which this makes. Nothing that fails here may
/// end the start: their password is shown by whoever started.
async fn welcome(chat: &Chat, admin: &FirstAdmin) {
    if let Err(error) = chat.welcome(&admin.caller).await {
        tracing::warn!(%error, "the first admin is in no channel yet");
    }
}
