//! Signing in, refreshing, signing out.
//!
//! Refreshing spends the refresh token. A spent one that comes again was copied: its whole family
//! ends. Two requests that present the same unspent token at the same moment are told apart by the
//! record's version: one gets the new pair, the other 401, and the family lives on, since nobody
//! has used a token twice. A client with several tabs therefore refreshes under a lock.

use starling_actors::chat::Caller;
use starling_actors::domain::{LoginId, OrgId, UserId};
use starling_actors::ports::RecordsError;

use super::jwt::TokenType;
use super::names::fold;
use super::register::DEFAULT_SLUG;
use super::store::{Unique, within};
use super::stored::{Login, User};
use super::{AccountError, Accounts, TokenError, caller_of};
use crate::records::Versioned;

/// Organizations of one e-mail that are looked at when no slug says which.
const ORGS_LOOKED_AT: usize = 16;
/// Sign-ins read at a time. All are read: one that was left out would outlive a changed password.
const LOGINS_READ: usize = 1_000;
/// Longest name of a client that is kept.
const USER_AGENT_CHARS_MAX: usize = 200;
/// Times a revocation is tried again when a refresh came between.
const REVOKE_ATTEMPTS: usize = 5;

/// With what someone signs in.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// E-mail or user name.
    pub identifier: String,
    /// In the clear.
    pub password: String,
    /// Which organization, when the e-mail is in several or the name is not of the default one.
    pub org_slug: Option<String>,
}

/// From where and with what someone comes; shown in their list of sign-ins.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The client's address.
    pub address: String,
    /// The client's name of itself.
    pub user_agent: String,
}

/// A person and the tokens of their sign-in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// The same, as callers are known.
    pub caller: Caller,
    /// Opens the API.
    pub access_token: String,
    /// Gets the next pair, once.
    pub refresh_token: String,
    /// Seconds until the access token ends.
    pub expires_in: i64,
}

impl Accounts {
    /// Checks a password and signs in. Whatever is wrong, the answer and the work are the same.
    pub async fn log_in(
        &self,
        credentials: Credentials,
        origin: Origin,
    ) -> Result<SignedIn, AccountError> {
        let account = format!(
            "account/{}/{}",
            credentials.org_slug.as_deref().unwrap_or_default(),
            fold(&credentials.identifier)
        );
        let address = format!("address/{}", origin.address);
        let keys = [account.clone(), address.clone()];
        let admitted = self.inner.throttle.admit(&keys, self.now()).await;
        admitted.map_err(|throttled| AccountError::Throttled {
            retry_after_ms: throttled.retry_after_ms,
        })?;
        let found = self.find(&credentials).await?;
        let hash = found.as_ref().map(|user| user.password_hash.as_str());
        let hash = hash.filter(|hash| !hash.is_empty());
        let is_right = self.inner.hasher.verify(&credentials.password, hash).await?;
        match found {
            Some(user) if is_right && user.is_active => {
                self.inner.throttle.succeeded(&account, &[address]).await;
                self.sign_in(user, origin).await
            }
            Some(_) | None => Err(AccountError::InvalidCredentials),
        }
    }

    /// One person for the credentials, so that one hash is checked: trying several would tell by
    /// its time that an e-mail is known. Without a slug the default organization goes first, then
    /// the one in which the e-mail has been for longest.
    pub(super) async fn find(
        &self,
        credentials: &Credentials,
    ) -> Result<Option<User>, AccountError> {
        let identifier = fold(&credentials.identifier);
        let is_email = identifier.contains('@');
        let slug = credentials.org_slug.as_deref().filter(|slug| !slug.is_empty());
        if slug.is_none() && is_email {
            return self.found_by_email(&identifier).await;
        }
        let slug = slug.unwrap_or(DEFAULT_SLUG);
        let org = self.inner.store.claimed_by(Unique::Slug, slug).await?;
        let org: OrgId = match org.as_deref().map(str::parse) {
            Some(Ok(org)) => org,
            Some(Err(_)) | None => return Ok(None),
        };
        let unique = if is_email { Unique::Email } else { Unique::Username };
        let user = self.inner.store.claimed_by(unique, &within(org, &identifier)).await?;
        let Some(user) = user.and_then(|user| user.parse().ok()) else { return Ok(None) };
        Ok(self.inner.store.user(org, user).await?.map(|read| read.value))
    }

    /// The account of an e-mail, in the default organization or else in the oldest one. A place in the
    /// index is taken before its account is stored, so one may lead to nobody.
    async fn found_by_email(&self, email: &str) -> Result<Option<User>, AccountError> {
        let mut orgs = self.inner.store.orgs_of_email(email, ORGS_LOOKED_AT).await?;
        let default = self.inner.store.claimed_by(Unique::Slug, DEFAULT_SLUG).await?;
        // Stable: the others stay in their order.
        orgs.sort_by_key(|(org, _)| default.as_deref() != Some(&org.to_string()));
        for (org, user) in orgs {
            if let Some(read) = self.inner.store.user(org, user).await? {
                return Ok(Some(read.value));
            }
        }
        Ok(None)
    }

    /// Opens a family of tokens for someone who has shown who they are, and looks once more: who
    /// changed the password meanwhile, switched the account off or took it over has ended the
    /// sign-ins that were there, and this one may have come too late for that.
    pub(super) async fn sign_in(
        &self,
        user: User,
        origin: Origin,
    ) -> Result<SignedIn, AccountError> {
        let now = self.now();
        let lifetime_ms = self.inner.tokens.lifetime_s(TokenType::Refresh).saturating_mul(1000);
        let login = Login {
            id: LoginId::from_u128(self.inner.clock.fresh_id()),
            user: user.id,
            org: user.org,
            refresh_jti: self.fresh_jti(),
            expires_at: now.plus_ms(lifetime_ms).into(),
            is_revoked: false,
            created_at: now.into(),
            used_at: now.into(),
            address: origin.address,
            user_agent: origin.user_agent.chars().take(USER_AGENT_CHARS_MAX).collect(),
        };
        let version = self.inner.store.add(&login).await?;
        let login = self.inner.logins.keep(login.id, version, login);
        let kept = self.inner.store.user(user.org, user.id).await?.map(|read| read.value);
        let is_unchanged = |kept: &User| kept.is_active && kept.password_hash == user.password_hash;
        if !kept.as_ref().is_some_and(is_unchanged) {
            self.revoke(user.org, user.id, login.value.id).await?;
            return Err(AccountError::InvalidCredentials);
        }
        self.issue(user, &login.value)
    }

    pub(super) fn fresh_jti(&self) -> String {
        format!("{:032x}", self.inner.clock.random())
    }

    fn issue(&self, user: User, login: &Login) -> Result<SignedIn, AccountError> {
        let (tokens, now) = (&self.inner.tokens, self.now());
        let access_jti = self.fresh_jti();
        let access_token = tokens.issue(TokenType::Access, &user, login.id, &access_jti, now)?;
        let refresh_token =
            tokens.issue(TokenType::Refresh, &user, login.id, &login.refresh_jti, now)?;
        let expires_in = tokens.lifetime_s(TokenType::Access);
        let caller = caller_of(&user, Some(login.id));
        Ok(SignedIn { user, caller, access_token, refresh_token, expires_in })
    }

    /// Gives a new pair for an unspent refresh token, and spends it.
    pub async fn refresh(&self, token: &str) -> Result<SignedIn, AccountError> {
        let claims = self.inner.tokens.read(TokenType::Refresh, token, self.now())?;
        let org = claims.org_id.parse().map_err(|_| TokenError::Invalid)?;
        let user = claims.sub.parse().map_err(|_| TokenError::Invalid)?;
        let id = claims.sid.parse().map_err(|_| TokenError::Invalid)?;
        let read = self.inner.store.login(org, user, id).await?.ok_or(TokenError::Revoked)?;
        let Versioned { version, value: mut login, .. } = read;
        if login.is_revoked {
            return Err(TokenError::Revoked.into());
        }
        if login.refresh_jti != claims.jti {
            tracing::warn!(%user, login = %id, "a spent refresh token came again; sign-in ended");
            self.revoke(org, user, id).await?;
            return Err(TokenError::Revoked.into());
        }
        let user = self.inner.store.user(org, user).await?.ok_or(TokenError::Invalid)?.value;
        if !user.is_active {
            return Err(TokenError::Revoked.into());
        }
        let now = self.now();
        let lifetime_ms = self.inner.tokens.lifetime_s(TokenType::Refresh).saturating_mul(1000);
        login.refresh_jti = self.fresh_jti();
        login.expires_at = now.plus_ms(lifetime_ms).into();
        login.used_at = now.into();
        match self.inner.store.replace(&login, version).await {
            Ok(version) => {
                let login = self.inner.logins.keep(id, version, login);
                self.issue(user, &login.value)
            }
            // Someone presented the same token at the same moment, and was first.
            Err(RecordsError::Conflict) => Err(TokenError::Invalid.into()),
            Err(RecordsError::Unavailable | RecordsError::Unknown) => {
                Err(AccountError::Unavailable)
            }
        }
    }

    /// Ends the sign-in that the caller came by.
    pub async fn log_out(&self, caller: &Caller) -> Result<(), AccountError> {
        let login = caller
            .login
            .ok_or(AccountError::Forbidden("only a sign-in of this server is ended here"))?;
        self.revoke(caller.org, caller.user(), login).await.map(drop)
    }

    /// Sign-ins of the caller that have not ended, oldest first.
    pub async fn logins(&self, caller: &Caller) -> Result<Vec<Login>, AccountError> {
        let now = self.now();
        let mut logins = self.all_logins(caller.org, caller.user()).await?;
        logins.retain(|login| !login.is_revoked && now < login.expires_at.into());
        Ok(logins)
    }

    async fn all_logins(&self, org: OrgId, user: UserId) -> Result<Vec<Login>, AccountError> {
        let parent = user.to_string();
        let mut logins: Vec<Login> = Vec::new();
        loop {
            let after = logins.last().map(|login| login.id.to_string());
            let after = after.as_deref();
            let read = self.inner.store.list::<Login>(org, &parent, after, LOGINS_READ).await?;
            let is_last = read.len() < LOGINS_READ;
            logins.extend(read.into_iter().map(|read| read.value));
            if is_last {
                return Ok(logins);
            }
        }
    }

    /// Ends one sign-in of the caller.
    pub async fn end_login(&self, caller: &Caller, login: LoginId) -> Result<(), AccountError> {
        if self.revoke(caller.org, caller.user(), login).await? {
            Ok(())
        } else {
            Err(AccountError::NotFound("session"))
        }
    }

    /// Ends all sign-ins of a person except one; `None` spares none.
    pub async fn end_logins(
        &self,
        org: OrgId,
        user: UserId,
        except: Option<LoginId>,
    ) -> Result<(), AccountError> {
        let mut outcome = Ok(());
        for login in self.all_logins(org, user).await? {
            if Some(login.id) != except && !login.is_revoked {
                // One that cannot be ended now is no reason to leave the others.
                outcome = self.revoke(org, user, login.id).await.map(|_| ()).and(outcome);
            }
        }
        outcome
    }

    /// Forgets from where and with what a person signed in; all of it was ended before.
    pub(super) async fn forget_logins(&self, org: OrgId, user: UserId) -> Result<(), AccountError> {
        for login in self.all_logins(org, user).await? {
            self.inner.store.remove(&login).await?;
        }
        Ok(())
    }

    /// Ends a sign-in; `false` when there is none.
    async fn revoke(&self, org: OrgId, user: UserId, id: LoginId) -> Result<bool, AccountError> {
        for _ in 0..REVOKE_ATTEMPTS {
            let Some(read) = self.inner.store.login(org, user, id).await? else { return Ok(false) };
            let Versioned { version, value: mut login, .. } = read;
            login.is_revoked = true;
            match self.inner.store.replace(&login, version).await {
                Ok(version) => {
                    self.inner.logins.keep(id, version, login);
                    self.announce_revoked(user, Some(id)).await;
                    return Ok(true);
                }
                Err(RecordsError::Conflict) => {}
                Err(RecordsError::Unavailable) => return Err(AccountError::Unavailable),
                Err(RecordsError::Unknown) => {
                    // It may have ended: whoever holds it is looked at.
                    self.announce_revoked(user, Some(id)).await;
                    return Err(AccountError::Unavailable);
                }
            }
        }
        Err(AccountError::Unavailable)
    }
}
