//! Who asks: accounts, sign-ins, tokens, invitations, guests.
//!
//! Reading order: [`Accounts`] and its checks here; `register` and `sign_in` (the ways in);
//! `people`, `erasure`, `newcomers`, `bots`, `organizations`, `invitations`, `personal_tokens` (what is managed); `reset_by_mail`; `federation`,
//! `adoption`, `outside` and `oidc` (people of other issuers); then what they stand on: `stored` and `store` (records),
//! `jwt`, `passes`, `password`, `throttle`, `cache`, `vigil`, `fetch`.
//!
//! **Invariants:** every look-up names the organization; a change made on this node counts from
//! the next request on, one made elsewhere within five seconds; a sign-in that ended, and a role that
//! changed, is told to the bus, so that its sockets go.

mod adoption;
mod bots;
mod cache;
mod erasure;
mod error;
mod federation;
mod fetch;
mod file_passes;
mod first_start;
mod groups;
mod guests;
mod invitations;
mod jwt;
mod names;
mod newcomers;
mod oidc;
mod organizations;
mod outside;
mod passes;
mod password;
mod people;
mod personal_tokens;
mod register;
mod reset;
mod reset_by_mail;
mod secret;
mod sign_in;
mod store;
mod stored;
#[cfg(test)]
mod tests;
mod throttle;
mod tickets;
mod vigil;

use std::sync::Arc;

use starling_actors::chat::Caller;
use starling_actors::domain::{LoginId, OrgId, Timestamp, TokenId, UserId};
use starling_actors::ports::{Bus, Clock, Records, RecordsError, SharedLimits};

use self::cache::Cache;
use self::federation::Federation;
use self::jwt::{TokenType, Tokens};
use self::oidc::SingleSignOn;
use self::passes::Passes;
use self::password::Hasher;
use self::store::Store;
use self::throttle::Throttle;
use self::vigil::ToldLately;
use crate::config::{Registration, RegistrationMode, Settings};
use crate::records::Versioned;

pub use self::bots::{Bot, BotForm};
pub use self::error::{AccountError, TokenError};
pub use self::federation::Admission;
pub use self::first_start::FirstAdmin;
pub use self::groups::{GROUP_MEMBERS_MAX, Group, GroupChange};
pub use self::guests::GuestEntry;
pub use self::invitations::{NewInvitation, NewInvitationToken};
pub use self::newcomers::Newcomer;
pub use self::oidc::{ARRIVAL_SECONDS, Departure, OidcError, Return, SIGN_IN_SECONDS};
pub use self::organizations::OrganizationChange;
pub use self::outside::FederationError;
pub use self::people::{UserChange, UserPage};
pub use self::personal_tokens::NewPersonalToken;
pub use self::register::Application;
pub use self::reset_by_mail::ResetLink;
pub(crate) use self::secret::{SecretKind, hash as hash_secret, make as make_secret};
pub use self::sign_in::{Credentials, Origin, SignedIn};
pub use self::stored::{Invitation, Login, Moment, Organization, PersonalToken, User};
pub use self::tickets::TICKET_SECONDS;

/// Everything about accounts. Cheap to clone.
#[derive(Clone)]
pub struct Accounts {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    bus: Arc<dyn Bus>,
    tokens: Tokens,
    hasher: Hasher,
    throttle: Throttle,
    /// New guests by network; none of them counts as a success.
    guest_throttle: Throttle,
    /// New passwords that were asked for by mail; none of them counts as a success.
    reset_throttle: Throttle,
    /// What a browser opens a socket with.
    tickets: Passes,
    /// What it opens a file with.
    file_passes: Passes,
    /// Whose rights changed lately.
    told: ToldLately,
    federation: Federation,
    /// Absent when the operator has named no provider.
    single_sign_on: Option<SingleSignOn>,
    users: Cache<UserId, User>,
    logins: Cache<LoginId, Login>,
    registration: Registration,
    has_guests: bool,
    /// Held while an organization's people are counted, so that sign-ups on one node wait for each
    /// other instead of failing at the version.
    counting: tokio::sync::Mutex<()>,
    /// Held while an admin changes someone's role or state, so that the last two do not take each
    /// other's away at the same moment. It counts on one node; between nodes each looks again after
    /// what it stored.
    governing: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Accounts")
    }
}

impl Accounts {
    /// Passwords that wait for a processor or are being hashed.
    pub fn waiting_hashes(&self) -> u64 {
        self.inner.hasher.waiting() as u64
    }

    /// Over these records. Hashes one password, which takes some 50 ms. Fails when outside tokens
    /// are wanted and their key is none.
    pub fn new(
        records: Arc<dyn Records>,
        clock: Arc<dyn Clock>,
        bus: Arc<dyn Bus>,
        settings: &Settings,
    ) -> Result<Self, FederationError> {
        let single_sign_on = match settings.oidc.issuer.as_str() {
            "" => None,
            _ => {
                let clock = Arc::clone(&clock);
                Some(SingleSignOn::new(settings, clock)?)
            }
        };
        let tokens = &settings.tokens;
        let (newest, previous) = (&tokens.access_secret, &tokens.previous_access_secrets);
        let inner = Inner {
            single_sign_on,
            store: Store::new(records),
            bus,
            tokens: Tokens::new(&settings.tokens),
            hasher: Hasher::new(Arc::clone(&clock)),
            throttle: Throttle::new("logins", settings.limits.login_failures),
            guest_throttle: Throttle::new("guests", settings.limits.new_guests),
            reset_throttle: Throttle::new("resets", settings.limits.login_failures),
            tickets: Passes::new(SecretKind::Ticket, newest, previous),
            file_passes: Passes::new(SecretKind::File, newest, previous),
            told: ToldLately::default(),
            federation: Federation::new(settings)?,
            users: Cache::new(),
            logins: Cache::new(),
            registration: settings.registration.clone(),
            has_guests: settings.guests.enabled,
            counting: tokio::sync::Mutex::new(()),
            governing: tokio::sync::Mutex::new(()),
            clock,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Counts failed sign-ins and new guests over all nodes from now on, and uses of what counts once.
    pub fn share_limits(&self, shared: &Arc<dyn SharedLimits>) {
        self.inner.throttle.share(Arc::clone(shared));
        self.inner.guest_throttle.share(Arc::clone(shared));
        self.inner.reset_throttle.share(Arc::clone(shared));
        self.inner.tickets.share(Arc::clone(shared));
        if let Some(single_sign_on) = &self.inner.single_sign_on {
            single_sign_on.arrivals.share(Arc::clone(shared));
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Whom a bearer token speaks for.
    pub async fn authenticate(&self, token: &str) -> Result<Caller, TokenError> {
        Ok(self.admit(token).await?.caller)
    }

    /// Whom a bearer token speaks for and for how long: an access token, a personal access token
    /// or one of an outside issuer. Runs on every request: what it reads is cached.
    pub async fn admit(&self, token: &str) -> Result<Admission, TokenError> {
        if let Some(verifier) = self.inner.federation.verifier_of(token) {
            return Box::pin(self.admit_outside(verifier, token)).await;
        }
        if token.starts_with(SecretKind::PersonalToken.prefix()) {
            return self.admit_personal(token).await;
        }
        let caller = self.authenticate_own(token).await?;
        Ok(Admission { caller, expires_at: None, is_new: false })
    }

    async fn authenticate_own(&self, token: &str) -> Result<Caller, TokenError> {
        let claims = self.inner.tokens.read(TokenType::Access, token, self.now())?;
        let org = claims.org_id.parse().map_err(|_| TokenError::Invalid)?;
        let user = claims.sub.parse().map_err(|_| TokenError::Invalid)?;
        let login = claims.sid.parse().map_err(|_| TokenError::Invalid)?;
        self.checked_login(org, user, login).await?;
        self.checked_user(org, user, Some(login)).await
    }

    /// Whether who came in earlier may still be here, and as whom, as of a moment ago.
    pub async fn still_valid(&self, caller: &Caller) -> Result<Caller, TokenError> {
        let grant = (caller.login, caller.token);
        self.person_behind(caller.org, caller.user(), grant).await
    }

    /// The person whom a sign-in or a personal access token opened something for.
    async fn person_behind(
        &self,
        org: OrgId,
        user: UserId,
        (login, token): (Option<LoginId>, Option<TokenId>),
    ) -> Result<Caller, TokenError> {
        if let Some(login) = login {
            self.checked_login(org, user, login).await?;
        }
        if let Some(token) = token {
            self.checked_personal(org, user, token).await?;
        }
        let caller = self.checked_user(org, user, login).await?;
        Ok(Caller { token, ..caller })
    }

    async fn checked_login(
        &self,
        org: OrgId,
        user: UserId,
        id: LoginId,
    ) -> Result<Arc<Versioned<Login>>, TokenError> {
        let login = self.cached_login(org, user, id).await?.ok_or(TokenError::Revoked)?;
        let counts =
            login.value.org == org && login.value.user == user && login.value.counts_at(self.now());
        counts.then_some(login).ok_or(TokenError::Revoked)
    }

    async fn checked_user(
        &self,
        org: OrgId,
        id: UserId,
        login: Option<LoginId>,
    ) -> Result<Caller, TokenError> {
        let user = self.cached_user(org, id).await?.ok_or(TokenError::Invalid)?;
        if user.value.is_active {
            Ok(caller_of(&user.value, login))
        } else {
            Err(TokenError::Revoked)
        }
    }

    async fn cached_login(
        &self,
        org: OrgId,
        user: UserId,
        id: LoginId,
    ) -> Result<Option<Arc<Versioned<Login>>>, RecordsError> {
        if let Some(login) = self.inner.logins.get(id) {
            return Ok(Some(login));
        }
        let read = self.inner.store.login(org, user, id).await?;
        Ok(read.map(|read| self.inner.logins.keep(id, read.version, read.value)))
    }

    /// A person of an organization, as of at most four seconds ago.
    async fn cached_user(
        &self,
        org: OrgId,
        id: UserId,
    ) -> Result<Option<Arc<Versioned<User>>>, RecordsError> {
        let known = self.inner.users.get(id);
        let user = match known {
            Some(user) => user,
            None => {
                let Some(read) = self.inner.store.user(org, id).await? else { return Ok(None) };
                self.inner.users.keep(id, read.version, read.value)
            }
        };
        Ok((user.value.org == org).then_some(user))
    }

    fn default_registration(&self) -> RegistrationMode {
        self.inner.registration.mode
    }
}

fn caller_of(user: &User, login: Option<LoginId>) -> Caller {
    Caller {
        org: user.org,
        byline: user.byline(),
        role: user.role,
        is_superuser: user.is_superuser,
        login,
        token: None,
    }
}
