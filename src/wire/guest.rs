//! What guests are shown of answers. Guests reach no connection, but they come into a channel later
//! than its members, and its log is replayed to them: words that were said when no guest was there
//! are not for them. A guest's own question has no data to be answered with, so its answer is shown.

use starling_actors::domain::{Message, MessageKind, UserId};
use starling_actors::frame::FrameBody;

use super::frame::ServerFrame;
use super::message::LeanMessage;
use super::ready_answers::reworded;

/// In place of an answer.
const WITHHELD: &str = "An answer out of the organization's data, which guests do not see.";

/// A frame as this guest gets it; `None`: as all get it.
pub fn frame(body: &FrameBody, guest: UserId) -> Option<ServerFrame> {
    let FrameBody::Logged { entry, generation } = body else { return None };
    let posted = entry.posted()?;
    if posted.kind != MessageKind::Answer {
        return None;
    }
    // A guest's frame never has an answer's data.
    Some(if posted.mentions.contains(&guest) {
        ServerFrame::logged(entry, *generation, None)
    } else {
        ServerFrame::logged(&reworded(entry, WITHHELD), *generation, None)
    })
}

/// A message of the history as this guest sees it.
pub fn message(message: &Message, guest: UserId) -> LeanMessage {
    let is_answer = message.kind == MessageKind::Answer && !message.is_deleted;
    if !is_answer || message.mentions.contains(&guest) {
        return LeanMessage::new(message);
    }
    LeanMessage::new(&Message { content: WITHHELD.to_owned(), ..message.clone() })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use starling_actors::domain::{
        ChannelId, ClientMessageId, Entry, Event, Generation, JobId, MessageId, OrgId, Posted, Seq,
        Timestamp, assistant_byline,
    };

    use super::*;

    const GUEST: UserId = UserId::from_u128(7);

    fn answered(asker: UserId, kind: MessageKind) -> FrameBody {
        let posted = Posted {
            id: MessageId::from_u128(1),
            kind,
            content: "Bergen leads with 41.".to_owned(),
            thread: None,
            parent: None,
            mentions: vec![asker],
            attachments: Vec::new(),
            client_message_id: ClientMessageId::new(JobId::from_u128(2).to_string()).ok(),
        };
        let entry = Entry {
            channel: ChannelId::from_u128(3),
            seq: Seq(4),
            ordinal: 4,
            by: assistant_byline(OrgId::from_u128(5)),
            at: Timestamp(0),
            event: Event::Posted(posted),
        };
        FrameBody::Logged { entry: Arc::new(entry), generation: Generation(1) }
    }

    #[test]
    fn guests_read_the_answers_to_their_own_questions_only() {
        let shown = |asker| {
            let frame = frame(&answered(asker, MessageKind::Answer), GUEST).expect("is its own");
            String::from_utf8(frame.to_json()).expect("is text")
        };

        assert!(!shown(UserId::from_u128(8)).contains("Bergen"));
        assert!(shown(GUEST).contains("Bergen"));
        assert!(frame(&answered(GUEST, MessageKind::Text), GUEST).is_none());
    }
}
