//! Connections are counted where organizations are kept.

use async_trait::async_trait;
use starling_actors::domain::OrgId;

use crate::auth::{AccountError, Accounts};
use crate::data::{Quota, QuotaError};

/// The organizations' records as the quota of connections.
#[derive(Debug)]
pub(super) struct OrganizationQuota(pub(super) Accounts);

fn quota(error: &AccountError) -> QuotaError {
    if *error == AccountError::LimitReached { QuotaError::Full } else { QuotaError::Unavailable }
}

#[async_trait]
impl Quota for OrganizationQuota {
    async fn take(&self, org: OrgId) -> Result<(), QuotaError> {
        self.0.take_connection(org).await.map_err(|error| quota(&error))
    }

    async fn settle(&self, org: OrgId, used: u32) -> Result<(), QuotaError> {
        self.0.settle_connections(org, used).await.map_err(|error| quota(&error))
    }
}
