use std::time::Duration;

use starling_actors::channel::Post;
use starling_actors::domain::{
    Channel, ChannelId, ChannelKind, ChannelRole, Generation, MessageKind, OrgId, Position, Seq,
    Timestamp, UserId,
};
use starling_actors::memory::{LocalBus, ManualClock, MemoryDirectory, MemoryLog};
use starling_actors::ports::{Directory, NewChannel};
use starling_actors::system::{Core, CoreLimits, Ports};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::config::Settings;
use crate::gateway::decoder::Decoder;
use crate::gateway::doorman::{Doorman, Reading, caller, refusal};

const GUS: u128 = 1;
const CHANNEL: ChannelId = ChannelId::from_u128(1);

async fn core() -> Core {
    let log = Arc::new(MemoryLog::default());
    let directory = Arc::new(MemoryDirectory::default());
    let gus = UserId::from_u128(GUS);
    let channel = Channel {
        id: CHANNEL,
        org: OrgId::from_u128(1),
        kind: ChannelKind::Public,
        name: "default".to_owned(),
        description: String::new(),
        topic: String::new(),
        owner: gus,
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
        member_count: 1,
    };
    directory
        .create(NewChannel { channel, members: vec![(gus, ChannelRole::Guest)] })
        .await
        .unwrap();
    let ports = Ports {
        clock: Arc::new(ManualClock::default()),
        log: Arc::clone(&log) as _,
        history: log,
        directory,
        bus: Arc::new(LocalBus::new()),
        asking: starling_actors::memory::Nobody::asking(),
    };
    Core::start(ports, CoreLimits::default()).await.unwrap()
}

async fn post(core: &Core, content: &str) {
    let post = Post {
        by: caller(GUS).byline,
        kind: MessageKind::Text,
        content: content.to_owned(),
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

/// Runs a guest's socket whose history is read like this; gives the client's end of it.
async fn enter(core: &Core, reading: Reading) -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    let doorman = Doorman::default();
    *doorman.reading.lock() = Some(reading);
    let settings = Arc::<Settings>::default();
    let clock = Arc::new(ManualClock::default());
    let gateway = Gateway::start(
        Arc::new(doorman),
        core.sessions.clone(),
        settings,
        clock,
        Default::default(),
    );
    let pipe = Pipe::new(server, 64 * 1024);
    let reader = Reader::new(Arc::clone(&pipe), Decoder::new(1024), b"");
    let encoding = Encoding::Json;
    let opened = Opened { pipe, reader, encoding, follow: Follow::All, places: Vec::new() };
    let admitted = Admitted {
        caller: caller(GUS),
        user: serde_json::Value::Null,
        expires_at: None,
        guest_channel: Some(CHANNEL),
        resume_token: None,
    };
    tokio::spawn(run(gateway, opened, admitted));
    client
}

/// The next frame's payload. None of these tests has one of 64 KiB.
async fn frame(client: &mut TcpStream) -> Vec<u8> {
    let reading = async {
        let _opcode = client.read_u8().await.unwrap();
        let length = match client.read_u8().await.unwrap() {
            126 => usize::from(client.read_u16().await.unwrap()),
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        client.read_exact(&mut payload).await.unwrap();
        payload
    };
    tokio::time::timeout(Duration::from_secs(10), reading).await.expect("a frame")
}

async fn json(client: &mut TcpStream) -> serde_json::Value {
    serde_json::from_slice(&frame(client).await).unwrap()
}

#[tokio::test]
async fn what_is_said_while_a_guest_reads_the_history_comes_right_after_it() {
    let core = core().await;
    let speaker = core.clone();
    let reading = async move {
        let position = Position { after: Seq(0), generation: Some(Generation(1)) };
        post(&speaker, "meanwhile").await;
        Ok(Recent { messages: Vec::new(), has_more: false, position })
    };
    let mut client = enter(&core, Box::pin(reading)).await;
    for kind in ["hello", "history"] {
        assert_eq!(json(&mut client).await["type"], kind);
    }
    assert_eq!(json(&mut client).await["message"]["content"], "meanwhile");
    assert_eq!(json(&mut client).await["type"], "resumed");
    post(&core, "later").await;
    assert_eq!(json(&mut client).await["message"]["content"], "later");
}

#[tokio::test]
async fn a_guest_whose_history_cannot_be_read_is_told_so_and_comes_back() {
    let core = core().await;
    let mut client = enter(&core, Box::pin(async { refusal() })).await;
    assert_eq!(json(&mut client).await["type"], "hello");
    let error = json(&mut client).await;
    assert_eq!((&error["type"], &error["code"]), (&"error".into(), &"unavailable".into()));
    assert_eq!(frame(&mut client).await[..2], close::RESTARTING.code.to_be_bytes());
}

#[test]
fn what_the_server_could_not_take_is_no_flooding() {
    let error = |code, retry| ErrorFrame {
        id: None,
        code,
        message: String::new(),
        retry,
        retry_after_ms: None,
    };
    assert!(is_the_clients_doing(&error("validation_failed", false)));
    assert!(is_the_clients_doing(&error("rate_limited", true)));
    assert!(!is_the_clients_doing(&error("unavailable", true)));
    assert!(!is_the_clients_doing(&error("overloaded", true)));
}
