//! The actor of one person's session.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::time::Instant;

use super::debounce::Debounce;
use super::message::SessionMessage;
use super::missed::{self, Missed};
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
    look: Look,
    _subscription: Subscription,
}

/// Whether what was missed is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Look {
    /// Nothing was missed.
    #[default]
    None,
    /// It is, or will be in a moment.
    Pending,
    /// The same, and has to be once more: something was missed since.
    Again,
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
            look: Look::None,
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
                self.hear(&myself, event, state);
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
            SessionMessage::Look => self.look(&myself, state),
            SessionMessage::Looked(missed) => self.looked(&myself, missed, state),
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

    fn hear(&self, me: &ActorRef<SessionMessage>, event: BusEvent, state: &mut SessionState) {
        match event {
            BusEvent::Added(channel) => self.added(&channel),
            BusEvent::Removed(channel) => self.lose(channel),
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
            BusEvent::Own(news) => self.sockets.push(&[Frame::new(FrameBody::Own(news))]),
            BusEvent::Aside(aside) => self.sockets.push(&[Frame::new(FrameBody::Aside(aside))]),
            BusEvent::Revoked(login) => self.sockets.close(login, Farewell::Revoked),
            BusEvent::RightsChanged => self.sockets.doubt(),
            BusEvent::Interrupted => {
                self.sockets.doubt();
                self.look_later(me, state);
            }
            BusEvent::Stored { .. }
            | BusEvent::Head { .. }
            | BusEvent::Typing { .. }
            | BusEvent::Progress(_)
            | BusEvent::CalledOff(_)
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
            self.enter(lane, channel.id, Arc::clone(&created));
        }
    }

    /// Has a socket follow a channel that is new to it.
    fn enter(&self, lane: Arc<dyn Lane>, channel: ChannelId, created: Arc<Frame>) {
        let (relays, sockets) = (self.parts.relays.clone(), Arc::clone(&self.sockets));
        // Counted here, not on the task: what is lost before that begins must be noticed too.
        let removals = sockets.removals();
        let joining = join_new((relays, sockets), removals, channel, Arc::clone(&lane), created);
        tokio::spawn(async move {
            // Failed or panicked: rather a socket that comes back than one that misses it.
            if !matches!(tokio::spawn(joining).await, Ok(Ok(()))) {
                lane.close(Farewell::Lost);
            }
        });
    }

    /// Sees to it that what was missed is looked at.
    fn look_later(&self, me: &ActorRef<SessionMessage>, state: &mut SessionState) {
        if state.look != Look::None {
            state.look = Look::Again;
            return;
        }
        state.look = Look::Pending;
        me.send_after(missed::wait(self.viewer.byline.user), || SessionMessage::Look);
    }

    /// Looks at what was missed, beside the session's work.
    fn look(&self, me: &ActorRef<SessionMessage>, state: &mut SessionState) {
        state.look = Look::Pending;
        if self.sockets.is_empty() {
            state.look = Look::None;
            return;
        }
        let (parts, viewer) = (Arc::clone(&self.parts), self.viewer.clone());
        let (sockets, me) = (Arc::clone(&self.sockets), me.clone());
        tokio::spawn(async move {
            let looking = async move { missed::missed(&parts, &viewer, &sockets).await.ok() };
            // A directory that panics costs this look, and it is tried again.
            let missed = tokio::spawn(looking).await.ok().flatten();
            if me.cast(SessionMessage::Looked(missed)).is_err() {
                tracing::trace!("the session has stopped, and follows nothing");
            }
        });
    }

    fn looked(
        &self,
        me: &ActorRef<SessionMessage>,
        missed: Option<Missed>,
        state: &mut SessionState,
    ) {
        let is_stale = |missed: &Missed| missed.removals != self.sockets.removals();
        let has_holes = |missed: &Missed| missed.is_early || is_stale(missed);
        let is_owed = state.look == Look::Again || missed.as_ref().is_none_or(has_holes);
        state.look = Look::None;
        if is_owed {
            self.look_later(me, state);
        }
        let Some(missed) = missed else { return };
        let came = if is_stale(&missed) { Vec::new() } else { missed.came };
        for channel in missed.lost {
            self.lose(channel);
        }
        for (socket, channel) in came {
            if let Some(lane) = self.sockets.lane(socket) {
                let created = Frame::new(FrameBody::ChannelCreated(Arc::clone(&channel)));
                self.enter(lane, channel.id, created);
            }
        }
    }

    fn lose(&self, channel: ChannelId) {
        self.sockets.lose(channel);
        self.parts.relays.dismiss(channel, self.viewer.byline.user);
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
    (relays, sockets): (Relays, Arc<Sockets>),
    removals: u64,
    channel: ChannelId,
    lane: Arc<dyn Lane>,
    created: Arc<Frame>,
) -> Result<(), FollowError> {
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
