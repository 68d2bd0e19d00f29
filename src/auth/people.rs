//! People of an organization: finding them, changing oneself, and what admins change.

use std::sync::Arc;

use async_trait::async_trait;
use starling_actors::chat::{Caller, People, PeopleError};
use starling_actors::domain::{Byline, CustomStatus, OrgId, OrgRole, UserId};
use starling_actors::ports::RecordsError;

use super::names::{NAME_CHARS_MAX, URL_BYTES_MAX, fold, username_fault};
use super::store::{Unique, user_key, within};
use super::stored::{StoredStatus, User};
use super::{AccountError, Accounts, TokenError, password};
use crate::records::Versioned;

/// People read from the store at a time.
const SCAN_PAGE: usize = 200;
/// People looked at for one page of a search; the cursor goes on from there.
const SCAN_MAX: usize = 10_000;
/// Times a change is tried again when another came between.
const CHANGE_ATTEMPTS: usize = 5;

/// What of a person changes; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// New user name; free within the organization.
    pub username: Option<String>,
    /// New full name; empty removes it.
    pub full_name: Option<String>,
    /// New picture; empty removes it.
    pub avatar_url: Option<String>,
    /// What they say of themselves; nothing any more.
    pub custom_status: Option<Option<CustomStatus>>,
    /// New role; only admins, and not their own.
    pub role: Option<OrgRole>,
    /// Whether they may sign in; only admins, and not themselves.
    pub is_active: Option<bool>,
}

/// One page of people.
#[derive(Clone, Debug, Default)]
pub struct UserPage {
    /// In the order in which they came.
    pub users: Vec<User>,
    /// Where the next page begins, if there may be one.
    pub next: Option<UserId>,
}

impl Accounts {
    /// People of the caller's organization whose name contains `query`; admins also find those
    /// who were switched off, and by e-mail.
    pub async fn users(
        &self,
        caller: &Caller,
        query: &str,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<UserPage, AccountError> {
        let (query, is_admin) = (fold(query), caller.role.may_administer());
        let fits = |user: &User| {
            let is_named = |text: &str| fold(text).contains(&query);
            let is_found = is_named(&user.username)
                || is_named(&user.full_name)
                || (is_admin && is_named(&user.email));
            is_found && (user.is_active || is_admin)
        };
        let mut page = UserPage { users: Vec::new(), next: after };
        let mut looked_at = 0;
        while looked_at < SCAN_MAX {
            let after = page.next.map(|id| id.to_string());
            let read: Vec<Versioned<User>> =
                self.inner.store.list(caller.org, "", after.as_deref(), SCAN_PAGE).await?;
            let is_last = read.len() < SCAN_PAGE;
            looked_at += read.len();
            for Versioned { value: user, .. } in read {
                if page.users.len() == limit {
                    return Ok(page);
                }
                page.next = Some(user.id);
                if fits(&user) {
                    page.users.push(user);
                }
            }
            if is_last {
                page.next = None;
                break;
            }
        }
        Ok(page)
    }

    /// At most `limit` of an organization's people after one, guests too, in the order of their ids.
    pub async fn everyone(
        &self,
        org: OrgId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<UserId>, AccountError> {
        let after = after.map(|id| id.to_string());
        let read: Vec<Versioned<User>> =
            self.inner.store.list(org, "", after.as_deref(), limit).await?;
        Ok(read.into_iter().map(|read| read.value.id).collect())
    }

    /// One person of an organization.
    pub async fn user(&self, org: OrgId, id: UserId) -> Result<Arc<User>, AccountError> {
        let user = self.cached_user(org, id).await?.ok_or(AccountError::NotFound("user"))?;
        Ok(Arc::new(user.value.clone()))
    }

    /// How a person is shown now; `None` when they are not of the organization.
    pub async fn profile(&self, org: OrgId, id: UserId) -> Result<Option<User>, AccountError> {
        Ok(self.cached_user(org, id).await?.map(|user| user.value.clone()))
    }

    /// A person as they may act now, for what they wanted earlier; `None` when they may not any more.
    pub async fn author(&self, org: OrgId, id: UserId) -> Result<Option<Caller>, AccountError> {
        match self.checked_user(org, id, None).await {
            Ok(caller) => Ok(Some(caller)),
            Err(TokenError::Unavailable) => Err(AccountError::Unavailable),
            Err(_) => Ok(None),
        }
    }

    /// How people are shown now; who is not of the organization is left out.
    pub async fn profiles(&self, org: OrgId, ids: &[UserId]) -> Result<Vec<User>, AccountError> {
        let mut users = Vec::with_capacity(ids.len());
        for id in ids {
            users.extend(self.profile(org, *id).await?);
        }
        Ok(users)
    }

    /// Changes a person of the caller's organization: oneself, or as an admin anyone.
    pub async fn change_user(
        &self,
        caller: &Caller,
        id: UserId,
        change: UserChange,
    ) -> Result<User, AccountError> {
        let is_self = caller.user() == id;
        if !is_self && !caller.role.may_administer() {
            return Err(AccountError::Forbidden("only admins change other people"));
        }
        let is_governing = change.role.is_some() || change.is_active.is_some();
        if is_governing && (is_self || !caller.role.may_administer()) {
            // Not even admins: the last one would lock everybody out.
            return Err(AccountError::Forbidden("nobody changes their own role or state"));
        }
        checked(&change)?;
        // Until the change is stored: two admins who demote each other go one after the other.
        let mut governing = None;
        if is_governing {
            governing = Some(self.inner.governing.lock().await);
            self.expect_admin_still(caller).await?;
        }
        let is_switched_off = change.is_active == Some(false);
        let stored = self.store_change(caller, id, change).await;
        if is_governing && matches!(stored, Err(AccountError::Unavailable)) {
            // It may be stored: open sockets are looked at.
            self.announce_rights(id).await;
        }
        let (before, user) = stored?;
        let still = if is_governing { self.expect_admin_still(caller).await } else { Ok(()) };
        if matches!(still, Err(AccountError::Forbidden(_))) {
            // On another node somebody took the caller's role away at the same moment. Were both to
            // stay, nobody might be left who governs.
            self.restore_rights(&before, &user).await?;
            still?;
        }
        drop(governing);
        if is_switched_off {
            let ended = self.end_logins(user.org, id, None).await;
            self.announce_revoked(id, None).await;
            ended?;
        } else if before.role != user.role {
            self.announce_rights(id).await;
        }
        Ok(user)
    }

    /// Gives a person the role and state again that they had `before`, unless they were changed since
    /// they were made what they are in `after`.
    pub(super) async fn restore_rights(
        &self,
        before: &User,
        after: &User,
    ) -> Result<(), AccountError> {
        let restored = |user: &User| {
            let is_as_left = user.role == after.role && user.is_active == after.is_active;
            let (role, is_active) = (before.role, before.is_active);
            is_as_left.then(|| User { role, is_active, ..user.clone() })
        };
        self.rewrite_user(before.org, before.id, restored).await?;
        self.announce_rights(before.id).await;
        Ok(())
    }

    /// Looks again, in the store, whether the caller governs: they may have been demoted since.
    async fn expect_admin_still(&self, caller: &Caller) -> Result<(), AccountError> {
        let read = self.inner.store.user(caller.org, caller.user()).await?;
        if read.is_some_and(|read| read.value.is_active && read.value.role.may_administer()) {
            Ok(())
        } else {
            Err(AccountError::Forbidden("only admins change other people"))
        }
    }

    /// Stores a change; gives the person as they were and as they are.
    pub(super) async fn store_change(
        &self,
        caller: &Caller,
        id: UserId,
        change: UserChange,
    ) -> Result<(User, User), AccountError> {
        for _ in 0..CHANGE_ATTEMPTS {
            let read = self.inner.store.user(caller.org, id).await?;
            let Versioned { version, value: before, .. } =
                read.ok_or(AccountError::NotFound("user"))?;
            if is_protected(caller, &before, &change) {
                return Err(AccountError::Forbidden("only a superuser changes a superuser"));
            }
            if before.is_erased {
                return Err(AccountError::Forbidden("who was erased is not changed any more"));
            }
            let after = applied(&before, &change);
            let (old, new) = (fold(&before.username), fold(&after.username));
            let owner = id.to_string();
            if old != new {
                let key = within(caller.org, &new);
                let record = user_key(caller.org, &owner);
                match self.inner.store.claim(Unique::Username, &key, &owner, &record).await {
                    Ok(()) => {}
                    Err(RecordsError::Conflict) => return Err(AccountError::UsernameTaken),
                    Err(RecordsError::Unavailable | RecordsError::Unknown) => {
                        return Err(AccountError::Unavailable);
                    }
                }
            }
            let put = self.inner.store.replace(&after, version).await;
            // Which one is in use is not known after an open outcome: then both stay theirs.
            if old != new && !matches!(put, Err(RecordsError::Unknown)) {
                let unused = if put.is_ok() { old } else { new };
                let key = within(caller.org, &unused);
                self.inner.store.release(Unique::Username, &key, &owner).await?;
            }
            match put {
                Ok(version) => {
                    let after = self.inner.users.keep(id, version, after).value.clone();
                    return Ok((before, after));
                }
                Err(RecordsError::Conflict) => {}
                Err(RecordsError::Unavailable | RecordsError::Unknown) => {
                    return Err(AccountError::Unavailable);
                }
            }
        }
        Err(AccountError::Unavailable)
    }

    /// Stores what `change` makes of a person, whoever writes meanwhile; `None` leaves them as they
    /// are. Not for user names, which are claimed.
    pub(super) async fn rewrite_user(
        &self,
        org: OrgId,
        id: UserId,
        change: impl Fn(&User) -> Option<User>,
    ) -> Result<User, AccountError> {
        for _ in 0..CHANGE_ATTEMPTS {
            let read = self.inner.store.user(org, id).await?;
            let Versioned { version, value, .. } = read.ok_or(AccountError::NotFound("user"))?;
            let Some(changed) = change(&value) else {
                return Ok(self.inner.users.keep(id, version, value).value.clone());
            };
            match self.inner.store.replace(&changed, version).await {
                Ok(version) => {
                    return Ok(self.inner.users.keep(id, version, changed).value.clone());
                }
                Err(RecordsError::Conflict) => {}
                Err(RecordsError::Unavailable | RecordsError::Unknown) => {
                    return Err(AccountError::Unavailable);
                }
            }
        }
        Err(AccountError::Unavailable)
    }

    /// Changes the caller's password and ends their other sign-ins.
    pub async fn change_password(
        &self,
        caller: &Caller,
        current: &str,
        new: &str,
    ) -> Result<(), AccountError> {
        let keys = [format!("password/{}", caller.user())];
        let admitted = self.inner.throttle.admit(&keys, self.now()).await;
        admitted.map_err(|throttled| AccountError::Throttled {
            retry_after_ms: throttled.retry_after_ms,
        })?;
        let read = self.inner.store.user(caller.org, caller.user()).await?;
        let Versioned { version, value: user, .. } = read.ok_or(AccountError::NotFound("user"))?;
        let hash = Some(user.password_hash.as_str()).filter(|hash| !hash.is_empty());
        if !self.inner.hasher.verify(current, hash).await? {
            return Err(AccountError::InvalidCredentials);
        }
        self.inner.throttle.succeeded(&keys[0], &[]).await;
        if let Some(fault) = password::weakness(new, &user.email, &user.username) {
            return Err(AccountError::WeakPassword(fault));
        }
        let user = User { password_hash: self.inner.hasher.hash(new).await?, ..user };
        self.store_password(user, version, caller.login).await.map(drop)
    }
}

/// An organization's admin may not take the server from the one who runs it.
fn is_protected(caller: &Caller, user: &User, change: &UserChange) -> bool {
    let is_governing = change.role.is_some() || change.is_active.is_some();
    user.is_superuser && is_governing && !caller.is_superuser
}

fn applied(user: &User, change: &UserChange) -> User {
    let kept = |new: &Option<String>, old: &str| {
        new.as_deref().map_or_else(|| old.to_owned(), |new| new.trim().to_owned())
    };
    User {
        username: kept(&change.username, &user.username),
        full_name: kept(&change.full_name, &user.full_name),
        avatar_url: kept(&change.avatar_url, &user.avatar_url),
        custom_status: match &change.custom_status {
            Some(said) => said.clone().map(StoredStatus::from),
            None => user.custom_status.clone(),
        },
        role: change.role.unwrap_or(user.role),
        is_active: change.is_active.unwrap_or(user.is_active),
        ..user.clone()
    }
}

fn checked(change: &UserChange) -> Result<(), AccountError> {
    let field = |field, fault| Err(AccountError::Field { field, fault });
    if let Some(fault) = change.username.as_deref().map(str::trim).and_then(username_fault) {
        return field("username", fault);
    }
    if let Some(name) = &change.full_name
        && (name.chars().nth(NAME_CHARS_MAX).is_some() || name.chars().any(char::is_control))
    {
        return field("full_name", "must have at most 200 printable characters");
    }
    if let Some(url) = change.avatar_url.as_deref().map(str::trim) {
        let is_link = url.starts_with("https://") || url.starts_with("http://");
        let is_own = url.starts_with('/') && !url.starts_with("//");
        if !url.is_empty()
            && (url.len() > URL_BYTES_MAX
                || !(is_link || is_own)
                || url.chars().any(|c| c.is_control() || c.is_whitespace()))
        {
            return field("avatar_url", "must be an http or https address");
        }
    }
    if change.role == Some(OrgRole::Guest) {
        return field("role", "must be admin, analyst or viewer");
    }
    Ok(())
}

#[async_trait]
impl People for Accounts {
    async fn by_usernames(
        &self,
        org: OrgId,
        usernames: &[String],
    ) -> Result<Vec<(String, UserId)>, PeopleError> {
        let mut found = Vec::new();
        for username in usernames {
            let key = within(org, &fold(username));
            let owner = self.inner.store.claimed_by(Unique::Username, &key).await;
            let id = owner.map_err(|_| PeopleError)?.and_then(|owner| owner.parse().ok());
            found.extend(id.map(|id| (username.clone(), id)));
        }
        Ok(found)
    }

    async fn of_groups(&self, org: OrgId, handles: &[String]) -> Result<Vec<UserId>, PeopleError> {
        self.people_of_groups(org, handles).await.map_err(|_| PeopleError)
    }

    async fn bylines(&self, org: OrgId, users: &[UserId]) -> Result<Vec<Byline>, PeopleError> {
        let people = self.profiles(org, users).await.map_err(|_| PeopleError)?;
        Ok(people.iter().map(User::byline).collect())
    }
}
