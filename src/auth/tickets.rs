//! Tickets: what a browser puts into a socket's address in place of its token, which would end up
//! in logs. A ticket counts once and for half a minute, on whichever node it comes to.

use starling_actors::domain::{OrgId, Timestamp, UserId};

use super::passes::Pass;
use super::{Accounts, Admission, TokenError};

/// How long a ticket counts: the time between two calls of one page (wire.md).
pub const TICKET_SECONDS: i64 = 30;

impl Accounts {
    /// Makes a ticket for one socket of the caller.
    pub fn make_ticket(&self, admission: &Admission) -> Result<String, TokenError> {
        let Admission { caller, expires_at, .. } = admission;
        self.inner.tickets.sign(&Pass {
            org: caller.org.to_string(),
            sub: caller.user().to_string(),
            sid: caller.login.map(|login| login.to_string()),
            token: caller.token.map(|token| token.to_string()),
            ends: expires_at.map(|at| at.0),
            until: self.now().plus_ms(TICKET_SECONDS * 1000).0,
            jti: self.fresh_jti(),
        })
    }

    /// Spends a ticket: who it was made for, if they may still come in.
    pub async fn redeem_ticket(&self, ticket: &str) -> Result<Admission, TokenError> {
        let pass = self.inner.tickets.redeem(ticket, self.now()).await?;
        let (org, user) = pass.person()?;
        let login = pass.sid.as_deref().map(str::parse).transpose();
        let token = pass.token.as_deref().map(str::parse).transpose();
        let login = login.map_err(|_| TokenError::Invalid)?;
        let token = token.map_err(|_| TokenError::Invalid)?;
        let caller = self.person_behind(org, user, (login, token)).await?;
        Ok(Admission { caller, expires_at: pass.ends.map(Timestamp), is_new: false })
    }
}

impl Pass {
    /// For whom it is.
    pub(super) fn person(&self) -> Result<(OrgId, UserId), TokenError> {
        let org = self.org.parse().map_err(|_| TokenError::Invalid)?;
        Ok((org, self.sub.parse().map_err(|_| TokenError::Invalid)?))
    }
}
