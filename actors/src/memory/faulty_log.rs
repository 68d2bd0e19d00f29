//! A log that misbehaves by plan: slow, refusing, silent, late.
//!
//! Every call is drawn from a seeded generator, so that a failing run can be run again. A write
//! runs on a task of its own: a caller who stops waiting does not stop it, as on a network.
//!
//! **Invariant:** `Unavailable` is answered only when nothing was and nothing will be changed.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;

use super::clock::split_mix;
use crate::domain::{Bucket, Byline, ChannelId, Entry, Seq};
use crate::ports::{
    Append, AppendOutcome, BucketState, Claim, ClaimOutcome, Head, LogError, MessageLog, SoughtKey,
    StoredKey,
};

/// How often a log misbehaves, in calls of a hundred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaultPlan {
    /// Refuses, having done nothing.
    pub refuse: u64,
    /// Did it, but does not say so.
    pub unknown_applied: u64,
    /// Did not do it, and does not say so.
    pub unknown_lost: u64,
    /// Says nothing and does it later, when the caller may long have gone on.
    pub unknown_late: u64,
    /// Takes its time.
    pub slow: u64,
    /// The longest that it takes then, in milliseconds.
    pub slow_ms_max: u64,
    /// Panics instead of doing it.
    pub panics: u64,
    /// Does it, and then panics.
    pub panics_applied: u64,
    /// Panics when read.
    pub read_panics: u64,
    /// Points to a wrong bucket when asked for a hint.
    pub wrong_hint: u64,
}

/// What becomes of one call.
enum Fate {
    Served,
    Refused,
    Applied,
    Lost,
    Late,
    Panic,
    AppliedPanic,
}

/// Panics without a report: it is planted, and a test that finds nothing prints nothing.
fn panic() -> ! {
    std::panic::resume_unwind(Box::new("planted"))
}

/// A log between its caller and a network.
pub struct FaultyLog {
    log: Arc<dyn MessageLog>,
    inner: Mutex<Inner>,
}

struct Inner {
    plan: FaultPlan,
    random: u64,
}

impl FaultyLog {
    /// Puts `plan` before `log`, drawn from `seed`.
    pub fn new(log: Arc<dyn MessageLog>, plan: FaultPlan, seed: u64) -> Self {
        Self { log, inner: Mutex::new(Inner { plan, random: seed }) }
    }

    /// Changes the plan; the default one is a log without faults.
    pub fn set_plan(&self, plan: FaultPlan) {
        self.inner.lock().plan = plan;
    }

    fn plan(&self) -> FaultPlan {
        self.inner.lock().plan
    }

    fn draw(&self, below: u64) -> u64 {
        split_mix(&mut self.inner.lock().random) % below.max(1)
    }

    async fn dawdle(&self) {
        let plan = self.plan();
        if self.draw(100) < plan.slow {
            let wait_ms = self.draw(plan.slow_ms_max + 1);
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        }
    }

    fn fate(&self) -> Fate {
        let plan = self.plan();
        let mut drawn = self.draw(100);
        let fates = [
            (plan.refuse, Fate::Refused),
            (plan.unknown_applied, Fate::Applied),
            (plan.unknown_lost, Fate::Lost),
            (plan.unknown_late, Fate::Late),
            (plan.panics, Fate::Panic),
            (plan.panics_applied, Fate::AppliedPanic),
        ];
        for (share, fate) in fates {
            if drawn < share {
                return fate;
            }
            drawn -= share;
        }
        Fate::Served
    }

    /// A read: it has no effect, so it can only be slow or fail.
    async fn read<T>(
        &self,
        read: impl Future<Output = Result<T, LogError>>,
    ) -> Result<T, LogError> {
        self.dawdle().await;
        let FaultPlan { refuse, read_panics, .. } = self.plan();
        if self.draw(100) < refuse {
            return Err(LogError::Unavailable);
        }
        if self.draw(100) < read_panics {
            panic();
        }
        let answer = read.await;
        self.dawdle().await;
        answer
    }

    async fn write<T: Send + 'static>(
        &self,
        write: impl Future<Output = Result<T, LogError>> + Send + 'static,
    ) -> Result<T, LogError> {
        let lateness_ms = self.draw(self.plan().slow_ms_max + 1);
        let lateness = Duration::from_millis(lateness_ms);
        match self.fate() {
            Fate::Refused => Err(LogError::Unavailable),
            Fate::Lost => Err(LogError::Unknown),
            Fate::Late => {
                tokio::spawn(async move {
                    tokio::time::sleep(lateness).await;
                    write.await.ok();
                });
                Err(LogError::Unknown)
            }
            Fate::Applied => {
                write.await.ok();
                Err(LogError::Unknown)
            }
            Fate::Panic => panic(),
            Fate::AppliedPanic => {
                write.await.ok();
                panic()
            }
            Fate::Served => {
                let is_slow = self.draw(100) < self.plan().slow;
                let delay = if is_slow { lateness } else { Duration::ZERO };
                let served = tokio::spawn(async move {
                    tokio::time::sleep(delay).await;
                    write.await
                });
                served.await.unwrap_or(Err(LogError::Unknown))
            }
        }
    }
}

#[async_trait]
impl MessageLog for FaultyLog {
    async fn bucket(
        &self,
        channel: ChannelId,
        bucket: Bucket,
    ) -> Result<Option<BucketState>, LogError> {
        self.read(self.log.bucket(channel, bucket)).await
    }

    async fn bucket_hint(&self, channel: ChannelId) -> Result<Bucket, LogError> {
        let hint = self.read(self.log.bucket_hint(channel)).await?;
        let wrong_hint = self.plan().wrong_hint;
        if self.draw(100) < wrong_hint {
            return Ok(Bucket(self.draw(hint.0 + 3)));
        }
        Ok(hint)
    }

    async fn claim(&self, claim: Claim) -> Result<ClaimOutcome, LogError> {
        let log = Arc::clone(&self.log);
        self.write(async move { log.claim(claim).await }).await
    }

    async fn append(&self, append: Append) -> Result<AppendOutcome, LogError> {
        let log = Arc::clone(&self.log);
        self.write(async move { log.append(append).await }).await
    }

    async fn stored_keys(
        &self,
        channel: ChannelId,
        keys: &[SoughtKey],
    ) -> Result<Vec<StoredKey>, LogError> {
        self.read(self.log.stored_keys(channel, keys)).await
    }

    async fn entries(
        &self,
        channel: ChannelId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Entry>, LogError> {
        self.read(self.log.entries(channel, after, limit)).await
    }

    async fn rename(
        &self,
        channel: ChannelId,
        by: &Byline,
        after: Seq,
        limit: usize,
    ) -> Result<Option<Seq>, LogError> {
        self.read(self.log.rename(channel, by, after, limit)).await
    }

    async fn head(&self, channel: ChannelId) -> Result<Head, LogError> {
        self.read(self.log.head(channel)).await
    }

    async fn heads(&self, channels: &[ChannelId]) -> Result<Vec<Head>, LogError> {
        self.read(self.log.heads(channels)).await
    }
}
