//! What stands beside messages and people, as nodes tell each other.

use serde::{Deserialize, Serialize};
use starling_actors::domain::{
    ChannelId, CustomStatus, GroupFace, GroupId, LinkPreview, MessageId, OrgId, Timestamp, UserId,
};
use starling_actors::ports::Aside;

use super::values::{SaidByline, SaidId, from_ids, ids};

/// What stands beside something.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum SaidAside {
    #[serde(rename = "p")]
    Pin { channel: SaidId, message: SaidId, by: SaidId, pinned: bool },
    #[serde(rename = "l")]
    Links { channel: SaidId, message: SaidId, links: Vec<SaidLink> },
    #[serde(rename = "s")]
    Status { user: SaidId, status: Option<SaidStatus> },
    #[serde(rename = "g")]
    Group { org: SaidId, id: SaidId, group: Option<SaidGroup> },
    #[serde(rename = "n")]
    Renamed { channel: SaidId, by: SaidByline },
}

/// A group: handle, name, description, members, when it was made.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SaidGroup(String, String, String, Vec<SaidId>, i64);

/// What is shown of a page: address, title, description, site.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SaidLink(String, String, String, String);

/// What a person says of themselves: emoji, text, until when.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SaidStatus(String, String, Option<i64>);

impl From<&Aside> for SaidAside {
    fn from(aside: &Aside) -> Self {
        match aside {
            Aside::Pin { channel, message, by, pinned } => Self::Pin {
                channel: SaidId(channel.as_u128()),
                message: SaidId(message.as_u128()),
                by: SaidId(by.as_u128()),
                pinned: *pinned,
            },
            Aside::Links { channel, message, links } => Self::Links {
                channel: SaidId(channel.as_u128()),
                message: SaidId(message.as_u128()),
                links: links.iter().cloned().map(SaidLink::from).collect(),
            },
            Aside::Status { user, status } => Self::Status {
                user: SaidId(user.as_u128()),
                status: status.clone().map(SaidStatus::from),
            },
            Aside::Group { org, id, group } => Self::Group {
                org: SaidId(org.as_u128()),
                id: SaidId(id.as_u128()),
                group: group.clone().map(SaidGroup::from),
            },
            Aside::Renamed { channel, by } => {
                Self::Renamed { channel: SaidId(channel.as_u128()), by: by.into() }
            }
        }
    }
}

impl From<SaidAside> for Aside {
    fn from(aside: SaidAside) -> Self {
        match aside {
            SaidAside::Pin { channel, message, by, pinned } => Self::Pin {
                channel: ChannelId::from_u128(channel.0),
                message: MessageId::from_u128(message.0),
                by: UserId::from_u128(by.0),
                pinned,
            },
            SaidAside::Links { channel, message, links } => Self::Links {
                channel: ChannelId::from_u128(channel.0),
                message: MessageId::from_u128(message.0),
                links: links.into_iter().map(LinkPreview::from).collect(),
            },
            SaidAside::Status { user, status } => Self::Status {
                user: UserId::from_u128(user.0),
                status: status.map(CustomStatus::from),
            },
            SaidAside::Group { org, id, group } => {
                let id = GroupId::from_u128(id.0);
                let group = group.map(|group| group.into_face(id));
                Self::Group { org: OrgId::from_u128(org.0), id, group }
            }
            SaidAside::Renamed { channel, by } => {
                Self::Renamed { channel: ChannelId::from_u128(channel.0), by: by.into() }
            }
        }
    }
}

impl From<LinkPreview> for SaidLink {
    fn from(link: LinkPreview) -> Self {
        let LinkPreview { url, title, description, site } = link;
        Self(url, title, description, site)
    }
}

impl From<SaidLink> for LinkPreview {
    fn from(SaidLink(url, title, description, site): SaidLink) -> Self {
        Self { url, title, description, site }
    }
}

impl From<GroupFace> for SaidGroup {
    fn from(group: GroupFace) -> Self {
        let GroupFace { id: _, handle, name, description, members, created_at } = group;
        Self(handle, name, description, ids(&members, UserId::as_u128), created_at.0)
    }
}

impl SaidGroup {
    fn into_face(self, id: GroupId) -> GroupFace {
        let Self(handle, name, description, members, created_at) = self;
        let members = from_ids(members, UserId::from_u128);
        let created_at = Timestamp(created_at);
        GroupFace { id, handle, name, description, members, created_at }
    }
}

impl From<CustomStatus> for SaidStatus {
    fn from(status: CustomStatus) -> Self {
        Self(status.emoji, status.text, status.until.map(|until| until.0))
    }
}

impl From<SaidStatus> for CustomStatus {
    fn from(SaidStatus(emoji, text, until): SaidStatus) -> Self {
        Self { emoji, text, until: until.map(Timestamp) }
    }
}
