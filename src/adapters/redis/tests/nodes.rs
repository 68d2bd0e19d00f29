//! Two whole nodes on one log and one Redis: what is said on one is seen on the other.

use parking_lot::Mutex;
use starling_actors::channel::Post;
use starling_actors::domain::{
    Byline, Channel, ChannelKind, ChannelRole, LoginId, MessageKind, OrgId, OrgRole, Presence,
    SocketId, Timestamp, UserId,
};
use starling_actors::frame::{Farewell, Frame, FrameBody, Lane};
use starling_actors::memory::{ManualClock, MemoryDirectory, MemoryLog, Nobody};
use starling_actors::ports::{Directory, NewChannel};
use starling_actors::session::{Follow, Session, Viewer};
use starling_actors::system::{Core, CoreLimits, Ports};

use super::*;

const CHANNEL: ChannelId = ChannelId::from_u128(1);
const ORG: OrgId = OrgId::from_u128(1);
const ANN: UserId = UserId::from_u128(1);
const BEN: UserId = UserId::from_u128(2);

/// A lane that keeps what it gets.
struct Reader {
    user: UserId,
    frames: Mutex<Vec<Arc<Frame>>>,
}

impl Lane for Reader {
    fn socket(&self) -> SocketId {
        SocketId::from_u128(self.user.as_u128())
    }

    fn user(&self) -> UserId {
        self.user
    }

    fn login(&self) -> Option<LoginId> {
        None
    }

    fn push(&self, frames: &[Arc<Frame>]) -> bool {
        self.frames.lock().extend_from_slice(frames);
        true
    }

    fn close(&self, _why: Farewell) {}
}

impl Reader {
    /// The positions that it got, in order.
    fn seqs(&self) -> Vec<u64> {
        let frames = self.frames.lock();
        let seq = |frame: &Arc<Frame>| {
            let FrameBody::Logged { entry, .. } = &frame.body else { return None };
            Some(entry.seq.0)
        };
        frames.iter().filter_map(seq).collect()
    }

    fn saw(&self, user: UserId, wanted: Presence) -> bool {
        let is_it = |frame: &Arc<Frame>| {
            matches!(&frame.body, FrameBody::Status { user: of, presence }
                if *of == user && *presence == wanted)
        };
        self.frames.lock().iter().any(is_it)
    }
}

fn byline(user: UserId) -> Byline {
    let username = format!("user{}", user.as_u128());
    Byline { user, username, full_name: String::new(), avatar_url: String::new() }
}

/// What both nodes share.
#[derive(Default)]
struct Stores {
    log: Arc<MemoryLog>,
    directory: Arc<MemoryDirectory>,
}

impl Stores {
    async fn new() -> Self {
        let stores = Self::default();
        let channel = Channel {
            id: CHANNEL,
            org: ORG,
            kind: ChannelKind::Private,
            name: "here".to_owned(),
            description: String::new(),
            topic: String::new(),
            owner: ANN,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
            member_count: 2,
        };
        let members = vec![(ANN, ChannelRole::Owner), (BEN, ChannelRole::Member)];
        stores.directory.create(NewChannel { channel, members }).await.unwrap();
        stores
    }

    async fn node(&self, bus: &RedisBus) -> Core {
        let ports = Ports {
            clock: Arc::new(ManualClock::default()),
            log: Arc::clone(&self.log) as _,
            history: Arc::clone(&self.log) as _,
            directory: Arc::clone(&self.directory) as _,
            bus: Arc::new(bus.clone()),
            asking: Nobody::asking(),
        };
        Core::start(ports, CoreLimits::default()).await.unwrap()
    }
}

async fn attach(core: &Core, user: UserId) -> (Arc<Reader>, Session) {
    let viewer = Viewer { org: ORG, byline: byline(user), role: OrgRole::Viewer };
    let reader = Arc::new(Reader { user, frames: Mutex::default() });
    let lane = Arc::clone(&reader) as Arc<dyn Lane>;
    let session = core.sessions.attach(viewer, lane, Follow::All).await.unwrap();
    (reader, session)
}

async fn post(core: &Core, words: &str) {
    let post = Post {
        by: byline(ANN),
        kind: MessageKind::Text,
        content: words.to_owned(),
        thread: None,
        parent: None,
        mentions: Vec::new(),
        attachments: Vec::new(),
        client_message_id: None,
        after_seq: None,
        written: None,
    };
    core.channels.post(CHANNEL, post).await.unwrap().receipt().await.unwrap();
}

#[tokio::test]
async fn what_is_said_on_one_node_is_seen_on_the_other_also_what_was_said_without_redis() {
    let mut server = Server::start().await;
    let mut running = Running(Vec::new());
    let (first, second) = (running.bus(&server.redis(), 1), running.bus(&server.redis(), 2));
    let stores = Stores::new().await;
    let (here, there) = (stores.node(&first).await, stores.node(&second).await);
    let (ann, _ann) = attach(&here, ANN).await;
    let (ben, _ben) = attach(&there, BEN).await;
    is_connected(&second, true).await;

    post(&here, "one").await;
    until(async || ben.seqs() == [1]).await;
    until(async || there.sessions.presence(ANN) == Presence::Online).await;
    until(async || ann.saw(BEN, Presence::Online)).await;

    server.kill().await;
    is_connected(&first, false).await;
    is_connected(&second, false).await;
    for words in ["two", "three", "four"] {
        post(&here, words).await;
    }
    until(async || ann.seqs() == [1, 2, 3, 4]).await;
    assert_eq!(ben.seqs(), [1]);

    server.restart().await;
    let back = Instant::now();
    until(async || ben.seqs().len() == 4).await;
    assert!(back.elapsed() < Duration::from_secs(2), "{:?}", back.elapsed());
    assert_eq!(ben.seqs(), [1, 2, 3, 4]);

    server.flush_all().await;
    post(&here, "five").await;
    until(async || ben.seqs() == [1, 2, 3, 4, 5]).await;
    here.stop(Duration::from_secs(1)).await;
    there.stop(Duration::from_secs(1)).await;
}
