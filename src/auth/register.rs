//! Signing up: into a new organization, by invitation, into a named one, or the default one.
//!
//! Order of things: look at all fields, find the organization, hash, then take (a place under the
//! limit, the e-mail, the name) and store. What was taken is given back when a later step fails, but
//! never when it is not known whether the storing did: an account that is there after all would share
//! its e-mail and name with the next one.

use starling_actors::domain::{OrgId, OrgRole, UserId};
use starling_actors::ports::RecordsError;

use super::names::{
    NAME_CHARS_MAX, fold, is_email, is_slug, slug_from_name, username_fault, username_from_email,
};
use super::secret::hash;
use super::sign_in::Origin;
use super::store::{Unique, key_of, user_key, within};
use super::stored::{Invitation, Organization, User};
use super::{AccountError, Accounts, SignedIn, password};
use crate::config::RegistrationMode;
use crate::records::Versioned;

/// The slug of the organization that is made at the first start.
pub(super) const DEFAULT_SLUG: &str = "default";
/// People of a new organization (wire.md).
const USERS_MAX: u32 = 10;
/// Connections of a new organization (wire.md).
const CONNECTIONS_MAX: u32 = 5;
/// Numbers tried behind a user name that is taken, before a random one settles it.
const NUMBERS_TRIED: u32 = 20;
/// Times a count is tried again when another node counted first.
const COUNT_ATTEMPTS: usize = 20;

/// What someone says who signs up.
#[derive(Clone, Debug, Default)]
pub struct Application {
    /// Their e-mail.
    pub email: String,
    /// Made from the e-mail when missing.
    pub username: Option<String>,
    /// In the clear; hashed before anything is stored.
    pub password: String,
    /// May be missing.
    pub full_name: Option<String>,
    /// Makes a new organization.
    pub org_name: Option<String>,
    /// Of the new organization, or of the one to join.
    pub org_slug: Option<String>,
    /// Joins whatever it says.
    pub invite_token: Option<String>,
}

/// What a new person will be called.
#[derive(Clone, Copy, Debug)]
pub(super) enum Name<'a> {
    /// This and nothing else.
    Exactly(&'a str),
    /// Made from a name or an e-mail, numbered when taken.
    Like(&'a str),
}

/// Where someone who signs up goes.
enum Destination {
    New(Organization),
    Join(OrgId, OrgRole, Option<Versioned<Invitation>>),
}

impl Accounts {
    /// Makes an account, maybe with its organization, and signs it in.
    pub async fn register(
        &self,
        application: Application,
        origin: Origin,
    ) -> Result<SignedIn, AccountError> {
        let application = checked(application)?;
        let destination = self.destination(&application).await?;
        if let Destination::Join(org, ..) = &destination {
            self.expect_free(*org, &application).await?;
        }
        let password_hash = self.inner.hasher.hash(&application.password).await?;
        let user = self.settle(&application, destination, password_hash).await?;
        self.sign_in(user, origin).await
    }

    async fn destination(&self, application: &Application) -> Result<Destination, AccountError> {
        if let Some(token) = &application.invite_token {
            let invitation = self.open_invitation(token, &application.email).await?;
            let (org, role) = (invitation.value.org, invitation.value.role);
            return Ok(Destination::Join(org, role, Some(invitation)));
        }
        if let Some(name) = &application.org_name {
            return self.new_organization(name, application.org_slug.as_deref()).await;
        }
        let slug = application.org_slug.as_deref().unwrap_or(DEFAULT_SLUG);
        let org = self.org_by_slug(slug).await?.ok_or(AccountError::NotFound("organization"))?;
        // The default organization follows the setting; others follow their own choice.
        let mode =
            if org.slug == DEFAULT_SLUG { self.default_registration() } else { org.registration };
        match mode {
            RegistrationMode::Open => Ok(Destination::Join(org.id, OrgRole::Analyst, None)),
            RegistrationMode::Invite | RegistrationMode::Closed => {
                Err(AccountError::RegistrationClosed)
            }
        }
    }

    async fn new_organization(
        &self,
        name: &str,
        slug: Option<&str>,
    ) -> Result<Destination, AccountError> {
        if self.default_registration() != RegistrationMode::Open {
            return Err(AccountError::RegistrationClosed);
        }
        let slug = slug.map_or_else(|| slug_from_name(name), str::to_owned);
        if slug.is_empty() {
            let fault = "is needed: the name has no letter or digit to make one from";
            return Err(AccountError::Field { field: "org_slug", fault });
        }
        if self.inner.store.claimed_by(Unique::Slug, &slug).await?.is_some() {
            return Err(AccountError::SlugTaken);
        }
        Ok(Destination::New(Organization {
            id: OrgId::from_u128(self.inner.clock.fresh_id()),
            name: name.trim().to_owned(),
            slug,
            plan: "free".to_owned(),
            users_max: Some(USERS_MAX),
            connections_max: Some(CONNECTIONS_MAX),
            users: 0,
            connections: 0,
            registration: self.default_registration(),
            settings: serde_json::Map::new(),
            created_at: self.now().into(),
        }))
    }

    /// Says early what is taken, before a hash is spent on it; the claims decide.
    async fn expect_free(&self, org: OrgId, application: &Application) -> Result<(), AccountError> {
        let email = within(org, &fold(&application.email));
        if self.inner.store.claimed_by(Unique::Email, &email).await?.is_some() {
            return Err(AccountError::EmailTaken);
        }
        if let Some(username) = &application.username {
            let username = within(org, &fold(username));
            if self.inner.store.claimed_by(Unique::Username, &username).await?.is_some() {
                return Err(AccountError::UsernameTaken);
            }
        }
        Ok(())
    }

    async fn settle(
        &self,
        application: &Application,
        destination: Destination,
        password_hash: String,
    ) -> Result<User, AccountError> {
        let (org, role, invitation) = match destination {
            Destination::New(organization) => {
                self.found(&organization).await?;
                (organization.id, OrgRole::Admin, None)
            }
            Destination::Join(org, role, invitation) => (org, role, invitation),
        };
        let user = User {
            id: UserId::from_u128(self.inner.clock.fresh_id()),
            org,
            email: application.email.clone(),
            username: String::new(),
            full_name: application.full_name.clone().unwrap_or_default(),
            avatar_url: String::new(),
            password_hash,
            role,
            is_active: true,
            is_superuser: false,
            created_at: self.now().into(),
            guest: None,
            is_awaited: false,
            custom_status: None,
            is_erased: false,
        };
        let name = match &application.username {
            Some(username) => Name::Exactly(username),
            None => Name::Like(&application.email),
        };
        self.add_user(user, name, invitation).await
    }

    /// Stores a new organization under its slug.
    pub(super) async fn found(&self, organization: &Organization) -> Result<(), AccountError> {
        let owner = organization.id.to_string();
        let (slug, record) = (&organization.slug, key_of(organization));
        match self.inner.store.claim(Unique::Slug, slug, &owner, &record).await {
            Ok(()) => {}
            Err(RecordsError::Conflict) => return Err(AccountError::SlugTaken),
            Err(RecordsError::Unavailable | RecordsError::Unknown) => {
                return Err(AccountError::Unavailable);
            }
        }
        let added = self.inner.store.add(organization).await;
        // One that is there under this id keeps its slug: another node made it.
        if let Err(RecordsError::Unavailable) = added {
            self.inner.store.release(Unique::Slug, &organization.slug, &owner).await?;
        }
        Ok(added.map(drop)?)
    }

    /// Takes a place, e-mail, name and invitation, and stores the user; gives them back when the user
    /// is not stored.
    pub(super) async fn add_user(
        &self,
        mut user: User,
        name: Name<'_>,
        invitation: Option<Versioned<Invitation>>,
    ) -> Result<User, AccountError> {
        let (org, owner) = (user.org, user.id.to_string());
        self.count_user(org, 1).await?;
        let taken = self.take_all(&mut user, name, invitation).await;
        let added = match taken {
            Ok(()) => self.inner.store.add(&user).await,
            Err(error) => {
                self.give_back(&user, &owner).await?;
                return Err(error);
            }
        };
        match added {
            Ok(_) => Ok(user),
            Err(RecordsError::Unknown) => {
                tracing::warn!(user = owner, "whether an account was stored is not known");
                Err(AccountError::Unavailable)
            }
            Err(error @ (RecordsError::Conflict | RecordsError::Unavailable)) => {
                self.give_back(&user, &owner).await?;
                Err(error.into())
            }
        }
    }

    /// Takes all that has to be a user's before they are stored. The index of e-mails comes before
    /// too: without it nobody signs in, and an entry that leads to nobody is passed over.
    async fn take_all(
        &self,
        user: &mut User,
        name: Name<'_>,
        invitation: Option<Versioned<Invitation>>,
    ) -> Result<(), AccountError> {
        let owner = user.id.to_string();
        let holder = (user.org, &owner[..]);
        // People of other issuers may have no e-mail.
        if !user.email.is_empty() {
            let email = within(user.org, &fold(&user.email));
            self.take(Unique::Email, &email, holder, AccountError::EmailTaken).await?;
        }
        user.username = match name {
            Name::Exactly(username) => {
                let key = within(user.org, &fold(username));
                self.take(Unique::Username, &key, holder, AccountError::UsernameTaken).await?;
                username.to_owned()
            }
            Name::Like(wish) => {
                let wish = username_from_email(wish);
                self.take_numbered(user.org, &wish, &owner).await?
            }
        };
        if let Some(mut invitation) = invitation {
            invitation.value.is_used = true;
            let put = self.inner.store.replace(&invitation.value, invitation.version).await;
            put.map_err(|error| match error {
                RecordsError::Conflict => AccountError::InvalidInvitation,
                RecordsError::Unavailable | RecordsError::Unknown => AccountError::Unavailable,
            })?;
        }
        if !user.email.is_empty() {
            self.inner.store.index_email(&fold(&user.email), user.org, user.id).await?;
        }
        Ok(())
    }

    /// Gives back what was taken for a user who is not stored and never will be.
    async fn give_back(&self, user: &User, owner: &str) -> Result<(), AccountError> {
        let store = &self.inner.store;
        // Someone who is there under this id keeps their keys: another node made them.
        if store.user(user.org, user.id).await?.is_none() {
            store.release(Unique::Email, &within(user.org, &fold(&user.email)), owner).await?;
            store
                .release(Unique::Username, &within(user.org, &fold(&user.username)), owner)
                .await?;
        }
        self.count_user(user.org, -1).await
    }

    async fn take(
        &self,
        unique: Unique,
        key: &str,
        (org, owner): (OrgId, &str),
        taken: AccountError,
    ) -> Result<(), AccountError> {
        match self.inner.store.claim(unique, key, owner, &user_key(org, owner)).await {
            Ok(()) => Ok(()),
            Err(RecordsError::Conflict) => Err(taken),
            Err(RecordsError::Unavailable | RecordsError::Unknown) => {
                Err(AccountError::Unavailable)
            }
        }
    }

    /// Takes a user name, with a number behind it when it is taken.
    pub(super) async fn take_numbered(
        &self,
        org: OrgId,
        wish: &str,
        owner: &str,
    ) -> Result<String, AccountError> {
        let numbered = (2..=NUMBERS_TRIED).map(|number| format!("{wish}{number}"));
        // Past the small numbers a random one is free at once, where counting would go on.
        let random = format!("{wish}-{:08x}", self.inner.clock.random() & 0xffff_ffff);
        let record = user_key(org, owner);
        for name in std::iter::once(wish.to_owned()).chain(numbered).chain([random]) {
            let key = within(org, &fold(&name));
            match self.inner.store.claim(Unique::Username, &key, owner, &record).await {
                Ok(()) => return Ok(name),
                Err(RecordsError::Conflict) => {}
                Err(RecordsError::Unavailable | RecordsError::Unknown) => {
                    return Err(AccountError::Unavailable);
                }
            }
        }
        Err(AccountError::UsernameTaken)
    }

    /// Counts a person in or out, under the organization's limit and version.
    pub(super) async fn count_user(&self, org: OrgId, change: i32) -> Result<(), AccountError> {
        let _counting = self.inner.counting.lock().await;
        for _ in 0..COUNT_ATTEMPTS {
            let read = self.inner.store.organization(org).await?;
            let Versioned { version, mut value, .. } =
                read.ok_or(AccountError::NotFound("organization"))?;
            if change > 0 && value.users_max.is_some_and(|max| value.users >= max) {
                return Err(AccountError::LimitReached);
            }
            value.users = value.users.saturating_add_signed(change);
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

    pub(super) async fn org_by_slug(
        &self,
        slug: &str,
    ) -> Result<Option<Organization>, AccountError> {
        let Some(owner) = self.inner.store.claimed_by(Unique::Slug, slug).await? else {
            return Ok(None);
        };
        let org = owner.parse().map_err(|_| AccountError::Unavailable)?;
        Ok(self.inner.store.organization(org).await?.map(|read| read.value))
    }

    async fn open_invitation(
        &self,
        token: &str,
        email: &str,
    ) -> Result<Versioned<Invitation>, AccountError> {
        let owner = self.inner.store.claimed_by(Unique::Invitation, &hash(token)).await?;
        let (org, id) = owner
            .as_deref()
            .and_then(|owner| owner.split_once('/'))
            .and_then(|(org, id)| Some((org.parse().ok()?, id.parse().ok()?)))
            .ok_or(AccountError::InvalidInvitation)?;
        let invitation = self.inner.store.invitation(org, id).await?;
        let now = self.now();
        invitation
            .filter(|read| {
                let is_for_them =
                    read.value.email.is_empty() || fold(&read.value.email) == fold(email);
                !read.value.is_used && now < read.value.expires_at.into() && is_for_them
            })
            .ok_or(AccountError::InvalidInvitation)
    }
}

fn checked(mut application: Application) -> Result<Application, AccountError> {
    let field = |field, fault| Err(AccountError::Field { field, fault });
    application.email = application.email.trim().to_owned();
    if !is_email(&application.email) {
        return field("email", "is not an e-mail address");
    }
    let blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    if blank(&application.username) {
        application.username = None;
    }
    if let Some(username) = &mut application.username {
        *username = username.trim().to_owned();
        if let Some(fault) = username_fault(username) {
            return field("username", fault);
        }
    }
    for (name, text) in [("full_name", &application.full_name), ("org_name", &application.org_name)]
    {
        if text.as_deref().is_some_and(|text| text.chars().nth(NAME_CHARS_MAX).is_some()) {
            return field(name, "must have at most 200 characters");
        }
        if text.as_deref().is_some_and(|text| text.chars().any(char::is_control)) {
            return field(name, "has a character that is not allowed");
        }
    }
    if blank(&application.org_name) {
        application.org_name = None;
    }
    if application.org_slug.as_deref() == Some("") {
        application.org_slug = None;
    }
    if application.org_slug.as_deref().is_some_and(|slug| !is_slug(slug)) {
        return field("org_slug", "must have 1 to 100 of a-z, 0-9 and '-'");
    }
    let username = application.username.as_deref().unwrap_or_default();
    match password::weakness(&application.password, &application.email, username) {
        Some(fault) => Err(AccountError::WeakPassword(fault)),
        None => Ok(application),
    }
}
