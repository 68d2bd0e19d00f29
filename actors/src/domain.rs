//! Values and their rules. Only `std`: no format, no clock, no randomness.

mod account;
mod channel;
mod event;
mod ids;
mod message;
mod position;
mod text;
mod thread;

pub use account::{Byline, OrgRole, Presence};
pub use channel::{
    Channel, ChannelKind, ChannelRole, Membership, NotificationLevel, Standing, UnknownWord,
};
pub use event::{Entry, Event, Posted};
pub use ids::{
    ChannelId, FileId, InvitationId, LoginId, MalformedId, MessageId, OrgId, SocketId, ThreadId,
    TokenId, UserId, uuid_v7,
};
pub use message::{Message, MessageKind, Reaction, Version};
pub use position::{BUCKET_ENTRIES, Bucket, Epoch, Generation, Position, Seq, Timestamp};
pub use text::{ClientMessageId, Content, Emoji, TextError};
pub use thread::Thread;
