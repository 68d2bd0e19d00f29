//! What askers may do now, as their organization keeps it.

use async_trait::async_trait;
use starling_actors::domain::{OrgId, OrgRole, UserId};
use starling_actors::ports::{QuestionsError, Roles};

use crate::auth::Accounts;

/// The accounts as the roles of who asks.
#[derive(Debug)]
pub(super) struct CurrentRoles(pub(super) Accounts);

#[async_trait]
impl Roles for CurrentRoles {
    async fn role(&self, org: OrgId, user: UserId) -> Result<Option<OrgRole>, QuestionsError> {
        let found = self.0.profile(org, user).await.map_err(|_| QuestionsError::Unavailable)?;
        Ok(found.filter(|user| user.is_active).map(|user| user.role))
    }
}
