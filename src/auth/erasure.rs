//! Takes away by what a person is known: e-mail, names, picture, status, password, sign-ins, tokens, their
//! places in groups, invitations to their address. What is left is an account without anybody, so that what
//! they wrote has an author.
//!
//! ```text
//!   switched off ─▶ somebody else governs? ─▶ sign-ins, tokens, groups ─▶ claims ─▶ record emptied
//! ```
//!
//! **Invariant:** every step can be made again, and the account's record is emptied only after what is found
//! by its words (claims, the index of e-mails) is gone; so an erasure that was cut off is made again from
//! the start. Nobody comes back: what is emptied is not switched on again.

use starling_actors::domain::{Byline, OrgId, OrgRole, UserId};
use starling_actors::ports::RecordsError;

use super::names::fold;
use super::store::{Unique, user_key, within};
use super::stored::{PasswordReset, User};
use super::{AccountError, Accounts};
use crate::records::Versioned;

/// How somebody is called of whom nothing is known any more.
const NOBODY: &str = "Deleted person";
/// Before the digits in the user name.
const PREFIX: &str = "deleted-";
/// Digits of the id behind the prefix: enough to be alone in an organization.
const DIGITS: usize = 12;
/// People looked at in search of another admin at a time.
const SCAN_PAGE: usize = 200;
/// Times the record is emptied again when another change came between.
const ATTEMPTS: usize = 5;
/// Why the last who governs stays.
const LAST_ADMIN: AccountError = AccountError::Forbidden("the last admin is not erased");

impl Accounts {
    /// Looks whether somebody may be erased: not who runs the server, no program, and not the last who
    /// governs an organization. Whoever is erased already may be again.
    pub async fn expect_erasable(&self, org: OrgId, id: UserId) -> Result<(), AccountError> {
        let user = self.stored_person(org, id).await?.value;
        if user.is_superuser {
            return Err(AccountError::Forbidden("who runs the server is not erased"));
        }
        if user.id.is_program() {
            return Err(AccountError::Forbidden("programs are removed as bots"));
        }
        if user.role.may_administer() && !self.has_other_admin(org, id).await? {
            return Err(LAST_ADMIN);
        }
        Ok(())
    }

    /// Takes away by what a person is known; gives how what they did is shown from now on.
    pub async fn erase(&self, org: OrgId, id: UserId) -> Result<Byline, AccountError> {
        // Two admins who erase each other go one after the other.
        let governing = self.inner.governing.lock().await;
        self.expect_erasable(org, id).await?;
        let before = self.stored_person(org, id).await?.value;
        let off = |user: &User| user.is_active.then(|| User { is_active: false, ..user.clone() });
        let switched_off = self.rewrite_user(org, id, off).await?;
        if before.role.may_administer() && !self.has_other_admin(org, id).await? {
            // On another node they erase the other one at the same moment. Were both to go, nobody
            // might be left who governs.
            self.restore_rights(&before, &switched_off).await?;
            return Err(LAST_ADMIN);
        }
        drop(governing);
        let ended = self.end_logins(org, id, None).await;
        self.announce_revoked(id, None).await;
        ended?;
        self.delete_personal_tokens(org, id).await?;
        self.forget_logins(org, id).await?;
        self.leave_groups(org, id).await?;
        self.forget_reset(org, id).await?;
        let user = self.empty(org, id).await?;
        Ok(user.byline())
    }

    async fn stored_person(&self, org: OrgId, id: UserId) -> Result<Versioned<User>, AccountError> {
        self.inner.store.user(org, id).await?.ok_or(AccountError::NotFound("user"))
    }

    /// Frees the names of an account, and empties its record as it was read for that: a name that it
    /// gets in between is freed by the next try.
    async fn empty(&self, org: OrgId, id: UserId) -> Result<User, AccountError> {
        let (owner, username, store) = (id.to_string(), username_of(id), &self.inner.store);
        for _ in 0..ATTEMPTS {
            let Versioned { version, value: user, .. } = self.stored_person(org, id).await?;
            if user.is_erased {
                return Ok(self.inner.users.keep(id, version, user).value.clone());
            }
            let record = user_key(org, &owner);
            store.claim(Unique::Username, &within(org, &username), &owner, &record).await?;
            if !user.email.is_empty() {
                self.forget_email(org, id, &user.email).await?;
            }
            if fold(&user.username) != username {
                let key = within(org, &fold(&user.username));
                store.release(Unique::Username, &key, &owner).await?;
            }
            let emptied = emptied(&user, username.clone());
            match store.replace(&emptied, version).await {
                Ok(version) => {
                    return Ok(self.inner.users.keep(id, version, emptied).value.clone());
                }
                Err(RecordsError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(AccountError::Unavailable)
    }

    /// Frees an address, and takes back invitations to it.
    async fn forget_email(&self, org: OrgId, id: UserId, email: &str) -> Result<(), AccountError> {
        let (folded, store) = (fold(email), &self.inner.store);
        for invitation in self.all_invitations(org).await? {
            if fold(&invitation.email) == folded {
                self.forget_invitation(&invitation).await?;
            }
        }
        store.unindex_email(&folded, org, id).await?;
        Ok(store.release(Unique::Email, &within(org, &folded), &id.to_string()).await?)
    }

    async fn forget_reset(&self, org: OrgId, id: UserId) -> Result<(), AccountError> {
        let found: Option<Versioned<PasswordReset>> =
            self.inner.store.password_reset(org, id).await?;
        if let Some(found) = found {
            self.inner.store.remove(&found.value).await?;
        }
        Ok(())
    }

    async fn has_other_admin(&self, org: OrgId, id: UserId) -> Result<bool, AccountError> {
        let mut after: Option<String> = None;
        loop {
            let read: Vec<Versioned<User>> =
                self.inner.store.list(org, "", after.as_deref(), SCAN_PAGE).await?;
            let governs = |user: &User| {
                let is_person = user.id != id && !user.id.is_program();
                is_person && user.is_active && user.role.may_administer()
            };
            if read.iter().any(|read| governs(&read.value)) {
                return Ok(true);
            }
            if read.len() < SCAN_PAGE {
                return Ok(false);
            }
            after = read.last().map(|last| last.id.clone());
        }
    }
}

/// An account of which only the id and the day of its beginning are left.
fn emptied(user: &User, username: String) -> User {
    User {
        email: String::new(),
        username,
        full_name: NOBODY.to_owned(),
        avatar_url: String::new(),
        password_hash: String::new(),
        role: OrgRole::Viewer,
        is_active: false,
        guest: None,
        is_awaited: false,
        custom_status: None,
        is_erased: true,
        ..user.clone()
    }
}

fn username_of(id: UserId) -> String {
    let id = id.to_string();
    format!("{PREFIX}{}", &id[id.len() - DIGITS..])
}
