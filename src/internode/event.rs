//! Events of the bus. Who said one stands in front of it, so that a node's own echo is told from
//! others' words by its first bytes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use starling_actors::domain::{
    Channel, ChannelId, Entry, Generation, JobId, LoginId, NodeId, Seq, ThreadId, Timestamp, UserId,
};
use starling_actors::ports::{BusEvent, OwnNews, Progress};

use super::aside::SaidAside;
use super::values::{SaidChannel, SaidEntry, SaidId};
use super::{SpeechError, VERSION, read, unversioned, write};

/// Bytes of a node's id.
const ORIGIN_BYTES: usize = 16;

/// What another node said.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Who said it.
    pub origin: NodeId,
    /// What.
    pub event: BusEvent,
}

/// Puts an event into bytes; nothing for one that is not for other nodes.
pub fn encode_event(origin: NodeId, event: &BusEvent) -> Result<Option<Vec<u8>>, SpeechError> {
    let Some(said) = SaidEvent::of(event) else { return Ok(None) };
    write(&origin.as_u128().to_be_bytes(), &said).map(Some)
}

/// Bytes that say nothing but who said them.
pub fn encode_sign_of_life(origin: NodeId) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(&origin.as_u128().to_be_bytes());
    bytes
}

/// Who said it, without reading it.
pub fn origin(bytes: &[u8]) -> Result<NodeId, SpeechError> {
    let origin = unversioned(bytes)?.first_chunk::<ORIGIN_BYTES>().ok_or(SpeechError::Short)?;
    Ok(NodeId::from_u128(u128::from_be_bytes(*origin)))
}

/// Reads an event.
pub fn decode_event(bytes: &[u8]) -> Result<Heard, SpeechError> {
    let origin = origin(bytes)?;
    let body = unversioned(bytes)?.get(ORIGIN_BYTES..).ok_or(SpeechError::Short)?;
    let event = read::<SaidEvent>(body)?.try_into()?;
    Ok(Heard { origin, event })
}

/// An event of the bus.
#[derive(Debug, Serialize, Deserialize)]
enum SaidEvent {
    #[serde(rename = "s")]
    Stored { entries: Vec<SaidEntry>, generation: u32 },
    #[serde(rename = "h")]
    Head { channel: SaidId, seq: u64 },
    #[serde(rename = "t")]
    Typing { channel: SaidId, user: SaidId, username: String, is_typing: bool },
    #[serde(rename = "r")]
    Read { channel: SaidId, user: SaidId, seq: u64 },
    #[serde(rename = "p")]
    Progress(SaidProgress),
    #[serde(rename = "c")]
    ChannelUpdated(SaidChannel),
    #[serde(rename = "a")]
    Added(SaidChannel),
    #[serde(rename = "d")]
    Removed(SaidId),
    #[serde(rename = "w")]
    Board { node: SaidId, people: Vec<(SaidId, String)>, is_news: bool },
    #[serde(rename = "x")]
    Revoked(Option<SaidId>),
    #[serde(rename = "g")]
    RightsChanged,
    #[serde(rename = "o")]
    CalledOff(SaidId),
    #[serde(rename = "f")]
    Draft { channel: SaidId, thread: Option<SaidId>, content: String, at: i64 },
    #[serde(rename = "l")]
    Plans { are_reminders: bool },
    #[serde(rename = "b")]
    Aside(SaidAside),
}

/// Where a question stands.
#[derive(Debug, Serialize, Deserialize)]
struct SaidProgress {
    job: SaidId,
    channel: SaidId,
    thread: Option<SaidId>,
    state: String,
    detail: Option<String>,
}

impl SaidEvent {
    fn of(event: &BusEvent) -> Option<Self> {
        Some(match event {
            BusEvent::Stored { entries, generation } => Self::Stored {
                entries: entries.iter().map(|entry| SaidEntry::from(&**entry)).collect(),
                generation: generation.0,
            },
            BusEvent::Head { channel, seq } => {
                Self::Head { channel: SaidId(channel.as_u128()), seq: seq.0 }
            }
            BusEvent::Typing { channel, user, username, is_typing } => Self::Typing {
                channel: SaidId(channel.as_u128()),
                user: SaidId(user.as_u128()),
                username: username.clone(),
                is_typing: *is_typing,
            },
            BusEvent::Read { channel, user, seq } => Self::Read {
                channel: SaidId(channel.as_u128()),
                user: SaidId(user.as_u128()),
                seq: seq.0,
            },
            BusEvent::Progress(progress) => Self::Progress(progress.as_ref().into()),
            BusEvent::ChannelUpdated(channel) => Self::ChannelUpdated(channel.as_ref().into()),
            BusEvent::Added(channel) => Self::Added(channel.as_ref().into()),
            BusEvent::Removed(channel) => Self::Removed(SaidId(channel.as_u128())),
            BusEvent::Board { node, people, is_news } => Self::Board {
                node: SaidId(node.as_u128()),
                people: people
                    .iter()
                    .map(|(user, how)| (SaidId(user.as_u128()), how.as_str().to_owned()))
                    .collect(),
                is_news: *is_news,
            },
            BusEvent::Revoked(login) => Self::Revoked(login.map(|id| SaidId(id.as_u128()))),
            BusEvent::RightsChanged => Self::RightsChanged,
            BusEvent::CalledOff(job) => Self::CalledOff(SaidId(job.as_u128())),
            BusEvent::Own(news) => Self::of_own(news),
            BusEvent::Aside(aside) => Self::Aside(aside.as_ref().into()),
            // Each node tells its own people and its own sinks.
            BusEvent::Presence(_) | BusEvent::Interrupted => return None,
        })
    }
}

impl SaidEvent {
    fn of_own(news: &OwnNews) -> Self {
        match news {
            OwnNews::Draft { channel, thread, content, at } => Self::Draft {
                channel: SaidId(channel.as_u128()),
                thread: thread.map(|id| SaidId(id.as_u128())),
                content: content.clone(),
                at: at.0,
            },
            OwnNews::Plans { are_reminders } => Self::Plans { are_reminders: *are_reminders },
        }
    }
}

impl TryFrom<SaidEvent> for BusEvent {
    type Error = SpeechError;

    fn try_from(event: SaidEvent) -> Result<Self, SpeechError> {
        Ok(match event {
            SaidEvent::Stored { entries, generation } => Self::Stored {
                entries: entries
                    .into_iter()
                    .map(|entry| Entry::try_from(entry).map(Arc::new))
                    .collect::<Result<_, _>>()?,
                generation: Generation(generation),
            },
            SaidEvent::Head { channel, seq } => {
                Self::Head { channel: ChannelId::from_u128(channel.0), seq: Seq(seq) }
            }
            SaidEvent::Typing { channel, user, username, is_typing } => Self::Typing {
                channel: ChannelId::from_u128(channel.0),
                user: UserId::from_u128(user.0),
                username,
                is_typing,
            },
            SaidEvent::Read { channel, user, seq } => Self::Read {
                channel: ChannelId::from_u128(channel.0),
                user: UserId::from_u128(user.0),
                seq: Seq(seq),
            },
            SaidEvent::Progress(progress) => Self::Progress(Arc::new(progress.try_into()?)),
            SaidEvent::ChannelUpdated(channel) => {
                Self::ChannelUpdated(Arc::new(Channel::try_from(channel)?))
            }
            SaidEvent::Added(channel) => Self::Added(Arc::new(Channel::try_from(channel)?)),
            SaidEvent::Removed(channel) => Self::Removed(ChannelId::from_u128(channel.0)),
            SaidEvent::Board { node, people, is_news } => Self::Board {
                node: NodeId::from_u128(node.0),
                is_news,
                people: people
                    .into_iter()
                    .map(|(user, how)| {
                        let how = how.parse().map_err(|_| SpeechError::Word)?;
                        Ok((UserId::from_u128(user.0), how))
                    })
                    .collect::<Result<_, SpeechError>>()?,
            },
            SaidEvent::Revoked(login) => Self::Revoked(login.map(|id| LoginId::from_u128(id.0))),
            SaidEvent::RightsChanged => Self::RightsChanged,
            SaidEvent::CalledOff(job) => Self::CalledOff(JobId::from_u128(job.0)),
            SaidEvent::Draft { channel, thread, content, at } => {
                Self::Own(Arc::new(OwnNews::Draft {
                    channel: ChannelId::from_u128(channel.0),
                    thread: thread.map(|id| ThreadId::from_u128(id.0)),
                    content,
                    at: Timestamp(at),
                }))
            }
            SaidEvent::Aside(aside) => Self::Aside(Arc::new(aside.into())),
            SaidEvent::Plans { are_reminders } => {
                Self::Own(Arc::new(OwnNews::Plans { are_reminders }))
            }
        })
    }
}

impl From<&Progress> for SaidProgress {
    fn from(progress: &Progress) -> Self {
        Self {
            job: SaidId(progress.job.as_u128()),
            channel: SaidId(progress.channel.as_u128()),
            thread: progress.thread.map(|id| SaidId(id.as_u128())),
            state: progress.state.as_str().to_owned(),
            detail: progress.detail.clone(),
        }
    }
}

impl TryFrom<SaidProgress> for Progress {
    type Error = SpeechError;

    fn try_from(progress: SaidProgress) -> Result<Self, SpeechError> {
        Ok(Self {
            job: JobId::from_u128(progress.job.0),
            channel: ChannelId::from_u128(progress.channel.0),
            thread: progress.thread.map(|id| ThreadId::from_u128(id.0)),
            state: progress.state.parse().map_err(|_| SpeechError::Word)?,
            detail: progress.detail,
        })
    }
}
