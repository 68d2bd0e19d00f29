//! Frames that the server sends: the same maps under the same names, as JSON or as MessagePack.
//!
//! [`ServerFrame`] is everything that can be sent. What many sockets get alike comes from the core
//! as a [`FrameBody`] and is converted here; answers to one socket are made by the gateway.

use serde::Serialize;
use serde_json::{Map, Value};
use starling_actors::domain::{Answer, Channel, Entry, Event, Generation, MessageKind, Posted};
use starling_actors::frame::FrameBody;
use starling_actors::ports::Progress;
use utoipa::ToSchema;

use super::account::GroupView;
use super::ask::AnswerView;
use super::beside::{CustomStatusView, LinkPreviewView};
use super::channel::PublicChannelView;
use super::later::DraftView;
use super::message::{LeanAuthor, LeanMessage};
use super::ready_answers::ReadyAnswers;
pub use super::reply::{Ack, ErrorFrame, RequestId};

/// Everything that the server sends.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The first frame.
    Hello(Hello),
    /// An order was carried out.
    Ack(Ack),
    /// An order was not carried out.
    Error(ErrorFrame),
    /// What `ping` carried.
    #[schema(value_type = Object)]
    Pong(Map<String, Value>),
    /// For guests: what was said before.
    History {
        /// Where.
        channel_id: String,
        /// Oldest first.
        messages: Vec<LeanMessage>,
        /// Whether there is more before them.
        has_more: bool,
    },
    /// A message was written.
    NewMessage(Logged<WithMessage>),
    /// A question was answered; in place of `new_message`.
    LlmResponse(Box<Logged<WithAnswer>>),
    /// A question came a step further.
    QueryProgress(ProgressView),
    /// A message got other words.
    MessageEdited(Logged<Changed>),
    /// A message lost its words.
    MessageDeleted(Logged<Changed>),
    /// An emoji was put on a message or taken away.
    Reaction(Logged<Reacted>),
    /// Someone became a member.
    MemberJoined(Logged<WithUser>),
    /// Someone is no member any more.
    MemberLeft(Logged<WithUser>),
    /// Someone types, or stopped.
    TypingIndicator {
        /// Where.
        channel_id: String,
        /// Who.
        user_id: String,
        /// Their name.
        username: String,
        /// Whether they type.
        is_typing: bool,
    },
    /// Someone came, went, or says they are busy.
    UserStatus {
        /// Who.
        user_id: String,
        /// How they are now.
        status: &'static str,
    },
    /// Someone has read up to a position.
    ReadReceipt {
        /// Where.
        channel_id: String,
        /// Who.
        user_id: String,
        /// How far.
        seq: u64,
    },
    /// One's own words that are not sent yet were changed, perhaps on another device.
    DraftChanged(DraftView),
    /// One's own messages to be sent later, or reminders, have changed: read them again.
    PlansChanged {
        /// `scheduled` or `reminders`.
        kind: &'static str,
    },
    /// A message was pinned to its channel, or taken off.
    MessagePinned {
        /// Where.
        channel_id: String,
        /// Which one.
        message_id: String,
        /// Who did it.
        user_id: String,
        /// Pinned; else taken off.
        pinned: bool,
    },
    /// What is shown of the pages that a message links to has changed.
    LinkPreviews {
        /// Where.
        channel_id: String,
        /// Which message.
        message_id: String,
        /// All that is shown now; may be none.
        link_previews: Vec<LinkPreviewView>,
    },
    /// What a person says of themselves has changed.
    CustomStatus {
        /// Who.
        user_id: String,
        /// `null`: nothing any more.
        custom_status: Option<CustomStatusView>,
    },
    /// A group of the organization was made, changed or deleted.
    GroupChanged {
        /// Which one.
        group_id: String,
        /// As it is now; `null`: it is there no more.
        group: Option<GroupView>,
    },
    /// What somebody did in a channel is shown under another name from now on: they were erased.
    UserRenamed {
        /// Where.
        channel_id: String,
        /// Whose name it is.
        user_id: String,
        /// As in what they wrote.
        username: String,
        /// May be empty.
        full_name: String,
        /// May be empty.
        avatar_url: String,
    },
    /// The person is in this channel from now on.
    ChannelCreated(WithChannel),
    /// A channel's public part changed.
    ChannelUpdated(WithChannel),
    /// All that was missed has been sent.
    Resumed(Reached),
    /// Too much was missed: load a page, and follow from `head_seq + 1`.
    Resync(Reached),
}

/// The first frame.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Hello {
    /// The socket's own id.
    pub session_id: String,
    /// Who one is, as REST shows it.
    #[schema(value_type = Object)]
    pub user: Value,
    /// How often the server pings.
    pub heartbeat_ms: u64,
    /// What may be sent.
    pub limits: HelloLimits,
    /// The server's clock.
    pub server_time: String,
}

/// What a client may send.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct HelloLimits {
    /// Bytes of one incoming message.
    pub frame_bytes: usize,
    /// Characters of a chat message.
    pub content_chars: usize,
    /// Chat messages a second; 0: no limit.
    pub messages_per_second: u32,
    /// The wait after too many.
    pub cooldown_ms: u64,
}

/// An entry of the log.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Logged<T: Serialize + ToSchema> {
    /// Where.
    channel_id: String,
    /// The entry's own place in the log.
    seq: u64,
    /// The log's life.
    #[serde(rename = "gen")]
    generation: u32,
    #[serde(flatten)]
    event: T,
}

/// The part of `new_message` beside its place.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WithMessage {
    /// The message.
    message: LeanMessage,
}

/// The part of `llm_response` beside its place. A frame may come without the answer's data (it was
/// replayed late, or not everyone may see it): `GET /api/v1/queries/{job}/answer` has it then.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WithAnswer {
    /// The question's job.
    job_id: String,
    /// The thread, if it was asked in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    thread_id: Option<String>,
    /// The message with its data.
    message: AnswerMessage,
}

/// The message of an answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AnswerMessage {
    #[serde(flatten)]
    message: LeanMessage,
    /// The question.
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<String>,
    /// What was run; empty when nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    sql: Option<String>,
    /// The first rows, by their columns' names.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    results: Option<Value>,
    /// Seconds in the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    execution_time: Option<f64>,
    /// All of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    llm_context: Option<AnswerView>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    llm_model_used: Option<String>,
}

/// Fields of `query_progress`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProgressView {
    /// The question's job.
    job_id: String,
    /// Where the answer goes.
    channel_id: String,
    /// The thread, if it was asked in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    thread_id: Option<String>,
    /// The state that it entered.
    state: &'static str,
    /// A sentence about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// The part of `message_edited` and `message_deleted` beside their place.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Changed {
    /// Which message.
    message_id: String,
    /// Who did it.
    user_id: String,
    /// The message as it is now.
    message: LeanMessage,
}

/// The part of `reaction` beside its place.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reacted {
    /// Which message.
    message_id: String,
    /// Who did it.
    user_id: String,
    /// The emoji.
    emoji: String,
    /// Put on, or taken away.
    added: bool,
}

/// The part of `member_joined` and `member_left` beside their place.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WithUser {
    /// Who.
    user: LeanAuthor,
}

/// A channel's public part.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WithChannel {
    /// Which channel.
    channel_id: String,
    /// Its public part.
    channel: PublicChannelView,
}

/// How far replay got.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reached {
    /// Where.
    channel_id: String,
    /// The newest position.
    head_seq: u64,
    /// The log's life.
    #[serde(rename = "gen")]
    generation: u32,
}

impl ServerFrame {
    /// The frame that a part of the core asks to send, live.
    pub fn from_body(body: &FrameBody, ready: &ReadyAnswers) -> Self {
        match body {
            FrameBody::Logged { entry, generation } => {
                Self::logged(entry, *generation, ready.of(entry).as_deref())
            }
            FrameBody::Progress(progress) => Self::QueryProgress(ProgressView::new(progress)),
            FrameBody::Typing { channel, user, username, is_typing } => Self::TypingIndicator {
                channel_id: channel.to_string(),
                user_id: user.to_string(),
                username: username.clone(),
                is_typing: *is_typing,
            },
            FrameBody::Status { user, presence } => {
                Self::UserStatus { user_id: user.to_string(), status: presence.as_str() }
            }
            FrameBody::Read { channel, user, seq } => Self::ReadReceipt {
                channel_id: channel.to_string(),
                user_id: user.to_string(),
                seq: seq.0,
            },
            FrameBody::Own(news) => Self::own(news),
            FrameBody::Aside(aside) => Self::aside(aside),
            FrameBody::ChannelCreated(channel) => Self::ChannelCreated(WithChannel::new(channel)),
            FrameBody::ChannelUpdated(channel) => Self::ChannelUpdated(WithChannel::new(channel)),
            FrameBody::Resumed { channel, head, generation } => Self::Resumed(Reached {
                channel_id: channel.to_string(),
                head_seq: head.0,
                generation: generation.0,
            }),
            FrameBody::Resync { channel, head, generation } => Self::Resync(Reached {
                channel_id: channel.to_string(),
                head_seq: head.0,
                generation: generation.0,
            }),
        }
    }

    /// The frame for an entry of the log, with the answer's data that its readers may see now; REST
    /// lists of events show the same.
    pub fn logged(entry: &Entry, generation: Generation, answer: Option<&Answer>) -> Self {
        match &entry.event {
            Event::Posted(posted) if posted.kind == MessageKind::Answer => {
                let answer = WithAnswer::new(entry, posted, answer);
                Self::LlmResponse(Box::new(Logged::new(entry, generation, answer)))
            }
            Event::Posted(posted) => {
                let message = LeanMessage::posted(entry, posted);
                Self::NewMessage(Logged::new(entry, generation, WithMessage { message }))
            }
            Event::Edited { message, target, content, mentions } => {
                let view = LeanMessage::edited(entry, *message, *target, content, mentions);
                let changed = Changed::new(entry, message, view);
                Self::MessageEdited(Logged::new(entry, generation, changed))
            }
            Event::Deleted { message, target } => {
                let view = LeanMessage::deleted(entry, *message, *target);
                let changed = Changed::new(entry, message, view);
                Self::MessageDeleted(Logged::new(entry, generation, changed))
            }
            Event::Reacted { message, target: _, emoji, added } => {
                let reacted = Reacted {
                    message_id: message.to_string(),
                    user_id: entry.by.user.to_string(),
                    emoji: emoji.clone(),
                    added: *added,
                };
                Self::Reaction(Logged::new(entry, generation, reacted))
            }
            Event::Joined { member } => {
                let user = LeanAuthor::new(member);
                Self::MemberJoined(Logged::new(entry, generation, WithUser { user }))
            }
            Event::Left { member } => {
                let user = LeanAuthor::new(member);
                Self::MemberLeft(Logged::new(entry, generation, WithUser { user }))
            }
        }
    }

    /// The frame as JSON text.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_else(|error| lost(&error))
    }

    /// The frame as MessagePack, with the same names.
    pub fn to_msgpack(&self) -> Vec<u8> {
        rmp_serde::to_vec_named(self).unwrap_or_else(|error| lost(&error))
    }
}

/// Our own values have string keys and no failing parts, so this cannot happen; if it does, an
/// empty frame is better than a dead server.
fn lost(error: &dyn std::fmt::Display) -> Vec<u8> {
    tracing::error!(%error, "a frame could not be encoded");
    Vec::new()
}

impl<T: Serialize + ToSchema> Logged<T> {
    fn new(entry: &Entry, generation: Generation, event: T) -> Self {
        Self {
            channel_id: entry.channel.to_string(),
            seq: entry.seq.0,
            generation: generation.0,
            event,
        }
    }
}

impl WithAnswer {
    fn new(entry: &Entry, posted: &Posted, answer: Option<&Answer>) -> Self {
        let message = LeanMessage::posted(entry, posted);
        let job = posted.client_message_id.as_ref();
        let view = answer.map(AnswerView::new);
        Self {
            job_id: job.map(|id| id.as_str().to_owned()).unwrap_or_default(),
            thread_id: posted.thread.map(|id| id.to_string()),
            message: AnswerMessage {
                message,
                query: view.as_ref().map(|view| view.query.clone()),
                sql: view.as_ref().map(|view| view.sql.clone()),
                results: view.as_ref().and_then(|view| serde_json::to_value(&view.results).ok()),
                execution_time: view.as_ref().map(|view| view.execution_time),
                llm_model_used: view.as_ref().map(|view| view.model.clone()),
                llm_context: view,
            },
        }
    }
}

impl ProgressView {
    fn new(progress: &Progress) -> Self {
        Self {
            job_id: progress.job.to_string(),
            channel_id: progress.channel.to_string(),
            thread_id: progress.thread.map(|id| id.to_string()),
            state: progress.state.as_str(),
            detail: progress.detail.clone(),
        }
    }
}

impl Changed {
    fn new(entry: &Entry, message: &impl ToString, view: LeanMessage) -> Self {
        Self { message_id: message.to_string(), user_id: entry.by.user.to_string(), message: view }
    }
}

impl WithChannel {
    fn new(channel: &Channel) -> Self {
        Self { channel_id: channel.id.to_string(), channel: PublicChannelView::new(channel) }
    }
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
