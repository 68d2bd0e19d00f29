//! What clients may send, as schemas for the AsyncAPI document.
//!
//! The parser in [`super::client`] reads fields by hand, so that an error can name the field; these
//! types only describe. **Invariant:** they describe what the parser reads: the tests below hand it
//! every frame with every field, without each required one, and with each field of a wrong kind,
//! and compare the fields it asked for with those that are described.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::frame::RequestId;

/// A frame that a client sends.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrameSchema {
    /// Follow a channel, from a position if one is known. Answer: `ack` {channel_id, head_seq,
    /// gen}, then what is missing.
    JoinChannel(JoinChannel),
    /// Follow a channel no more. Answer: `ack`.
    LeaveChannel(OfChannel),
    /// Follow channels from where the client stopped. Answer: per channel what is missing, then
    /// `resumed` or `resync`.
    Resume(Resume),
    /// Write a message. Answer: `ack` {channel_id, message_id, seq, client_message_id, created_at,
    /// duplicate}.
    SendMessage(SendMessage),
    /// Give a message other words. Answer: `ack` {channel_id, message_id, seq}.
    EditMessage(EditMessage),
    /// Take a message's words away. Answer: `ack` {channel_id, message_id, seq}.
    DeleteMessage(OfMessage),
    /// Put an emoji on a message or take it away. Answer: `ack` {channel_id, message_id, seq}.
    React(React),
    /// Say that one types, or stopped. No answer.
    Typing(Typing),
    /// Say how far one has read. Answer: `ack`.
    MarkRead(MarkRead),
    /// Say how one wants to be shown. Answer: `ack`.
    Presence(Show),
    /// Ask the data. Answer: `ack` with `job_id` and `message_id`.
    Ask(Ask),
    /// Call questions off. Answer: `ack` with `cancelled`, how many.
    CancelQuery(CancelQuery),
    /// A sign of life. Answer: `pong` with the same fields.
    #[schema(value_type = Object)]
    Ping(Map<String, Value>),
    /// Guests only: write into the default channel. Answer: `ack`.
    UserMessage(GuestMessage),
    /// Guests only: ask. Answer: as that of `ask`.
    AiRequest(Words),
}

/// Fields of `join_channel`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JoinChannel {
    /// Repeated in the answer.
    pub id: Option<RequestId>,
    /// Which channel.
    pub channel_id: String,
    /// The highest position up to which the client lacks nothing.
    pub after_seq: Option<u64>,
    /// The log's life that the client knows.
    #[serde(rename = "gen")]
    pub generation: Option<u32>,
}

/// Fields of `leave_channel`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfChannel {
    /// Repeated in the answer.
    pub id: Option<RequestId>,
    /// Which channel.
    pub channel_id: String,
}

/// Fields of `resume`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Resume {
    /// Repeated in the answer.
    pub id: Option<RequestId>,
    /// In the order in which they shall be caught up.
    pub channels: Vec<Place>,
}

/// How far a client has got in a channel.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Place {
    /// Which channel.
    pub channel_id: String,
    /// The highest position up to which the client lacks nothing.
    pub after_seq: u64,
    /// The log's life that the client knows.
    #[serde(rename = "gen")]
    pub generation: Option<u32>,
}

/// Fields of `send_message`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SendMessage {
    /// Repeated in the answer.
    pub id: Option<RequestId>,
    /// Which channel.
    pub channel_id: String,
    /// The words.
    pub content: String,
    /// Makes a resend harmless: the first message under it wins.
    pub client_message_id: Option<String>,
    /// The highest position up to which the client lacks nothing.
    pub after_seq: Option<u64>,
    /// The thread.
    pub thread_id: Option<String>,
    /// The message it answers.
    pub parent_message_id: Option<String>,
    /// Ids of those it names.
    pub mentions: Option<Vec<String>>,
    /// Ids of files that hang on it.
    pub attachments: Option<Vec<String>>,
    /// How far the author's clock is from UTC, as `+02:00`, for times in commands.
    pub utc_offset: Option<String>,
}

/// Fields of `edit_message`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EditMessage {
    /// Repeated in the answer.
    pub id: Option<RequestId>,
    /// Which message.
    pub message_id: String,
    /// The words.
    pub content: String,
    /// Ids of those it names.
    pub mentions: Option<Vec<String>>,
}

/// Fields of `delete_message`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfMessage {
    /// Repeated in the answer.
    pub id: Option<RequestId>,
    /// Which message.
    pub message_id: String,
}

/// Fields of `react`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct React {
    /// Repeated in the answer.
    pub id: Option<RequestId>,
    /// Which message.
    pub message_id: String,
    /// The emoji.
    pub emoji: String,
    /// Taken away instead of put on.
    pub remove: Option<bool>,
}

/// Fields of `typing`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Typing {
    /// Repeated in the answer.
    pub id: Option<RequestId>,
    /// Which channel.
    pub channel_id: String,
    /// Whether one types; left out, one does.
    pub is_typing: Option<bool>,
}

/// Fields of `mark_read`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MarkRead {
    /// Repeated in the answer.
    pub id: Option<RequestId>,
    /// Which channel.
    pub channel_id: String,
    /// How far.
    pub seq: u64,
}

/// Fields of `presence`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Show {
    /// Repeated in the answer.
    pub id: Option<RequestId>,
    /// `online`, `away`, `dnd` or `offline`.
    pub status: String,
}

/// Fields of `ask`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Ask {
    /// Repeated in the answer.
    pub id: Option<RequestId>,
    /// The question.
    pub query: String,
    /// Which channel.
    pub channel_id: Option<String>,
    /// The thread.
    pub thread_id: Option<String>,
    /// The source to ask.
    pub connection_id: Option<String>,
    /// What the client calls the question's message: the same again asks nothing new.
    pub client_message_id: Option<String>,
}

/// Fields of `cancel_query`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CancelQuery {
    /// Repeated in the answer.
    pub id: Option<RequestId>,
    /// Which question.
    pub job_id: Option<String>,
}

/// Fields of `user_message`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuestMessage {
    /// Repeated in the answer.
    pub id: Option<RequestId>,
    /// The words.
    pub text: String,
    /// Makes a resend harmless: the first message under it wins.
    pub client_message_id: Option<String>,
}

/// Fields of `ai_request`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Words {
    /// Repeated in the answer.
    pub id: Option<RequestId>,
    /// The words.
    pub text: String,
}

#[cfg(test)]
#[path = "client_schema_tests.rs"]
mod tests;
