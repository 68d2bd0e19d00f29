//! Connections to customers' data, without their secrets.

use super::{ConnectionId, Dialect, OrgId, UserId};

/// What stands behind a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConnectionKind {
    /// A PostgreSQL server.
    PostgreSql,
    /// A MySQL or MariaDB server.
    MySql,
    /// A SQLite file.
    Sqlite,
    /// An uploaded CSV file.
    Csv,
    /// An uploaded workbook; every sheet is a table.
    Excel,
    /// A Snowflake account.
    Snowflake,
}

impl ConnectionKind {
    /// The language that it understands.
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::PostgreSql => Dialect::PostgreSql,
            Self::MySql => Dialect::MySql,
            Self::Sqlite | Self::Csv | Self::Excel => Dialect::Sqlite,
            Self::Snowflake => Dialect::Snowflake,
        }
    }
}

/// Who may see what comes out of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Everyone of the organization; guests are not of it.
    #[default]
    Organization,
    /// These people.
    Users(Vec<UserId>),
}

impl Access {
    /// Whether this person may. `is_guest` people may see nothing.
    pub fn admits(&self, user: UserId, is_guest: bool) -> bool {
        match self {
            _ if is_guest => false,
            Self::Organization => true,
            Self::Users(users) => users.contains(&user),
        }
    }
}

/// A connection as the core knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Never reused.
    pub id: ConnectionId,
    /// The tenant.
    pub org: OrgId,
    /// What people call it; unique within the organization.
    pub name: String,
    /// What stands behind it.
    pub kind: ConnectionKind,
    /// Who may see what comes out of it.
    pub access: Access,
    /// Whether it may be used.
    pub is_active: bool,
    /// Counts up with every change, so that pools and caches of an older one are dropped.
    pub version: u64,
}
