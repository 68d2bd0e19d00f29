//! Who may change the schema: a row that ends by itself.
//!
//! **Invariant:** the row is taken, kept and let go only by conditional writes that name its holder.

use std::time::Duration;

use starling_actors::ports::Clock;
use uuid::Uuid;

use super::MigrationError;
use crate::adapters::scylla::failure::StoreError;
use crate::adapters::scylla::session::{Session, Statement};

/// How long to wait for another node's steps; an update of a large cluster takes less.
const PATIENCE: Duration = Duration::from_secs(300);
/// How often to look again.
const PAUSE: Duration = Duration::from_millis(500);

// The lease is longer than one statement may take (`SCHEMA_TIMEOUT`), and is renewed before each.
const TAKE: Statement = Statement::conditional(
    "take_schema_lease",
    "INSERT INTO schema_lease (part, holder) VALUES (0, ?) IF NOT EXISTS USING TTL 90",
);
const RENEW: Statement = Statement::conditional(
    "renew_schema_lease",
    "UPDATE schema_lease USING TTL 90 SET holder = ? WHERE part = 0 IF holder = ?",
);
const RELEASE: Statement = Statement::conditional(
    "release_schema_lease",
    "DELETE FROM schema_lease WHERE part = 0 IF holder = ?",
);

/// The right to change the schema.
pub(super) struct Lease<'a> {
    session: &'a Session,
    holder: Uuid,
}

impl<'a> Lease<'a> {
    /// Waits until nobody else has it.
    pub(super) async fn take(
        session: &'a Session,
        clock: &dyn Clock,
    ) -> Result<Self, MigrationError> {
        let lease = Self { session, holder: Uuid::from_u128(clock.fresh_id()) };
        let waiting = async {
            loop {
                match session.apply(&TAKE, (lease.holder,)).await {
                    Ok(true) => return Ok::<_, MigrationError>(()),
                    // A lease whose taking went unanswered may be ours: keeping it shows that.
                    Err(StoreError::Unknown) if lease.renew().await.is_ok() => return Ok(()),
                    Err(StoreError::Unavailable) => return Err(StoreError::Unavailable.into()),
                    Ok(false) | Err(StoreError::Unknown) => tokio::time::sleep(PAUSE).await,
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.map_err(|_| MigrationError::Busy)??;
        Ok(lease)
    }

    /// Keeps it for the next statement.
    pub(super) async fn renew(&self) -> Result<(), MigrationError> {
        let is_mine = self.session.apply(&RENEW, (self.holder, self.holder)).await?;
        if is_mine { Ok(()) } else { Err(MigrationError::LeaseLost) }
    }

    /// Lets it go. A lease that cannot be let go ends by itself.
    pub(super) async fn release(self) {
        if let Err(cause) = self.session.apply(&RELEASE, (self.holder,)).await {
            tracing::warn!(%cause, "the lease on the schema was not let go; it ends by itself");
        }
    }
}
