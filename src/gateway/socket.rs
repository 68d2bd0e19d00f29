//! One socket's task: greets, attaches to the session, reads, and says goodbye.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use starling_actors::domain::{OrgRole, SocketId};
use starling_actors::frame::Lane;
use starling_actors::session::Follow;

use super::backend::{Admitted, Recent};
use super::census::Place;
use super::close::{self, Close};
use super::decoder::{self, Received, sealed};
use super::lane::{Encoding, Holder, SocketLane};
use super::orders::{Answer, Orders, Outcome};
use super::pipe::Pipe;
use super::reader::Reader;
use super::{Gateway, Inner};
use crate::wire::client::Incoming;
use crate::wire::frame::{ErrorFrame, Hello, HelloLimits, ServerFrame};
use crate::wire::guest;
use crate::wire::time::rfc3339;

/// Sends of one socket that may wait for the log; beyond that it is not read. Half of what one
/// append takes, so that a burst of one sender is one append and a second sender still fits in.
const IN_FLIGHT_MAX: usize = 32;
/// Refused frames within [`FLOOD_MS`] that end a socket (wire.md).
const FLOOD_FRAMES: u32 = 100;
/// The window in which refused frames are counted, in milliseconds.
const FLOOD_MS: i64 = 10_000;
/// Messages that a guest is shown at the start (wire.md).
const GUEST_HISTORY: usize = 200;

/// A connection that was upgraded and whose opener is known.
pub(super) struct Opened {
    pub(super) pipe: Arc<Pipe>,
    pub(super) reader: Reader,
    pub(super) encoding: Encoding,
    pub(super) follow: Follow,
    /// Given back when the socket is gone.
    pub(super) places: Vec<Place>,
}

/// Answers that wait for the log.
type Waiting = FuturesUnordered<BoxFuture<'static, Answer>>;

/// An open socket. Boxed: its task then holds little beside what it waits for.
struct Socket {
    inner: Arc<Inner>,
    lane: Arc<SocketLane>,
    reader: Reader,
    orders: Orders,
    /// Made when the first send waits, dropped when none does.
    waiting: Option<Box<Waiting>>,
    /// When the window of refused frames began, and how many there are in it.
    refused: (i64, u32),
    /// Its place in the census.
    present: Place,
    /// Given back when the socket is gone.
    places: Vec<Place>,
}

/// Greets a socket and attaches it to its session. Then it lives on a task of its own, which keeps
/// nothing of all that is needed here.
pub(super) async fn run(gateway: Gateway, opened: Opened, admitted: Admitted) {
    let inner = Arc::clone(&gateway.inner);
    let Opened { pipe, reader, encoding, follow, places } = opened;
    let socket = SocketId::from_u128(inner.clock.fresh_id());
    let Admitted { caller, user, expires_at, guest_channel, resume_token: _ } = admitted;
    let (user_id, login) = (caller.user(), caller.grant());
    let who = Holder { user: user_id, login, is_guest: caller.role == OrgRole::Guest };
    let lane = SocketLane::new(pipe, encoding, socket, who, Arc::clone(&inner.common));
    let caller = Arc::new(caller);
    let present = inner.census.enter(&lane, Arc::clone(&caller), expires_at);
    lane.answer(&ServerFrame::Hello(hello(&inner, socket, user)));

    let shared: Arc<dyn Lane> = lane.clone();
    // A guest follows one channel; asking for it below gives the history first.
    let follow = if guest_channel.is_some() { Follow::Nothing } else { follow };
    let session = match inner.sessions.attach(caller.viewer(), shared, follow).await {
        Ok(session) => session,
        Err(error) => {
            tracing::warn!(%error, "a socket could not be attached to its session");
            lane.pipe.end(close::RESTARTING);
            return inner.common.meters.left(close::RESTARTING.code);
        }
    };
    let (backend, to) = (Arc::clone(&inner.backend), Arc::clone(&lane));
    let orders = Orders { backend, session, lane: to, caller, guest_channel };
    let (waiting, refused) = (None, (0, 0));
    let mut socket =
        Box::new(Socket { inner, lane, reader, orders, waiting, refused, present, places });
    match socket.greet_guest().await {
        Ok(()) => drop(tokio::spawn(socket.live())),
        Err(end) => socket.leave(end).await,
    }
}

fn hello(inner: &Inner, socket: SocketId, user: serde_json::Value) -> Hello {
    let limits = &inner.settings.limits;
    Hello {
        session_id: socket.to_string(),
        user,
        heartbeat_ms: inner.settings.server.heartbeat_ms,
        limits: HelloLimits {
            frame_bytes: limits.frame_bytes,
            content_chars: limits.content_chars,
            messages_per_second: limits.messages_per_second,
            cooldown_ms: limits.cooldown_ms,
        },
        server_time: rfc3339(inner.clock.now()),
    }
}

impl Socket {
    async fn live(mut self: Box<Self>) {
        let end = self.serve().await;
        Box::pin(self.leave(end)).await;
    }

    async fn leave(self: Box<Self>, end: Close) {
        let Self { inner, lane, reader, orders, present, places, .. } = *self;
        orders.session.detach(lane.socket());
        lane.pipe.end(end);
        let end = lane.pipe.ending().unwrap_or(end);
        drop(present);
        reader.goodbye().await;
        inner.common.meters.left(end.code);
        drop(places);
    }

    /// Shows a guest what was said, and then what was stored since that was read.
    async fn greet_guest(&mut self) -> Result<(), Close> {
        let Some(channel) = self.orders.guest_channel else { return Ok(()) };
        let recent = self.orders.backend.recent(&self.orders.caller, channel, GUEST_HISTORY).await;
        let Recent { messages, has_more, position } = match recent {
            Ok(recent) => recent,
            Err(refusal) => return refuse_guest(&self.lane, refusal.into_frame(None)),
        };
        let guest = self.orders.caller.user();
        let messages = messages.iter().map(|one| guest::message(one, guest)).collect();
        let channel_id = channel.to_string();
        self.lane.answer(&ServerFrame::History { channel_id, messages, has_more });
        let followed = self.orders.follow_from(channel, position).await;
        followed.or_else(|error| refuse_guest(&self.lane, error))
    }

    async fn serve(&mut self) -> Close {
        let pipe = Arc::clone(&self.lane.pipe);
        loop {
            let is_full = self.waiting.as_ref().is_some_and(|all| all.len() >= IN_FLIGHT_MAX);
            let received = tokio::select! {
                biased;
                end = pipe.ended() => return end,
                answer = settled(&mut self.waiting) => {
                    self.say(answer);
                    continue;
                }
                received = self.reader.next(), if !is_full => received,
            };
            self.lane.heard();
            let result = match received {
                Ok(received) => Box::pin(self.receive(received)).await,
                Err(end) => Err(end),
            };
            if let Err(end) = result {
                return end;
            }
        }
    }

    async fn receive(&mut self, received: Received) -> Result<(), Close> {
        let incoming = match (received, self.lane.encoding) {
            (Received::Text(bytes), Encoding::Json) => Incoming::from_json(&bytes),
            (Received::Binary(bytes), Encoding::MessagePack) => Incoming::from_msgpack(&bytes),
            (Received::Text(_) | Received::Binary(_), _) => return Err(close::WRONG_KIND),
            (Received::Ping(payload), _) => {
                self.lane.pipe.send(&[sealed(decoder::PONG, &payload).into()]);
                return Ok(());
            }
            (Received::Pong, _) => return Ok(()),
            // The peer's own code is not repeated: what it means to us is "bye".
            (Received::Close(_), _) => return Err(close::BYE),
        };
        let outcome = match incoming {
            Ok(incoming) => Box::pin(self.orders.obey(incoming)).await,
            Err(error) => Outcome::now(Err(error)),
        };
        match outcome {
            Outcome::Silent => {}
            Outcome::Now(answer) => self.say(*answer),
            Outcome::Later(answer) => {
                self.waiting.get_or_insert_default().push(answer);
            }
        }
        if self.refused.1 >= FLOOD_FRAMES { Err(close::FLOODING) } else { Ok(()) }
    }

    fn say(&mut self, answer: Answer) {
        let frame = answer.unwrap_or_else(|error| {
            if is_the_clients_doing(&error) {
                let now = self.inner.clock.now().0;
                if now - self.refused.0 > FLOOD_MS {
                    self.refused = (now, 0);
                }
                self.refused.1 += 1;
            }
            ServerFrame::Error(error)
        });
        self.lane.answer(&frame);
    }
}

/// Says why there is no greeting. A guest cannot ask for it again, so one that was refused for now
/// has to come back.
fn refuse_guest(lane: &SocketLane, error: ErrorFrame) -> Result<(), Close> {
    let may_come_back = error.retry;
    lane.answer(&ServerFrame::Error(error));
    if may_come_back { Err(close::RESTARTING) } else { Ok(()) }
}

/// Whether a refusal counts towards flooding: a client that repeats what the server could not take
/// does what it was told to.
fn is_the_clients_doing(error: &ErrorFrame) -> bool {
    !error.retry || error.code == "rate_limited"
}

/// The next answer that the log has given; waits for ever when none is expected.
fn settled(waiting: &mut Option<Box<Waiting>>) -> impl Future<Output = Answer> {
    // By hand: an `async fn` would keep room for an answer in the task of every socket.
    poll_fn(move |context| {
        let Some(all) = waiting else { return Poll::Pending };
        let Poll::Ready(Some(answer)) = all.poll_next_unpin(context) else { return Poll::Pending };
        if all.is_empty() {
            *waiting = None;
        }
        Poll::Ready(answer)
    })
}

#[cfg(test)]
#[path = "socket_tests.rs"]
mod tests;
