//! Values and their rules. Only `std`: no format, no clock, no randomness.

mod account;
mod attachment;
mod beside;
mod calendar;
mod channel;
mod chart;
mod connection;
mod data;
mod event;
mod ids;
mod message;
mod position;
mod question;
mod schema;
mod text;
mod thread;
mod tokens;
mod words;

pub use account::{Byline, OrgRole, Presence};
pub use attachment::Attachment;
pub use beside::{CustomStatus, GroupFace, LinkPreview, STATUS_CHARS_MAX, harmless_line};
pub use calendar::{date_of, days_of};
pub use channel::{Channel, ChannelKind, ChannelRole, Membership, NotificationLevel, Standing};
pub use chart::{Chart, ChartKind};
pub use connection::{Access, Connection, ConnectionKind};
pub use data::{Cell, ColumnType, Dialect, GuardedSql, ResultColumn, ResultTable};
pub use event::{Entry, Event, Posted};
pub use ids::{
    ChannelId, ConnectionId, FileId, GroupId, InvitationId, JobId, LoginId, MalformedId, MessageId,
    NodeId, OrgId, SocketId, ThreadId, TokenId, UserId, uuid_v7,
};
pub use message::{Message, MessageKind, Reaction, Version};
pub use position::{BUCKET_ENTRIES, Bucket, Epoch, Generation, Position, Seq, Timestamp};
pub use question::{
    Answer, Audience, Job, JobError, JobState, Priority, TokenUsage, assistant_byline,
};
pub use schema::{Column, Reference, Schema, Table, TableKind, VALUES_MAX};
pub use text::{ClientMessageId, Content, Emoji, TextError};
pub use thread::Thread;
pub use tokens::{Token, phrase_places, tokens};
pub use words::UnknownWord;
