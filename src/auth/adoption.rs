//! Taking over a local account: who is vouched for by e-mail gets it, and nobody else keeps a key.
//!
//! Whoever made the account may only have written that e-mail down. So every way in is closed
//! before the account is given away:
//!
//! ```text
//!   password ─▶ sign-ins ─▶ personal tokens ─▶ link
//! ```
//!
//! **Invariant:** a way in is closed before those that it could have opened are listed, and who
//! opens one looks afterwards whether their own still stands (`sign_in`, `personal_tokens`). The
//! link comes last: an adoption that was cut off is made again from the start.

use starling_actors::domain::{OrgId, UserId};

use super::outside::OutsidePerson;
use super::store::{Unique, within};
use super::stored::User;
use super::{AccountError, Accounts};

impl Accounts {
    /// Gives a local account to a person from outside, without a key for whoever had it.
    pub(super) async fn adopt(
        &self,
        org: OrgId,
        person: &OutsidePerson,
        id: UserId,
    ) -> Result<User, AccountError> {
        let user = self.close_ways_in(org, id).await?;
        // Made for an account that was never stored; it would refuse this one for ever.
        if let Some(nobody) = self.link_of(org, person).await? {
            let key = within(org, &person.key);
            self.inner.store.release(Unique::Outside, &key, &nobody.to_string()).await?;
        }
        self.link(org, person, id).await?;
        tracing::info!(user = %id, "an account was linked to an outside person; its keys are gone");
        Ok(user)
    }

    async fn close_ways_in(&self, org: OrgId, id: UserId) -> Result<User, AccountError> {
        let without_password = |user: &User| {
            let has_password = !user.password_hash.is_empty();
            has_password.then(|| User { password_hash: String::new(), ..user.clone() })
        };
        let user = self.rewrite_user(org, id, without_password).await?;
        let ended = self.end_logins(org, id, None).await;
        let deleted = self.delete_personal_tokens(org, id).await;
        self.announce_revoked(id, None).await;
        ended.and(deleted)?;
        Ok(user)
    }
}
