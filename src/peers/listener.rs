//! Accepts other nodes' connections.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http2::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use starling_actors::domain::NodeId;
use starling_actors::ports::Orders;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::greeting::Refusal;
use super::proof::ClusterSecret;
use super::visit::Visit;
use super::{PROBE_EVERY, PROBE_MAX, WINDOW_BYTES};

/// Connections at once. A cluster has far fewer nodes; more are something else.
const CONNECTIONS_MAX: usize = 512;
/// How long a caller may take to prove itself.
const PROOF_MAX: Duration = Duration::from_secs(5);
/// Pause after `accept` failed: the usual cause is that all file descriptors are used.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Streams of one connection: one for orders, one to become acquainted.
const STREAMS_MAX: u32 = 4;
/// Bytes of a request's head, which says five short things.
const HEAD_BYTES_MAX: u32 = 4 * 1024;

/// A bound socket for other nodes.
#[derive(Debug)]
pub struct PeerListener {
    inner: TcpListener,
    /// Where it really listens (a port of 0 was replaced by a free one).
    pub address: SocketAddr,
}

impl PeerListener {
    /// Binds a socket, `address` being `host:port`.
    pub async fn bind(address: &str) -> std::io::Result<Self> {
        let inner = TcpListener::bind(address).await?;
        let address = inner.local_addr()?;
        Ok(Self { inner, address })
    }

    /// Has other nodes' orders carried out until `stop` is cancelled; then all streams are cut.
    pub async fn serve(
        self,
        me: NodeId,
        secret: ClusterSecret,
        orders: Arc<dyn Orders>,
        stop: CancellationToken,
    ) {
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                () = stop.cancelled() => return,
                Some(_) = connections.join_next() => continue,
                accepted = self.inner.accept() => accepted,
            };
            match accepted {
                Ok(_) if connections.len() >= CONNECTIONS_MAX => Refusal::Crowded.count(),
                Ok((stream, peer)) => {
                    let visit = Visit::new(me, secret.clone(), Arc::clone(&orders), peer);
                    connections.spawn(receive(stream, Arc::new(visit)));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept another node; trying again");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

async fn receive(stream: TcpStream, visit: Arc<Visit>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot turn off Nagle's algorithm");
    }
    let visited = Arc::clone(&visit);
    let service = service_fn(move |request| {
        let visit = Arc::clone(&visited);
        async move { Ok::<_, Infallible>(visit.answer(request)) }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .keep_alive_interval(PROBE_EVERY)
        .keep_alive_timeout(PROBE_MAX)
        .initial_stream_window_size(WINDOW_BYTES)
        .initial_connection_window_size(WINDOW_BYTES)
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(HEAD_BYTES_MAX);
    let serving = builder.serve_connection(TokioIo::new(stream), service);
    let outcome = tokio::select! {
        outcome = serving => outcome,
        () = unproved(&visit) => return,
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection of another node has ended");
    }
}

/// Ends when a caller has taken too long to prove itself.
async fn unproved(visit: &Visit) {
    tokio::time::sleep(PROOF_MAX).await;
    if visit.is_proved() {
        std::future::pending::<()>().await;
    }
    visit.complain(Refusal::Nonsense);
}
