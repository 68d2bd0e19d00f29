use std::sync::atomic::Ordering;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use super::*;
use crate::gateway::doorman::{Doorman, caller};
use crate::gateway::lane::{Encoding, Holder};
use crate::gateway::meters::{Common, Meters};
use crate::gateway::pipe::Pipe;
use crate::wire::ready_answers::ReadyAnswers;

const HEARTBEAT: Duration = Duration::from_secs(25);
const START: i64 = 1_700_000_000_000;

/// A census whose wheel turns, on a clock that runs forward whenever everyone waits.
struct World {
    census: Arc<Census>,
    doorman: Arc<Doorman>,
    turning: JoinHandle<()>,
    began: Instant,
}

impl World {
    fn new() -> Self {
        Self::beating(HEARTBEAT)
    }

    fn beating(heartbeat: Duration) -> Self {
        Self::hearing(heartbeat, Hearing::default())
    }

    fn hearing(heartbeat: Duration, hearing: Hearing) -> Self {
        let census = Arc::new(Census::new(heartbeat, (0, 0), hearing));
        let doorman = Arc::<Doorman>::default();
        let began = Instant::now();
        let now = move || {
            let passed = i64::try_from(began.elapsed().as_millis()).unwrap();
            Timestamp(START + passed)
        };
        let backend = Arc::clone(&doorman) as Arc<dyn Backend>;
        let turning = tokio::spawn(Arc::clone(&census).turn(backend, now));
        Self { census, doorman, turning, began }
    }

    async fn enter(&self, number: u128, expires_at: Option<Timestamp>) -> Entered {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        let caller = caller(number);
        let lane = SocketLane::new(
            Pipe::new(server, 1024),
            Encoding::Json,
            SocketId::from_u128(number),
            Holder { user: caller.user(), login: None, is_guest: false },
            Arc::new(Common {
                meters: Meters::new(),
                ready: ReadyAnswers::default(),
                doubts: self.census.doubts(),
            }),
        );
        let place = self.census.enter(&lane, Arc::new(caller), expires_at);
        Entered { lane, _client: client, _place: place }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.turning.abort();
    }
}

struct Entered {
    lane: Arc<SocketLane>,
    _client: TcpStream,
    _place: Place,
}

#[tokio::test(start_paused = true)]
async fn a_socket_ends_with_4001_within_a_second_of_its_time_and_others_stay() {
    let world = World::new();
    let passing = world.enter(1, Some(Timestamp(START + 5_500))).await;
    let later = world.enter(2, Some(Timestamp(START + 60_000))).await;
    let lasting = world.enter(3, None).await;
    let end = timeout(HEARTBEAT, passing.lane.pipe.ended()).await.expect("an end");
    assert_eq!(end, close::UNAUTHENTICATED);
    let passed = world.began.elapsed();
    assert!((5_500..=6_600).contains(&passed.as_millis()), "{passed:?}");
    assert_eq!((later.lane.pipe.ending(), lasting.lane.pipe.ending()), (None, None));
}

#[tokio::test(start_paused = true)]
async fn who_left_is_not_remembered() {
    let world = World::new();
    let gone = world.enter(1, Some(Timestamp(START + 5_000))).await;
    drop(gone);
    assert!(world.census.ending.lock().is_empty());
    assert!(world.census.slots.iter().all(|slot| slot.lock().is_empty()));
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_is_silent_for_two_heartbeats_is_gone_and_one_that_is_heard_stays() {
    let world = World::new();
    let silent = world.enter(1, None).await;
    let heard = world.enter(2, None).await;
    let lane = Arc::clone(&heard.lane);
    let hearing = tokio::spawn(async move {
        let mut beats = tokio::time::interval(HEARTBEAT);
        loop {
            beats.tick().await;
            lane.heard();
        }
    });
    let end = timeout(HEARTBEAT * 4, silent.lane.pipe.ended()).await.expect("an end");
    hearing.abort();
    assert_eq!(end, close::GONE);
    assert!(world.began.elapsed() > HEARTBEAT * 2);
    assert_eq!(heard.lane.pipe.ending(), None);
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_that_ended_unheard_is_found_within_a_minute_at_any_heartbeat() {
    for seconds in [1, 25, 60, 61, 300] {
        let world = World::beating(Duration::from_secs(seconds));
        let mut all = Vec::new();
        for number in [1, 30, 59, 60, 61, 299] {
            all.push(world.enter(number, None).await);
        }
        let lanes: Vec<_> = all.iter().map(|entered| Arc::clone(&entered.lane)).collect();
        let hearing = tokio::spawn(async move {
            let mut beats = tokio::time::interval(STEP);
            loop {
                beats.tick().await;
                lanes.iter().for_each(|lane| lane.heard());
            }
        });
        // Not at the start of a round, as if all had come in the middle of it.
        tokio::time::sleep(Duration::from_millis(7_500)).await;
        world.doorman.is_over.store(true, Ordering::Relaxed);
        for entered in &all {
            let end = timeout(Duration::from_secs(61), entered.lane.pipe.ended()).await;
            assert_eq!(end, Ok(close::REVOKED), "a heartbeat of {seconds} s");
        }
        hearing.abort();
        assert!(world.began.elapsed() < Duration::from_secs(69), "a heartbeat of {seconds} s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_socket_in_doubt_is_looked_at_within_a_second_and_closed_as_it_stands_then() {
    let world = World::new();
    let (doubted, other) = (world.enter(1, None).await, world.enter(2, None).await);
    world.doorman.has_changed.store(true, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(doubted.lane.pipe.ending(), None, "on one machine nobody is in doubt by himself");

    doubted.lane.doubt();
    let end = timeout(Duration::from_millis(1_100), doubted.lane.pipe.ended()).await;

    assert_eq!(end, Ok(close::CHANGED));
    assert_eq!(other.lane.pipe.ending(), None);
    assert_eq!(world.doorman.looks.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn in_a_cluster_who_has_just_come_is_looked_at_once_more_and_then_each_minute() {
    let (_line, heard) = watch::channel(true);
    let world = World::hearing(HEARTBEAT, Hearing::over(heard));
    let _entered = world.enter(24, None).await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(world.doorman.looks.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_that_ended_while_nobody_is_heard_is_found_within_five_seconds() {
    let (line, heard) = watch::channel(true);
    let world = World::hearing(HEARTBEAT, Hearing::over(heard));
    let entered = world.enter(24, None).await;
    tokio::time::sleep(Duration::from_millis(2_300)).await;
    line.send_replace(false);
    tokio::time::sleep(Duration::from_millis(9_700)).await;
    assert_eq!(entered.lane.pipe.ending(), None);

    world.doorman.is_over.store(true, Ordering::Relaxed);
    let end = timeout(Duration::from_secs(5), entered.lane.pipe.ended()).await;

    assert_eq!(end, Ok(close::REVOKED));
}

#[tokio::test(start_paused = true)]
async fn a_drain_tells_every_socket_to_come_back() {
    let world = World::new();
    let mut all = Vec::new();
    for number in 1..=60 {
        all.push(world.enter(number, None).await);
    }
    world.census.drain().await;
    for entered in &all {
        assert_eq!(entered.lane.pipe.ending(), Some(close::RESTARTING));
    }
}

#[tokio::test]
async fn places_are_counted_and_given_back() {
    let census = Arc::new(Census::new(HEARTBEAT, (2, 1), Hearing::default()));
    let (user, other) = (UserId::from_u128(1), UserId::from_u128(2));
    let first = census.place_for_user(user);
    let second = census.place_for_user(user);
    assert!(first.is_some() && second.is_some());
    assert!(census.place_for_user(user).is_none(), "two are taken");
    assert!(census.place_for_user(other).is_some(), "others have their own");
    drop(first);
    assert!(census.place_for_user(user).is_some());
    let home = IpAddr::from([192, 0, 2, 1]);
    let taken = census.place_for_address(home);
    assert!(taken.is_some() && census.place_for_address(home).is_none());
    drop((taken, second));
    assert!(census.users.counts.lock().is_empty() && census.addresses.counts.lock().is_empty());
}
