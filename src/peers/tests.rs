use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use starling_actors::contract::cluster::Way;
use starling_actors::domain::{ChannelId, NodeId, UserId};
use starling_actors::ports::{
    Answering, Member, Orders, Peers, PostError, RemoteOrder, RemoteReply,
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::*;

const FROM: NodeId = NodeId::from_u128(1);
const TO: NodeId = NodeId::from_u128(2);
const CHANNEL: ChannelId = ChannelId::from_u128(3);

fn secret() -> ClusterSecret {
    ClusterSecret::new("known to both nodes and nobody else")
}

/// A node at a free port, which is gone with this.
struct Node {
    member: Member,
    task: JoinHandle<()>,
}

impl Drop for Node {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn start(secret: ClusterSecret, orders: Arc<dyn Orders>) -> Node {
    let listener = PeerListener::bind("127.0.0.1:0").await.unwrap();
    let member = Member { id: TO, address: listener.address.to_string() };
    let task = tokio::spawn(listener.serve(TO, secret, orders, CancellationToken::new()));
    Node { member, task }
}

/// Two nodes on this machine.
#[derive(Default)]
struct Loopback(tokio::sync::Mutex<Option<Node>>);

#[async_trait]
impl Way for Loopback {
    fn from(&self) -> NodeId {
        FROM
    }

    async fn open(&self, orders: Arc<dyn Orders>) -> (Arc<dyn Peers>, Member) {
        let node = start(secret(), orders).await;
        let member = node.member.clone();
        *self.0.lock().await = Some(node);
        (Arc::new(HttpPeers::new(FROM, secret())), member)
    }

    async fn kill(&self) {
        let Some(mut node) = self.0.lock().await.take() else { return };
        node.task.abort();
        (&mut node.task).await.unwrap_err();
    }
}

mod contract {
    use super::*;

    fn fresh() -> (Loopback, ()) {
        (Loopback::default(), ())
    }
    starling_actors::peers_suite!(fresh);
}

/// Counts what comes, and carries nothing out.
#[derive(Default)]
struct Desk(AtomicUsize);

#[async_trait]
impl Orders for Desk {
    async fn take(&self, _: NodeId, _: ChannelId, order: RemoteOrder) -> Answering {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::ready(order.refused(PostError::Unavailable)))
    }
}

fn order() -> RemoteOrder {
    let by = starling_actors::domain::Byline {
        user: UserId::from_u128(4),
        username: "ada".to_owned(),
        full_name: String::new(),
        avatar_url: String::new(),
    };
    RemoteOrder::Member { by: by.clone(), change: starling_actors::ports::MemberChange::Left(by) }
}

async fn give(peers: &HttpPeers, node: &Member) -> Option<RemoteReply> {
    peers.order(node, CHANNEL, order()).await.ok()
}

#[tokio::test]
async fn a_caller_without_the_secret_is_refused_and_nothing_of_it_is_read() {
    let desk = Arc::<Desk>::default();
    let node = start(secret(), Arc::clone(&desk) as _).await;
    let stranger = HttpPeers::new(FROM, ClusterSecret::new("another one"));

    assert_eq!(give(&stranger, &node.member).await, Some(RemoteReply::Unreachable));

    assert_eq!(desk.0.load(Ordering::Relaxed), 0);
    let friend = HttpPeers::new(FROM, secret());
    let answer = RemoteReply::Member(Err(PostError::Unavailable));
    assert_eq!(give(&friend, &node.member).await, Some(answer));
}

#[tokio::test]
async fn a_node_that_was_started_anew_at_the_same_address_is_another_one() {
    let desk = Arc::<Desk>::default();
    let node = start(secret(), Arc::clone(&desk) as _).await;
    let before = Member { id: NodeId::from_u128(9), ..node.member.clone() };
    let peers = HttpPeers::new(FROM, secret());

    assert_eq!(give(&peers, &before).await, Some(RemoteReply::Unreachable));

    assert_eq!(desk.0.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_node_is_found_again_after_it_was_away() {
    let away = Member { id: TO, address: "127.0.0.1:1".to_owned() };
    let peers = HttpPeers::new(FROM, secret());
    assert_eq!(give(&peers, &away).await, Some(RemoteReply::Unreachable));

    let listener = PeerListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.address.to_string();
    drop(listener);
    let node = Member { id: NodeId::from_u128(5), address: address.clone() };
    assert_eq!(give(&peers, &node).await, Some(RemoteReply::Unreachable));
    let listener = PeerListener::bind(&address).await.unwrap();
    let desk = Arc::<Desk>::default();
    let serving = listener.serve(node.id, secret(), desk, CancellationToken::new());
    let task = tokio::spawn(serving);
    while give(&peers, &node).await == Some(RemoteReply::Unreachable) {}
    task.abort();
}

#[tokio::test]
async fn whoever_does_not_prove_the_secret_gets_no_order() {
    use hyper::service::service_fn;

    // Says yes to everything, and would answer any order.
    let impostor = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = impostor.local_addr().unwrap().to_string();
    let heard = Arc::<AtomicUsize>::default();
    let ears = Arc::clone(&heard);
    let task = tokio::spawn(async move {
        let (stream, _) = impostor.accept().await.unwrap();
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let ears = Arc::clone(&ears);
            async move {
                tokio::spawn(async move {
                    use http_body_util::BodyExt;
                    let mut body = request.into_body();
                    while let Some(Ok(_)) = body.frame().await {
                        ears.fetch_add(1, Ordering::Relaxed);
                    }
                });
                let response = hyper::Response::builder()
                    .header("starling-nonce", "7")
                    .header("starling-proof", "trust-me");
                Ok::<_, std::convert::Infallible>(response.body(flow::Flow::default()).unwrap())
            }
        });
        let executor = hyper_util::rt::TokioExecutor::new();
        let io = hyper_util::rt::TokioIo::new(stream);
        hyper::server::conn::http2::Builder::new(executor).serve_connection(io, service).await.ok();
    });
    let peers = HttpPeers::new(FROM, secret());

    let node = Member { id: TO, address };
    assert_eq!(give(&peers, &node).await, Some(RemoteReply::Unreachable));

    assert_eq!(heard.load(Ordering::Relaxed), 0);
    task.abort();
}
