//! The records of accounts: where each kind is kept, and the unique keys beside them.
//!
//! A claim's owner is the id of who holds it. The index of e-mails is one small record for each
//! (e-mail, organization) below the e-mail, so a sign-in reads one list and nothing is rewritten.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use starling_actors::domain::{GroupId, InvitationId, LoginId, OrgId, TokenId, UserId};
use starling_actors::ports::{Precondition, RecordKey, Records, RecordsError};

use super::groups::Group;
use super::stored::{BotMark, Invitation, Login, Organization, PasswordReset, PersonalToken, User};
use crate::records::{SERVER, Shelf, Shelves, Versioned};

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

/// Organizations, below themselves.
pub(super) const ORGANIZATIONS: Shelf<Organization> = Shelf::new("organization");
/// People, below their organization.
pub(super) const USERS: Shelf<User> = Shelf::new("user");
/// Which accounts are programs, below their organization.
pub(super) const BOTS: Shelf<BotMark> = Shelf::new("bot_user");
/// Groups, below their organization.
pub(super) const GROUPS: Shelf<Group> = Shelf::new("user_group");
/// Sign-ins, below their user.
pub(super) const LOGINS: Shelf<Login> = Shelf::new("login");
/// Invitations, below their organization.
pub(super) const INVITATIONS: Shelf<Invitation> = Shelf::new("invitation");
/// Personal access tokens, below their user.
pub(super) const PERSONAL_TOKENS: Shelf<PersonalToken> = Shelf::new("personal_token");
/// Who may choose a new password, below their organization.
pub(super) const PASSWORD_RESETS: Shelf<PasswordReset> = Shelf::new("password_reset");
/// User ids by (e-mail, organization), below the e-mail.
pub(super) const EMAIL_INDEX: Shelf<String> = Shelf::new("email_index");
/// What the server remembers of itself.
pub(super) const MARKS: Shelf<String> = Shelf::new("mark");

/// Where a user is kept, by the text of their id.
pub(super) fn user_key(org: OrgId, id: &str) -> RecordKey {
    USERS.key(org, "", id)
}

/// Where a value is kept.
pub(super) fn key_of<T: Kept>(value: &T) -> RecordKey {
    let (org, parent, id) = value.place();
    T::SHELF.key(org, &parent, &id)
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
    BotMark, BOTS, it => (it.org, String::new(), it.id.to_string());
    Group, GROUPS, it => (it.org, String::new(), it.id.to_string());
    Login, LOGINS, it => (it.org, it.user.to_string(), it.id.to_string());
    Invitation, INVITATIONS, it => (it.org, String::new(), it.id.to_string());
    PasswordReset, PASSWORD_RESETS, it => (it.org, String::new(), it.user.to_string());
    PersonalToken, PERSONAL_TOKENS, it => (it.org, it.user.to_string(), it.id.to_string());
}

/// The records of accounts. Cheap to clone.
#[derive(Clone)]
pub(super) struct Store {
    shelves: Shelves<RecordsError>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}

impl Store {
    /// Over these records.
    pub(super) fn new(records: Arc<dyn Records>) -> Self {
        Self { shelves: Shelves::new(records) }
    }

    /// One organization.
    pub(super) async fn organization(
        &self,
        org: OrgId,
    ) -> Result<Option<Versioned<Organization>>, RecordsError> {
        self.shelves.get(&ORGANIZATIONS, org, "", &org.to_string()).await
    }

    /// One person of an organization.
    pub(super) async fn user(
        &self,
        org: OrgId,
        user: UserId,
    ) -> Result<Option<Versioned<User>>, RecordsError> {
        self.shelves.get(&USERS, org, "", &user.to_string()).await
    }

    /// One group of an organization.
    pub(super) async fn group(
        &self,
        org: OrgId,
        group: GroupId,
    ) -> Result<Option<Versioned<Group>>, RecordsError> {
        self.shelves.get(&GROUPS, org, "", &group.to_string()).await
    }

    /// One sign-in of a person.
    pub(super) async fn login(
        &self,
        org: OrgId,
        user: UserId,
        login: LoginId,
    ) -> Result<Option<Versioned<Login>>, RecordsError> {
        self.shelves.get(&LOGINS, org, &user.to_string(), &login.to_string()).await
    }

    /// People and sign-ins by their ids, in one question; those that there are not are left out.
    pub(super) async fn people_and_logins(
        &self,
        people: &[(OrgId, UserId)],
        logins: &[(OrgId, UserId, LoginId)],
    ) -> Result<(Vec<Versioned<User>>, Vec<Versioned<Login>>), RecordsError> {
        let people = people.iter().map(|(org, user)| (*org, String::new(), user.to_string()));
        let logins =
            logins.iter().map(|(org, user, login)| (*org, user.to_string(), login.to_string()));
        let (people, logins): (Vec<_>, Vec<_>) = (people.collect(), logins.collect());
        self.shelves.get_all((&USERS, &people), (&LOGINS, &logins)).await
    }

    /// One invitation of an organization.
    pub(super) async fn invitation(
        &self,
        org: OrgId,
        id: InvitationId,
    ) -> Result<Option<Versioned<Invitation>>, RecordsError> {
        self.shelves.get(&INVITATIONS, org, "", &id.to_string()).await
    }

    /// Whether and how a person may choose a new password.
    pub(super) async fn password_reset(
        &self,
        org: OrgId,
        user: UserId,
    ) -> Result<Option<Versioned<PasswordReset>>, RecordsError> {
        self.shelves.get(&PASSWORD_RESETS, org, "", &user.to_string()).await
    }

    /// Stores a value whatever was there.
    pub(super) async fn overwrite<T: Kept>(&self, value: &T) -> Result<u64, RecordsError> {
        self.put(value, Precondition::Any).await
    }

    /// One personal access token of a person.
    pub(super) async fn personal_token(
        &self,
        org: OrgId,
        user: UserId,
        id: TokenId,
    ) -> Result<Option<Versioned<PersonalToken>>, RecordsError> {
        self.shelves.get(&PERSONAL_TOKENS, org, &user.to_string(), &id.to_string()).await
    }

    /// At most `limit` records above `after`, below `parent`, in the order of their ids.
    pub(super) async fn list<T: Kept>(
        &self,
        org: OrgId,
        parent: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Versioned<T>>, RecordsError> {
        self.shelves.page(&T::SHELF, (org, parent), after, limit).await
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
        self.shelves.put(&T::SHELF, (org, &parent, &id), value, when).await
    }

    /// Removes a value; `false` when there was none.
    pub(super) async fn remove<T: Kept>(&self, value: &T) -> Result<bool, RecordsError> {
        let (org, parent, id) = value.place();
        self.shelves.delete(&T::SHELF, org, &parent, &id).await
    }

    /// Takes a unique key for what has or will have `record`; `Conflict` when another has it.
    pub(super) async fn claim(
        &self,
        of: Unique,
        key: &str,
        owner: &str,
        record: &RecordKey,
    ) -> Result<(), RecordsError> {
        self.shelves.claim(of.kind(), key, owner, record).await
    }

    /// Who has a unique key.
    pub(super) async fn claimed_by(
        &self,
        of: Unique,
        key: &str,
    ) -> Result<Option<String>, RecordsError> {
        self.shelves.claimed_by(of.kind(), key).await
    }

    /// Frees a unique key of `owner`.
    pub(super) async fn release(
        &self,
        of: Unique,
        key: &str,
        owner: &str,
    ) -> Result<(), RecordsError> {
        self.shelves.release(of.kind(), key, owner).await
    }

    /// Remembers that an e-mail has an account in an organization.
    pub(super) async fn index_email(
        &self,
        email: &str,
        org: OrgId,
        user: UserId,
    ) -> Result<(), RecordsError> {
        let (org, user) = (org.to_string(), user.to_string());
        let place = (SERVER, email, org.as_str());
        self.shelves.put(&EMAIL_INDEX, place, &user, Precondition::Any).await.map(drop)
    }

    /// Forgets that an e-mail has this account in an organization; another's that has it by now stays.
    pub(super) async fn unindex_email(
        &self,
        email: &str,
        org: OrgId,
        user: UserId,
    ) -> Result<(), RecordsError> {
        let org = org.to_string();
        let found = self.shelves.get(&EMAIL_INDEX, SERVER, email, &org).await?;
        if found.is_some_and(|found| found.value == user.to_string()) {
            self.shelves.delete(&EMAIL_INDEX, SERVER, email, &org).await?;
        }
        Ok(())
    }

    /// Organizations in which an e-mail has an account, oldest first.
    pub(super) async fn orgs_of_email(
        &self,
        email: &str,
        limit: usize,
    ) -> Result<Vec<(OrgId, UserId)>, RecordsError> {
        let found = self.shelves.page(&EMAIL_INDEX, (SERVER, email), None, limit).await?;
        found
            .iter()
            .map(|Versioned { id: org, value: user, .. }| {
                let org = org.parse().map_err(|_| RecordsError::Unavailable)?;
                Ok((org, user.parse().map_err(|_| RecordsError::Unavailable)?))
            })
            .collect()
    }

    /// What the server remembers of itself under a name.
    pub(super) async fn mark(&self, mark: &str) -> Result<Option<Versioned<String>>, RecordsError> {
        self.shelves.get(&MARKS, SERVER, "", mark).await
    }

    /// Makes the server remember something of itself; gives the version it now has.
    pub(super) async fn put_mark(
        &self,
        mark: &str,
        value: &str,
        when: Precondition,
    ) -> Result<u64, RecordsError> {
        self.shelves.put(&MARKS, (SERVER, "", mark), &value.to_owned(), when).await
    }
}
