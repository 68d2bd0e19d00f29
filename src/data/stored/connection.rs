//! A connection as it is kept.

use serde::{Deserialize, Serialize};
use starling_actors::domain::{
    Access, Connection, ConnectionId, ConnectionKind, FileId, OrgId, Timestamp, UserId,
};

use super::text::{At, Id, Word};
use crate::data::vault::Sealed;

/// How a database is reached and entered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::data) struct StoredConnection {
    pub(in crate::data) id: Id<ConnectionId>,
    pub(in crate::data) org: Id<OrgId>,
    pub(in crate::data) name: String,
    pub(in crate::data) kind: Word<ConnectionKind>,
    pub(in crate::data) access: StoredAccess,
    pub(in crate::data) is_active: bool,
    /// Everything of the form that is no secret.
    pub(in crate::data) address: Address,
    #[serde(default)]
    pub(in crate::data) secrets: Secrets,
    /// Whether an admin lets it run under a role that could write.
    #[serde(default)]
    pub(in crate::data) allows_privileged: bool,
    /// Whether samples of its values may be kept.
    #[serde(default = "yes")]
    pub(in crate::data) keeps_samples: bool,
    pub(in crate::data) created_by: Id<UserId>,
    pub(in crate::data) created_at: At,
    pub(in crate::data) updated_at: At,
}

const fn yes() -> bool {
    true
}

/// Where a database is, and as whom it is entered. Empty is what was not given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::data) struct Address {
    pub(in crate::data) host: String,
    pub(in crate::data) port: Option<u16>,
    pub(in crate::data) database: String,
    pub(in crate::data) username: String,
    pub(in crate::data) readonly_username: String,
    pub(in crate::data) ssl_mode: String,
    pub(in crate::data) file: Option<StoredFile>,
    pub(in crate::data) account: String,
    pub(in crate::data) warehouse: String,
    pub(in crate::data) schema: String,
    pub(in crate::data) role: String,
}

/// Where a file is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::data) enum StoredFile {
    /// Below the operator's import folder.
    Import(String),
    /// Below the folder of uploads.
    Upload(String),
    /// Where all nodes of a cluster find it.
    Shared(SharedFile),
}

/// A file in the storage of all nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::data) struct SharedFile {
    /// Its name there, below its organization.
    pub(in crate::data) file: Id<FileId>,
    /// What is in it.
    pub(in crate::data) sha256: String,
    /// How much.
    pub(in crate::data) bytes: u64,
}

impl StoredFile {
    /// The upload of which it was made.
    pub(in crate::data) fn upload(&self) -> Option<String> {
        match self {
            Self::Import(_) => None,
            Self::Upload(name) => Some(name.trim_end_matches(".sqlite").to_owned()),
            Self::Shared(shared) => Some(shared.file.0.to_string()),
        }
    }
}

/// What is only opened to enter the database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::data) struct Secrets {
    pub(in crate::data) password: Option<Sealed>,
    pub(in crate::data) readonly_password: Option<Sealed>,
    pub(in crate::data) private_key: Option<Sealed>,
    /// The form's `extra_config` as JSON: nobody knows what people write into it.
    pub(in crate::data) extra_config: Option<Sealed>,
}

impl Secrets {
    /// Every field with its name, for re-encrypting all of them.
    pub(in crate::data) fn fields_mut(&mut self) -> [(&'static str, &mut Option<Sealed>); 4] {
        [
            ("password", &mut self.password),
            ("readonly_password", &mut self.readonly_password),
            ("private_key", &mut self.private_key),
            ("extra_config", &mut self.extra_config),
        ]
    }
}

/// Who may see what comes out of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::data) enum StoredAccess {
    #[default]
    Organization,
    Users(Vec<Id<UserId>>),
}

impl From<&Access> for StoredAccess {
    fn from(access: &Access) -> Self {
        match access {
            Access::Organization => Self::Organization,
            Access::Users(users) => Self::Users(users.iter().copied().map(Id).collect()),
        }
    }
}

impl From<&StoredAccess> for Access {
    fn from(stored: &StoredAccess) -> Self {
        match stored {
            StoredAccess::Organization => Self::Organization,
            StoredAccess::Users(users) => Self::Users(users.iter().map(|id| id.0).collect()),
        }
    }
}

impl StoredConnection {
    /// The connection as the core knows it.
    pub(in crate::data) fn connection(&self, version: u64) -> Connection {
        Connection {
            id: self.id.0,
            org: self.org.0,
            name: self.name.clone(),
            kind: self.kind.0,
            access: (&self.access).into(),
            is_active: self.is_active,
            version,
        }
    }

    /// When it was last changed by hand.
    pub(in crate::data) fn changed_at(&self) -> Timestamp {
        self.updated_at.into()
    }
}
