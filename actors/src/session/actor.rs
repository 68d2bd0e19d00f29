//! The actor of one person's session.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::time::Instant;

use super::debounce::Debounce;
use super::message::SessionMessage;
use super::parts::Parts;
use super::sockets::Sockets;
use super::{Follow, FollowError, Viewer};
use crate::domain::{Channel, ChannelId};
use crate::frame::{Farewell, Frame, FrameBody, Lane};
use crate::ports::{BusEvent, BusSink, Subscription, Topic};
use crate::relay::{Relays, Start};

/// A session without sockets stays for so long: a reconnect mostly finds it.
const GRACE: Duration = Duration::from_secs(5);
/// Events that may wait for a session. Above it the sockets are told to come back and resume.
const BACKLOG_MAX: usize = 1_024;

/// The actor.
pub(super) struct SessionActor {
    pub(super) viewer: Viewer,
    pub(super) parts: Arc<Parts>,
    pub(super) sockets: Arc<Sockets>,
}

/// What it holds beside its sockets.
pub(super) struct SessionState {
    typing: Debounce,
    /// When the last socket went; a new one makes it void.
    empty_since: Option<Instant>,
    _subscription: Subscription,
}

/// The session's ear on the bus.
struct Ear {
    session: ActorRef<SessionMessage>,
    sockets: Arc<Sockets>,
}

impl BusSink for Ear {
    fn deliver(&self, event: BusEvent) {
        if self.sockets.pending.fetch_add(1, Ordering::AcqRel) >= BACKLOG_MAX {
            self.sockets.pending.fetch_sub(1, Ordering::AcqRel);
            self.sockets.close(None, Farewell::Lost);
        } else if self.session.cast(SessionMessage::Heard(event)).is_err() {
            tracing::trace!("the session has stopped; its subscription ends with it");
        }
    }
}

impl Actor for SessionActor {
    type Msg = SessionMessage;
    type State = SessionState;
    type Arguments = ();

    async fn pre_start(
        &self,
        myself: ActorRef<SessionMessage>,
        (): (),
    ) -> Result<SessionState, ActorProcessingErr> {
        let ear = Ear { session: myself.clone(), sockets: Arc::clone(&self.sockets) };
        let topic = Topic::User(self.viewer.byline.user);
        let subscription = self.parts.bus.subscribe(topic, Arc::new(ear));
        // Nobody may come after all: whoever opened it may have given up.
        myself.send_after(GRACE, || SessionMessage::Expire);
        Ok(SessionState {
            typing: Debounce::default(),
            empty_since: Some(Instant::now()),
            _subscription: subscription,
        })
    }

    async fn handle(
        &self,
        myself: ActorRef<SessionMessage>,
        message: SessionMessage,
        state: &mut SessionState,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            SessionMessage::Attach { lane, follow, reply } => {
                self.sockets.attach(lane, follow);
                if state.empty_since.take().is_some() {
                    self.parts.presence.came(self.viewer.byline.user);
                }
                crate::ask::answer(reply, ());
            }
            SessionMessage::Detach { socket } => self.detach(&myself, state, socket),
            SessionMessage::Heard(event) => {
                self.sockets.pending.fetch_sub(1, Ordering::AcqRel);
                self.hear(event);
            }
            SessionMessage::Typing { channel, is_typing } => {
                if state.typing.passes(channel, is_typing, Instant::now()) {
                    // Boxed: every session would carry the size of this rare future.
                    Box::pin(self.tell_typing(channel, is_typing)).await;
                }
            }
            SessionMessage::Show(presence) => {
                self.parts.presence.show(self.viewer.byline.user, presence);
            }
            SessionMessage::Expire => {
                if state.empty_since.is_some_and(|since| since.elapsed() >= GRACE) {
                    myself.stop(None);
                }
            }
        }
        Ok(())
    }
}

impl SessionActor {
    fn detach(
        &self,
        myself: &ActorRef<SessionMessage>,
        state: &mut SessionState,
        socket: crate::domain::SocketId,
    ) {
        self.sockets.detach(socket);
        if self.sockets.is_empty() && state.empty_since.is_none() {
            state.empty_since = Some(Instant::now());
            self.parts.presence.gone(self.viewer.byline.user);
            myself.send_after(GRACE, || SessionMessage::Expire);
        }
    }

    fn hear(&self, event: BusEvent) {
        match event {
            BusEvent::Added(channel) => self.added(&channel),
            BusEvent::Removed(channel) => {
                self.sockets.lose(channel);
                self.parts.relays.dismiss(channel, self.viewer.byline.user);
            }
            BusEvent::Read { channel, user, seq } => {
                self.sockets.push(&[Frame::new(FrameBody::Read { channel, user, seq })]);
            }
            BusEvent::Presence(changes) => {
                let frames: Vec<_> = changes
                    .iter()
                    .map(|&(user, presence)| Frame::new(FrameBody::Status { user, presence }))
                    .collect();
                self.sockets.push(&frames);
            }
            BusEvent::Revoked(login) => self.sockets.close(login, Farewell::Revoked),
            // What a person missed, their client finds by the numbers in its pongs.
            BusEvent::Interrupted => {}
            BusEvent::Stored { .. }
            | BusEvent::Head { .. }
            | BusEvent::Typing { .. }
            | BusEvent::Progress(_)
            | BusEvent::Board { .. }
            | BusEvent::ChannelUpdated(_) => {
                tracing::debug!("an event that is not for a session");
            }
        }
    }

    /// Tells every socket of the new channel; those that follow all follow it too, and hear of it
    /// right before its first frame.
    fn added(&self, channel: &Arc<Channel>) {
        let created = Frame::new(FrameBody::ChannelCreated(Arc::clone(channel)));
        for lane in self.sockets.lanes(Some(Follow::Nothing)) {
            lane.push(&[Arc::clone(&created)]);
        }
        for lane in self.sockets.lanes(Some(Follow::All)) {
            let joining = join_new(
                self.parts.relays.clone(),
                Arc::clone(&self.sockets),
                channel.id,
                Arc::clone(&lane),
                Arc::clone(&created),
            );
            tokio::spawn(async move {
                // Failed or panicked: rather a socket that comes back than one that misses it.
                if !matches!(tokio::spawn(joining).await, Ok(Ok(()))) {
                    lane.close(Farewell::Lost);
                }
            });
        }
    }

    async fn tell_typing(&self, channel: ChannelId, is_typing: bool) {
        let viewer = &self.viewer;
        let may = self.sockets.follows(channel)
            || self.parts.may_read(viewer, channel).await.unwrap_or(false);
        if !may {
            return;
        }
        let (user, username) = (viewer.byline.user, viewer.byline.username.clone());
        let event = BusEvent::Typing { channel, user, username, is_typing };
        if self.parts.bus.publish(Topic::Channel(channel), event).await.is_err() {
            tracing::debug!(%channel, "typing was not told: the bus is unavailable");
        }
    }
}

async fn join_new(
    relays: Relays,
    sockets: Arc<Sockets>,
    channel: ChannelId,
    lane: Arc<dyn Lane>,
    created: Arc<Frame>,
) -> Result<(), FollowError> {
    let removals = sockets.removals();
    let relay = relays.relay(channel).await?;
    let Ok((lane, relay)) = sockets.follow(lane.socket(), relay) else { return Ok(()) };
    let (user, socket) = (lane.user(), lane.socket());
    let teller = Arc::clone(&lane);
    let tell = Box::new(move |_| {
        teller.push(&[created]);
    });
    relay.follow(lane, Start::Young, tell).await?;
    if !sockets.has(socket) {
        relay.leave(socket);
    } else if sockets.removals() != removals && !sockets.follows(channel) {
        relay.dismiss(user);
    }
    Ok(())
}
