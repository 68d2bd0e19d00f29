//! Who asks: a person whose credentials were checked on the way in.

use crate::domain::{Byline, LoginId, OrgId, OrgRole, TokenId, UserId};
use crate::session::Viewer;

/// The person behind a request or a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Their organization; no function looks outside it.
    pub org: OrgId,
    /// Who they are and how they are shown.
    pub byline: Byline,
    /// What they may do in the organization.
    pub role: OrgRole,
    /// Runs the server itself.
    pub is_superuser: bool,
    /// The sign-in they came by; absent for personal access tokens and guests.
    pub login: Option<LoginId>,
    /// The personal access token they came by; absent for sign-ins and guests.
    pub token: Option<TokenId>,
}

impl Caller {
    /// Who they are.
    pub const fn user(&self) -> UserId {
        self.byline.user
    }

    /// What a revocation names to end the sockets that were opened this way. A token is revoked like
    /// a sign-in of the same id: ids are random, so the two never meet.
    pub fn grant(&self) -> Option<LoginId> {
        self.login.or_else(|| self.token.map(grant_of))
    }

    /// The same person as their session knows them.
    pub fn viewer(&self) -> Viewer {
        Viewer { org: self.org, byline: self.byline.clone(), role: self.role }
    }
}

/// What a revocation calls a personal access token.
pub fn grant_of(token: TokenId) -> LoginId {
    LoginId::from_u128(token.as_u128())
}
