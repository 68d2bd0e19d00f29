//! Who is alive: one sorted set, in which each node has a line that expires by Redis' own clock.
//!
//! Once a second a node renews its line, takes out those that expired and reads the rest, all in one
//! step. No clock of a node is involved, so none has to be right. A line that is about to expire is looked
//! at again when it does. Who leaves says so, and everyone looks at once.
//!
//! When a node finds that its own line was gone, Redis was flushed, restarted or stood still, and the
//! lines of others are gone for the same reason: those who were there count as there until all have had
//! the time to renew theirs. Who leaves is told from them by a line that says so.
//!
//! **Invariants:** this node is in its own view until it leaves; while Redis is gone the last view
//! stays; once a node leaves, nothing renews its line.

mod farewell;

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use metrics::Gauge;
use parking_lot::Mutex;
use redis::aio::MultiplexedConnection;
use redis::{RedisResult, Script};
use starling_actors::domain::NodeId;
use starling_actors::ports::{Member, Members, Membership};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, MissedTickBehavior, sleep};

use super::Redis;

/// How the nodes of a cluster show that they are alive; the same for all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// How often a node renews its line.
    pub(super) beat: Duration,
    /// How long a line lasts.
    pub(super) line: Duration,
}

impl Pace {
    /// Two lost beats are no death.
    const USUAL: Self = Self { beat: Duration::from_secs(1), line: Duration::from_secs(3) };

    /// How long a line lasts, for Redis.
    fn line_ms(self) -> u64 {
        u64::try_from(self.line.as_millis()).unwrap_or(u64::MAX)
    }

    /// After how long to look before the next beat does, given how long the oldest line lasts. Lines that
    /// are renewed last longer than a beat whenever they are read: this is for the last beat of the others.
    fn look_before_beat(self, oldest_lasts: Duration) -> Option<Duration> {
        (!oldest_lasts.is_zero() && oldest_lasts < self.beat).then(|| oldest_lasts + CLOCK_STEP)
    }
}

/// Added to a line's time: Redis counts whole milliseconds, and a line lasts through its last one.
const CLOCK_STEP: Duration = Duration::from_millis(2);
/// How long leaving may take. Without Redis the line ends by itself.
const LEAVE_DEADLINE: Duration = Duration::from_secs(1);
/// How long who leaves still takes orders when everyone has heard of it: they look, and hand over.
const HEARD_PAUSE: Duration = Duration::from_millis(200);

/// Renews `ARGV[1]` for `ARGV[2]` milliseconds unless it is empty, and gives whether it had lasted until
/// now, for how many milliseconds the oldest line still lasts, and all lines that last. The set itself
/// lasts no longer than its newest line.
static BEAT_SCRIPT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local time = redis.call('TIME')
         local now = time[1] * 1000 + math.floor(time[2] / 1000)
         local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
         local has_lasted = 0
         if score and tonumber(score) > now then has_lasted = 1 end
         if ARGV[1] ~= '' then
             redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
             redis.call('PEXPIRE', KEYS[1], ARGV[2])
         end
         redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
         local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
         local lasts = oldest[2] and tonumber(oldest[2]) - now or 0
         return {has_lasted, lasts, redis.call('ZRANGE', KEYS[1], 0, -1)}",
    )
});

/// Puts the line `ARGV[2]`, for `ARGV[3]` milliseconds, in the place of `ARGV[1]`.
static LEAVE_SCRIPT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local time = redis.call('TIME')
         local now = time[1] * 1000 + math.floor(time[2] / 1000)
         redis.call('ZREM', KEYS[1], ARGV[1])
         redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[2])
         redis.call('PEXPIRE', KEYS[1], ARGV[3])
         return 0",
    )
});

/// The members of the cluster, as Redis knows them. Cheap to clone.
#[derive(Clone)]
pub struct RedisMembership {
    shared: Arc<Shared>,
}

struct Shared {
    redis: Redis,
    me: Member,
    pace: Pace,
    line: String,
    set: String,
    view: watch::Sender<Members>,
    stage: watch::Sender<Stage>,
    /// Until when nobody is missed.
    grace_until: Mutex<Option<Instant>>,
    /// Whether all others heard that this node leaves.
    is_heard: AtomicBool,
    /// Somebody leaves: there is something to see.
    news: Notify,
    /// When the set was first read.
    known_since: Mutex<Option<Instant>>,
    count: Gauge,
}

/// Where this node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Redis has not been asked yet.
    New,
    /// It has a line.
    Here,
    /// It shall have none any more.
    Leaving,
    /// It has none.
    Gone,
}

impl std::fmt::Debug for RedisMembership {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisMembership").field("me", &self.shared.me).finish_non_exhaustive()
    }
}

impl RedisMembership {
    /// This node, which others reach at `me.address` and operators know by `name`. Others see it once
    /// [`Self::run`] is driven.
    pub fn new(redis: Redis, me: Member, name: &str) -> Self {
        Self::with_pace(redis, me, name, Pace::USUAL)
    }

    pub(super) fn with_pace(redis: Redis, me: Member, name: &str, pace: Pace) -> Self {
        let alone: Members = Arc::new([me.clone()]);
        let count = metrics::gauge!("starling_cluster_members");
        count.set(1.0);
        Self {
            shared: Arc::new(Shared {
                line: write_line(&me, env!("CARGO_PKG_VERSION"), name),
                set: redis.name("nodes"),
                view: watch::Sender::new(alone),
                stage: watch::Sender::new(Stage::New),
                grace_until: Mutex::default(),
                is_heard: AtomicBool::new(false),
                news: Notify::new(),
                known_since: Mutex::default(),
                count,
                redis,
                me,
                pace,
            }),
        }
    }

    /// Keeps this node's line and the view for ever.
    pub async fn run(&self) -> Infallible {
        let Shared { redis, news, .. } = &*self.shared;
        tokio::select! {
            never = self.renew() => never,
            never = farewell::listen(redis, news) => never,
        }
    }

    async fn renew(&self) -> Infallible {
        let shared = &self.shared;
        let mut stages = shared.stage.subscribe();
        let mut ticks = tokio::time::interval(shared.pace.beat);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut connection = None;
        let mut extra_look = None;
        loop {
            // Neither leaving, nor who leaves, nor who died waits for a tick. The sender lives as long as
            // this does.
            tokio::select! {
                _ = ticks.tick() => {}
                () = sleep(extra_look.unwrap_or_default()), if extra_look.is_some() => {}
                () = shared.news.notified() => {}
                Ok(()) = stages.changed() => {}
            }
            let stage = *stages.borrow_and_update();
            match shared.beat(stage, &mut connection).await {
                Ok(oldest_lasts) => extra_look = shared.pace.look_before_beat(oldest_lasts),
                Err(error) => {
                    tracing::debug!(%error, "the members of the cluster are not known anew");
                    (connection, extra_look) = (None, None);
                }
            }
        }
    }

    /// Waits until the members were read once: a node that begins to work before takes channels that
    /// others own. `false` when that took too long.
    pub async fn is_known_within(&self, deadline: Duration) -> bool {
        let mut stage = self.shared.stage.subscribe();
        let known = stage.wait_for(|stage| *stage != Stage::New);
        tokio::time::timeout(deadline, known).await.is_ok_and(|known| known.is_ok())
    }
}

#[async_trait]
impl Membership for RedisMembership {
    fn me(&self) -> Member {
        self.shared.me.clone()
    }

    fn members(&self) -> watch::Receiver<Members> {
        self.shared.view.subscribe()
    }

    fn known_since(&self) -> Option<Instant> {
        *self.shared.known_since.lock()
    }

    async fn leave(&self) {
        let mut stage = self.shared.stage.subscribe();
        let is_first = self.shared.stage.send_if_modified(|stage| {
            let is_here = matches!(stage, Stage::New | Stage::Here);
            if is_here {
                *stage = Stage::Leaving;
            }
            is_here
        });
        let is_alone = self.shared.others() == 0;
        let gone = stage.wait_for(|stage| *stage == Stage::Gone);
        if tokio::time::timeout(LEAVE_DEADLINE, gone).await.is_err() {
            tracing::info!("redis was not told that this node leaves; its line expires");
        } else if is_first && !is_alone {
            let is_heard = self.shared.is_heard.load(Ordering::Relaxed);
            sleep(if is_heard { HEARD_PAUSE } else { self.shared.pace.beat }).await;
        }
    }
}

impl Shared {
    /// Renews the line, reads all, and gives how long the oldest still lasts.
    async fn beat(
        &self,
        stage: Stage,
        kept: &mut Option<MultiplexedConnection>,
    ) -> RedisResult<Duration> {
        let connection = match kept {
            Some(connection) => connection,
            None => kept.insert(self.redis.connect().await?),
        };
        let is_leaving = matches!(stage, Stage::Leaving | Stage::Gone);
        if stage == Stage::Leaving {
            let mut leave = LEAVE_SCRIPT.key(&self.set);
            leave.arg(&self.line).arg(write_departure(self.me.id)).arg(self.pace.line_ms());
            let _done: i64 = leave.invoke_async(connection).await?;
            let listeners = farewell::say(&self.redis, self.me.id, connection).await?;
            // This node hears itself.
            self.is_heard.store(listeners > self.others(), Ordering::Relaxed);
            self.stage.send_replace(Stage::Gone);
        }
        let line = if is_leaving { "" } else { &self.line };
        let mut script = BEAT_SCRIPT.key(&self.set);
        let (has_lasted, oldest_lasts, lines): (bool, u64, Vec<String>) =
            script.arg(line).arg(self.pace.line_ms()).invoke_async(connection).await?;
        if stage == Stage::Here && !has_lasted {
            tracing::info!("redis has forgotten this node: for a moment nobody is missed");
            *self.grace_until.lock() = Some(Instant::now() + self.pace.line);
        }
        self.see(&lines, is_leaving);
        self.stage.send_if_modified(|stage| {
            let is_new = *stage == Stage::New;
            if is_new {
                *stage = Stage::Here;
            }
            is_new
        });
        Ok(Duration::from_millis(oldest_lasts))
    }

    /// How many others are there.
    fn others(&self) -> u64 {
        self.view.borrow().iter().filter(|member| member.id != self.me.id).count() as u64
    }

    /// Makes the view of what was read.
    fn see(&self, lines: &[String], is_leaving: bool) {
        let mut members: Vec<Member> = lines.iter().filter_map(|line| read_line(line)).collect();
        if self.grace_until.lock().is_some_and(|until| Instant::now() < until) {
            let before = Members::clone(&self.view.borrow());
            let departed: Vec<NodeId> =
                lines.iter().filter_map(|line| read_departure(line)).collect();
            let is_forgotten =
                |member: &&Member| !members.contains(member) && !departed.contains(&member.id);
            let forgotten: Vec<Member> = before.iter().filter(is_forgotten).cloned().collect();
            members.extend(forgotten);
        }
        members.retain(|member| member.id != self.me.id);
        if !is_leaving {
            members.push(self.me.clone());
        }
        members.sort_unstable();
        #[allow(clippy::cast_precision_loss, reason = "a cluster has far fewer nodes")]
        self.count.set(members.len() as f64);
        let is_first = {
            let mut known_since = self.known_since.lock();
            let is_first = known_since.is_none();
            known_since.get_or_insert_with(Instant::now);
            is_first
        };
        self.view.send_if_modified(|view| {
            let is_changed = **view != *members;
            if is_changed {
                tell_of_changes(view, &members);
                *view = members.into();
            }
            is_changed || is_first
        });
    }
}

fn tell_of_changes(before: &[Member], now: &[Member]) {
    for member in now.iter().filter(|member| !before.contains(member)) {
        tracing::info!(node = %member.id, address = member.address, "a node came");
    }
    for member in before.iter().filter(|member| !now.contains(member)) {
        tracing::info!(node = %member.id, address = member.address, "a node went");
    }
}

/// A node's line: id, address, version and name, the last two for people who look into Redis. What a
/// later version adds behind them is not looked at.
fn write_line(member: &Member, version: &str, name: &str) -> String {
    format!("{}\t{}\t{version}\t{name}", member.id, member.address)
}

fn read_line(line: &str) -> Option<Member> {
    let mut parts = line.split('\t');
    let (id, address) = (parts.next()?.parse().ok()?, parts.next()?.to_owned());
    Some(Member { id, address })
}

/// The line of a node that has left, which is no line of a member.
fn write_departure(id: NodeId) -> String {
    format!("-{id}")
}

fn read_departure(line: &str) -> Option<NodeId> {
    line.strip_prefix('-')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_in_its_last_second_is_looked_at_again_when_it_ends() {
        let last_second = Duration::from_millis(999);
        let pace = Pace::USUAL;
        assert_eq!(pace.look_before_beat(last_second), Some(last_second + CLOCK_STEP));
        assert_eq!(pace.look_before_beat(pace.beat), None);
        assert_eq!(pace.look_before_beat(pace.line), None);
        assert_eq!(pace.look_before_beat(Duration::ZERO), None, "no line is there that ends");
    }

    #[test]
    fn a_line_reads_back_and_what_is_none_is_left_out() {
        let member = Member { id: NodeId::from_u128(7), address: "10.0.0.1:7001".to_owned() };
        let line = write_line(&member, "1.2.3", "left shelf");

        assert_eq!(read_line(&line), Some(member.clone()));
        assert_eq!(read_line(&format!("{line}\tsomething newer")), Some(member.clone()));
        assert_eq!(read_line(&write_departure(member.id)), None);
        assert_eq!(read_departure(&write_departure(member.id)), Some(member.id));
        assert_eq!(read_departure(&line), None);
        assert_eq!(read_line("nonsense"), None);
        assert_eq!(read_line(""), None);
    }
}
