//! One caller: becomes acquainted, proves itself, gives orders.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::HeaderMap;
use hyper::{Method, Request, Response, StatusCode};
use parking_lot::Mutex;
use starling_actors::domain::NodeId;
use starling_actors::ports::{Orders, RemoteReply};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::flow::Flow;
use super::frame::{self, Frame, Reader};
use super::greeting::{
    HELLO_PATH, NONCE_HEADER, ORDERS_PATH, PROOF_HEADER, PROTOCOL_HEADER, Refusal, ends, said,
};
use super::proof::{Acquaintance, ClusterSecret, Nonce, Side};
use super::{PROTOCOL, UNANSWERED_MAX};
use crate::internode;

/// What is known of a caller.
pub(super) struct Visit {
    me: NodeId,
    secret: ClusterSecret,
    orders: Arc<dyn Orders>,
    peer: SocketAddr,
    stage: Mutex<Stage>,
}

/// How far a caller has come. A greeting counts for one attempt to prove something.
enum Stage {
    Strange,
    Greeted(Acquaintance),
    /// Its orders are taken in, until it is gone.
    Proved {
        _work: AbortOnDropHandle<()>,
    },
}

impl Visit {
    pub(super) fn new(
        me: NodeId,
        secret: ClusterSecret,
        orders: Arc<dyn Orders>,
        peer: SocketAddr,
    ) -> Self {
        Self { me, secret, orders, peer, stage: Mutex::new(Stage::Strange) }
    }

    pub(super) fn is_proved(&self) -> bool {
        matches!(*self.stage.lock(), Stage::Proved { .. })
    }

    /// Counts a refusal, and tells the operator.
    pub(super) fn complain(&self, why: Refusal) {
        why.count();
        tracing::warn!(peer = %self.peer, reason = %why, "refused a caller at the port of nodes");
    }

    /// Answers a request.
    pub(super) fn answer(&self, request: Request<Incoming>) -> Response<Flow> {
        let answered = match (request.method(), request.uri().path()) {
            (&Method::POST, HELLO_PATH) => self.greet(request.headers()),
            (&Method::POST, ORDERS_PATH) => self.take_orders(request),
            _ => Err(Refusal::Nonsense),
        };
        answered.unwrap_or_else(|why| {
            self.complain(why);
            let mut response = Response::new(Flow::default());
            *response.status_mut() = match why {
                Refusal::Secret => StatusCode::FORBIDDEN,
                Refusal::Protocol => StatusCode::UPGRADE_REQUIRED,
                Refusal::Node => StatusCode::MISDIRECTED_REQUEST,
                Refusal::Nonsense => StatusCode::BAD_REQUEST,
                Refusal::Crowded => StatusCode::SERVICE_UNAVAILABLE,
            };
            response
        })
    }

    /// Gives the number that a proof is about.
    fn greet(&self, headers: &HeaderMap) -> Result<Response<Flow>, Refusal> {
        if said::<String>(headers, &PROTOCOL_HEADER).as_deref() != Some(PROTOCOL) {
            return Err(Refusal::Protocol);
        }
        let (from, to) = ends(headers).ok_or(Refusal::Nonsense)?;
        if to != self.me {
            return Err(Refusal::Node);
        }
        let caller = said(headers, &NONCE_HEADER).ok_or(Refusal::Nonsense)?;
        let met = Acquaintance { from, to, caller, listener: Nonce::fresh() };
        let mut stage = self.stage.lock();
        if !matches!(*stage, Stage::Strange) {
            return Err(Refusal::Nonsense);
        }
        *stage = Stage::Greeted(met);
        let response = Response::builder().header(NONCE_HEADER, met.listener.to_string());
        response.body(Flow::default()).map_err(|_| Refusal::Nonsense)
    }

    /// Begins to take orders in, from whoever proves itself.
    fn take_orders(&self, request: Request<Incoming>) -> Result<Response<Flow>, Refusal> {
        let mut stage = self.stage.lock();
        let Stage::Greeted(met) = std::mem::replace(&mut *stage, Stage::Strange) else {
            return Err(Refusal::Nonsense);
        };
        let shown: String = said(request.headers(), &PROOF_HEADER).unwrap_or_default();
        if !met.is_proved(&self.secret, Side::Caller, &shown) {
            return Err(Refusal::Secret);
        }
        let (answers, body) = Flow::new();
        let work = work(met.from, Arc::clone(&self.orders), request.into_body(), answers);
        *stage = Stage::Proved { _work: AbortOnDropHandle::new(tokio::spawn(work)) };
        let proof = met.proof(&self.secret, Side::Listener);
        let response = Response::builder().header(PROOF_HEADER, proof);
        response.body(body).map_err(|_| Refusal::Nonsense)
    }
}

/// Hands orders over one after the other, and gives answers as they are ready.
async fn work(
    from: NodeId,
    orders: Arc<dyn Orders>,
    mut said: Incoming,
    answers: mpsc::Sender<Bytes>,
) {
    let mut reader = Reader::default();
    let mut answering = FuturesUnordered::new();
    let mut goes_on = true;
    while goes_on || !answering.is_empty() {
        tokio::select! {
            Some((number, reply)) = answering.next(), if !answering.is_empty() => {
                if !tell(&answers, number, &reply).await {
                    return;
                }
            }
            piece = said.frame(), if goes_on && answering.len() < UNANSWERED_MAX => {
                let Some(Ok(piece)) = piece else {
                    // The caller has no more to say, or is gone; its orders are carried out anyway.
                    goes_on = false;
                    continue;
                };
                let Ok(piece) = piece.into_data() else { continue };
                reader.push(&piece);
                loop {
                    match reader.frame() {
                        Ok(Some(frame)) => {
                            let answer = hand_over(from, &*orders, frame).await;
                            answering.push(answer);
                        }
                        Ok(None) => break,
                        Err(error) => {
                            Refusal::Nonsense.count();
                            tracing::warn!(%error, %from, "another node says what cannot be read");
                            return;
                        }
                    }
                }
            }
        }
    }
}

/// Hands an order over; the answer to come, under its number.
async fn hand_over(
    from: NodeId,
    orders: &dyn Orders,
    frame: Frame,
) -> impl Future<Output = (u64, RemoteReply)> + use<> {
    let Frame { number, said } = frame;
    let answering = match internode::decode_order(&said) {
        Ok((channel, order)) => orders.take(from, channel, order).await,
        Err(error) => {
            // A newer version says more than this one knows. Nothing was tried.
            Refusal::Protocol.count();
            tracing::warn!(%error, %from, "another node's order is not understood");
            Box::pin(std::future::ready(RemoteReply::Elsewhere(None)))
        }
    };
    async move { (number, answering.await) }
}

/// Sends an answer; `false` when nobody hears it any more.
async fn tell(answers: &mpsc::Sender<Bytes>, number: u64, reply: &RemoteReply) -> bool {
    let said = internode::encode_reply(reply).map_err(|error| error.to_string());
    match said.and_then(|said| frame::write(number, &said).map_err(|e| e.to_string())) {
        Ok(frame) => answers.send(frame).await.is_ok(),
        Err(error) => {
            tracing::error!(%error, "an answer for another node cannot be put into words");
            true
        }
    }
}
