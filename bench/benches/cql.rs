//! Appends over CQL at a rate people bring, beside bare driver calls of the same size.
//!
//!     make bench-cql
//!
//! Messages come evenly at the rate asked for, to one channel after the other; an owner takes what has
//! come, up to 64, as one append, with one in flight a channel. A latency is from a message's arrival to
//! its append's answer, and all that came are stored, so a store that falls behind shows it in both
//! columns. The bare run does the same with nothing but the conditional batch, sent by the driver: what a
//! log on this database costs at least.

#![allow(clippy::print_stdout, reason = "its output is its result")]
#![allow(clippy::cast_possible_truncation, reason = "counts of a short run")]

use std::future::Future;
use std::time::Duration;

use scylla::client::session::Session;
use scylla::client::session_builder::SessionBuilder;
use scylla::statement::Consistency;
use scylla::statement::batch::{Batch, BatchType};
use scylla::statement::prepared::PreparedStatement;
use scylla::value::CqlValue;
use starling::adapters::scylla::{ScyllaLog, Settings, Store};
use starling::app::SystemClock;
use starling_actors::domain::{Bucket, ChannelId, Epoch, Seq};
use starling_actors::ports::{Append, AppendOutcome, Claim, ClaimOutcome, Clock, MessageLog};
use tokio::time::Instant;

/// The most messages that an owner takes at once.
const FLIGHT_MAX: u64 = 64;
/// How long each run brings messages.
const RUN: Duration = Duration::from_secs(10);
/// Not counted: connections, prepared statements and the database's own warming up.
const WARM_UP: Duration = Duration::from_secs(5);
const KEYSPACE: &str = "bench_cql";

/// What an append over CQL is to carry: channels, messages a second, and milliseconds at p99 if any.
/// A twentieth more is asked for, so that what is stored shows whether it is carried.
const GOALS: [(u32, u32, Option<f64>); 2] = [(1, 1000, Some(25.0)), (64, 2000, None)];

/// Something to which one channel's messages are appended.
trait Appends: Send + Sync + 'static {
    fn open(&self, channel: ChannelId) -> impl Future<Output = ()> + Send;
    fn append(&self, channel: ChannelId, last: u64, count: u64) -> impl Future<Output = ()> + Send;
}

impl Appends for ScyllaLog {
    async fn open(&self, channel: ChannelId) {
        let (bucket, epoch) = (Bucket(0), Epoch(1));
        let claim = Claim { channel, bucket, expected: None, epoch, opening_seq: Seq(0) };
        assert_eq!(self.claim(claim).await, Ok(ClaimOutcome::Applied));
    }

    async fn append(&self, channel: ChannelId, last: u64, count: u64) {
        let entries = (1..=count).map(|next| starling_bench::entry(channel, last + next)).collect();
        let (bucket, epoch, last_seq) = (Bucket(0), Epoch(1), Seq(last));
        let append = Append { channel, bucket, epoch, last_seq, entries };
        assert_eq!(MessageLog::append(self, append).await, Ok(AppendOutcome::Applied));
    }
}

/// The driver alone: the fence and one row a message.
struct Bare {
    session: Session,
    open: PreparedStatement,
    fence: PreparedStatement,
    insert: PreparedStatement,
}

impl Bare {
    async fn connect(nodes: &[String]) -> Self {
        let session = SessionBuilder::new().known_nodes(nodes).build().await.expect("a session");
        session.use_keyspace(KEYSPACE, false).await.expect("the keyspace");
        let table = "CREATE TABLE IF NOT EXISTS bare (channel uuid, seq bigint, last bigint static,
                     body blob, PRIMARY KEY (channel, seq))";
        session.query_unpaged(table, ()).await.expect("a table");
        let prepare = async |cql| {
            let mut prepared = session.prepare(cql).await.expect("a statement");
            prepared.set_consistency(Consistency::LocalQuorum);
            prepared
        };
        let open = prepare("UPDATE bare SET last = 0 WHERE channel = ? IF last = null").await;
        let fence = prepare("UPDATE bare SET last = ? WHERE channel = ? IF last = ?").await;
        let insert = prepare("INSERT INTO bare (channel, seq, body) VALUES (?, ?, ?)").await;
        Self { session, open, fence, insert }
    }
}

impl Appends for Bare {
    async fn open(&self, channel: ChannelId) {
        let channel = CqlValue::Uuid(uuid(channel));
        self.session.execute_unpaged(&self.open, (channel,)).await.expect("an answer");
    }

    async fn append(&self, channel: ChannelId, last: u64, count: u64) {
        let id = CqlValue::Uuid(uuid(channel));
        let big = |number: u64| CqlValue::BigInt(number.cast_signed());
        let mut batch = Batch::new(BatchType::Unlogged);
        batch.set_consistency(Consistency::LocalQuorum);
        batch.append_statement(self.fence.clone());
        let mut values = vec![vec![big(last + count), id.clone(), big(last)]];
        for next in 1..=count {
            batch.append_statement(self.insert.clone());
            let body = CqlValue::Blob(vec![7; starling_bench::CONTENT_BYTES]);
            values.push(vec![id.clone(), big(last + next), body]);
        }
        self.session.batch(&batch, values).await.expect("an answer");
    }
}

fn uuid(channel: ChannelId) -> uuid::Uuid {
    uuid::Uuid::from_u128(channel.as_u128())
}

/// What one channel saw: how late each message after the warm-up was, and when the last was stored.
type Seen = (Vec<Duration>, Duration);

/// Brings `rate` messages a second to one channel, from `started` on, until all are stored.
async fn one_channel<A: Appends>(log: &A, started: Instant, rate: f64) -> Seen {
    let channel = ChannelId::from_u128(SystemClock.fresh_id());
    log.open(channel).await;
    tokio::time::sleep_until(started).await;
    let all = ((WARM_UP + RUN).as_secs_f64() * rate) as u64;
    let gap = Duration::from_secs_f64(1.0 / rate);
    let arrival = |message: u64| gap.mul_f64(message as f64);
    let (mut done, mut latencies) = (0_u64, Vec::new());
    while done < all {
        let come = ((started.elapsed().as_secs_f64() * rate) as u64).min(all);
        let count = come.saturating_sub(done).min(FLIGHT_MAX);
        if count == 0 {
            tokio::time::sleep_until(started + arrival(done + 1)).await;
            continue;
        }
        log.append(channel, done, count).await;
        let now = started.elapsed();
        let late = (done + 1..=done + count).map(arrival).filter(|at| *at > WARM_UP);
        latencies.extend(late.map(|at| now.saturating_sub(at)));
        done += count;
    }
    (latencies, started.elapsed())
}

/// One line of the table.
struct Line {
    per_second: f64,
    p50: f64,
    p99: f64,
}

async fn run<A: Appends>(log: &std::sync::Arc<A>, channels: u32, rate: u32) -> Line {
    let asked = f64::from(rate) * 1.05;
    // Time to open all channels, and then one begins after the other within one gap.
    let begin = Instant::now() + Duration::from_secs(2);
    let tasks = (0..channels).map(|number| {
        let (log, rate) = (log.clone(), asked / f64::from(channels));
        let started = begin + Duration::from_secs_f64(f64::from(number) / asked);
        tokio::spawn(async move { one_channel(&*log, started, rate).await })
    });
    let tasks: Vec<_> = tasks.collect();
    let (mut latencies, mut took) = (Vec::new(), Duration::ZERO);
    for task in tasks {
        let (late, until) = task.await.expect("a run");
        latencies.extend(late);
        took = took.max(until - WARM_UP);
    }
    latencies.sort_unstable();
    let at = |share: f64| {
        let place = (latencies.len() as f64 * share) as usize;
        latencies.get(place).copied().unwrap_or_default().as_secs_f64() * 1000.0
    };
    Line { per_second: latencies.len() as f64 / took.as_secs_f64(), p50: at(0.50), p99: at(0.99) }
}

fn print(name: &str, channels: u32, line: &Line) {
    let Line { per_second, p50, p99 } = line;
    println!("| {channels} | {name} | {per_second:.0} | {p50:.1} | {p99:.1} |");
}

#[expect(clippy::disallowed_methods, reason = "said by the script that started it")]
fn main() {
    let Ok(nodes) = std::env::var("STARLING_TEST_SCYLLA") else {
        println!("cql: left out; run it under tests/cassandra.sh");
        return;
    };
    let nodes: Vec<String> = nodes.split(',').map(str::to_owned).collect();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let keyspace = KEYSPACE.to_owned();
        let settings = Settings { nodes: nodes.clone(), keyspace, ..Settings::default() };
        let store = Store::open(&settings, &SystemClock).await.expect("a store");
        let log = std::sync::Arc::new(store.log());
        let bare = std::sync::Arc::new(Bare::connect(&nodes).await);
        println!("| channels | append by | messages/s | p50 ms | p99 ms |\n|--:|---|--:|--:|--:|");
        let mut verdicts = Vec::new();
        for (channels, rate, p99_max) in GOALS {
            print("bare driver", channels, &run(&bare, channels, rate).await);
            let line = run(&log, channels, rate).await;
            print("starling", channels, &line);
            let is_met = line.per_second >= f64::from(rate)
                && p99_max.is_none_or(|p99_max| line.p99 <= p99_max);
            let limit = p99_max.map(|p99_max| format!(" at p99 {p99_max} ms")).unwrap_or_default();
            let word = if is_met { "met" } else { "missed" };
            verdicts.push(format!("{channels} channels, {rate} messages/s{limit}: {word}"));
        }
        println!("\n{}", verdicts.join("\n"));
    });
}
