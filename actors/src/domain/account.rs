//! People: what the chat needs to know of them. Credentials are not the core's business.

use super::UserId;

/// How a person is shown beside what they write, as it was when they wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Byline {
    /// Who it is, whatever they call themselves later.
    pub user: UserId,
    /// Unique within the organization.
    pub username: String,
    /// Empty when never given.
    pub full_name: String,
    /// Empty when there is no picture.
    pub avatar_url: String,
}

/// What a person may do in their organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrgRole {
    /// Runs the organization.
    Admin,
    /// Works with its data.
    Analyst,
    /// Reads, writes and asks.
    Viewer,
    /// Came in by a name alone; sees the default channel and nothing else.
    Guest,
}

impl OrgRole {
    /// May invite people, change roles and limits, and see private fields of others.
    pub const fn may_administer(self) -> bool {
        matches!(self, Self::Admin)
    }

    /// May see what comes out of connections that are open to them; guests are not of the organization.
    pub const fn may_read_data(self) -> bool {
        !matches!(self, Self::Guest)
    }

    /// May connect data, describe it, and say that an answer is right.
    pub const fn may_curate_data(self) -> bool {
        matches!(self, Self::Admin | Self::Analyst)
    }

    /// May open channels, start conversations and join public channels by themselves.
    pub const fn may_open_channels(self) -> bool {
        !matches!(self, Self::Guest)
    }
}

/// Whether a person is here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Presence {
    /// Connected and active.
    Online,
    /// Connected, but said to be away.
    Away,
    /// Connected, wants no notifications.
    DoNotDisturb,
    /// No socket open for longer than the grace time.
    #[default]
    Offline,
}
