//! What the benches share: entries as people write them.

use std::sync::Arc;

use starling_actors::domain::{
    Byline, ChannelId, Entry, Event, Generation, MessageId, MessageKind, Posted, Seq, Timestamp,
    UserId,
};
use starling_actors::frame::{Frame, FrameBody};

/// Bytes of a message's words: a sentence of chat.
pub const CONTENT_BYTES: usize = 128;

/// A message at a position of a channel.
pub fn entry(channel: ChannelId, seq: u64) -> Entry {
    Entry {
        channel,
        seq: Seq(seq),
        ordinal: seq,
        by: Byline {
            user: UserId::from_u128(7),
            username: "mara".to_owned(),
            full_name: "Mara Lindqvist".to_owned(),
            avatar_url: String::new(),
        },
        at: Timestamp(1_700_000_000_000),
        event: Event::Posted(Posted {
            id: MessageId::from_u128(channel.as_u128() << 64 | u128::from(seq)),
            kind: MessageKind::Text,
            content: "w".repeat(CONTENT_BYTES),
            thread: None,
            parent: None,
            mentions: Vec::new(),
            attachments: Vec::new(),
            client_message_id: None,
        }),
    }
}

/// The frame of a message.
pub fn frame(seq: u64) -> Arc<Frame> {
    let entry = Arc::new(entry(ChannelId::from_u128(1), seq));
    Frame::new(FrameBody::Logged { entry, generation: Generation(1) })
}
