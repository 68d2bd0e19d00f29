//! Messages, in full for REST and without what is empty for sockets.

use serde::ser::{Serialize, SerializeMap, Serializer};
use starling_actors::domain::{
    Attachment, Byline, Entry, FileId, Message, MessageId, Posted, Reaction, Seq, UserId, Version,
};

use super::beside::LinkPreviewView;
use super::time::rfc3339;

/// People listed under a reaction; the count says how many there are.
const REACTION_USERS_SHOWN: usize = 20;

/// A message as REST shows it: every field, always.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct MessageView {
    /// The message's id.
    pub id: String,
    /// Where it was written.
    pub channel_id: String,
    /// Its place in the channel's log.
    pub seq: u64,
    /// Who wrote it.
    pub author_id: String,
    /// How the author was shown when they wrote it.
    pub author: AuthorView,
    /// The thread it belongs to.
    pub thread_id: Option<String>,
    /// The message it answers.
    pub parent_message_id: Option<String>,
    /// The words as of the newest edit; empty once deleted.
    pub content: String,
    /// `text`, `llm_response`, `system` or `file`.
    pub message_type: &'static str,
    /// What the client called it.
    pub client_message_id: Option<String>,
    /// Whether an edit changed it.
    pub is_edited: bool,
    /// Whether its words are gone.
    pub is_deleted: bool,
    /// Files that hang on it.
    pub attachments: Vec<AttachmentView>,
    /// By emoji, in the order of first use.
    #[schema(value_type = std::collections::HashMap<String, ReactionView>)]
    pub reactions: Reactions,
    /// Ids of those it names.
    pub mentions: Vec<String>,
    /// What is shown of the pages that it links to.
    pub link_previews: Vec<LinkPreviewView>,
    /// The answer it carries, if it is one.
    #[schema(value_type = Option<Object>)]
    pub llm_context: Option<serde_json::Value>,
    /// The model that wrote it, if one did.
    pub llm_model_used: Option<String>,
    /// When the log took it.
    pub created_at: String,
    /// When it was last edited or deleted.
    pub updated_at: String,
    /// The same as `created_at`.
    pub timestamp: String,
}

/// How a person is shown beside what they write.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct AuthorView {
    /// The person's id.
    pub id: String,
    /// Unique within the organization.
    pub username: String,
    /// Empty when never given.
    pub full_name: String,
    /// Absent when there is no picture.
    pub avatar_url: Option<String>,
    /// Whether it is a program: a bot or a webhook.
    pub is_bot: bool,
}

/// A file that hangs on a message.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct AttachmentView {
    /// The file's id.
    pub id: String,
    /// What its sender called it, made harmless.
    pub name: String,
    /// What its first bytes say that it is.
    pub mime_type: String,
    /// Its length in bytes.
    pub size: u64,
    /// Where it is, for who may read its message.
    pub url: String,
    /// Where a small picture of it is, if it is a picture.
    pub thumbnail_url: Option<String>,
    /// Of a picture, in pixels.
    pub width: Option<u32>,
    /// Of a picture, in pixels.
    pub height: Option<u32>,
}

/// One emoji on a message.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct ReactionView {
    /// How many people.
    pub count: usize,
    /// The first of them.
    pub users: Vec<String>,
    /// Whether the reader is one of them. REST only: a frame is encoded once for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mine: Option<bool>,
}

/// Reactions as a map that keeps its order.
#[derive(Clone, Debug, Default)]
pub struct Reactions(Vec<(String, ReactionView)>);

/// An earlier text of an edited message.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct VersionView {
    /// The words that this version had.
    pub content: String,
    /// Who wrote this version.
    pub user_id: String,
    /// Since when it stood.
    pub created_at: String,
}

impl MessageView {
    /// A message as `reader` sees it.
    pub fn new(message: &Message, reader: UserId) -> Self {
        let created_at = rfc3339(message.created_at);
        Self {
            id: message.id.to_string(),
            channel_id: message.channel.to_string(),
            seq: message.seq.0,
            author_id: message.author.user.to_string(),
            author: AuthorView::new(&message.author),
            thread_id: message.thread.map(|id| id.to_string()),
            parent_message_id: message.parent.map(|id| id.to_string()),
            content: message.content.clone(),
            message_type: message.kind.as_str(),
            client_message_id: message.client_message_id.as_ref().map(|id| id.as_str().to_owned()),
            is_edited: message.is_edited,
            is_deleted: message.is_deleted,
            attachments: attachments(&message.attachments),
            reactions: Reactions::new(&message.reactions, Some(reader)),
            mentions: strings(&message.mentions),
            link_previews: Vec::new(),
            llm_context: None,
            llm_model_used: None,
            timestamp: created_at.clone(),
            created_at,
            updated_at: rfc3339(message.updated_at),
        }
    }
}

impl AuthorView {
    /// How someone is shown.
    pub fn new(byline: &Byline) -> Self {
        Self {
            id: byline.user.to_string(),
            username: byline.username.clone(),
            full_name: byline.full_name.clone(),
            avatar_url: Some(byline.avatar_url.clone()).filter(|url| !url.is_empty()),
            is_bot: byline.user.is_program(),
        }
    }
}

impl AttachmentView {
    /// A file as all see it: its addresses open it for who may read its message.
    pub fn new(file: &Attachment) -> Self {
        Self {
            id: file.id.to_string(),
            name: file.name.clone(),
            mime_type: file.mime_type.clone(),
            size: file.bytes,
            url: file_url(file.id),
            thumbnail_url: file.pixels.map(|_| thumbnail_url(file.id)),
            width: file.pixels.map(|(width, _)| width),
            height: file.pixels.map(|(_, height)| height),
        }
    }
}

/// Where a file is.
pub fn file_url(id: FileId) -> String {
    format!("/api/v1/files/{id}")
}

/// Where the small picture of a picture is.
pub fn thumbnail_url(id: FileId) -> String {
    format!("{}/thumbnail", file_url(id))
}

impl VersionView {
    /// An earlier text.
    pub fn new(version: &Version) -> Self {
        Self {
            content: version.content.clone(),
            user_id: version.by.to_string(),
            created_at: rfc3339(version.at),
        }
    }
}

impl Reactions {
    /// Reactions as `reader` sees them, or as all see them alike.
    pub fn new(reactions: &[Reaction], reader: Option<UserId>) -> Self {
        let view = |reaction: &Reaction| ReactionView {
            count: reaction.users.len(),
            users: strings(&reaction.users[..reaction.users.len().min(REACTION_USERS_SHOWN)]),
            mine: reader.map(|reader| reaction.users.contains(&reader)),
        };
        Self(reactions.iter().map(|reaction| (reaction.emoji.clone(), view(reaction))).collect())
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Reactions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (emoji, view) in &self.0 {
            map.serialize_entry(emoji, view)?;
        }
        map.end()
    }
}

/// A message in a frame: what is null or empty is left out, and nothing depends on the reader.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct LeanMessage {
    /// The message's id.
    id: String,
    /// Where it was written.
    channel_id: String,
    /// Its place in the channel's log.
    seq: u64,
    /// Who wrote it; absent once deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    author_id: Option<String>,
    /// How the author was shown when they wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<LeanAuthor>,
    /// The thread it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    thread_id: Option<String>,
    /// The message it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_message_id: Option<String>,
    /// The words; empty once deleted.
    content: String,
    /// `text`, `llm_response`, `system` or `file`.
    #[serde(skip_serializing_if = "Option::is_none")]
    message_type: Option<&'static str>,
    /// What the client called it.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_message_id: Option<String>,
    /// Whether an edit changed it.
    is_edited: bool,
    /// Whether its words are gone.
    is_deleted: bool,
    /// Files that hang on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    attachments: Vec<AttachmentView>,
    /// By emoji, in the order of first use.
    #[serde(skip_serializing_if = "Reactions::is_empty")]
    #[schema(value_type = std::collections::HashMap<String, ReactionView>)]
    #[schema(required = false)]
    reactions: Reactions,
    /// Ids of those it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    mentions: Vec<String>,
    /// When the log took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<String>,
    /// When it was last edited or deleted.
    updated_at: String,
    /// The same as `created_at`.
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
}

/// An author in a frame.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct LeanAuthor {
    /// The person's id.
    id: String,
    /// Unique within the organization.
    username: String,
    /// Absent when never given.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    full_name: String,
    /// Absent when there is no picture.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    avatar_url: String,
    /// Absent for people; `true` for a program: a bot or a webhook.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    is_bot: bool,
}

impl LeanAuthor {
    /// How someone is shown.
    pub fn new(byline: &Byline) -> Self {
        Self {
            id: byline.user.to_string(),
            username: byline.username.clone(),
            full_name: byline.full_name.clone(),
            avatar_url: byline.avatar_url.clone(),
            is_bot: byline.user.is_program(),
        }
    }
}

impl LeanMessage {
    /// A message as all see it.
    pub fn new(message: &Message) -> Self {
        let created_at = rfc3339(message.created_at);
        Self {
            id: message.id.to_string(),
            channel_id: message.channel.to_string(),
            seq: message.seq.0,
            author_id: Some(message.author.user.to_string()),
            author: Some(LeanAuthor::new(&message.author)),
            thread_id: message.thread.map(|id| id.to_string()),
            parent_message_id: message.parent.map(|id| id.to_string()),
            content: message.content.clone(),
            message_type: Some(message.kind.as_str()),
            client_message_id: message.client_message_id.as_ref().map(|id| id.as_str().to_owned()),
            is_edited: message.is_edited,
            is_deleted: message.is_deleted,
            attachments: attachments(&message.attachments),
            reactions: Reactions::new(&message.reactions, None),
            mentions: strings(&message.mentions),
            timestamp: Some(created_at.clone()),
            created_at: Some(created_at),
            updated_at: rfc3339(message.updated_at),
        }
    }

    /// A message as an entry of the log brings it.
    pub(super) fn posted(entry: &Entry, posted: &Posted) -> Self {
        let at = rfc3339(entry.at);
        Self {
            thread_id: posted.thread.map(|id| id.to_string()),
            parent_message_id: posted.parent.map(|id| id.to_string()),
            content: posted.content.clone(),
            message_type: Some(posted.kind.as_str()),
            client_message_id: posted.client_message_id.as_ref().map(|id| id.as_str().to_owned()),
            attachments: attachments(&posted.attachments),
            mentions: strings(&posted.mentions),
            timestamp: Some(at.clone()),
            created_at: Some(at),
            ..Self::changed(entry, posted.id, entry.seq).by_author(&entry.by)
        }
    }

    /// What an edit says of its message.
    pub(super) fn edited(
        entry: &Entry,
        message: MessageId,
        target: Seq,
        content: &str,
        mentions: &[UserId],
    ) -> Self {
        Self {
            content: content.to_owned(),
            mentions: strings(mentions),
            is_edited: true,
            ..Self::changed(entry, message, target).by_author(&entry.by)
        }
    }

    /// What a deletion says of its message. Who deleted it need not be its author.
    pub(super) fn deleted(entry: &Entry, message: MessageId, target: Seq) -> Self {
        Self { is_deleted: true, ..Self::changed(entry, message, target) }
    }

    fn changed(entry: &Entry, message: MessageId, seq: Seq) -> Self {
        Self {
            id: message.to_string(),
            channel_id: entry.channel.to_string(),
            seq: seq.0,
            author_id: None,
            author: None,
            thread_id: None,
            parent_message_id: None,
            content: String::new(),
            message_type: None,
            client_message_id: None,
            is_edited: false,
            is_deleted: false,
            attachments: Vec::new(),
            reactions: Reactions::default(),
            mentions: Vec::new(),
            created_at: None,
            updated_at: rfc3339(entry.at),
            timestamp: None,
        }
    }

    fn by_author(self, byline: &Byline) -> Self {
        Self {
            author_id: Some(byline.user.to_string()),
            author: Some(LeanAuthor::new(byline)),
            ..self
        }
    }
}

fn attachments(files: &[Attachment]) -> Vec<AttachmentView> {
    files.iter().map(AttachmentView::new).collect()
}

pub(super) fn strings<T: ToString>(ids: &[T]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
