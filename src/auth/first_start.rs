//! The first start: the default organization and the superuser.
//!
//! A mark says whose turn it is to make them, and in the end that they are made. Of nodes that start
//! at once one gets the turn; the others wait for it, and one of them takes the turn over when the mark
//! stays as it is for too long. Every step can be repeated, so a start that was cut off is made again.
//!
//! **Invariant:** a password is shown only by whoever had the turn from its hash to the end, so it is
//! the one that counts. The mark's version is the turn; no clocks of two machines are compared.

use std::time::Duration;

use starling_actors::chat::Caller;
use starling_actors::domain::{OrgId, OrgRole, UserId};
use starling_actors::ports::{Precondition, RecordsError};
use tokio::time::Instant;

use super::names::fold;
use super::register::{DEFAULT_SLUG, Name};
use super::store::{Unique, within};
use super::stored::{Organization, User};
use super::{AccountError, Accounts, caller_of};

/// The mark, and what it says once all was made.
const MARK: &str = "first_start";
/// What it says before.
const BEGUN: &str = "first_start begun";
/// How often a node that waits looks at the mark.
const LOOK_EVERY: Duration = Duration::from_millis(100);
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

/// The version of the mark under which its writer makes what a first start makes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn(u64);

impl Accounts {
    /// Makes the default organization and the superuser, unless they were made before. While another
    /// node is at it this waits, until that one has done nothing for as long as `patience`.
    pub async fn first_start(
        &self,
        patience: Duration,
    ) -> Result<Option<FirstAdmin>, AccountError> {
        while let Some(turn) = self.turn(patience).await? {
            match self.make_first(turn).await {
                Ok(Some(admin)) => return Ok(Some(admin)),
                Ok(None) => tracing::info!("another node took the first start over"),
                Err(error) if self.has(turn).await? => return Err(error),
                Err(error) => tracing::info!(%error, "another node took the first start over"),
            }
        }
        Ok(None)
    }

    /// Takes the turn; `None` when all was made.
    pub(super) async fn turn(&self, patience: Duration) -> Result<Option<Turn>, AccountError> {
        let mut seen = None;
        loop {
            let mark = self.inner.store.mark(MARK).await?;
            let when = match (mark, seen) {
                (None, _) => Precondition::Absent,
                (Some(mark), _) if mark.value == MARK => return Ok(None),
                (Some(mark), Some((version, since))) if mark.version == version => {
                    if Instant::now().duration_since(since) < patience {
                        tokio::time::sleep(LOOK_EVERY).await;
                        continue;
                    }
                    Precondition::Version(version)
                }
                (Some(mark), _) => {
                    seen = Some((mark.version, Instant::now()));
                    continue;
                }
            };
            match self.inner.store.put_mark(MARK, BEGUN, when).await {
                Ok(version) => return Ok(Some(Turn(version))),
                Err(RecordsError::Conflict) => {}
                Err(RecordsError::Unavailable | RecordsError::Unknown) => {
                    return Err(AccountError::Unavailable);
                }
            }
        }
    }

    /// Whether it is still this one's turn.
    async fn has(&self, turn: Turn) -> Result<bool, AccountError> {
        let mark = self.inner.store.mark(MARK).await?;
        Ok(mark.is_some_and(|mark| mark.version == turn.0))
    }

    /// Makes everything; `None` when the turn was lost meanwhile.
    pub(super) async fn make_first(&self, turn: Turn) -> Result<Option<FirstAdmin>, AccountError> {
        let org = self.default_organization().await?;
        let password = self.random_password();
        let hash = self.inner.hasher.hash(&password).await?;
        let Some(user) = self.superuser(org, hash, turn).await? else { return Ok(None) };
        match self.inner.store.put_mark(MARK, MARK, Precondition::Version(turn.0)).await {
            Ok(_) => {}
            Err(RecordsError::Conflict) => return Ok(None),
            Err(RecordsError::Unavailable | RecordsError::Unknown) => {
                return Err(AccountError::Unavailable);
            }
        }
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

    /// The superuser with this password; `None` when the turn was lost meanwhile.
    async fn superuser(
        &self,
        org: OrgId,
        password_hash: String,
        turn: Turn,
    ) -> Result<Option<User>, AccountError> {
        let email = within(org, &fold(ADMIN_EMAIL));
        let owner = self.inner.store.claimed_by(Unique::Email, &email).await?;
        let id = match owner.and_then(|owner| owner.parse().ok()) {
            Some(id) => id,
            None => UserId::from_u128(self.inner.clock.fresh_id()),
        };
        if let Some(read) = self.inner.store.user(org, id).await? {
            // Read before the turn is looked at: whoever has it next reads later than this, and then
            // either finds this password and replaces it, or makes this replacing fail.
            if !self.has(turn).await? {
                return Ok(None);
            }
            let user = User { password_hash, ..read.value };
            self.inner.store.replace(&user, read.version).await?;
            return Ok(Some(user));
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
            custom_status: None,
            is_erased: false,
        };
        Ok(Some(self.add_user(user, Name::Exactly(ADMIN_USERNAME), None).await?))
    }
}
