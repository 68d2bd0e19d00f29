//! Sessions with databases, a few per connection, kept open between queries.
//!
//! A session is lent to one query. It comes back only when the query says that it is clean; in every
//! other case it is dropped, and its `Drop` frees the database. A pool belongs to one version of a
//! connection: another version makes another pool, and what is lent from the old one never returns.
//!
//! **Invariant:** at most [`SESSIONS_MAX`] sessions a connection, idle ones included.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use starling_actors::domain::ConnectionId;
use starling_actors::ports::WarehouseError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::Target;

/// Sessions of one connection: a customer's database has others to serve.
pub(super) const SESSIONS_MAX: usize = 5;
/// How long a query waits for a session before it hears that all are in use.
const WAIT_MAX: Duration = Duration::from_secs(10);
/// How long a session nobody uses is kept.
const IDLE_MAX: Duration = Duration::from_secs(60);
/// Connections whose pools are kept; beyond them the ones without idle sessions are forgotten.
const POOLS_MAX: usize = 1_000;

/// What a pool needs to know of its sessions.
#[async_trait]
pub(super) trait Opener: Send + Sync + 'static {
    /// A session; dropping it ends it.
    type Session: Send + 'static;

    /// Opens one.
    async fn open(&self, target: &Target) -> Result<Self::Session, WarehouseError>;

    /// Whether an idle one can still be used, as far as one can tell without asking.
    fn is_open(&self, session: &Self::Session) -> bool;
}

type Idle<S> = Mutex<Vec<(S, Instant)>>;

struct Pool<S> {
    version: u64,
    permits: Arc<Semaphore>,
    idle: Arc<Idle<S>>,
}

/// The pools of all connections of one kind.
pub(super) struct Sessions<O: Opener> {
    opener: O,
    pools: Mutex<HashMap<ConnectionId, Pool<O::Session>>>,
}

impl<O: Opener> Sessions<O> {
    pub(super) fn new(opener: O) -> Self {
        Self { opener, pools: Mutex::new(HashMap::new()) }
    }

    pub(super) const fn opener(&self) -> &O {
        &self.opener
    }

    /// A session of the connection: an idle one, or a new one.
    pub(super) async fn lend(&self, target: &Target) -> Result<Lease<O::Session>, WarehouseError> {
        let (permits, idle) = self.pool(target);
        let permit = tokio::time::timeout(WAIT_MAX, permits.acquire_owned())
            .await
            .ok()
            .and_then(Result::ok)
            .ok_or(WarehouseError::Busy)?;
        loop {
            let Some((session, _)) = idle.lock().pop() else { break };
            if self.opener.is_open(&session) {
                return Ok(Lease { session, is_new: false, home: Arc::downgrade(&idle), permit });
            }
        }
        let session = self.opener.open(target).await?;
        Ok(Lease { session, is_new: true, home: Arc::downgrade(&idle), permit })
    }

    fn pool(&self, target: &Target) -> (Arc<Semaphore>, Arc<Idle<O::Session>>) {
        let mut pools = self.pools.lock();
        if pools.len() >= POOLS_MAX {
            pools.retain(|_, pool| !pool.idle.lock().is_empty());
        }
        let pool = pools.entry(target.id).or_insert_with(|| Pool::new(target.version));
        if pool.version != target.version {
            *pool = Pool::new(target.version);
        }
        (Arc::clone(&pool.permits), Arc::clone(&pool.idle))
    }
}

impl<S: Send + 'static> Pool<S> {
    fn new(version: u64) -> Self {
        Self {
            version,
            permits: Arc::new(Semaphore::new(SESSIONS_MAX)),
            idle: Arc::new(Mutex::new(Vec::new())),
        }
    }
}

/// A session for one query.
pub(super) struct Lease<S> {
    session: S,
    is_new: bool,
    home: std::sync::Weak<Idle<S>>,
    permit: OwnedSemaphorePermit,
}

impl<S: Send + 'static> Lease<S> {
    /// Whether it was opened for this query; an older one may have died while it was idle.
    pub(super) const fn is_new(&self) -> bool {
        self.is_new
    }

    /// Keeps the session, which nobody could tell from a new one, for the next query.
    pub(super) fn give_back(self) {
        let Self { session, home, permit, .. } = self;
        let Some(idle) = home.upgrade() else { return };
        idle.lock().push((session, Instant::now()));
        drop(permit);
        tokio::spawn(async move {
            tokio::time::sleep(IDLE_MAX).await;
            let Some(idle) = home.upgrade() else { return };
            let old: Vec<_> = {
                let mut idle = idle.lock();
                idle.extract_if(.., |(_, since)| since.elapsed() >= IDLE_MAX).collect()
            };
            drop(old);
        });
    }
}

impl<S> Deref for Lease<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.session
    }
}

impl<S> DerefMut for Lease<S> {
    fn deref_mut(&mut self) -> &mut S {
        &mut self.session
    }
}
