//! Personal access tokens: for scripts and integrations, shown once, kept as a hash.

use starling_actors::chat::{Caller, grant_of};
use starling_actors::domain::{OrgId, Timestamp, TokenId, UserId};

use super::names::NAME_CHARS_MAX;
use super::secret::{self, SecretKind, hash};
use super::store::{Unique, key_of};
use super::stored::{Moment, PersonalToken, User};
use super::{AccountError, Accounts, Admission, TokenError};

/// Personal access tokens of one person: one for each integration, with room.
const TOKENS_MAX: usize = 100;
/// Longest life in days that can be asked for: ten years.
const DAYS_MAX: u32 = 3_650;
const MS_PER_DAY: i64 = 24 * 3600 * 1000;

/// A personal access token and its secret, which is shown once.
#[derive(Clone, Debug)]
pub struct NewPersonalToken {
    /// What is kept.
    pub kept: PersonalToken,
    /// What is given to the person.
    pub token: String,
}

/// The name of a token, when name and life are as they must be.
fn checked(name: &str, expires_in_days: Option<u32>) -> Result<&str, AccountError> {
    let name = name.trim();
    if name.is_empty() || name.chars().nth(NAME_CHARS_MAX).is_some() {
        return Err(AccountError::Field { field: "name", fault: "must have 1 to 200 characters" });
    }
    if expires_in_days.is_some_and(|days| days == 0 || days > DAYS_MAX) {
        let fault = "must be 1 to 3650";
        return Err(AccountError::Field { field: "expires_in_days", fault });
    }
    Ok(name)
}

fn owner_of(token: &PersonalToken) -> String {
    format!("{}/{}/{}", token.org, token.user, token.id)
}

fn parse_owner(owner: &str) -> Option<(OrgId, UserId, TokenId)> {
    let mut parts = owner.splitn(3, '/');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

impl Accounts {
    /// Makes a token for the caller. It ends with the token it is made by, at the latest; who came
    /// by another server's token gets none.
    pub async fn make_personal_token(
        &self,
        caller: &Caller,
        name: &str,
        expires_in_days: Option<u32>,
    ) -> Result<NewPersonalToken, AccountError> {
        let name = checked(name, expires_in_days)?;
        let last = self.until_when(caller).await?;
        let whose = (caller.org, caller.user());
        let new = self.keep_token(whose, name, (expires_in_days, last)).await?;
        // Who ended the caller's own way in meanwhile may have listed the tokens before this one.
        if let Err(error) = self.until_when(caller).await {
            self.forget_token(&new.kept).await?;
            return Err(error);
        }
        Ok(new)
    }

    /// Makes a token for a bot, whose admins sign in for it.
    pub(super) async fn make_bot_token(
        &self,
        bot: &User,
        name: &str,
        expires_in_days: Option<u32>,
    ) -> Result<NewPersonalToken, AccountError> {
        let name = checked(name, expires_in_days)?;
        self.keep_token((bot.org, bot.id), name, (expires_in_days, None)).await
    }

    async fn keep_token(
        &self,
        (org, user): (OrgId, UserId),
        name: &str,
        (expires_in_days, last): (Option<u32>, Option<Moment>),
    ) -> Result<NewPersonalToken, AccountError> {
        if self.tokens_of(org, user).await?.len() >= TOKENS_MAX {
            return Err(AccountError::TooMany("tokens"));
        }
        let token = secret::make(SecretKind::PersonalToken, &*self.inner.clock);
        let now = self.now();
        let wished = expires_in_days.map(|days| now.plus_ms(i64::from(days) * MS_PER_DAY));
        let expires_at = wished.map(Moment::from).into_iter().chain(last).min();
        let kept = PersonalToken {
            id: TokenId::from_u128(self.inner.clock.fresh_id()),
            user,
            org,
            name: name.to_owned(),
            token_hash: hash(&token),
            created_at: now.into(),
            expires_at,
        };
        self.inner.store.add(&kept).await?;
        let (hash, owner, record) = (&kept.token_hash, owner_of(&kept), key_of(&kept));
        self.inner.store.claim(Unique::PersonalToken, hash, &owner, &record).await?;
        Ok(NewPersonalToken { kept, token })
    }

    /// Until when what the caller came by counts at the latest, read from the store; `None` is for
    /// ever. A sign-in can be had again with the password, so it sets no end.
    async fn until_when(&self, caller: &Caller) -> Result<Option<Moment>, AccountError> {
        let (org, user) = (caller.org, caller.user());
        if let Some(token) = caller.token {
            return Ok(self.checked_personal(org, user, token).await?.expires_at);
        }
        // Another server's word ends with its token; what is made here would outlive it.
        let login = caller.login.ok_or(AccountError::Forbidden(
            "tokens are made by a sign-in of this server, not by another server's token",
        ))?;
        let read = self.inner.store.login(org, user, login).await?;
        if read.is_none_or(|read| read.value.is_revoked) {
            return Err(TokenError::Revoked.into());
        }
        Ok(None)
    }

    /// Tokens of the caller, oldest first.
    pub async fn personal_tokens(
        &self,
        caller: &Caller,
    ) -> Result<Vec<PersonalToken>, AccountError> {
        self.tokens_of(caller.org, caller.user()).await
    }

    /// Tokens of a person or a bot, oldest first.
    pub(super) async fn tokens_of(
        &self,
        org: OrgId,
        user: UserId,
    ) -> Result<Vec<PersonalToken>, AccountError> {
        let parent = user.to_string();
        let read = self.inner.store.list(org, &parent, None, TOKENS_MAX).await?;
        Ok(read.into_iter().map(|read| read.value).collect())
    }

    /// Deletes a token of the caller; it counts no more from the next request on, and the sockets
    /// that it opened are closed.
    pub async fn delete_personal_token(
        &self,
        caller: &Caller,
        id: TokenId,
    ) -> Result<(), AccountError> {
        self.delete_token_of(caller.org, caller.user(), id).await
    }

    /// The same for a token of somebody whom the caller may speak for.
    pub(super) async fn delete_token_of(
        &self,
        org: OrgId,
        user: UserId,
        id: TokenId,
    ) -> Result<(), AccountError> {
        let read = self.inner.store.personal_token(org, user, id).await?;
        let token = read.ok_or(AccountError::NotFound("token"))?.value;
        self.forget_token(&token).await?;
        self.announce_revoked(user, Some(grant_of(id))).await;
        Ok(())
    }

    /// Deletes all tokens of a person, also those that are made meanwhile: a token makes others
    /// only as long as it is there itself. The caller announces it.
    pub(super) async fn delete_personal_tokens(
        &self,
        org: OrgId,
        user: UserId,
    ) -> Result<(), AccountError> {
        let parent = user.to_string();
        loop {
            let read = self.inner.store.list::<PersonalToken>(org, &parent, None, TOKENS_MAX);
            let tokens = read.await?;
            if tokens.is_empty() {
                return Ok(());
            }
            for token in tokens {
                self.forget_token(&token.value).await?;
            }
        }
    }

    async fn forget_token(&self, token: &PersonalToken) -> Result<(), AccountError> {
        let owner = owner_of(token);
        self.inner.store.release(Unique::PersonalToken, &token.token_hash, &owner).await?;
        self.inner.store.remove(token).await?;
        Ok(())
    }

    /// Whom a personal access token speaks for, and until when. Two look-ups by key: deleting one
    /// counts at once, on every node.
    pub(super) async fn admit_personal(&self, token: &str) -> Result<Admission, TokenError> {
        let owner = self.inner.store.claimed_by(Unique::PersonalToken, &hash(token)).await?;
        let (org, user, id) = owner.as_deref().and_then(parse_owner).ok_or(TokenError::Invalid)?;
        let kept = self.checked_personal(org, user, id).await?;
        let caller = self.checked_user(org, user, None).await?;
        let caller = Caller { token: Some(id), ..caller };
        let expires_at = kept.expires_at.map(Timestamp::from);
        Ok(Admission { caller, expires_at, is_new: false })
    }

    /// A personal access token that still counts.
    pub(super) async fn checked_personal(
        &self,
        org: OrgId,
        user: UserId,
        id: TokenId,
    ) -> Result<PersonalToken, TokenError> {
        let read = self.inner.store.personal_token(org, user, id).await?;
        let kept = read.ok_or(TokenError::Invalid)?.value;
        if kept.expires_at.is_some_and(|until| until <= self.now().into()) {
            return Err(TokenError::Expired);
        }
        Ok(kept)
    }
}
