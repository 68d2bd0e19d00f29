//! Who does something, for checks and for the audit trail.

use starling_actors::chat::Caller;
use starling_actors::domain::{OrgId, UserId};
use starling_actors::ports::AuditEvent;

/// A person and where they come from.
#[derive(Clone, Debug)]
pub struct By {
    /// Whose credentials were checked.
    pub caller: Caller,
    /// Their address; empty when it is not known.
    pub address: String,
}

impl By {
    /// Their organization.
    pub const fn org(&self) -> OrgId {
        self.caller.org
    }

    /// Who they are.
    pub const fn user(&self) -> UserId {
        self.caller.user()
    }

    /// What they did, for the trail.
    pub fn did(
        &self,
        action: &'static str,
        (resource_type, resource_id): (&'static str, String),
        details: Vec<(&'static str, String)>,
    ) -> AuditEvent {
        AuditEvent {
            user: Some(self.user()),
            ip_address: Some(self.address.clone()).filter(|address| !address.is_empty()),
            ..by_server(self.org(), action, (resource_type, resource_id), details)
        }
    }
}

/// What the server did by itself, or whoever runs it did at its own machine, for the trail.
pub fn by_server(
    org: OrgId,
    action: &'static str,
    (resource_type, resource_id): (&'static str, String),
    details: Vec<(&'static str, String)>,
) -> AuditEvent {
    AuditEvent { org, user: None, action, resource_type, resource_id, ip_address: None, details }
}
