//! The first start: the default organization and the superuser.
//!
//! Every step can be repeated, and the mark comes last: a start that was cut off is made again.

use starling_actors::chat::Caller;
use starling_actors::domain::{OrgId, OrgRole, UserId};

use super::names::fold;
use super::register::{DEFAULT_SLUG, Name};
use super::store::{Unique, within};
use super::stored::{Organization, User};
use super::{AccountError, Accounts, caller_of};

/// What the server remembers once all was made.
const MARK: &str = "first_start";
const ADMIN_EMAIL: &str = "admin@starling.local";
const ADMIN_USERNAME: &str = "admin";

/// How the first admin signs in. Shown once.
#[derive(Clone, Debug)]
pub struct FirstAdmin {
    /// Their e-mail.
    pub email: String,
    /// Made at random.
    pub password: String,
    /// Who they are, to be led into their first channel.
    pub caller: Caller,
}

impl Accounts {
    /// Makes the default organization and the superuser, unless they were made before.
    pub async fn first_start(&self) -> Result<Option<FirstAdmin>, AccountError> {
        if self.inner.store.has_mark(MARK).await? {
            return Ok(None);
        }
        let org = self.default_organization().await?;
        let password = self.random_password();
        let hash = self.inner.hasher.hash(&password).await?;
        let user = self.superuser(org, hash).await?;
        self.inner.store.set_mark(MARK).await?;
        let caller = caller_of(&user, None);
        Ok(Some(FirstAdmin { email: ADMIN_EMAIL.to_owned(), password, caller }))
    }

    async fn default_organization(&self) -> Result<OrgId, AccountError> {
        let owner = self.inner.store.claimed_by(Unique::Slug, DEFAULT_SLUG).await?;
        let id = match owner.as_deref().map(str::parse) {
            Some(Ok(id)) => id,
            Some(Err(_)) => return Err(AccountError::Unavailable),
            None => OrgId::from_u128(self.inner.clock.fresh_id()),
        };
        if self.inner.store.organization(id).await?.is_none() {
            self.found(&Organization {
                id,
                name: "Default".to_owned(),
                slug: DEFAULT_SLUG.to_owned(),
                plan: "free".to_owned(),
                users_max: None,
                connections_max: None,
                users: 0,
                connections: 0,
                registration: self.default_registration(),
                settings: serde_json::Map::new(),
                created_at: self.now().into(),
            })
            .await?;
        }
        Ok(id)
    }

    async fn superuser(&self, org: OrgId, password_hash: String) -> Result<User, AccountError> {
        let email = within(org, &fold(ADMIN_EMAIL));
        let owner = self.inner.store.claimed_by(Unique::Email, &email).await?;
        let id = match owner.and_then(|owner| owner.parse().ok()) {
            Some(id) => id,
            None => UserId::from_u128(self.inner.clock.fresh_id()),
        };
        if let Some(read) = self.inner.store.user(org, id).await? {
            let user = User { password_hash, ..read.value };
            self.inner.store.replace(&user, read.version).await?;
            return Ok(user);
        }
        let user = User {
            id,
            org,
            email: ADMIN_EMAIL.to_owned(),
            username: String::new(),
            full_name: "Administrator".to_owned(),
            avatar_url: String::new(),
            password_hash,
            role: OrgRole::Admin,
            is_active: true,
            is_superuser: true,
            created_at: self.now().into(),
            guest: None,
            is_awaited: false,
        };
        self.add_user(user, Name::Exactly(ADMIN_USERNAME), None).await
    }
}
