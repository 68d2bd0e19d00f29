//! What the chat asks about people; the accounts of the server answer.

use async_trait::async_trait;

use crate::domain::{Byline, OrgId, UserId};

/// The people of an organization.
///
/// Contract:
/// - People of another organization are not found.
/// - Who is not found is left out; the order of the answer is free.
/// - User names are compared without regard to case.
#[async_trait]
pub trait People: Send + Sync + 'static {
    /// Who has these user names.
    async fn by_usernames(
        &self,
        org: OrgId,
        usernames: &[String],
    ) -> Result<Vec<(String, UserId)>, PeopleError>;

    /// Whom groups of these names hold, however often; where there are no groups, nobody.
    async fn of_groups(
        &self,
        _org: OrgId,
        _handles: &[String],
    ) -> Result<Vec<UserId>, PeopleError> {
        Ok(Vec::new())
    }

    /// How these people are shown now.
    async fn bylines(&self, org: OrgId, users: &[UserId]) -> Result<Vec<Byline>, PeopleError>;
}

/// The accounts cannot be read now; asking again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the accounts are unavailable")]
pub struct PeopleError;
