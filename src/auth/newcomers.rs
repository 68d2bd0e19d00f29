//! People whom another program kept until now: accounts without a password, made by the one who runs the
//! server. They come in by a password that an admin makes for them, or by single sign-on.

use starling_actors::domain::{OrgId, OrgRole, UserId};

use super::names::{NAME_CHARS_MAX, URL_BYTES_MAX, fold, is_email};
use super::register::Name;
use super::store::{Unique, within};
use super::stored::{Moment, Organization, User};
use super::{AccountError, Accounts};
use crate::records::Versioned;

/// People looked at in search of an admin at a time.
const SCAN_PAGE: usize = 200;

/// Someone as another program knew them.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// Chosen before, so that they are made once.
    pub id: UserId,
    /// Empty, or no e-mail at all: they have none here.
    pub email: String,
    /// Made fit, and numbered when taken.
    pub username: String,
    /// May be empty.
    pub full_name: String,
    /// May be empty.
    pub avatar_url: String,
    /// What they may do.
    pub role: OrgRole,
    /// Whether they may sign in.
    pub is_active: bool,
}

impl Accounts {
    /// The organization with this slug.
    pub async fn organization_named(
        &self,
        slug: &str,
    ) -> Result<Option<Organization>, AccountError> {
        self.org_by_slug(slug).await
    }

    /// Who of an organization has this e-mail.
    pub async fn person_with_email(
        &self,
        org: OrgId,
        email: &str,
    ) -> Result<Option<User>, AccountError> {
        let key = within(org, &fold(email));
        let owner = self.inner.store.claimed_by(Unique::Email, &key).await?;
        let Some(id) = owner.and_then(|owner| owner.parse().ok()) else { return Ok(None) };
        Ok(self.inner.store.user(org, id).await?.map(|read| read.value))
    }

    /// The first of an organization's people who governs it.
    pub async fn first_admin(&self, org: OrgId) -> Result<Option<User>, AccountError> {
        let mut after: Option<String> = None;
        loop {
            let read: Vec<Versioned<User>> =
                self.inner.store.list(org, "", after.as_deref(), SCAN_PAGE).await?;
            let is_last = read.len() < SCAN_PAGE;
            after = read.last().map(|last| last.id.clone());
            let governs = |user: &User| user.is_active && user.role.may_administer();
            if let Some(found) = read.into_iter().map(|read| read.value).find(governs) {
                return Ok(Some(found));
            }
            if is_last {
                return Ok(None);
            }
        }
    }

    /// Makes an account for someone, or gives the one that they have by their id or their e-mail, with
    /// `false`.
    pub async fn bring_person(
        &self,
        org: OrgId,
        newcomer: Newcomer,
    ) -> Result<(User, bool), AccountError> {
        if let Some(read) = self.inner.store.user(org, newcomer.id).await? {
            return Ok((read.value, false));
        }
        let email = newcomer.email.trim();
        let email = if is_email(email) { email } else { "" };
        if !email.is_empty()
            && let Some(known) = self.person_with_email(org, email).await?
        {
            return Ok((known, false));
        }
        let avatar_url = Some(newcomer.avatar_url)
            .filter(|url| url.starts_with("https://") && url.len() <= URL_BYTES_MAX)
            .unwrap_or_default();
        let user = User {
            id: newcomer.id,
            org,
            email: email.to_owned(),
            username: String::new(),
            full_name: printable(&newcomer.full_name),
            avatar_url,
            password_hash: String::new(),
            role: newcomer.role,
            is_active: newcomer.is_active,
            is_superuser: false,
            created_at: Moment::from(self.now()),
            guest: None,
            is_awaited: false,
            custom_status: None,
            is_erased: false,
        };
        let user = self.add_user(user, Name::Like(&newcomer.username), None).await?;
        Ok((user, true))
    }
}

/// A name without what cannot be shown, as long as a name may be.
fn printable(name: &str) -> String {
    name.trim().chars().filter(|sign| !sign.is_control()).take(NAME_CHARS_MAX).collect()
}
