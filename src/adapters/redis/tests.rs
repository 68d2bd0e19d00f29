//! The adapters on a real Redis: the contract on the one that all tests share, outages on one that
//! belongs to the test.

mod meeting;
mod nodes;
mod secured;
mod spread;

use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use starling_actors::contract::bus::{Ear, Ends, numbered};
use starling_actors::domain::{ChannelId, NodeId};
use starling_actors::ports::{
    Bus, BusEvent, BusSink, LimitsUnavailable, Member, Membership, SharedLimit, SharedLimits, Topic,
};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use super::membership::Pace;
use super::*;

/// How long anything may take on a machine that is busy with other things.
const DEADLINE: Duration = Duration::from_secs(10);
/// Longer than any test takes.
const ENDLESS: Duration = Duration::from_secs(3_600);
const TOPIC: Topic = Topic::Channel(ChannelId::from_u128(1));

/// The Redis that tests share; each test has a cluster of its own in it.
#[allow(clippy::disallowed_methods, reason = "tests find their services in the environment")]
fn shared() -> Redis {
    let url = std::env::var("STARLING_TEST_REDIS")
        .expect("STARLING_TEST_REDIS is not set: run this by tests/services.sh");
    Redis::open(&url, "", &format!("test-{:x}", rand::random::<u64>())).unwrap()
}

/// Tasks that end with the test.
struct Running(Vec<JoinHandle<()>>);

impl Drop for Running {
    fn drop(&mut self) {
        for task in &self.0 {
            task.abort();
        }
    }
}

impl Running {
    fn bus(&mut self, redis: &Redis, node: u128) -> RedisBus {
        let bus = RedisBus::new(redis.clone(), NodeId::from_u128(node));
        let runs = bus.clone();
        self.0.push(tokio::spawn(async move { match runs.run().await {} }));
        bus
    }

    fn member(&mut self, redis: &Redis, node: u128) -> RedisMembership {
        self.drive(RedisMembership::new(redis.clone(), node_of(node), ""))
    }

    fn member_with_pace(&mut self, redis: &Redis, node: u128, pace: Pace) -> RedisMembership {
        self.drive(RedisMembership::with_pace(redis.clone(), node_of(node), "", pace))
    }

    fn drive(&mut self, member: RedisMembership) -> RedisMembership {
        let runs = member.clone();
        self.0.push(tokio::spawn(async move { match runs.run().await {} }));
        member
    }
}

fn node_of(node: u128) -> Member {
    Member { id: NodeId::from_u128(node), address: format!("10.0.0.{node}:1") }
}

mod contract {
    use super::*;

    fn fresh() -> (Ends, Running) {
        let redis = shared();
        let mut running = Running(Vec::new());
        let ends: Ends = (Arc::new(running.bus(&redis, 1)), Arc::new(running.bus(&redis, 2)));
        (ends, running)
    }
    starling_actors::bus_suite!(fresh);
}

/// A Redis that can be stopped.
struct Server {
    port: u16,
    process: Option<Child>,
}

impl Server {
    async fn start() -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self { port, process: None };
        server.restart().await;
        server
    }

    async fn restart(&mut self) {
        let process = Command::new("redis-server")
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(std::env::temp_dir())
            .stdout(std::process::Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("redis-server is not there: tests/services.sh installs it");
        self.process = Some(process);
        let redis = self.redis();
        until(async || redis.connect().await.is_ok()).await;
    }

    async fn kill(&mut self) {
        self.process.take().unwrap().kill().await.unwrap();
    }

    /// Stops the process without ending it: connections stay, and nobody answers.
    fn freeze(&self, is_frozen: bool) {
        let signal = if is_frozen { Signal::STOP } else { Signal::CONT };
        let process = self
            .process
            .as_ref()
            .and_then(Child::id)
            .and_then(|id| Pid::from_raw(i32::try_from(id).unwrap()));
        kill_process(process.unwrap(), signal).unwrap();
    }

    fn redis(&self) -> Redis {
        Redis::open(&format!("redis://127.0.0.1:{}", self.port), "", "own").unwrap()
    }

    async fn flush_all(&self) {
        let mut connection = self.redis().connect().await.unwrap();
        let () = redis::cmd("FLUSHALL").query_async(&mut connection).await.unwrap();
    }
}

/// Looks again and again until it is so: another process is involved.
async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let looking = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(DEADLINE, looking).await.expect("it comes to be so");
}

async fn is_connected(bus: &RedisBus, wanted: bool) {
    let mut connected = bus.connected();
    timeout(DEADLINE, connected.wait_for(|is| *is == wanted)).await.unwrap().unwrap();
}

#[tokio::test]
async fn while_redis_is_gone_nobody_waits_and_when_it_is_back_all_look_for_what_they_missed() {
    let mut server = Server::start().await;
    let mut running = Running(Vec::new());
    let (here, there) = (running.bus(&server.redis(), 1), running.bus(&server.redis(), 2));
    let (ear, _near) = Ear::on(&here, &there, TOPIC).await;
    let (far, _far) = Ear::on(&there, &here, TOPIC).await;
    is_connected(&there, true).await;

    server.kill().await;
    is_connected(&here, false).await;
    is_connected(&there, false).await;
    let before = (ear.interruptions(), far.interruptions());
    let asked = Instant::now();
    here.publish(TOPIC, numbered(1)).await.unwrap();
    assert!(asked.elapsed() < Duration::from_millis(100), "publishing waits for no redis");
    assert_eq!(ear.seqs(), [1], "this node hears itself");

    server.restart().await;
    let back = Instant::now();
    ear.interrupted(before.0 + 1).await;
    far.interrupted(before.1 + 1).await;
    assert!(back.elapsed() < Duration::from_secs(2), "{:?}", back.elapsed());
    far.hears(&here, TOPIC).await;
    ear.hears(&there, TOPIC).await;
}

#[tokio::test]
async fn a_redis_that_hangs_is_noticed_and_nobody_waits_for_it() {
    let server = Server::start().await;
    let mut running = Running(Vec::new());
    let (here, there) = (running.bus(&server.redis(), 1), running.bus(&server.redis(), 2));
    let (ear, _near) = Ear::on(&here, &there, TOPIC).await;
    let (far, _far) = Ear::on(&there, &here, TOPIC).await;
    is_connected(&here, true).await;
    let limits = RedisLimits::new(server.redis());

    server.freeze(true);
    let asked = Instant::now();
    for number in 0..100 {
        here.publish(TOPIC, numbered(number)).await.unwrap();
    }
    assert!(asked.elapsed() < Duration::from_millis(100), "publishing waits for no redis");
    assert_eq!(ear.seqs().len(), 100);
    assert_eq!(limits.take(&[limit("ann", 1, 1_000)]).await, Err(LimitsUnavailable));
    is_connected(&here, false).await;

    server.freeze(false);
    far.hears(&here, TOPIC).await;
    ear.hears(&there, TOPIC).await;
}

#[tokio::test]
async fn a_topic_is_interrupted_once_when_it_is_first_followed_and_not_for_further_sinks() {
    let redis = shared();
    let mut running = Running(Vec::new());
    let (here, there) = (running.bus(&redis, 1), running.bus(&redis, 2));

    let (first, _first) = Ear::on(&here, &there, TOPIC).await;
    let (second, _second) = Ear::on(&here, &there, TOPIC).await;

    assert_eq!((first.interruptions(), second.interruptions()), (1, 0));
}

#[tokio::test]
async fn a_node_that_is_alone_sends_nothing_and_is_heard_as_soon_as_another_comes() {
    let redis = shared();
    let mut running = Running(Vec::new());
    let here = running.bus(&redis, 1);
    let mut listener = redis.listen().await.unwrap();
    listener.psubscribe(redis.name("c:*")).await.unwrap();
    is_connected(&here, true).await;
    until(async || !here.is_in_company()).await;

    here.publish(TOPIC, numbered(1)).await.unwrap();
    let there = running.bus(&redis, 2);
    let (far, _far) = Ear::on(&there, &here, TOPIC).await;
    here.publish(TOPIC, numbered(2)).await.unwrap();
    far.heard(1).await;

    assert_eq!(far.seqs(), [2]);
    let mut heard = listener.into_on_message();
    let first = futures_util::StreamExt::next(&mut heard).await.unwrap();
    let first = crate::internode::decode_event(first.get_payload_bytes()).unwrap();
    assert!(!matches!(first.event, BusEvent::Head { .. }), "nothing was sent to nobody");
}

#[tokio::test]
async fn words_of_another_version_are_refused_and_whoever_listens_looks_into_the_log() {
    let redis = shared();
    let mut running = Running(Vec::new());
    let (here, there) = (running.bus(&redis, 1), running.bus(&redis, 2));
    let (ear, _subscription) = Ear::on(&here, &there, TOPIC).await;
    let before = ear.interruptions();

    let mut connection = redis.connect().await.unwrap();
    let mut publish = redis::cmd("PUBLISH");
    publish.arg(redis.name(&format!("c:{}", ChannelId::from_u128(1)))).arg(&[9_u8, 9, 9][..]);
    let () = publish.query_async(&mut connection).await.unwrap();

    ear.interrupted(before + 1).await;
    ear.hears(&there, TOPIC).await;
}

#[tokio::test]
async fn what_does_not_fit_while_redis_is_gone_is_dropped_and_nobody_is_told_no() {
    let nowhere = Redis::open("redis://127.0.0.1:1", "", "own").unwrap();
    let mut running = Running(Vec::new());
    let bus = running.bus(&nowhere, 1);
    let ear = Arc::new(Ear::default());
    let _subscription = bus.subscribe(TOPIC, Arc::clone(&ear) as Arc<dyn BusSink>);

    for number in 0..200_000 {
        bus.publish(TOPIC, numbered(number)).await.unwrap();
    }

    assert_eq!(ear.seqs().len(), 200_000);
    assert!(bus.waiting_bytes() <= 8 * 1024 * 1024, "{}", bus.waiting_bytes());
}

fn ids(members: &[Member]) -> Vec<u128> {
    members.iter().map(|member| member.id.as_u128()).collect()
}

async fn sees(member: &RedisMembership, wanted: &[u128]) {
    let mut members = member.members();
    let seen = timeout(DEADLINE, members.wait_for(|members| ids(members) == wanted)).await;
    if seen.is_err() {
        panic!("sees {:?}, not {wanted:?}", ids(&member.members().borrow()));
    }
}

#[tokio::test]
async fn members_see_each_other_and_one_that_dies_is_out_of_the_view() {
    let redis = shared();
    let mut running = Running(Vec::new());
    let first = running.member(&redis, 1);
    let mut views = first.members();
    assert_eq!((ids(&views.borrow()), first.known_since()), (vec![1], None), "it is assumed");
    timeout(DEADLINE, views.changed()).await.expect("the first view is told of").unwrap();
    assert!(first.known_since().is_some());
    assert!(first.is_known_within(DEADLINE).await);
    assert_eq!(ids(&first.members().borrow()), [1]);

    let mut dying = Running(Vec::new());
    let second = dying.member(&redis, 2);
    sees(&second, &[1, 2]).await;
    sees(&first, &[1, 2]).await;
    assert_eq!(first.members().borrow()[1].address, "10.0.0.2:1");

    drop(dying);
    sees(&first, &[1]).await;
}

#[tokio::test]
async fn who_leaves_is_gone_sees_the_others_and_does_not_come_back() {
    let redis = shared();
    let mut running = Running(Vec::new());
    let (first, second) = (running.member(&redis, 1), running.member(&redis, 2));
    sees(&first, &[1, 2]).await;

    second.leave().await;
    // It gave the others time to look, which is not a promise that they did.
    sees(&first, &[1]).await;
    sees(&second, &[1]).await;

    let mut views = first.members();
    views.mark_unchanged();
    let third = running.member(&redis, 3);
    sees(&third, &[1, 3]).await;
    sees(&second, &[1, 3]).await;
    sees(&first, &[1, 3]).await;
    second.leave().await;
}

#[tokio::test]
async fn without_redis_the_last_view_stays_and_after_a_flush_it_is_the_same_again() {
    let mut server = Server::start().await;
    let mut running = Running(Vec::new());
    let (first, second) = (running.member(&server.redis(), 1), running.member(&server.redis(), 2));
    sees(&first, &[1, 2]).await;
    sees(&second, &[1, 2]).await;

    server.flush_all().await;
    let third = running.member(&server.redis(), 3);
    for member in [&first, &second, &third] {
        sees(member, &[1, 2, 3]).await;
    }

    server.kill().await;
    let asked = Instant::now();
    timeout(DEADLINE, second.leave()).await.unwrap();
    assert!(asked.elapsed() < Duration::from_secs(2), "leaving does not wait for redis");
    assert_eq!(ids(&first.members().borrow()), [1, 2, 3]);

    server.restart().await;
    sees(&first, &[1, 3]).await;
}

#[tokio::test]
async fn who_leaves_is_seen_to_at_once() {
    let redis = shared();
    let mut running = Running(Vec::new());
    // Within this test no node looks by itself again, and no line ends.
    let pace = Pace { beat: ENDLESS, line: ENDLESS };
    let (first, second) = [1, 2].map(|node| running.member_with_pace(&redis, node, pace)).into();
    until(async || listeners(&redis).await == 2).await;
    let connection = redis.connect().await.unwrap();
    until(async || {
        let mut call = redis::cmd("PUBLISH");
        call.arg(redis.name("farewell")).arg("look");
        let _heard: u64 = call.query_async(&mut connection.clone()).await.unwrap();
        ids(&first.members().borrow()) == [1, 2] && ids(&second.members().borrow()) == [1, 2]
    })
    .await;

    let leaving = second.clone();
    let left = tokio::spawn(async move { leaving.leave().await });

    sees(&first, &[1]).await;
    left.await.unwrap();
}

/// How many nodes hear of who leaves.
async fn listeners(redis: &Redis) -> u64 {
    let mut connection = redis.connect().await.unwrap();
    let mut count = redis::cmd("PUBSUB");
    count.arg("NUMSUB").arg(redis.name("farewell"));
    let (_, count): (String, u64) = count.query_async(&mut connection).await.unwrap();
    count
}

#[tokio::test]
async fn a_redis_that_forgets_its_nodes_makes_nobody_miss_them() {
    let server = Server::start().await;
    let mut running = Running(Vec::new());
    let (first, second) = (running.member(&server.redis(), 1), running.member(&server.redis(), 2));
    sees(&first, &[1, 2]).await;
    sees(&second, &[1, 2]).await;
    let (mut views, mut others) = (first.members(), second.members());
    views.mark_unchanged();
    others.mark_unchanged();

    server.flush_all().await;
    let missed = tokio::time::timeout(Duration::from_millis(2_500), async {
        tokio::select! {
            _ = views.changed() => {}
            _ = others.changed() => {}
        }
    });
    assert!(missed.await.is_err(), "{:?} {:?}", views.borrow(), others.borrow());
}

#[tokio::test]
async fn who_leaves_right_after_redis_forgot_everyone_is_gone_all_the_same() {
    let server = Server::start().await;
    let mut running = Running(Vec::new());
    // Who was forgotten is not missed for as long as this test may take.
    let pace = Pace { beat: Duration::from_millis(100), line: ENDLESS };
    let nodes = [1, 2, 3].map(|node| running.member_with_pace(&server.redis(), node, pace));
    for node in &nodes {
        sees(node, &[1, 2, 3]).await;
    }
    server.flush_all().await;
    let redis = server.redis();
    until(async || lines(&redis).await == 3).await;

    nodes[1].leave().await;

    sees(&nodes[0], &[1, 3]).await;
}

/// How many lines nodes have.
async fn lines(redis: &Redis) -> u64 {
    let mut connection = redis.connect().await.unwrap();
    redis::cmd("ZCARD").arg(redis.name("nodes")).query_async(&mut connection).await.unwrap()
}

#[tokio::test]
async fn a_flush_of_redis_interrupts_no_delivery() {
    let server = Server::start().await;
    let mut running = Running(Vec::new());
    let (here, there) = (running.bus(&server.redis(), 1), running.bus(&server.redis(), 2));
    let (ear, _subscription) = Ear::on(&here, &there, TOPIC).await;

    server.flush_all().await;
    there.publish(TOPIC, numbered(1)).await.unwrap();

    ear.heard(1).await;
}

fn limit(key: &str, max: u32, window_ms: u64) -> SharedLimit {
    SharedLimit { key: key.to_owned(), max, window: Duration::from_millis(window_ms) }
}

mod limits_contract {
    use starling_actors::contract::shared_limits::Nodes;

    use super::*;

    fn fresh() -> (Nodes, ()) {
        let redis = shared();
        let (here, there) = (RedisLimits::new(redis.clone()), RedisLimits::new(redis));
        ([Arc::new(here), Arc::new(there)], ())
    }
    starling_actors::shared_limits_suite!(fresh);
}

#[tokio::test]
async fn without_redis_limits_say_so_at_once_and_count_again_when_it_is_back() {
    let mut server = Server::start().await;
    let limits = RedisLimits::new(server.redis());
    let one = [limit("ann", 1, 60_000)];
    assert_eq!(limits.take(&one).await, Ok(None));

    server.kill().await;
    let asked = Instant::now();
    for _ in 0..100 {
        assert_eq!(limits.take(&one).await, Err(LimitsUnavailable));
    }
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());

    server.restart().await;
    until(async || limits.take(&one).await == Ok(None)).await;
}
