//! Frames that clients send: one value for both encodings, with a clear word for what is wrong.
//!
//! A frame is first read as a map and then field by field, so that an error can name the field and
//! repeat the client's `id`. Unknown fields are ignored.
//!
//! **Invariant:** no bytes make the parser panic.

use std::str::FromStr;

use serde::Deserialize;
use serde_json::{Map, Value};
use starling_actors::domain::{
    ChannelId, ConnectionId, FileId, Generation, JobId, MessageId, Presence, Seq, ThreadId, UserId,
};

use super::frame::{ErrorFrame, RequestId};

/// How deep a MessagePack frame may nest. Our frames need 3; the reader descends on the stack, and
/// its own default is too deep for a task's thread.
const DEPTH_MAX: usize = 32;

/// A frame and what the client called it.
#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    /// Repeated in the answer.
    pub id: Option<RequestId>,
    /// What is wanted.
    pub frame: ClientFrame,
}

/// What a client can want.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientFrame {
    /// Follow a channel, from a position if one is known.
    JoinChannel {
        /// Which one.
        channel: ChannelId,
        /// What the client has.
        from: Option<Reached>,
    },
    /// Follow a channel no more.
    LeaveChannel {
        /// Which one.
        channel: ChannelId,
    },
    /// Follow channels from where the client stopped.
    Resume {
        /// In the client's order.
        channels: Vec<(ChannelId, Reached)>,
    },
    /// Write a message.
    SendMessage(Box<Draft>),
    /// Give a message other words.
    EditMessage {
        /// Which one.
        message: MessageId,
        /// The new words.
        content: String,
        /// Whom they name.
        mentions: Vec<UserId>,
    },
    /// Take a message's words away.
    DeleteMessage {
        /// Which one.
        message: MessageId,
    },
    /// Put an emoji on a message or take it away.
    React {
        /// Which one.
        message: MessageId,
        /// The emoji.
        emoji: String,
        /// Put on (`true`) or taken away.
        added: bool,
    },
    /// Say that one types, or stopped.
    Typing {
        /// Where.
        channel: ChannelId,
        /// Whether one types.
        is_typing: bool,
    },
    /// Say how far one has read.
    MarkRead {
        /// Where.
        channel: ChannelId,
        /// How far.
        seq: Seq,
    },
    /// Say how one wants to be shown.
    Presence(Presence),
    /// Ask the data.
    Ask(Box<Question>),
    /// Call questions off: one, or all of one's own.
    CancelQuery {
        /// Which one.
        job: Option<JobId>,
    },
    /// A sign of life; the fields come back.
    Ping(Map<String, Value>),
    /// What a guest writes into the default channel.
    UserMessage {
        /// The words.
        text: String,
        /// The idempotency key.
        client_message_id: Option<String>,
    },
    /// What a guest asks.
    AiRequest {
        /// The words.
        text: String,
    },
}

/// How far a client has got in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The highest contiguous position it has.
    pub after: Seq,
    /// The log's life it knows.
    pub generation: Option<Generation>,
}

/// A message as the client sends it; the words are not checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Where.
    pub channel: ChannelId,
    /// The words.
    pub content: String,
    /// The idempotency key.
    pub client_message_id: Option<String>,
    /// The client's contiguous position when it composed the message.
    pub after_seq: Option<Seq>,
    /// The thread it belongs to.
    pub thread: Option<ThreadId>,
    /// The message it answers.
    pub parent: Option<MessageId>,
    /// Whom it names.
    pub mentions: Vec<UserId>,
    /// Files that hang on it.
    pub attachments: Vec<FileId>,
    /// How far the author's clock is from UTC, for times in commands.
    pub utc_offset: Option<String>,
}

/// A question as the client asks it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// The words.
    pub query: String,
    /// Where; the thread says it when absent.
    pub channel: Option<ChannelId>,
    /// In which thread.
    pub thread: Option<ThreadId>,
    /// Where to look.
    pub connection: Option<ConnectionId>,
    /// The idempotency key of the question's message.
    pub client_message_id: Option<String>,
}

impl Incoming {
    /// Reads a JSON frame.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ErrorFrame> {
        let value = serde_json::from_slice(bytes)
            .map_err(|_| refusal(None, "malformed", "the frame is not JSON".to_owned()))?;
        Self::from_value(value)
    }

    /// Reads a MessagePack frame.
    pub fn from_msgpack(bytes: &[u8]) -> Result<Self, ErrorFrame> {
        let mut deserializer = rmp_serde::Deserializer::from_read_ref(bytes);
        deserializer.set_max_depth(DEPTH_MAX);
        let value = Value::deserialize(&mut deserializer).map_err(|_| {
            refusal(None, "malformed", "the frame is not a MessagePack map of text".to_owned())
        })?;
        Self::from_value(value)
    }

    fn from_value(value: Value) -> Result<Self, ErrorFrame> {
        let Value::Object(map) = value else {
            return Err(refusal(None, "malformed", "a frame is one object".to_owned()));
        };
        let mut fields = Fields(map);
        let id = match fields.take("id") {
            None => None,
            Some(Value::Number(number)) => Some(RequestId::Number(number)),
            Some(Value::String(text)) => Some(RequestId::Text(text)),
            Some(Value::Bool(_) | Value::Array(_) | Value::Object(_) | Value::Null) => {
                let message = "id: must be a text or a number".to_owned();
                return Err(refusal(None, "validation_failed", message));
            }
        };
        match fields.frame() {
            // A `pong` repeats every field, the id among them.
            Ok(ClientFrame::Ping(mut carried)) => {
                carried.extend(id.map(|id| ("id".to_owned(), id.into_value())));
                Ok(Self { id: None, frame: ClientFrame::Ping(carried) })
            }
            Ok(frame) => Ok(Self { id, frame }),
            Err(Wrong::Type(name)) => {
                Err(refusal(id, "unknown_type", format!("there is no frame of type '{name}'")))
            }
            Err(Wrong::Field(name, what)) => {
                Err(refusal(id, "validation_failed", format!("{name}: {what}")))
            }
        }
    }
}

fn refusal(id: Option<RequestId>, code: &'static str, message: String) -> ErrorFrame {
    ErrorFrame { id, code, message, retry: false, retry_after_ms: None }
}

/// What is wrong with a frame.
enum Wrong {
    Type(String),
    Field(&'static str, &'static str),
}

/// Longest unknown type that an error repeats, in characters: enough to see a typing error.
const TYPE_CHARS_SHOWN: usize = 40;

struct Fields(Map<String, Value>);

impl Fields {
    fn frame(&mut self) -> Result<ClientFrame, Wrong> {
        let name = self.text("type")?;
        Ok(match name.as_str() {
            "join_channel" => {
                ClientFrame::JoinChannel { channel: self.id("channel_id")?, from: self.from()? }
            }
            "leave_channel" => ClientFrame::LeaveChannel { channel: self.id("channel_id")? },
            "resume" => ClientFrame::Resume { channels: self.positions()? },
            "send_message" => ClientFrame::SendMessage(Box::new(self.draft()?)),
            "edit_message" => ClientFrame::EditMessage {
                message: self.id("message_id")?,
                content: self.text("content")?,
                mentions: self.ids("mentions")?,
            },
            "delete_message" => ClientFrame::DeleteMessage { message: self.id("message_id")? },
            "react" => ClientFrame::React {
                message: self.id("message_id")?,
                emoji: self.text("emoji")?,
                added: !self.flag("remove")?.unwrap_or(false),
            },
            "typing" => ClientFrame::Typing {
                channel: self.id("channel_id")?,
                is_typing: self.flag("is_typing")?.unwrap_or(true),
            },
            "mark_read" => ClientFrame::MarkRead {
                channel: self.id("channel_id")?,
                seq: self.number("seq")?.map(Seq).ok_or(Wrong::Field("seq", MISSING))?,
            },
            "presence" => ClientFrame::Presence(self.presence()?),
            "ask" => ClientFrame::Ask(Box::new(self.question()?)),
            "cancel_query" => ClientFrame::CancelQuery { job: self.optional_id("job_id")? },
            "ping" => ClientFrame::Ping(std::mem::take(&mut self.0)),
            "user_message" => ClientFrame::UserMessage {
                text: self.text("text")?,
                client_message_id: self.optional_text("client_message_id")?,
            },
            "ai_request" => ClientFrame::AiRequest { text: self.text("text")? },
            unknown => return Err(Wrong::Type(unknown.chars().take(TYPE_CHARS_SHOWN).collect())),
        })
    }

    /// A field that is there; null counts as absent.
    fn take(&mut self, name: &str) -> Option<Value> {
        #[cfg(test)]
        asked::note(name);
        self.0.remove(name).filter(|value| !value.is_null())
    }

    fn text(&mut self, name: &'static str) -> Result<String, Wrong> {
        self.optional_text(name)?.ok_or(Wrong::Field(name, MISSING))
    }

    fn optional_text(&mut self, name: &'static str) -> Result<Option<String>, Wrong> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Wrong::Field(name, "must be a text")),
        }
    }

    fn id<T: FromStr>(&mut self, name: &'static str) -> Result<T, Wrong> {
        self.optional_id(name)?.ok_or(Wrong::Field(name, MISSING))
    }

    fn optional_id<T: FromStr>(&mut self, name: &'static str) -> Result<Option<T>, Wrong> {
        let text = self.optional_text(name)?;
        text.map(|text| text.parse().map_err(|_| Wrong::Field(name, NOT_AN_ID))).transpose()
    }

    fn ids<T: FromStr>(&mut self, name: &'static str) -> Result<Vec<T>, Wrong> {
        let one = |value: &Value| value.as_str().and_then(|text| text.parse().ok());
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(values)) => {
                values.iter().map(|value| one(value).ok_or(Wrong::Field(name, NOT_AN_ID))).collect()
            }
            Some(_) => Err(Wrong::Field(name, "must be a list of ids")),
        }
    }

    fn number(&mut self, name: &'static str) -> Result<Option<u64>, Wrong> {
        let read = |value: Value| {
            // The log's positions are stored as signed 64-bit numbers.
            let number = value.as_u64().filter(|number| i64::try_from(*number).is_ok());
            number.ok_or(Wrong::Field(name, "must be a whole number of at least 0"))
        };
        self.take(name).map(read).transpose()
    }

    fn flag(&mut self, name: &'static str) -> Result<Option<bool>, Wrong> {
        let read =
            |value: Value| value.as_bool().ok_or(Wrong::Field(name, "must be true or false"));
        self.take(name).map(read).transpose()
    }

    fn presence(&mut self) -> Result<Presence, Wrong> {
        let word = self.text("status")?;
        word.parse().map_err(|_| Wrong::Field("status", "must be online, away, dnd or offline"))
    }

    fn generation(&mut self) -> Result<Option<Generation>, Wrong> {
        let read = |number: u64| {
            let number = u32::try_from(number).map_err(|_| Wrong::Field("gen", "is too large"))?;
            Ok(Generation(number))
        };
        self.number("gen")?.map(read).transpose()
    }

    fn from(&mut self) -> Result<Option<Reached>, Wrong> {
        let generation = self.generation()?;
        let after = self.number("after_seq")?;
        Ok(after.map(|after| Reached { after: Seq(after), generation }))
    }

    fn positions(&mut self) -> Result<Vec<(ChannelId, Reached)>, Wrong> {
        let Some(Value::Array(items)) = self.take("channels") else {
            return Err(Wrong::Field("channels", "must be a list of positions"));
        };
        let one = |item| {
            let Value::Object(map) = item else {
                return Err(Wrong::Field("channels", "must be a list of positions"));
            };
            let mut fields = Self(map);
            let from = fields.from()?.ok_or(Wrong::Field("after_seq", MISSING))?;
            Ok((fields.id("channel_id")?, from))
        };
        items.into_iter().map(one).collect()
    }

    fn question(&mut self) -> Result<Question, Wrong> {
        Ok(Question {
            query: self.text("query")?,
            channel: self.optional_id("channel_id")?,
            thread: self.optional_id("thread_id")?,
            connection: self.optional_id("connection_id")?,
            client_message_id: self.optional_text("client_message_id")?,
        })
    }

    fn draft(&mut self) -> Result<Draft, Wrong> {
        Ok(Draft {
            channel: self.id("channel_id")?,
            content: self.text("content")?,
            client_message_id: self.optional_text("client_message_id")?,
            after_seq: self.number("after_seq")?.map(Seq),
            thread: self.optional_id("thread_id")?,
            parent: self.optional_id("parent_message_id")?,
            mentions: self.ids("mentions")?,
            attachments: self.ids("attachments")?,
            utc_offset: self.optional_text("utc_offset")?,
        })
    }
}

const MISSING: &str = "is missing";
const NOT_AN_ID: &str = "must be an id: a UUID in lower case with hyphens";

/// Which fields the parser looked for, to be compared with those that are described.
#[cfg(test)]
pub(super) mod asked {
    use std::cell::RefCell;

    thread_local! {
        static NAMES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    }

    pub(super) fn note(name: &str) {
        NAMES.with_borrow_mut(|names| names.push(name.to_owned()));
    }

    pub(in crate::wire) fn forget() {
        NAMES.with_borrow_mut(Vec::clear);
    }

    pub(in crate::wire) fn names() -> Vec<String> {
        NAMES.with_borrow(Clone::clone)
    }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
