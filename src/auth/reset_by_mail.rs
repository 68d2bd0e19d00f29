//! A new password for someone who lost theirs, by a letter to their address.
//!
//! ```text
//!   e-mail ─▶ throttle ─▶ accounts with a password ─▶ a secret each, its hash stored ─▶ one letter
//!   secret, new password ─▶ hash, time, same password as then? ─▶ noted at the link ─▶ all sign-ins end
//!     ─▶ stored ─▶ sign-ins end that came in between ─▶ the link is removed
//! ```
//!
//! **Invariants:** whoever asks learns nothing of whether there is an account; a link counts once, for half
//! an hour, and not after the password was changed otherwise, for it is bound to the hash that was there.
//! Once means with success: what failed in the middle is done again by the same link, and no sign-in of
//! before outlives the success.

use starling_actors::chat::Caller;
use starling_actors::domain::{OrgId, UserId};
use starling_actors::ports::RecordsError;

use super::names::fold;
use super::secret::{self, SecretKind, hash};
use super::sign_in::Credentials;
use super::stored::{PasswordReset, User};
use super::{AccountError, Accounts, caller_of, password};
use crate::records::Versioned;

/// How long a link counts: mail takes minutes at worst, and a mailbox is read by others later.
const LIFETIME_MS: i64 = 30 * 60 * 1000;
/// Organizations of one address that a letter has links for.
const ACCOUNTS_MAX: usize = 16;

/// Where somebody may choose a new password.
#[derive(Clone, Debug)]
pub struct ResetLink {
    /// The address of the account.
    pub email: String,
    /// The organization's name.
    pub organization: String,
    /// What the link carries.
    pub token: String,
}

impl Accounts {
    /// Counts that a new password is asked for, by the address of the account and of who asks.
    pub async fn admit_reset(&self, email: &str, address: &str) -> Result<(), AccountError> {
        let keys = [format!("email/{}", fold(email)), format!("address/{address}")];
        let admitted = self.inner.reset_throttle.admit(&keys, self.now()).await;
        admitted.map_err(|throttled| AccountError::Throttled {
            retry_after_ms: throttled.retry_after_ms,
        })
    }

    /// Links for all accounts of an e-mail, or for the one of an organization; older ones are over.
    /// Accounts without a password, which come in otherwise, get none.
    pub async fn begin_reset(
        &self,
        email: &str,
        org_slug: Option<String>,
    ) -> Result<Vec<ResetLink>, AccountError> {
        let mut links = Vec::new();
        for user in self.accounts_of(email, org_slug).await? {
            if !user.is_active || user.password_hash.is_empty() {
                continue;
            }
            let Some(org) = self.inner.store.organization(user.org).await? else { continue };
            let secret = secret::make(SecretKind::PasswordReset, &*self.inner.clock);
            let reset = PasswordReset {
                user: user.id,
                org: user.org,
                token_hash: hash(&secret),
                password_mark: hash(&user.password_hash),
                chosen_mark: None,
                expires_at: self.now().plus_ms(LIFETIME_MS).into(),
            };
            self.inner.store.overwrite(&reset).await?;
            links.push(ResetLink {
                email: user.email,
                organization: org.value.name,
                token: format!("{secret}.{}.{}", user.org, user.id),
            });
        }
        Ok(links)
    }

    async fn accounts_of(
        &self,
        email: &str,
        org_slug: Option<String>,
    ) -> Result<Vec<User>, AccountError> {
        let email = fold(email);
        if !email.contains('@') {
            return Ok(Vec::new());
        }
        if org_slug.as_deref().is_some_and(|slug| !slug.is_empty()) {
            let credentials = Credentials { identifier: email, password: String::new(), org_slug };
            return Ok(self.find(&credentials).await?.into_iter().collect());
        }
        let mut users = Vec::new();
        for (org, user) in self.inner.store.orgs_of_email(&email, ACCOUNTS_MAX).await? {
            let found = self.inner.store.user(org, user).await?;
            users.extend(found.map(|found| found.value).filter(|user| fold(&user.email) == email));
        }
        Ok(users)
    }

    /// Gives an account the password that its person chose, and ends all its sign-ins.
    pub async fn finish_reset(&self, token: &str, new: &str) -> Result<Caller, AccountError> {
        let invalid =
            || AccountError::Field { field: "token", fault: "does not count, or not any more" };
        let (secret, org, user) = split(token).ok_or_else(invalid)?;
        let found = self.inner.store.password_reset(org, user).await?.ok_or_else(invalid)?;
        let reset = found.value;
        let is_right = reset.token_hash == hash(secret) && self.now() < reset.expires_at.into();
        if !is_right {
            return Err(invalid());
        }
        let read = self.inner.store.user(org, user).await?.ok_or_else(invalid)?;
        let Versioned { version, value: user, .. } = read;
        let mark = hash(&user.password_hash);
        let is_ours = mark == reset.password_mark || reset.chosen_mark.as_ref() == Some(&mark);
        if !user.is_active || !is_ours {
            return Err(invalid());
        }
        if let Some(fault) = password::weakness(new, &user.email, &user.username) {
            return Err(AccountError::WeakPassword(fault));
        }
        let user = User { password_hash: self.inner.hasher.hash(new).await?, ..user };
        // The password that is there goes on counting for the link as long as it is there.
        let chosen_mark = Some(hash(&user.password_hash));
        let reset = PasswordReset { password_mark: mark, chosen_mark, ..reset };
        match self.inner.store.replace(&reset, found.version).await {
            Ok(_) => {}
            // The same link at the same moment, and it was first.
            Err(RecordsError::Conflict) => return Err(invalid()),
            Err(error) => return Err(error.into()),
        }
        let user = self.store_password(user, version, None).await?;
        self.inner.store.remove(&reset).await?;
        Ok(caller_of(&user.value, None))
    }
}

fn split(token: &str) -> Option<(&str, OrgId, UserId)> {
    let (secret, rest) = token.split_once('.')?;
    let (org, user) = rest.split_once('.')?;
    Some((secret, org.parse().ok()?, user.parse().ok()?))
}
