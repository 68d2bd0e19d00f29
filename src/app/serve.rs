//! Accepts connections, and stops in order.
//!
//! Each connection is a task of its own. An upgraded one (a WebSocket) leaves this module with its
//! `TcpStream`; the gateway owns it from there.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_http::normalize_path::NormalizePathLayer;

/// Connections that may wait to be accepted: an avalanche of reconnects must not overflow it.
const BACKLOG: u32 = 4_096;
/// How long a client may take to send its request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// Pause after `accept` failed: the usual cause is that all file descriptors are used.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A bound listening socket.
#[derive(Debug)]
pub struct Listener {
    inner: TcpListener,
    /// Where it really listens (a port of 0 was replaced by a free one).
    pub address: SocketAddr,
}

/// Binds a listening socket with a long backlog.
pub fn bind(address: SocketAddr) -> std::io::Result<Listener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    let inner = socket.listen(BACKLOG)?;
    let address = inner.local_addr()?;
    Ok(Listener { inner, address })
}

/// Serves until `stop` is cancelled, then lets requests finish for at most `drain`.
pub async fn serve_until(
    listener: Listener,
    router: Router,
    stop: CancellationToken,
    drain: Duration,
) {
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.inner.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                connections.spawn(connection(stream, peer, router.clone(), stop.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection; trying again");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(drain, connections.wait()).await.is_err() {
        tracing::warn!(left = connections.len(), "requests cut at the end of the drain");
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, stop: CancellationToken) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot turn off Nagle's algorithm");
    }
    // The slash is trimmed before routing: a layer of the router would come too late.
    let service = NormalizePathLayer::trim_trailing_slash().layer(with_peer(router, peer));
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let service = TowerToHyperService::new(service);
    let serving = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    tokio::pin!(serving);
    let result = tokio::select! {
        result = serving.as_mut() => result,
        () = stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, %peer, "connection ended early");
    }
}

/// Tells handlers who calls.
fn with_peer(
    router: Router,
    peer: SocketAddr,
) -> impl Service<
    Request<Incoming>,
    Response = axum::response::Response,
    Error = Infallible,
    Future: Send,
> + Clone
+ Send {
    service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(axum::body::Body::new))
    })
}
