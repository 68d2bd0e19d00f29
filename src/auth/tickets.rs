//! Tickets: what a browser puts into a socket's address in place of its token, which would end up
//! in logs. A ticket counts once and for half a minute.

use std::time::Duration;

use starling_actors::chat::Caller;
use starling_actors::domain::Timestamp;

use super::secret::{self, SecretKind};
use super::{Accounts, Admission, TokenError};

/// How long a ticket counts: the time between two calls of one page (wire.md).
pub const TICKET_SECONDS: i64 = 30;
/// Tickets that wait to be used. Past that the least used are forgotten; their pages ask again.
const TICKETS_MAX: u64 = 100_000;

/// For whom a ticket was made, and until when.
#[derive(Clone, Debug)]
struct Waiting {
    caller: Caller,
    /// When the socket must end, as the token says that the ticket was made with.
    expires_at: Option<Timestamp>,
    until: Timestamp,
}

/// Tickets of this node that were not used yet.
#[derive(Debug)]
pub(super) struct Tickets {
    waiting: moka::sync::Cache<String, Waiting>,
}

impl Tickets {
    pub(super) fn new() -> Self {
        let life = Duration::from_secs(TICKET_SECONDS.unsigned_abs());
        let waiting =
            moka::sync::Cache::builder().max_capacity(TICKETS_MAX).time_to_live(life).build();
        Self { waiting }
    }
}

impl Accounts {
    /// Makes a ticket for one socket of the caller.
    pub fn make_ticket(&self, admission: Admission) -> String {
        let ticket = secret::make(SecretKind::Ticket, &*self.inner.clock);
        let until = self.now().plus_ms(TICKET_SECONDS * 1000);
        let Admission { caller, expires_at, .. } = admission;
        let waiting = Waiting { caller, expires_at, until };
        self.inner.tickets.waiting.insert(secret::hash(&ticket), waiting);
        ticket
    }

    /// Spends a ticket: who it was made for, if they may still come in.
    pub async fn redeem_ticket(&self, ticket: &str) -> Result<Admission, TokenError> {
        let found = self.inner.tickets.waiting.remove(&secret::hash(ticket));
        let Waiting { caller, expires_at, until } = found.ok_or(TokenError::Invalid)?;
        if until <= self.now() {
            return Err(TokenError::Expired);
        }
        let caller = self.still_valid(&caller).await?;
        Ok(Admission { caller, expires_at, is_new: false })
    }
}
