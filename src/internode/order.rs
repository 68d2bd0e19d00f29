//! Orders for a channel on another node, and its replies.

use serde::{Deserialize, Serialize};
use starling_actors::domain::{
    Attachment, ChannelId, MessageId, NodeId, Seq, ThreadId, Timestamp, UserId,
};
use starling_actors::ports::{
    Amend, AmendError, Amended, Change, MemberChange, Post, PostError, Receipt, RemoteOrder,
    RemoteReply,
};

use super::values::{SaidAttachment, SaidByline, SaidId, from_ids, ids, key};
use super::{SpeechError, read, unversioned, write};

/// Puts an order for a channel into bytes.
pub fn encode_order(channel: ChannelId, order: &RemoteOrder) -> Result<Vec<u8>, SpeechError> {
    write(&[], &(SaidId(channel.as_u128()), SaidOrder::from(order)))
}

/// Reads an order, and the channel that it is for.
pub fn decode_order(bytes: &[u8]) -> Result<(ChannelId, RemoteOrder), SpeechError> {
    let (channel, order): (SaidId, SaidOrder) = read(unversioned(bytes)?)?;
    Ok((ChannelId::from_u128(channel.0), order.try_into()?))
}

/// Puts a reply into bytes.
pub fn encode_reply(reply: &RemoteReply) -> Result<Vec<u8>, SpeechError> {
    write(&[], &SaidReply::from(reply))
}

/// Reads a reply.
pub fn decode_reply(bytes: &[u8]) -> Result<RemoteReply, SpeechError> {
    Ok(read::<SaidReply>(unversioned(bytes)?)?.into())
}

#[derive(Debug, Serialize, Deserialize)]
enum SaidOrder {
    #[serde(rename = "p")]
    Post(SaidPost),
    #[serde(rename = "a")]
    Amend {
        by: SaidByline,
        message: SaidId,
        may_moderate: bool,
        change: SaidChange,
        /// As that of a post.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        written: Option<i64>,
    },
    #[serde(rename = "m")]
    Member { by: SaidByline, change: SaidMemberChange },
}

#[derive(Debug, Serialize, Deserialize)]
struct SaidPost {
    by: SaidByline,
    kind: String,
    content: String,
    thread: Option<SaidId>,
    parent: Option<SaidId>,
    mentions: Vec<SaidId>,
    attachments: Vec<SaidAttachment>,
    client_message_id: Option<String>,
    after_seq: Option<u64>,
    /// Last and left out where there is none, so that nodes of the version before read all else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    written: Option<i64>,
}

#[derive(Debug, Serialize, Deserialize)]
enum SaidChange {
    #[serde(rename = "e")]
    Edit { content: String, mentions: Vec<SaidId> },
    #[serde(rename = "d")]
    Delete,
    #[serde(rename = "r")]
    React { emoji: String, added: bool },
}

#[derive(Debug, Serialize, Deserialize)]
enum SaidMemberChange {
    #[serde(rename = "j")]
    Joined(SaidByline),
    #[serde(rename = "l")]
    Left(SaidByline),
}

impl From<&RemoteOrder> for SaidOrder {
    fn from(order: &RemoteOrder) -> Self {
        match order {
            RemoteOrder::Post(post) => Self::Post(post.into()),
            RemoteOrder::Amend(Amend { by, message, may_moderate, change, written }) => {
                Self::Amend {
                    by: by.into(),
                    message: SaidId(message.as_u128()),
                    may_moderate: *may_moderate,
                    change: match change {
                        Change::Edit { content, mentions } => SaidChange::Edit {
                            content: content.clone(),
                            mentions: ids(mentions, UserId::as_u128),
                        },
                        Change::Delete => SaidChange::Delete,
                        Change::React { emoji, added } => {
                            SaidChange::React { emoji: emoji.clone(), added: *added }
                        }
                    },
                    written: written.map(|at| at.0),
                }
            }
            RemoteOrder::Member { by, change } => Self::Member {
                by: by.into(),
                change: match change {
                    MemberChange::Joined(member) => SaidMemberChange::Joined(member.into()),
                    MemberChange::Left(member) => SaidMemberChange::Left(member.into()),
                },
            },
        }
    }
}

impl TryFrom<SaidOrder> for RemoteOrder {
    type Error = SpeechError;

    fn try_from(order: SaidOrder) -> Result<Self, SpeechError> {
        Ok(match order {
            SaidOrder::Post(post) => Self::Post(post.try_into()?),
            SaidOrder::Amend { by, message, may_moderate, change, written } => Self::Amend(Amend {
                by: by.into(),
                message: MessageId::from_u128(message.0),
                may_moderate,
                change: match change {
                    SaidChange::Edit { content, mentions } => {
                        Change::Edit { content, mentions: from_ids(mentions, UserId::from_u128) }
                    }
                    SaidChange::Delete => Change::Delete,
                    SaidChange::React { emoji, added } => Change::React { emoji, added },
                },
                written: written.map(Timestamp),
            }),
            SaidOrder::Member { by, change } => Self::Member {
                by: by.into(),
                change: match change {
                    SaidMemberChange::Joined(member) => MemberChange::Joined(member.into()),
                    SaidMemberChange::Left(member) => MemberChange::Left(member.into()),
                },
            },
        })
    }
}

impl From<&Post> for SaidPost {
    fn from(post: &Post) -> Self {
        Self {
            by: (&post.by).into(),
            kind: post.kind.as_str().to_owned(),
            content: post.content.clone(),
            thread: post.thread.map(|id| SaidId(id.as_u128())),
            parent: post.parent.map(|id| SaidId(id.as_u128())),
            mentions: ids(&post.mentions, UserId::as_u128),
            attachments: post.attachments.iter().map(SaidAttachment::from).collect(),
            client_message_id: post.client_message_id.as_ref().map(|id| id.as_str().to_owned()),
            after_seq: post.after_seq.map(|seq| seq.0),
            written: post.written.map(|at| at.0),
        }
    }
}

impl TryFrom<SaidPost> for Post {
    type Error = SpeechError;

    fn try_from(post: SaidPost) -> Result<Self, SpeechError> {
        Ok(Self {
            by: post.by.into(),
            kind: post.kind.parse().map_err(|_| SpeechError::Word)?,
            content: post.content,
            thread: post.thread.map(|id| ThreadId::from_u128(id.0)),
            parent: post.parent.map(|id| MessageId::from_u128(id.0)),
            mentions: from_ids(post.mentions, UserId::from_u128),
            attachments: post.attachments.into_iter().map(Attachment::from).collect(),
            client_message_id: key(post.client_message_id)?,
            after_seq: post.after_seq.map(Seq),
            written: post.written.map(Timestamp),
        })
    }
}

#[derive(Debug, Serialize, Deserialize)]
enum SaidReply {
    #[serde(rename = "p")]
    Posted(Result<SaidReceipt, SaidPostError>),
    #[serde(rename = "a")]
    Amended(Result<SaidAmended, SaidAmendError>),
    #[serde(rename = "m")]
    Member(Result<u64, SaidPostError>),
    #[serde(rename = "e")]
    Elsewhere(Option<SaidId>),
    #[serde(rename = "u")]
    Unreachable,
}

#[derive(Debug, Serialize, Deserialize)]
struct SaidReceipt {
    message: SaidId,
    seq: u64,
    at: i64,
    duplicate: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct SaidAmended {
    message: SaidId,
    seq: u64,
}

#[derive(Debug, Serialize, Deserialize)]
enum SaidPostError {
    #[serde(rename = "o")]
    Overloaded,
    #[serde(rename = "u")]
    Unavailable,
    #[serde(rename = "n")]
    NotOwner,
    #[serde(rename = "?")]
    Unknown,
}

#[derive(Debug, Serialize, Deserialize)]
enum SaidAmendError {
    #[serde(rename = "n")]
    NotFound,
    #[serde(rename = "f")]
    Forbidden,
    #[serde(rename = "d")]
    Deleted,
    #[serde(rename = "r")]
    TooManyReactions,
    #[serde(rename = "p")]
    Post(SaidPostError),
}

impl From<&RemoteReply> for SaidReply {
    fn from(reply: &RemoteReply) -> Self {
        match reply {
            RemoteReply::Posted(Ok(Receipt { message, seq, at, duplicate })) => {
                Self::Posted(Ok(SaidReceipt {
                    message: SaidId(message.as_u128()),
                    seq: seq.0,
                    at: at.0,
                    duplicate: *duplicate,
                }))
            }
            RemoteReply::Posted(Err(error)) => Self::Posted(Err((*error).into())),
            RemoteReply::Amended(Ok(Amended { message, seq })) => {
                Self::Amended(Ok(SaidAmended { message: SaidId(message.as_u128()), seq: seq.0 }))
            }
            RemoteReply::Amended(Err(error)) => Self::Amended(Err((*error).into())),
            RemoteReply::Member(done) => {
                Self::Member((*done).map(|seq| seq.0).map_err(SaidPostError::from))
            }
            RemoteReply::Elsewhere(node) => {
                Self::Elsewhere(node.map(|node| SaidId(node.as_u128())))
            }
            RemoteReply::Unreachable => Self::Unreachable,
        }
    }
}

impl From<SaidReply> for RemoteReply {
    fn from(reply: SaidReply) -> Self {
        match reply {
            SaidReply::Posted(done) => {
                let receipt = |receipt: SaidReceipt| Receipt {
                    message: MessageId::from_u128(receipt.message.0),
                    seq: Seq(receipt.seq),
                    at: Timestamp(receipt.at),
                    duplicate: receipt.duplicate,
                };
                Self::Posted(done.map(receipt).map_err(PostError::from))
            }
            SaidReply::Amended(done) => {
                let amended = |amended: SaidAmended| Amended {
                    message: MessageId::from_u128(amended.message.0),
                    seq: Seq(amended.seq),
                };
                Self::Amended(done.map(amended).map_err(AmendError::from))
            }
            SaidReply::Member(done) => Self::Member(done.map(Seq).map_err(PostError::from)),
            SaidReply::Elsewhere(node) => {
                Self::Elsewhere(node.map(|node| NodeId::from_u128(node.0)))
            }
            SaidReply::Unreachable => Self::Unreachable,
        }
    }
}

impl From<PostError> for SaidPostError {
    fn from(error: PostError) -> Self {
        match error {
            PostError::Overloaded => Self::Overloaded,
            PostError::Unavailable => Self::Unavailable,
            PostError::NotOwner => Self::NotOwner,
            PostError::Unknown => Self::Unknown,
        }
    }
}

impl From<SaidPostError> for PostError {
    fn from(error: SaidPostError) -> Self {
        match error {
            SaidPostError::Overloaded => Self::Overloaded,
            SaidPostError::Unavailable => Self::Unavailable,
            SaidPostError::NotOwner => Self::NotOwner,
            SaidPostError::Unknown => Self::Unknown,
        }
    }
}

impl From<AmendError> for SaidAmendError {
    fn from(error: AmendError) -> Self {
        match error {
            AmendError::NotFound => Self::NotFound,
            AmendError::Forbidden => Self::Forbidden,
            AmendError::Deleted => Self::Deleted,
            AmendError::TooManyReactions => Self::TooManyReactions,
            AmendError::Post(error) => Self::Post(error.into()),
        }
    }
}

impl From<SaidAmendError> for AmendError {
    fn from(error: SaidAmendError) -> Self {
        match error {
            SaidAmendError::NotFound => Self::NotFound,
            SaidAmendError::Forbidden => Self::Forbidden,
            SaidAmendError::Deleted => Self::Deleted,
            SaidAmendError::TooManyReactions => Self::TooManyReactions,
            SaidAmendError::Post(error) => Self::Post(error.into()),
        }
    }
}
