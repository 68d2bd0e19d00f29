//! What stands beside messages and people: pins, what links lead to, what somebody says of themselves.

use serde::Serialize;
use starling_actors::domain::{CustomStatus, LinkPreview};
use starling_actors::ports::Aside;

use super::account::GroupView;
use super::frame::ServerFrame;
use super::message::MessageView;
use super::time::rfc3339;

/// What a person says of themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CustomStatusView {
    /// An emoji or its short name; may be empty.
    pub emoji: String,
    /// May be empty.
    pub text: String,
    /// Shown no longer from then on; `null`: until they say otherwise.
    pub expires_at: Option<String>,
}

/// What is shown of a page that a message links to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LinkPreviewView {
    /// The address as it stands in the message.
    pub url: String,
    /// What the page calls itself.
    pub title: String,
    /// What it says about itself; may be empty.
    pub description: String,
    /// Whose page it is.
    pub site_name: String,
}

/// A message that is pinned to its channel.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PinView {
    /// As it stands now.
    pub message: MessageView,
    /// Who pinned it.
    pub pinned_by: String,
    /// When.
    pub pinned_at: String,
}

impl From<&CustomStatus> for CustomStatusView {
    fn from(status: &CustomStatus) -> Self {
        Self {
            emoji: status.emoji.clone(),
            text: status.text.clone(),
            expires_at: status.until.map(rfc3339),
        }
    }
}

impl From<&LinkPreview> for LinkPreviewView {
    fn from(link: &LinkPreview) -> Self {
        Self {
            url: link.url.clone(),
            title: link.title.clone(),
            description: link.description.clone(),
            site_name: link.site.clone(),
        }
    }
}

impl ServerFrame {
    /// What stands beside something has changed.
    pub(super) fn aside(aside: &Aside) -> Self {
        match aside {
            Aside::Pin { channel, message, by, pinned } => Self::MessagePinned {
                channel_id: channel.to_string(),
                message_id: message.to_string(),
                user_id: by.to_string(),
                pinned: *pinned,
            },
            Aside::Links { channel, message, links } => Self::LinkPreviews {
                channel_id: channel.to_string(),
                message_id: message.to_string(),
                link_previews: links.iter().map(LinkPreviewView::from).collect(),
            },
            Aside::Status { user, status } => Self::CustomStatus {
                user_id: user.to_string(),
                custom_status: status.as_ref().map(CustomStatusView::from),
            },
            Aside::Group { org: _, id, group } => Self::GroupChanged {
                group_id: id.to_string(),
                group: group.as_ref().map(GroupView::from),
            },
            Aside::Renamed { channel, by } => Self::UserRenamed {
                channel_id: channel.to_string(),
                user_id: by.user.to_string(),
                username: by.username.clone(),
                full_name: by.full_name.clone(),
                avatar_url: by.avatar_url.clone(),
            },
        }
    }
}
