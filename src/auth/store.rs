//! Typed records: where each kind is kept, and the unique keys beside them.
//!
//! A claim's owner is the id of who holds it. The index of e-mails is one small record for each
//! (e-mail, organization) below the e-mail, so a sign-in reads one list and nothing is rewritten.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use starling_actors::domain::{InvitationId, LoginId, OrgId, TokenId, UserId};
use starling_actors::ports::{Precondition, Record, RecordKey, Records, RecordsError};

use super::stored::{Invitation, Login, Organization, PersonalToken, User};

/// What belongs to the whole server.
pub(super) const SERVER: OrgId = OrgId::from_u128(0);

/// A kind of unique key.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unique {
    /// An organization's slug.
    Slug,
    /// An e-mail within an organization.
    Email,
    /// A user name within an organization.
    Username,
    /// The hash of an invitation's token.
    Invitation,
    /// The hash of a personal access token.
    PersonalToken,
    /// Someone of an outside issuer within an organization.
    Outside,
}

impl Unique {
    const fn kind(self) -> &'static str {
        match self {
            Self::Slug => "org_slug",
            Self::Email => "user_email",
            Self::Username => "username",
            Self::Invitation => "invitation_token",
            Self::PersonalToken => "personal_token",
            Self::Outside => "outside_subject",
        }
    }
}

/// The key of a name within an organization.
pub(super) fn within(org: OrgId, folded: &str) -> String {
    format!("{org}/{folded}")
}

/// A value and the version under which it was read.
#[derive(Clone, Debug)]
pub(super) struct Versioned<T> {
    /// Counts up with every change.
    pub(super) version: u64,
    /// What is stored.
    pub(super) value: T,
}

/// A kind of record and where it hangs.
#[derive(Debug)]
pub(super) struct Shelf<T> {
    kind: &'static str,
    of: PhantomData<fn() -> T>,
}

/// Organizations, below themselves.
pub(super) const ORGANIZATIONS: Shelf<Organization> = Shelf::new("organization");
/// People, below their organization.
pub(super) const USERS: Shelf<User> = Shelf::new("user");
/// Sign-ins, below their user.
pub(super) const LOGINS: Shelf<Login> = Shelf::new("login");
/// Invitations, below their organization.
pub(super) const INVITATIONS: Shelf<Invitation> = Shelf::new("invitation");
/// Personal access tokens, below their user.
pub(super) const PERSONAL_TOKENS: Shelf<PersonalToken> = Shelf::new("personal_token");
/// User ids by (e-mail, organization), below the e-mail.
pub(super) const EMAIL_INDEX: Shelf<String> = Shelf::new("email_index");
/// What the server remembers of itself.
pub(super) const MARKS: Shelf<String> = Shelf::new("mark");

impl<T> Shelf<T> {
    const fn new(kind: &'static str) -> Self {
        Self { kind, of: PhantomData }
    }

    fn key(&self, org: OrgId, parent: &str, id: &str) -> RecordKey {
        let (parent, id) = (parent.to_owned(), id.to_owned());
        RecordKey { org, kind: self.kind.to_owned(), parent, id }
    }
}

/// A record and its key.
pub(super) trait Kept: Serialize + DeserializeOwned {
    /// Its shelf.
    const SHELF: Shelf<Self>;

    /// Organization, parent and id.
    fn place(&self) -> (OrgId, String, String);
}

macro_rules! kept {
    ($($kind:ty, $shelf:ident, $value:ident => $place:expr;)*) => {$(
        impl Kept for $kind {
            const SHELF: Shelf<Self> = $shelf;

            fn place(&self) -> (OrgId, String, String) {
                let $value = self;
                $place
            }
        }
    )*};
}

kept! {
    Organization, ORGANIZATIONS, it => (it.id, String::new(), it.id.to_string());
    User, USERS, it => (it.org, String::new(), it.id.to_string());
    Login, LOGINS, it => (it.org, it.user.to_string(), it.id.to_string());
    Invitation, INVITATIONS, it => (it.org, String::new(), it.id.to_string());
    PersonalToken, PERSONAL_TOKENS, it => (it.org, it.user.to_string(), it.id.to_string());
}

/// The records of accounts. Cheap to clone.
#[derive(Clone)]
pub(super) struct Store {
    records: Arc<dyn Records>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

fn read<T: DeserializeOwned>(record: &Record) -> Result<Versioned<T>, RecordsError> {
    match serde_json::from_slice(&record.body) {
        Ok(value) => Ok(Versioned { version: record.version, value }),
        Err(error) => {
            // An unreadable record is never overwritten: it may come from a newer server.
            tracing::error!(kind = record.key.kind, id = record.key.id, %error, "record unreadable");
            Err(RecordsError::Unavailable)
        }
    }
}

fn write<T: Serialize>(value: &T) -> Result<Vec<u8>, RecordsError> {
    serde_json::to_vec(value).map_err(|_| RecordsError::Unavailable)
}

impl Store {
    /// Over these records.
    pub(super) fn new(records: Arc<dyn Records>) -> Self {
        Self { records }
    }

    async fn get<T: DeserializeOwned>(
        &self,
        key: &RecordKey,
    ) -> Result<Option<Versioned<T>>, RecordsError> {
        self.records.get(key).await?.as_ref().map(read).transpose()
    }

    /// One organization.
    pub(super) async fn organization(
        &self,
        org: OrgId,
    ) -> Result<Option<Versioned<Organization>>, RecordsError> {
        self.get(&ORGANIZATIONS.key(org, "", &org.to_string())).await
    }

    /// One person of an organization.
    pub(super) async fn user(
        &self,
        org: OrgId,
        user: UserId,
    ) -> Result<Option<Versioned<User>>, RecordsError> {
        self.get(&USERS.key(org, "", &user.to_string())).await
    }

    /// One sign-in of a person.
    pub(super) async fn login(
        &self,
        org: OrgId,
        user: UserId,
        login: LoginId,
    ) -> Result<Option<Versioned<Login>>, RecordsError> {
        self.get(&LOGINS.key(org, &user.to_string(), &login.to_string())).await
    }

    /// People and sign-ins by their ids, in one question; those that there are not are left out.
    pub(super) async fn people_and_logins(
        &self,
        people: &[(OrgId, UserId)],
        logins: &[(OrgId, UserId, LoginId)],
    ) -> Result<(Vec<Versioned<User>>, Vec<Versioned<Login>>), RecordsError> {
        let people_keys = people.iter().map(|(org, user)| USERS.key(*org, "", &user.to_string()));
        let login_keys = logins
            .iter()
            .map(|(org, user, login)| LOGINS.key(*org, &user.to_string(), &login.to_string()));
        let keys: Vec<_> = people_keys.chain(login_keys).collect();
        let mut found = self.records.get_all(&keys).await?;
        let found_logins = found.split_off(people.len().min(found.len()));
        let people = found.iter().flatten().map(read).collect::<Result<_, _>>()?;
        let logins = found_logins.iter().flatten().map(read).collect::<Result<_, _>>()?;
        Ok((people, logins))
    }

    /// One invitation of an organization.
    pub(super) async fn invitation(
        &self,
        org: OrgId,
        id: InvitationId,
    ) -> Result<Option<Versioned<Invitation>>, RecordsError> {
        self.get(&INVITATIONS.key(org, "", &id.to_string())).await
    }

    /// One personal access token of a person.
    pub(super) async fn personal_token(
        &self,
        org: OrgId,
        user: UserId,
        id: TokenId,
    ) -> Result<Option<Versioned<PersonalToken>>, RecordsError> {
        self.get(&PERSONAL_TOKENS.key(org, &user.to_string(), &id.to_string())).await
    }

    /// At most `limit` records above `after`, below `parent`, in the order of their ids.
    pub(super) async fn list<T: Kept>(
        &self,
        org: OrgId,
        parent: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Versioned<T>>, RecordsError> {
        let records = self.records.list(org, T::SHELF.kind, parent, after, limit).await?;
        records.iter().map(read).collect()
    }

    /// Stores a value that is not there yet.
    pub(super) async fn add<T: Kept>(&self, value: &T) -> Result<u64, RecordsError> {
        self.put(value, Precondition::Absent).await
    }

    /// Stores a value in place of the version that was read.
    pub(super) async fn replace<T: Kept>(
        &self,
        value: &T,
        version: u64,
    ) -> Result<u64, RecordsError> {
        self.put(value, Precondition::Version(version)).await
    }

    async fn put<T: Kept>(&self, value: &T, when: Precondition) -> Result<u64, RecordsError> {
        let (org, parent, id) = value.place();
        self.records.put(&T::SHELF.key(org, &parent, &id), write(value)?, when).await
    }

    /// Removes a value; `false` when there was none.
    pub(super) async fn remove<T: Kept>(&self, value: &T) -> Result<bool, RecordsError> {
        let (org, parent, id) = value.place();
        self.records.delete(&T::SHELF.key(org, &parent, &id)).await
    }

    /// Takes a unique key; `Conflict` when another has it.
    pub(super) async fn claim(
        &self,
        of: Unique,
        key: &str,
        owner: &str,
    ) -> Result<(), RecordsError> {
        self.records.claim(of.kind(), key, owner).await
    }

    /// Who has a unique key.
    pub(super) async fn claimed_by(
        &self,
        of: Unique,
        key: &str,
    ) -> Result<Option<String>, RecordsError> {
        self.records.claimed_by(of.kind(), key).await
    }

    /// Frees a unique key of `owner`.
    pub(super) async fn release(
        &self,
        of: Unique,
        key: &str,
        owner: &str,
    ) -> Result<(), RecordsError> {
        self.records.release(of.kind(), key, owner).await
    }

    /// Remembers that an e-mail has an account in an organization.
    pub(super) async fn index_email(
        &self,
        email: &str,
        org: OrgId,
        user: UserId,
    ) -> Result<(), RecordsError> {
        let key = EMAIL_INDEX.key(SERVER, email, &org.to_string());
        self.records.put(&key, write(&user.to_string())?, Precondition::Any).await.map(drop)
    }

    /// Organizations in which an e-mail has an account, oldest first.
    pub(super) async fn orgs_of_email(
        &self,
        email: &str,
        limit: usize,
    ) -> Result<Vec<(OrgId, UserId)>, RecordsError> {
        let records = self.records.list(SERVER, EMAIL_INDEX.kind, email, None, limit).await?;
        records
            .iter()
            .map(|record| {
                let user: Versioned<String> = read(record)?;
                let org = record.key.id.parse().map_err(|_| RecordsError::Unavailable)?;
                Ok((org, user.value.parse().map_err(|_| RecordsError::Unavailable)?))
            })
            .collect()
    }

    /// Whether the server remembers something of itself.
    pub(super) async fn has_mark(&self, mark: &str) -> Result<bool, RecordsError> {
        Ok(self.records.get(&MARKS.key(SERVER, "", mark)).await?.is_some())
    }

    /// Makes the server remember something of itself.
    pub(super) async fn set_mark(&self, mark: &str) -> Result<(), RecordsError> {
        let key = MARKS.key(SERVER, "", mark);
        self.records.put(&key, write(&mark)?, Precondition::Any).await.map(drop)
    }
}
