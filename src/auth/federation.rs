//! People whom another server vouches for: found again by issuer and subject, made at first sight
//! where the operator wants it.
//!
//! **Invariant:** an outside person never becomes a local account that only has the same e-mail,
//! unless the operator said so and the issuer says that the e-mail is theirs; then `adoption` sees
//! to it that nobody else keeps a key.

use std::sync::Arc;
use std::time::Duration;

use starling_actors::chat::Caller;
use starling_actors::domain::{OrgId, OrgRole, Timestamp, UserId};

use super::fetch::Fetcher;
use super::names::fold;
use super::outside::{FederationError, Jwks, Keys, OutsidePerson, Verifier};
use super::register::Name;
use super::store::{Unique, user_key, within};
use super::stored::User;
use super::{AccountError, Accounts, TokenError, caller_of};
use crate::config::{Outside, Settings};

/// People whose account is remembered; an entry takes about 200 bytes: 20 MB at most.
const KNOWN_MAX: u64 = 100_000;
/// How long it is remembered. It never changes; what is not asked for makes room.
const KNOWN_IDLE: Duration = Duration::from_secs(600);

/// Who came by a token, and for how long it speaks for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Who.
    pub caller: Caller,
    /// When a socket that was opened with it ends; absent when it lives as long as the sign-in.
    pub expires_at: Option<Timestamp>,
    /// Whether they are still to be led into their first channel; see [`Accounts::was_led_in`].
    pub is_new: bool,
}

/// What is needed for people from outside.
pub(super) struct Federation {
    /// Of access tokens; absent when none are taken.
    verifier: Option<Verifier>,
    mapping: Outside,
    known: moka::sync::Cache<String, (OrgId, UserId)>,
    /// Held while an account is made: two first requests of one person make one account.
    arriving: tokio::sync::Mutex<()>,
}

impl Federation {
    pub(super) fn new(settings: &Settings) -> Result<Self, FederationError> {
        let mapping = settings.outside.clone();
        let verifier =
            if mapping.issuer.is_empty() { None } else { Some(access_verifier(&mapping)?) };
        let known =
            moka::sync::Cache::builder().max_capacity(KNOWN_MAX).time_to_idle(KNOWN_IDLE).build();
        Ok(Self { verifier, mapping, known, arriving: tokio::sync::Mutex::new(()) })
    }

    /// The verifier of access tokens, if this one can be theirs.
    pub(super) fn verifier_of(&self, token: &str) -> Option<&Verifier> {
        self.verifier.as_ref().filter(|verifier| verifier.is_for(token))
    }
}

fn access_verifier(mapping: &Outside) -> Result<Verifier, FederationError> {
    let keys = if mapping.public_key.is_empty() {
        let fetcher = Fetcher::new().map_err(|cause| FederationError::Client(cause.to_string()))?;
        let refresh = mapping.jwks_refresh_seconds;
        let keys = Jwks::new(&mapping.jwks_url, mapping.algorithm, refresh, fetcher);
        Keys::Published(Arc::new(keys))
    } else {
        Keys::from_pem(&mapping.public_key, mapping.algorithm)?
    };
    Ok(Verifier::new(&mapping.issuer, &mapping.audience, mapping.algorithm, keys, mapping))
}

impl Accounts {
    /// Whom an outside issuer's token speaks for.
    pub(super) async fn admit_outside(
        &self,
        verifier: &Verifier,
        token: &str,
    ) -> Result<Admission, TokenError> {
        let person = verifier.verify(token, self.now()).await?.person;
        let user = self.outside_user(&person).await.map_err(|error| {
            if matches!(error, AccountError::Unavailable | AccountError::Overloaded) {
                return TokenError::Unavailable;
            }
            tracing::info!(%error, "an outside token's person has no account here");
            TokenError::NoAccount
        })?;
        if !user.is_active {
            return Err(TokenError::Revoked);
        }
        let (caller, is_new) = (caller_of(&user, None), user.is_awaited);
        Ok(Admission { caller, expires_at: Some(person.until), is_new })
    }

    /// Notes that someone who was new is in their first channel. Until then every request of
    /// theirs says that they are new: who led them there may have been cut off.
    pub async fn was_led_in(&self, caller: &Caller) -> Result<(), AccountError> {
        let arrived =
            |user: &User| user.is_awaited.then(|| User { is_awaited: false, ..user.clone() });
        self.rewrite_user(caller.org, caller.user(), arrived).await.map(drop)
    }

    /// The account of someone from outside.
    pub(super) async fn outside_user(&self, person: &OutsidePerson) -> Result<User, AccountError> {
        let known = &self.inner.federation.known;
        let place = format!("{}/{}", person.org, person.key);
        if let Some((org, id)) = known.get(&place)
            && let Some(user) = self.profile(org, id).await?
        {
            return self.with_role(user, person).await;
        }
        let org = self.org_by_slug(&fold(&person.org)).await?;
        let org = org.ok_or(AccountError::NotFound("organization"))?.id;
        let user = match self.linked(org, person).await? {
            Some(user) => user,
            None => self.arrive(org, person).await?,
        };
        known.insert(place, (org, user.id));
        self.with_role(user, person).await
    }

    /// The account that a person from outside had before.
    async fn linked(
        &self,
        org: OrgId,
        person: &OutsidePerson,
    ) -> Result<Option<User>, AccountError> {
        match self.link_of(org, person).await? {
            Some(id) => self.profile(org, id).await,
            None => Ok(None),
        }
    }

    pub(super) async fn link_of(
        &self,
        org: OrgId,
        person: &OutsidePerson,
    ) -> Result<Option<UserId>, AccountError> {
        let key = within(org, &person.key);
        let owner = self.inner.store.claimed_by(Unique::Outside, &key).await?;
        Ok(owner.and_then(|owner| owner.parse().ok()))
    }

    /// Someone's first sight: they take over their account, or get one, or are refused.
    async fn arrive(&self, org: OrgId, person: &OutsidePerson) -> Result<User, AccountError> {
        let _arriving = self.inner.federation.arriving.lock().await;
        if let Some(user) = self.linked(org, person).await? {
            return Ok(user);
        }
        if let Some(email) = &person.email
            && let Some(user) = self.by_email(org, email).await?
        {
            if !(self.inner.federation.mapping.adopt_by_email && person.is_email_verified) {
                return Err(AccountError::EmailTaken);
            }
            return self.adopt(org, person, user.id).await;
        }
        if !self.inner.federation.mapping.create_users {
            return Err(AccountError::RegistrationClosed);
        }
        // The link comes first: after a crash between the two the account is made with its id.
        let id = match self.link_of(org, person).await? {
            Some(id) => id,
            None => {
                let id = UserId::from_u128(self.inner.clock.fresh_id());
                self.link(org, person, id).await?;
                id
            }
        };
        self.make_outside_user(org, person, id).await
    }

    async fn by_email(&self, org: OrgId, email: &str) -> Result<Option<User>, AccountError> {
        let key = within(org, &fold(email));
        let owner = self.inner.store.claimed_by(Unique::Email, &key).await?;
        match owner.and_then(|owner| owner.parse().ok()) {
            Some(id) => self.profile(org, id).await,
            None => Ok(None),
        }
    }

    pub(super) async fn link(
        &self,
        org: OrgId,
        person: &OutsidePerson,
        user: UserId,
    ) -> Result<(), AccountError> {
        let key = within(org, &person.key);
        // A conflict means that another node was first: the next request finds its account.
        let owner = user.to_string();
        let record = user_key(org, &owner);
        Ok(self.inner.store.claim(Unique::Outside, &key, &owner, &record).await?)
    }

    async fn make_outside_user(
        &self,
        org: OrgId,
        person: &OutsidePerson,
        id: UserId,
    ) -> Result<User, AccountError> {
        let default_role = self.inner.federation.mapping.default_role.parse();
        let user = User {
            id,
            org,
            email: person.email.clone().unwrap_or_default(),
            username: String::new(),
            full_name: person.full_name.clone(),
            avatar_url: String::new(),
            password_hash: String::new(),
            role: person.role.unwrap_or(default_role.unwrap_or(OrgRole::Analyst)),
            is_active: true,
            is_superuser: false,
            created_at: self.now().into(),
            guest: None,
            is_awaited: true,
            custom_status: None,
            is_erased: false,
        };
        let name = Name::Like(person.username.as_ref().or(person.email.as_ref()).map_or("", |n| n));
        self.add_user(user, name, None).await
    }

    /// The person with the role that their issuer names, if it rules over roles.
    async fn with_role(&self, user: User, person: &OutsidePerson) -> Result<User, AccountError> {
        let Some(role) = person.role.filter(|role| *role != user.role) else { return Ok(user) };
        if user.is_superuser {
            return Ok(user);
        }
        let governed = |user: &User| {
            let is_other = user.role != role && !user.is_superuser && !user.is_erased;
            is_other.then(|| User { role, ..user.clone() })
        };
        let user = self.rewrite_user(user.org, user.id, governed).await?;
        self.announce_rights(user.id).await;
        Ok(user)
    }
}
