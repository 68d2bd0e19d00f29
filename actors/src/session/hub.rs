//! Opens sessions when a socket comes, tells their sockets when they fail, and tells a whole organization
//! what concerns all of it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::RwLock;
use ractor::{
    Actor, ActorCell, ActorId, ActorProcessingErr, ActorRef, ActorStatus, RpcReplyPort,
    SupervisionEvent,
};
use tokio::time::Instant;

use super::actor::SessionActor;
use super::message::SessionMessage;
use super::parts::Parts;
use super::sockets::Sockets;
use super::{FollowError, Viewer};
use crate::ask::answer;
use crate::domain::{OrgId, UserId};
use crate::frame::{Farewell, Frame, FrameBody};
use crate::ports::{Aside, BusEvent, BusSink, Subscription, Topic};
use crate::supervision::{Children, Ended, Tally};

/// News for whole organizations that may wait for the hub: admins make them by hand. What comes beyond that is
/// not told, and read when a page comes back.
const NEWS_MAX: usize = 256;

/// The way to one session's actor and sockets.
#[derive(Clone)]
pub(crate) struct Opened {
    /// Whose groups they see; guests see none.
    org: Option<OrgId>,
    pub(super) actor: ActorRef<SessionMessage>,
    pub(super) sockets: Arc<Sockets>,
}

impl Opened {
    pub(super) fn is_alive(&self) -> bool {
        self.actor.get_status() < ActorStatus::Draining
    }
}

/// The sessions that are open, to be found without asking their supervisor.
pub(super) type Open = RwLock<HashMap<UserId, Opened>>;

/// The supervisor of all sessions of this node.
pub(crate) struct SessionHub;

/// What the hub is started with.
#[derive(Clone)]
pub(crate) struct HubArgs {
    pub(crate) parts: Arc<Parts>,
    pub(crate) tally: Arc<Tally>,
}

/// What the hub can be told.
pub(crate) enum HubMessage {
    /// A socket came to someone without a session.
    Open {
        /// Who.
        viewer: Viewer,
        /// Answers with their session.
        reply: RpcReplyPort<Result<Opened, FollowError>>,
    },
    /// What concerns a whole organization.
    Tell(OrgId, Arc<Aside>),
}

/// The hub's ear for what concerns whole organizations.
struct Ear {
    hub: ActorRef<HubMessage>,
    /// What waits.
    waiting: Arc<AtomicUsize>,
}

impl BusSink for Ear {
    fn deliver(&self, event: BusEvent) {
        let BusEvent::Aside(aside) = event else { return };
        let Aside::Group { org, .. } = &*aside else { return };
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= NEWS_MAX {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            tracing::warn!(%org, "open pages are not told of a group: too much is told at once");
        } else if self.hub.cast(HubMessage::Tell(*org, Arc::clone(&aside))).is_err() {
            tracing::trace!("the hub has stopped; its subscription ends with it");
        }
    }
}

/// What the hub knows beside the open sessions.
pub(crate) struct HubState {
    args: HubArgs,
    children: Children<UserId>,
    /// News that wait.
    waiting: Arc<AtomicUsize>,
    _hearing: Subscription,
}

impl Actor for SessionHub {
    type Msg = HubMessage;
    type State = HubState;
    type Arguments = HubArgs;

    /// Takes over from a hub that failed: its sessions went with it, so their sockets come back.
    async fn pre_start(
        &self,
        myself: ActorRef<HubMessage>,
        args: HubArgs,
    ) -> Result<HubState, ActorProcessingErr> {
        for (user, session) in std::mem::take(&mut *args.parts.open.write()) {
            session.sockets.close(None, Farewell::Lost);
            args.parts.presence.gone(user);
        }
        let waiting = Arc::<AtomicUsize>::default();
        let ear = Ear { hub: myself.clone(), waiting: Arc::clone(&waiting) };
        let hearing = args.parts.bus.subscribe(Topic::Nodes, Arc::new(ear));
        *args.parts.hub.write() = Some(myself);
        let children = Children::new("session", Arc::clone(&args.tally));
        Ok(HubState { args, children, waiting, _hearing: hearing })
    }

    async fn handle(
        &self,
        myself: ActorRef<HubMessage>,
        message: HubMessage,
        state: &mut HubState,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            HubMessage::Open { viewer, reply } => {
                let opened = state.open(myself.get_cell(), viewer).await;
                answer(reply, opened);
            }
            HubMessage::Tell(org, aside) => {
                state.waiting.fetch_sub(1, Ordering::AcqRel);
                state.tell(org, aside);
            }
        }
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        _myself: ActorRef<HubMessage>,
        event: SupervisionEvent,
        state: &mut HubState,
    ) -> Result<(), ActorProcessingErr> {
        if let Some(Ended { child, key, .. }) = state.children.hear(&event, Instant::now()) {
            state.forget(child, key);
        }
        Ok(())
    }
}

impl HubState {
    async fn open(&mut self, hub: ActorCell, viewer: Viewer) -> Result<Opened, FollowError> {
        let user = viewer.byline.user;
        let found = self.args.parts.open.read().get(&user).cloned();
        if let Some(opened) = found.filter(Opened::is_alive) {
            return Ok(opened);
        }
        if self.children.are_held(user, Instant::now()) {
            return Err(FollowError::Unavailable);
        }
        let sockets = Arc::<Sockets>::default();
        let parts = Arc::clone(&self.args.parts);
        let org = viewer.role.may_open_channels().then_some(viewer.org);
        let actor = SessionActor { viewer, parts, sockets: Arc::clone(&sockets) };
        let (actor, _) = Actor::spawn_linked(None, actor, (), hub).await.map_err(|error| {
            tracing::error!(%error, "a session could not be started");
            FollowError::Unavailable
        })?;
        self.children.started(actor.get_id(), user);
        let opened = Opened { org, actor, sockets };
        self.args.parts.open.write().insert(user, opened.clone());
        Ok(opened)
    }

    /// Tells everybody of an organization: one frame for all.
    fn tell(&self, org: OrgId, aside: Arc<Aside>) {
        let frame = [Frame::new(FrameBody::Aside(aside))];
        let open = self.args.parts.open.read();
        let own = open.values().filter(|opened| opened.org == Some(org));
        let own: Vec<Arc<Sockets>> = own.map(|opened| Arc::clone(&opened.sockets)).collect();
        drop(open);
        own.iter().for_each(|sockets| sockets.push(&frame));
    }

    /// Its sockets, if any are left, come back; a session that was opened meanwhile stays.
    fn forget(&self, session: ActorId, user: UserId) {
        let mut open = self.args.parts.open.write();
        if open.get(&user).is_none_or(|opened| opened.actor.get_id() != session) {
            return;
        }
        let Some(opened) = open.remove(&user) else { return };
        drop(open);
        if !opened.sockets.is_empty() {
            opened.sockets.close(None, Farewell::Lost);
            for lane in opened.sockets.lanes(None) {
                opened.sockets.detach(lane.socket());
            }
            self.args.parts.presence.gone(user);
        }
    }
}
