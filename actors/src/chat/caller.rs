//! Who asks: a person whose credentials were checked on the way in.

use crate::domain::{Byline, LoginId, OrgId, OrgRole, UserId};
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
}

impl Caller {
    /// Who they are.
    pub const fn user(&self) -> UserId {
        self.byline.user
    }

    /// The same person as their session knows them.
    pub fn viewer(&self) -> Viewer {
        Viewer { org: self.org, byline: self.byline.clone(), role: self.role }
    }
}
