//! One stream to a node, from the first word to the last answer.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use parking_lot::Mutex;
use starling_actors::domain::NodeId;
use starling_actors::ports::{Member, PostError, RemoteReply};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use super::client::Parcel;
use super::flow::Flow;
use super::frame::{self, Reader};
use super::greeting::{
    FROM_HEADER, HELLO_PATH, NONCE_HEADER, ORDERS_PATH, PROOF_HEADER, PROTOCOL_HEADER, Refusal,
    TO_HEADER, said,
};
use super::proof::{Acquaintance, ClusterSecret, Nonce, Side};
use super::{PROBE_EVERY, PROBE_MAX, PROTOCOL, UNANSWERED_MAX, WINDOW_BYTES};
use crate::internode;

/// How long a stream may take to be opened, all steps together. A node that takes longer would hold up
/// whoever waits for its answer by seconds, and is tried again anyway.
const OPEN_MAX: Duration = Duration::from_secs(1);
/// How long a stream without orders stays open.
const IDLE_MAX: Duration = Duration::from_secs(60);

/// Why there is no stream. Nothing was tried at the other end.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    #[error("it cannot be reached: {0}")]
    Connect(#[from] std::io::Error),
    #[error("the connection failed: {0}")]
    Http(#[from] hyper::Error),
    #[error("it cannot be asked: {0}")]
    Request(#[from] hyper::http::Error),
    #[error("it did not answer in time")]
    Late,
    #[error("{0}")]
    Refused(#[from] Refusal),
}

/// An open stream.
pub(super) struct Line {
    orders: mpsc::Sender<Bytes>,
    answers: Incoming,
    unanswered: Arc<Mutex<HashMap<u64, Unanswered>>>,
    /// The connection takes no more requests without it, and ends.
    _sender: SendRequest<Flow>,
    /// Drives the connection, which ends with this.
    _connection: AbortOnDropHandle<()>,
}

/// Somebody who waits for an answer.
struct Unanswered {
    reply: oneshot::Sender<RemoteReply>,
    _place: OwnedSemaphorePermit,
}

impl Line {
    /// Connects, becomes acquainted, and opens the stream.
    pub(super) async fn open(
        me: NodeId,
        node: &Member,
        secret: &ClusterSecret,
    ) -> Result<Self, OpenError> {
        let opening = Box::pin(Self::open_in_time(me, node, secret));
        timeout(OPEN_MAX, opening).await.unwrap_or(Err(OpenError::Late))
    }

    async fn open_in_time(
        me: NodeId,
        node: &Member,
        secret: &ClusterSecret,
    ) -> Result<Self, OpenError> {
        let stream = TcpStream::connect(&node.address).await?;
        stream.set_nodelay(true)?;
        let mut builder = Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .keep_alive_interval(PROBE_EVERY)
            .keep_alive_timeout(PROBE_MAX)
            .initial_stream_window_size(WINDOW_BYTES)
            .initial_connection_window_size(WINDOW_BYTES);
        let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await?;
        let connection = AbortOnDropHandle::new(tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to another node has ended");
            }
        }));
        let met = greet(&mut sender, (me, node.id)).await?;
        let (orders, body) = Flow::new();
        let request = head(ORDERS_PATH, (me, node.id))
            .header(PROOF_HEADER, met.proof(secret, Side::Caller))
            .body(body)?;
        let answer = accepted(sender.send_request(request).await?)?;
        let shown: String = said(answer.headers(), &PROOF_HEADER).ok_or(Refusal::Nonsense)?;
        if !met.is_proved(secret, Side::Listener, &shown) {
            // Somebody who has got a node's address is told nothing.
            Refusal::Secret.count();
            return Err(Refusal::Secret.into());
        }
        Ok(Self {
            orders,
            answers: answer.into_body(),
            unanswered: Arc::default(),
            _sender: sender,
            _connection: connection,
        })
    }

    /// Carries `next` and all that comes after it, until the stream breaks or has nothing to do. What
    /// stands in `next` then was not put on the stream.
    pub(super) async fn carry(
        self,
        next: &mut Option<Parcel>,
        parcels: &mut mpsc::Receiver<Parcel>,
    ) {
        let Self { orders, answers, unanswered, _sender, _connection } = self;
        tokio::select! {
            () = write(&orders, &unanswered, next, parcels) => {}
            () = read(answers, &unanswered) => {}
        }
        // Whoever waits still hears nothing: what became of their orders is not known.
        unanswered.lock().clear();
    }
}

fn head(path: &str, (from, to): (NodeId, NodeId)) -> hyper::http::request::Builder {
    Request::builder()
        .method(Method::POST)
        .uri(format!("http://starling{path}"))
        .header(PROTOCOL_HEADER, PROTOCOL)
        .header(FROM_HEADER, from.to_string())
        .header(TO_HEADER, to.to_string())
}

/// Tells who is who, and gets the number that the proofs are about.
async fn greet(
    sender: &mut SendRequest<Flow>,
    (from, to): (NodeId, NodeId),
) -> Result<Acquaintance, OpenError> {
    let caller = Nonce::fresh();
    let request = head(HELLO_PATH, (from, to))
        .header(NONCE_HEADER, caller.to_string())
        .body(Flow::default())?;
    let answer = accepted(sender.send_request(request).await?)?;
    let listener = said(answer.headers(), &NONCE_HEADER).ok_or(Refusal::Nonsense)?;
    Ok(Acquaintance { from, to, caller, listener })
}

fn accepted(answer: Response<Incoming>) -> Result<Response<Incoming>, Refusal> {
    match answer.status() {
        StatusCode::OK => Ok(answer),
        StatusCode::FORBIDDEN => Err(Refusal::Secret),
        StatusCode::UPGRADE_REQUIRED => Err(Refusal::Protocol),
        StatusCode::MISDIRECTED_REQUEST => Err(Refusal::Node),
        _ => Err(Refusal::Nonsense),
    }
}

/// Puts orders on the stream, in the order in which they were given.
async fn write(
    orders: &mpsc::Sender<Bytes>,
    unanswered: &Mutex<HashMap<u64, Unanswered>>,
    next: &mut Option<Parcel>,
    parcels: &mut mpsc::Receiver<Parcel>,
) {
    let places = Arc::new(Semaphore::new(UNANSWERED_MAX));
    for number in 0_u64.. {
        // Both are had before an order is taken, so that none is taken and then lost.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok(room) = orders.reserve().await else { return };
        while next.is_none() {
            match timeout(IDLE_MAX, parcels.recv()).await {
                Ok(None) => return,
                Err(_) if unanswered.lock().is_empty() => return,
                Ok(parcel) => *next = parcel,
                Err(_) => {}
            }
        }
        let Some(Parcel { channel, order, reply }) = next.take() else { return };
        let said = internode::encode_order(channel, &order).map_err(|error| error.to_string());
        let framed = said.and_then(|said| frame::write(number, &said).map_err(|e| e.to_string()));
        match framed {
            Ok(frame) => {
                unanswered.lock().insert(number, Unanswered { reply, _place: place });
                room.send(frame);
            }
            Err(error) => {
                tracing::error!(%error, "an order for another node cannot be put into words");
                reply.send(order.refused(PostError::Unavailable)).ok();
            }
        }
    }
}

/// Hands answers to whoever waits for them.
async fn read(mut answers: Incoming, unanswered: &Mutex<HashMap<u64, Unanswered>>) {
    let mut reader = Reader::default();
    loop {
        match answers.frame().await {
            None => return,
            Some(Err(error)) => {
                tracing::debug!(%error, "the stream to another node broke");
                return;
            }
            Some(Ok(piece)) => {
                let Ok(piece) = piece.into_data() else { continue };
                reader.push(&piece);
            }
        }
        loop {
            let frame = match reader.frame() {
                Ok(Some(frame)) => frame,
                Ok(None) => break,
                Err(error) => {
                    tracing::warn!(%error, "another node answers what cannot be read");
                    return;
                }
            };
            let Some(waiting) = unanswered.lock().remove(&frame.number) else { continue };
            match internode::decode_reply(&frame.said) {
                Ok(reply) => drop(waiting.reply.send(reply)),
                Err(error) => tracing::warn!(%error, "another node's answer is not understood"),
            }
        }
    }
}
