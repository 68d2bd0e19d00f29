//! The caller's own organization.

use serde_json::{Map, Value};
use starling_actors::chat::Caller;
use starling_actors::domain::OrgId;
use starling_actors::ports::RecordsError;

use super::names::NAME_CHARS_MAX;
use super::stored::Organization;
use super::{AccountError, Accounts};
use crate::config::RegistrationMode;
use crate::records::Versioned;

/// Longest settings, as JSON: each client reads them at its start.
const SETTINGS_BYTES_MAX: usize = 16 * 1024;
/// Times a change is tried again when a count came between.
const CHANGE_ATTEMPTS: usize = 5;

/// What of an organization changes; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct OrganizationChange {
    /// New name.
    pub name: Option<String>,
    /// New settings: given keys replace, `null` removes.
    pub settings: Option<Map<String, Value>>,
    /// Who may join without an invitation.
    pub registration: Option<RegistrationMode>,
}

impl Accounts {
    /// The caller's organization.
    pub async fn organization(&self, caller: &Caller) -> Result<Organization, AccountError> {
        let read = self.inner.store.organization(caller.org).await?;
        Ok(read.ok_or(AccountError::NotFound("organization"))?.value)
    }

    /// What an organization's admins have chosen under a name.
    pub async fn setting(&self, org: OrgId, name: &str) -> Result<Option<Value>, AccountError> {
        let read = self.inner.store.organization(org).await?;
        Ok(read.and_then(|read| read.value.settings.get(name).cloned()))
    }

    /// Changes the caller's organization; only admins may.
    pub async fn change_organization(
        &self,
        caller: &Caller,
        change: OrganizationChange,
    ) -> Result<Organization, AccountError> {
        if !caller.role.may_administer() {
            return Err(AccountError::Forbidden("only admins change the organization"));
        }
        let _counting = self.inner.counting.lock().await;
        for _ in 0..CHANGE_ATTEMPTS {
            let read = self.inner.store.organization(caller.org).await?;
            let Versioned { version, mut value, .. } =
                read.ok_or(AccountError::NotFound("organization"))?;
            apply(&mut value, &change)?;
            match self.inner.store.replace(&value, version).await {
                Ok(_) => return Ok(value),
                Err(RecordsError::Conflict) => {}
                Err(RecordsError::Unavailable | RecordsError::Unknown) => {
                    return Err(AccountError::Unavailable);
                }
            }
        }
        Err(AccountError::Unavailable)
    }

    /// Counts one more connection, under the organization's limit and version.
    pub async fn take_connection(&self, org: OrgId) -> Result<(), AccountError> {
        self.count_connections(org, |organization| {
            let is_full =
                organization.connections_max.is_some_and(|max| organization.connections >= max);
            if is_full {
                return Err(AccountError::LimitReached);
            }
            organization.connections = organization.connections.saturating_add(1);
            Ok(())
        })
        .await
    }

    /// Says how many connections an organization has.
    pub async fn settle_connections(&self, org: OrgId, used: u32) -> Result<(), AccountError> {
        self.count_connections(org, |organization| {
            organization.connections = used;
            Ok(())
        })
        .await
    }

    async fn count_connections(
        &self,
        org: OrgId,
        count: impl Fn(&mut Organization) -> Result<(), AccountError>,
    ) -> Result<(), AccountError> {
        let _counting = self.inner.counting.lock().await;
        for _ in 0..CHANGE_ATTEMPTS {
            let read = self.inner.store.organization(org).await?;
            let Versioned { version, mut value, .. } =
                read.ok_or(AccountError::NotFound("organization"))?;
            count(&mut value)?;
            match self.inner.store.replace(&value, version).await {
                Ok(_) => return Ok(()),
                Err(RecordsError::Conflict) => {}
                Err(RecordsError::Unavailable | RecordsError::Unknown) => {
                    return Err(AccountError::Unavailable);
                }
            }
        }
        Err(AccountError::Unavailable)
    }
}

fn apply(organization: &mut Organization, change: &OrganizationChange) -> Result<(), AccountError> {
    if let Some(name) = &change.name {
        let name = name.trim();
        let is_long = name.chars().nth(NAME_CHARS_MAX).is_some();
        if name.is_empty() || is_long || name.chars().any(char::is_control) {
            return Err(AccountError::Field {
                field: "name",
                fault: "must have 1 to 200 printable characters",
            });
        }
        name.clone_into(&mut organization.name);
    }
    if let Some(registration) = change.registration {
        organization.registration = registration;
    }
    for (key, value) in change.settings.iter().flatten() {
        if value.is_null() {
            organization.settings.remove(key);
        } else {
            organization.settings.insert(key.clone(), value.clone());
        }
    }
    let bytes = serde_json::to_vec(&organization.settings).map_or(usize::MAX, |json| json.len());
    if bytes > SETTINGS_BYTES_MAX {
        return Err(AccountError::Field { field: "settings", fault: "may have at most 16 KiB" });
    }
    Ok(())
}
