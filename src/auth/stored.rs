//! What is kept of accounts, as JSON in records. A stored format is a promise: fields may be
//! added with a default, never renamed.
//!
//! **Invariant:** no secret is stored: passwords as Argon2id hashes, tokens as SHA-256 of 128
//! random bits or more.

use serde::{Deserialize, Serialize};
use starling_actors::domain::{
    Byline, CustomStatus, InvitationId, LoginId, OrgId, OrgRole, Timestamp, TokenId, UserId,
};

use crate::config::RegistrationMode;

/// Stores an id or a role by its text.
mod text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<T: Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Stores a role by its word.
mod role {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};
    use starling_actors::domain::OrgRole;

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    pub(super) fn serialize<S: Serializer>(
        role: &OrgRole,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(role.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<OrgRole, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// A moment, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self(at.0)
    }
}

impl From<Moment> for Timestamp {
    fn from(at: Moment) -> Self {
        Self(at.0)
    }
}

/// An organization.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Organization {
    /// The tenant.
    #[serde(with = "text")]
    pub id: OrgId,
    /// As shown.
    pub name: String,
    /// Unique on the server.
    pub slug: String,
    /// What was bought; only `free` exists.
    pub plan: String,
    /// Most people; `None` is no limit.
    pub users_max: Option<u32>,
    /// Most connections to databases; `None` is no limit.
    pub connections_max: Option<u32>,
    /// People, guests not counted. Changed only together with the record's version.
    pub users: u32,
    /// Connections to databases.
    pub connections: u32,
    /// Who may join without an invitation.
    pub registration: RegistrationMode,
    /// Chosen by the admins, shown to the page.
    #[serde(default)]
    pub settings: serde_json::Map<String, serde_json::Value>,
    /// When it was made.
    pub created_at: Moment,
}

/// A person or a guest.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct User {
    /// Never reused.
    #[serde(with = "text")]
    pub id: UserId,
    /// The tenant.
    #[serde(with = "text")]
    pub org: OrgId,
    /// As written, without the case folded for comparing; empty for guests.
    pub email: String,
    /// Unique within the organization, whatever its case.
    pub username: String,
    /// Empty when never given.
    pub full_name: String,
    /// Empty when there is no picture.
    pub avatar_url: String,
    /// Argon2id in PHC form; empty for those who have none: guests, people of other issuers.
    pub password_hash: String,
    /// What they may do.
    #[serde(with = "role")]
    pub role: OrgRole,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Runs the server itself.
    pub is_superuser: bool,
    /// When they came.
    pub created_at: Moment,
    /// Only for guests.
    #[serde(default)]
    pub guest: Option<GuestMark>,
    /// Only for people of other issuers: their account was made, and they are not in their first
    /// channel yet.
    #[serde(default)]
    pub is_awaited: bool,
    /// What they say of themselves, maybe over by now.
    #[serde(default)]
    pub custom_status: Option<StoredStatus>,
    /// Nothing is known of them any more, and nobody comes back.
    #[serde(default)]
    pub is_erased: bool,
}

/// What a person says of themselves.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StoredStatus {
    /// May be empty.
    pub emoji: String,
    /// May be empty.
    pub text: String,
    /// Until when it stands.
    pub until: Option<Moment>,
}

impl From<CustomStatus> for StoredStatus {
    fn from(status: CustomStatus) -> Self {
        let CustomStatus { emoji, text, until } = status;
        Self { emoji, text, until: until.map(Moment::from) }
    }
}

/// By what a guest is known again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GuestMark {
    /// The name that was asked for, folded; the user name may carry a number.
    pub asked_name: String,
    /// Hash of what the browser keeps.
    pub secret_hash: String,
}

impl User {
    /// What they say of themselves at a time.
    pub fn says_at(&self, now: Timestamp) -> Option<CustomStatus> {
        let StoredStatus { emoji, text, until } = self.custom_status.clone()?;
        let status = CustomStatus { emoji, text, until: until.map(Timestamp::from) };
        Some(status).filter(|status| status.stands_at(now))
    }

    /// How they are shown beside what they write.
    pub fn byline(&self) -> Byline {
        Byline {
            user: self.id,
            username: self.username.clone(),
            full_name: self.full_name.clone(),
            avatar_url: self.avatar_url.clone(),
        }
    }
}

/// A program that has an account, so that it is found among the people of its organization.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct BotMark {
    /// Its account.
    #[serde(with = "text")]
    pub id: UserId,
    /// The tenant.
    #[serde(with = "text")]
    pub org: OrgId,
    /// Who made it.
    #[serde(with = "text")]
    pub created_by: UserId,
    /// When.
    pub created_at: Moment,
}

/// One sign-in: the family of tokens that descends from it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Login {
    /// The `sid` of its tokens.
    #[serde(with = "text")]
    pub id: LoginId,
    /// Whose it is.
    #[serde(with = "text")]
    pub user: UserId,
    /// Their organization.
    #[serde(with = "text")]
    pub org: OrgId,
    /// The `jti` of the one refresh token that is not spent.
    pub refresh_jti: String,
    /// Until when that one counts.
    pub expires_at: Moment,
    /// Ended by logout, by an admin, or by a spent token used again.
    pub is_revoked: bool,
    /// When they signed in.
    pub created_at: Moment,
    /// When tokens were last given.
    pub used_at: Moment,
    /// From where, for the list of sign-ins.
    pub address: String,
    /// With what, for the list of sign-ins.
    pub user_agent: String,
}

impl Login {
    /// Whether its tokens count at a time.
    pub(super) fn counts_at(&self, now: Timestamp) -> bool {
        !self.is_revoked && now < Timestamp::from(self.expires_at)
    }
}

/// An invitation into an organization; used once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Invitation {
    /// Its id.
    #[serde(with = "text")]
    pub id: InvitationId,
    /// Where to.
    #[serde(with = "text")]
    pub org: OrgId,
    /// Whom for; empty: whoever holds the token.
    pub email: String,
    /// As what.
    #[serde(with = "role")]
    pub role: OrgRole,
    /// Hash of the token; also the key of its claim.
    pub token_hash: String,
    /// Who invited.
    #[serde(with = "text")]
    pub created_by: UserId,
    /// When.
    pub created_at: Moment,
    /// Until when it counts.
    pub expires_at: Moment,
    /// Whether someone has come by it.
    pub is_used: bool,
}

/// That somebody may choose a new password. A person has one; the newest counts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct PasswordReset {
    /// Whose.
    #[serde(with = "text")]
    pub user: UserId,
    /// Their organization.
    #[serde(with = "text")]
    pub org: OrgId,
    /// Hash of the token in the letter.
    pub token_hash: String,
    /// Hash of the password's own hash: with the password it is over.
    pub password_mark: String,
    /// The same of the password that was chosen with it, from before that is stored: whoever was told of a
    /// failure in the middle may do it again.
    #[serde(default)]
    pub chosen_mark: Option<String>,
    /// Until when it counts.
    pub expires_at: Moment,
}

/// A personal access token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PersonalToken {
    /// Its id.
    #[serde(with = "text")]
    pub id: TokenId,
    /// Whose it is.
    #[serde(with = "text")]
    pub user: UserId,
    /// Their organization.
    #[serde(with = "text")]
    pub org: OrgId,
    /// What it is for.
    pub name: String,
    /// Hash of the token; also the key of its claim.
    pub token_hash: String,
    /// When it was made.
    pub created_at: Moment,
    /// Until when it counts; `None`: until it is deleted.
    pub expires_at: Option<Moment>,
}
