//! A new password for someone who lost theirs, by the one who runs the server.

use std::sync::Arc;

use starling_actors::domain::LoginId;

use super::secret::{self, SecretKind};
use super::sign_in::Credentials;
use super::stored::User;
use super::{AccountError, Accounts};
use crate::records::Versioned;

/// Characters of a password that is made: 24 of the secret's alphabet hold over 120 bits.
const PASSWORD_CHARS: usize = 24;

impl Accounts {
    /// Gives someone a new random password and ends their sign-ins.
    pub async fn reset_password(&self, email: &str, org: &str) -> Result<String, AccountError> {
        let credentials = Credentials {
            identifier: email.to_owned(),
            password: String::new(),
            org_slug: Some(org.to_owned()),
        };
        let found = self.find(&credentials).await?.ok_or(AccountError::NotFound("user"))?;
        let read = self.inner.store.user(found.org, found.id).await?;
        let Versioned { version, value: user, .. } = read.ok_or(AccountError::NotFound("user"))?;
        let password = self.random_password();
        let user = User { password_hash: self.inner.hasher.hash(&password).await?, ..user };
        self.store_password(user, version, None).await?;
        Ok(password)
    }

    /// Stores a person with another password, and ends their sign-ins but one: before it, so that none of the
    /// old ones is left when the password counts, and after it those that came in between. What fails has
    /// either changed no password, or may be done again.
    pub(super) async fn store_password(
        &self,
        user: User,
        version: u64,
        except: Option<LoginId>,
    ) -> Result<Arc<Versioned<User>>, AccountError> {
        self.end_logins(user.org, user.id, except).await?;
        let version = self.inner.store.replace(&user, version).await?;
        let user = self.inner.users.keep(user.id, version, user);
        self.end_logins(user.value.org, user.value.id, except).await?;
        Ok(user)
    }

    /// A password that nobody can guess.
    pub(super) fn random_password(&self) -> String {
        let secret = secret::make(SecretKind::Ticket, &*self.inner.clock);
        secret.chars().skip(SecretKind::Ticket.prefix().len()).take(PASSWORD_CHARS).collect()
    }
}
