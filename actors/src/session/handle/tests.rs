use super::*;
use crate::domain::{
    Channel, ChannelId, ChannelKind, ChannelRole, Event, LoginId, OrgId, OrgRole, Presence, Seq,
    Timestamp, UserId,
};
use crate::frame::Farewell;
use crate::memory::{ManualClock, MemoryDirectory};
use crate::ports::{Bus, BusEvent, Directory, NewChannel, Topic};
use crate::relay::tests::{Recorder, Writer, byline};
use crate::system::{Core, CoreLimits, Ports};

const ORG: OrgId = OrgId::from_u128(1);
const CHANNEL: ChannelId = ChannelId::from_u128(1);
const ALICE: u128 = 1;
const BOB: u128 = 2;
const CAROL: u128 = 3;

struct World {
    writer: Writer,
    directory: Arc<MemoryDirectory>,
    core: Core,
}

fn viewer(user: u128, role: OrgRole) -> Viewer {
    Viewer { org: ORG, byline: byline(user), role }
}

impl World {
    /// Alice and Bob share a channel of this kind; Carol is outside.
    async fn new(kind: ChannelKind) -> Self {
        let writer = Writer::new(CHANNEL).await;
        let directory = Arc::new(MemoryDirectory::default());
        let ports = Ports {
            clock: Arc::new(ManualClock::new(Timestamp(0), 1)),
            log: Arc::clone(&writer.log) as _,
            history: Arc::clone(&writer.log) as _,
            directory: Arc::clone(&directory) as _,
            bus: Arc::new(writer.bus.clone()),
            asking: crate::memory::Nobody::asking(),
        };
        let core = Core::start(ports, CoreLimits::default()).await.unwrap();
        let world = Self { writer, directory, core };
        world.directory.create(channel(CHANNEL, kind)).await.unwrap();
        world
    }

    async fn attach(&self, lane: &Arc<Recorder>, follow: Follow) -> Session {
        let viewer = viewer(lane.user.as_u128(), OrgRole::Viewer);
        self.core.sessions.attach(viewer, Arc::clone(lane) as _, follow).await.unwrap()
    }

    async fn tell(&self, user: u128, event: BusEvent) {
        self.writer.bus.publish(Topic::User(UserId::from_u128(user)), event).await.unwrap();
        self.settle().await;
    }

    async fn settle(&self) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn channel(id: ChannelId, kind: ChannelKind) -> NewChannel {
    let channel = Channel {
        id,
        org: ORG,
        kind,
        name: "here".to_owned(),
        description: String::new(),
        topic: String::new(),
        owner: UserId::from_u128(ALICE),
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
        member_count: 2,
    };
    let members = vec![
        (UserId::from_u128(ALICE), ChannelRole::Owner),
        (UserId::from_u128(BOB), ChannelRole::Member),
    ];
    NewChannel { channel, members }
}

#[tokio::test(start_paused = true)]
async fn a_socket_that_follows_all_hears_every_channel_of_its_person_from_then_on() {
    let mut world = World::new(ChannelKind::Private).await;
    let (all, nothing) = (Recorder::new(1, ALICE), Recorder::new(2, ALICE));
    world.attach(&all, Follow::All).await;
    world.attach(&nothing, Follow::Nothing).await;

    world.writer.post("hello").await;
    world.settle().await;

    assert_eq!(all.story(), ["1 hello"]);
    assert!(nothing.story().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_private_channel_is_not_there_for_outsiders_and_a_public_one_not_for_guests() {
    for (kind, role, may) in [
        (ChannelKind::Private, OrgRole::Admin, false),
        (ChannelKind::Public, OrgRole::Viewer, true),
        (ChannelKind::Public, OrgRole::Guest, false),
    ] {
        let world = World::new(kind).await;
        let lane = Recorder::new(1, CAROL);
        let sessions = &world.core.sessions;
        let attached = sessions.attach(viewer(CAROL, role), lane.clone(), Follow::Nothing).await;
        let followed = attached.unwrap().follow(lane.socket, CHANNEL, None, Box::new(|_| {})).await;
        assert_eq!(followed.is_ok(), may, "{kind:?} {role:?} {followed:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_acknowledgement_comes_before_the_replay() {
    let mut world = World::new(ChannelKind::Private).await;
    world.writer.post("old").await;
    let lane = Recorder::new(1, ALICE);
    let session = world.attach(&lane, Follow::Nothing).await;

    let seen = Arc::clone(&lane);
    let acknowledge = Box::new(move |head: crate::ports::Head| {
        assert_eq!((head.seq, seen.story().len()), (Seq(1), 0));
    });
    let position = Position { after: Seq(0), generation: None };
    session.follow(lane.socket, CHANNEL, Some(position), acknowledge).await.unwrap();

    assert_eq!(lane.story(), ["1 old", "resumed 1"]);
}

#[tokio::test(start_paused = true)]
async fn who_is_added_follows_from_the_start_and_who_is_removed_hears_no_more() {
    let mut world = World::new(ChannelKind::Private).await;
    let (user, at) = (UserId::from_u128(CAROL), Timestamp(0));
    let lane = Recorder::new(1, CAROL);
    world.attach(&lane, Follow::All).await;

    world.directory.add_member(CHANNEL, user, ChannelRole::Member, at).await.unwrap();
    world.writer.post("right after").await;
    let added = Arc::new(channel(CHANNEL, ChannelKind::Private).channel);
    world.tell(CAROL, BusEvent::Added(added)).await;
    assert_eq!(lane.story(), ["created", "1 right after"]);

    world.directory.remove_member(CHANNEL, user).await.unwrap();
    world.tell(CAROL, BusEvent::Removed(CHANNEL)).await;
    let entries = world.writer.store(vec![Event::Left { member: byline(CAROL) }]).await;
    world.writer.tell(entries).await;
    world.writer.post("behind her back").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(lane.story(), ["created", "1 right after", "2 left"]);
}

#[tokio::test(start_paused = true)]
async fn who_is_removed_without_an_entry_that_says_so_is_sent_away_all_the_same() {
    let mut world = World::new(ChannelKind::Private).await;
    let lane = Recorder::new(1, BOB);
    world.attach(&lane, Follow::All).await;

    world.tell(BOB, BusEvent::Removed(CHANNEL)).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    world.writer.post("not for Bob").await;
    world.settle().await;

    assert!(lane.story().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_revoked_sign_in_closes_its_own_sockets_only() {
    let world = World::new(ChannelKind::Private).await;
    let lane = Recorder::new(1, ALICE);
    world.attach(&lane, Follow::Nothing).await;

    world.tell(ALICE, BusEvent::Revoked(Some(LoginId::from_u128(99)))).await;
    assert_eq!(*lane.closed.lock(), None);
    world.tell(ALICE, BusEvent::Revoked(Some(LoginId::from_u128(ALICE)))).await;
    assert_eq!(*lane.closed.lock(), Some(Farewell::Revoked));
}

#[tokio::test(start_paused = true)]
async fn after_a_gap_and_a_change_of_rights_what_opened_the_sockets_is_looked_at() {
    let world = World::new(ChannelKind::Private).await;
    let lane = Recorder::new(1, ALICE);
    world.attach(&lane, Follow::Nothing).await;

    world.tell(ALICE, BusEvent::Interrupted).await;
    assert_eq!(lane.doubts(), 1);
    world.tell(ALICE, BusEvent::RightsChanged).await;
    assert_eq!(lane.doubts(), 2);
    world.tell(BOB, BusEvent::RightsChanged).await;
    assert_eq!(lane.doubts(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_removal_that_was_not_heard_is_found_after_the_gap_and_nothing_else_is_lost() {
    let mut world = World::new(ChannelKind::Private).await;
    let (bob, alice) = (Recorder::new(1, BOB), Recorder::new(2, ALICE));
    world.attach(&bob, Follow::All).await;
    world.attach(&alice, Follow::All).await;
    world.directory.remove_member(CHANNEL, bob.user).await.unwrap();

    world.tell(BOB, BusEvent::Interrupted).await;
    world.tell(ALICE, BusEvent::Interrupted).await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    world.writer.post("not for Bob").await;
    world.settle().await;

    assert!(bob.story().is_empty(), "{:?}", bob.story());
    assert_eq!(alice.story(), ["1 not for Bob"]);
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_one_was_added_to_unheard_is_followed_after_the_gap() {
    let mut world = World::new(ChannelKind::Private).await;
    let (all, nothing) = (Recorder::new(1, CAROL), Recorder::new(2, CAROL));
    world.attach(&all, Follow::All).await;
    world.attach(&nothing, Follow::Nothing).await;
    let role = ChannelRole::Member;
    world.directory.add_member(CHANNEL, all.user, role, Timestamp(0)).await.unwrap();

    for _ in 0..3 {
        world.tell(CAROL, BusEvent::Interrupted).await;
    }
    tokio::time::sleep(Duration::from_secs(4)).await;
    world.writer.post("for Carol too").await;
    world.settle().await;

    assert_eq!(all.story(), ["created", "1 for Carol too"]);
    assert!(nothing.story().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_a_client_let_go_of_does_not_come_back_after_a_gap_nor_does_a_public_one_go()
{
    let mut world = World::new(ChannelKind::Public).await;
    let (alice, carol) = (Recorder::new(1, ALICE), Recorder::new(2, CAROL));
    let session = world.attach(&alice, Follow::All).await;
    session.unfollow(alice.socket, CHANNEL).await;
    let looking = world.attach(&carol, Follow::Nothing).await;
    looking.follow(carol.socket, CHANNEL, None, Box::new(|_| {})).await.unwrap();

    world.tell(ALICE, BusEvent::Interrupted).await;
    world.tell(CAROL, BusEvent::Interrupted).await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    world.writer.post("open to all").await;
    world.settle().await;

    assert!(alice.story().is_empty());
    assert_eq!(carol.seqs(), [1]);
}

#[tokio::test(start_paused = true)]
async fn one_allowance_counts_over_rest_and_sockets() {
    let world = World::new(ChannelKind::Private).await;
    let lane = Recorder::new(1, ALICE);
    let session = world.attach(&lane, Follow::Nothing).await;
    let alice = viewer(ALICE, OrgRole::Viewer);

    assert_eq!(session.admit(), Ok(()));
    assert_eq!(world.core.sessions.admit(&alice), Ok(()));
    assert_eq!(session.admit(), Ok(()));
    let refused = Err(Refused { retry_after_ms: 2_000 });
    assert_eq!(world.core.sessions.admit(&alice), refused);
    assert_eq!(world.core.sessions.admit(&viewer(BOB, OrgRole::Viewer)), Ok(()));

    let changes: Vec<_> = (0..13).map(|_| world.core.sessions.admit_change(&alice)).collect();
    assert_eq!((changes[..12].iter().all(Result::is_ok), changes[12]), (true, refused));
}

#[tokio::test(start_paused = true)]
async fn companions_hear_who_comes_and_who_is_gone_after_the_grace() {
    let world = World::new(ChannelKind::Private).await;
    let (alice, bob) = (Recorder::new(1, ALICE), Recorder::new(2, BOB));
    world.attach(&alice, Follow::Nothing).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let session = world.attach(&bob, Follow::Nothing).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    session.show(Presence::DoNotDisturb);
    tokio::time::sleep(Duration::from_secs(2)).await;
    session.detach(bob.socket);
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(alice.story(), ["online", "dnd"]);

    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(alice.story(), ["online", "dnd", "offline"]);
    assert_eq!(world.core.sessions.presence(bob.user), Presence::Offline);
}

#[tokio::test(start_paused = true)]
async fn who_shows_themselves_without_a_socket_is_here_for_the_grace() {
    let world = World::new(ChannelKind::Private).await;
    let (alice, bob) = (Recorder::new(1, ALICE), Recorder::new(2, BOB));
    world.attach(&alice, Follow::Nothing).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    world.core.sessions.show(bob.user, Presence::Away);
    assert_eq!(world.core.sessions.presence(bob.user), Presence::Away);
    world.core.sessions.show(alice.user, Presence::DoNotDisturb);
    tokio::time::sleep(Duration::from_secs(40)).await;

    assert_eq!(alice.story(), ["away", "offline"]);
    assert_eq!(world.core.sessions.presence(alice.user), Presence::DoNotDisturb);
}

#[tokio::test(start_paused = true)]
async fn a_session_without_sockets_stops_and_the_next_socket_gets_another() {
    let mut world = World::new(ChannelKind::Private).await;
    let first = Recorder::new(1, ALICE);
    let session = world.attach(&first, Follow::All).await;
    let live = |world: &World| {
        world.core.counts().into_iter().find(|count| count.actor == "session").unwrap().live
    };
    assert_eq!(live(&world), 1);
    session.detach(first.socket);
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(live(&world), 0);

    let second = Recorder::new(2, ALICE);
    world.attach(&second, Follow::All).await;
    world.writer.post("again").await;
    world.settle().await;
    assert_eq!(second.seqs(), [1]);
    assert!(first.seqs().is_empty());
}

#[tokio::test(start_paused = true)]
async fn stopping_tells_every_socket_to_come_back() {
    let world = World::new(ChannelKind::Private).await;
    let lane = Recorder::new(1, ALICE);
    world.attach(&lane, Follow::All).await;

    world.core.stop(Duration::from_secs(5)).await;

    assert_eq!(*lane.closed.lock(), Some(Farewell::Restarting));
    assert!(world.core.counts().iter().all(|count| count.restarts == 0));
}
