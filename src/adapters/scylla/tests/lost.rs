//! Connections that break: before a request is sent, and after.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use starling_actors::domain::{Bucket, ChannelId, Epoch, Seq};
use starling_actors::memory::ManualClock;
use starling_actors::ports::{Claim, ClaimOutcome, LogError, MessageLog};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{on_runtime, settings, shared_store};
use crate::adapters::scylla::Store;

/// How long the driver may take to connect again.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often to look whether it has.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Carries connections to the database until it is cut: then requests still arrive there, and
/// instead of an answer comes the end of the connection. New ones are not taken.
struct Bridge {
    address: SocketAddr,
    is_cut: Arc<AtomicBool>,
}

impl Bridge {
    async fn to(node: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let bridge = Self {
            address: listener.local_addr().unwrap(),
            is_cut: Arc::new(AtomicBool::new(false)),
        };
        let is_cut = Arc::clone(&bridge.is_cut);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if !is_cut.load(Ordering::SeqCst) {
                    tokio::spawn(carry(client, node.clone(), Arc::clone(&is_cut)));
                }
            }
        });
        bridge
    }
}

async fn carry(client: TcpStream, node: String, is_cut: Arc<AtomicBool>) {
    let server = TcpStream::connect(node).await.unwrap();
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let requests = async { tokio::io::copy(&mut from_client, &mut to_server).await.is_ok() };
    let answers = async {
        let mut answer = vec![0; 16 * 1024];
        loop {
            let Ok(length @ 1..) = from_server.read(&mut answer).await else { return false };
            let is_over = is_cut.load(Ordering::SeqCst);
            if is_over || to_client.write_all(&answer[..length]).await.is_err() {
                return false;
            }
        }
    };
    tokio::select! {
        _ = requests => {}
        _ = answers => {}
    }
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_what_was_not_sent_is_not_stored() {
    let keyspace = shared_store().session.keyspace().to_owned();
    let mut settings = settings(&keyspace);
    let node = settings.nodes.remove(0);
    let (bridge, store) = on_runtime(async move {
        let bridge = Bridge::to(node).await;
        settings.nodes = vec![bridge.address.to_string()];
        let store = Store::open(&settings, &ManualClock::default()).await.unwrap();
        (bridge, store)
    });
    let log = store.log();
    let channel = ChannelId::from_u128(rand::random());
    let claim = |expected: Option<u64>, epoch| Claim {
        channel,
        bucket: Bucket(0),
        expected: expected.map(Epoch),
        epoch: Epoch(epoch),
        opening_seq: Seq(0),
    };
    assert_eq!(log.claim(claim(None, 1)).await, Ok(ClaimOutcome::Applied));
    assert_eq!(log.claim(claim(Some(1), 2)).await, Ok(ClaimOutcome::Applied));

    bridge.is_cut.store(true, Ordering::SeqCst);
    assert_eq!(log.claim(claim(Some(2), 3)).await, Err(LogError::Unknown));
    // The driver may take a moment to see that no connection is left.
    let unsent = async {
        while log.claim(claim(Some(3), 4)).await != Err(LogError::Unavailable) {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    tokio::time::timeout(PATIENCE, unsent).await.unwrap();

    bridge.is_cut.store(false, Ordering::SeqCst);
    let again = async {
        loop {
            match log.bucket(channel, Bucket(0)).await {
                Ok(fence) => return fence.unwrap().epoch,
                Err(_) => tokio::time::sleep(LOOK_EVERY).await,
            }
        }
    };
    let epoch = tokio::time::timeout(PATIENCE, again).await.unwrap();
    assert_eq!(epoch, Epoch(3), "the one whose answer was lost was stored, the other one not");
}
