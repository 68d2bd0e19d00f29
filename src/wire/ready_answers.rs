//! Which frames carry an answer's data, and which only refer to it.
//!
//! A live frame is encoded once for all who get it. It carries the answers that lie ready here: those
//! of this moment whose data all of the organization may see. What is replayed to who comes later is
//! the one reading that no check can see in time, so it has neither data nor words: clients ask for
//! both by the job, where their reader is looked at.
//!
//! **Invariant:** whatever lies ready was checked against its readers seconds ago.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use starling_actors::domain::{Answer, Audience, Entry, Event, JobId, MessageKind};
use starling_actors::frame::FrameBody;

use super::frame::ServerFrame;

/// How long an answer lies ready: its message follows within milliseconds. The frame of one that
/// takes longer refers to it.
const KEPT: Duration = Duration::from_secs(5);
/// Bytes of cells that lie ready.
const BYTES_MAX: u64 = 32 << 20;

/// The answers that live frames may carry. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ReadyAnswers(Cache<JobId, Arc<Answer>>);

impl Default for ReadyAnswers {
    fn default() -> Self {
        let bytes = |answer: &Arc<Answer>| {
            let cells = answer.preview.rows.iter().flatten();
            let cells: usize = cells.map(starling_actors::domain::Cell::bytes).sum();
            cells + answer.content.len() + answer.sql.len()
        };
        let weigh = move |_: &JobId, answer: &Arc<Answer>| {
            u32::try_from(bytes(answer)).unwrap_or(u32::MAX).max(1)
        };
        Self(Cache::builder().max_capacity(BYTES_MAX).weigher(weigh).time_to_live(KEPT).build())
    }
}

impl ReadyAnswers {
    /// Lays an answer ready, if all may see it; takes an earlier one away in any case.
    pub fn put(&self, answer: &Answer) {
        if answer.audience == Audience::Organization {
            self.0.insert(answer.job, Arc::new(answer.clone()));
        } else {
            self.0.invalidate(&answer.job);
        }
    }

    /// The answer that an entry of the log refers to, if it lies ready.
    pub fn of(&self, entry: &Entry) -> Option<Arc<Answer>> {
        self.0.get(&answered(entry)?)
    }
}

/// The job whose answer an entry of the log has words of. A deleted message has none, and one for
/// listed readers neither.
pub fn answered(entry: &Entry) -> Option<JobId> {
    let is_there = |kind, content: &str| kind == MessageKind::Answer && !content.is_empty();
    let posted = entry.posted().filter(|posted| is_there(posted.kind, &posted.content))?;
    posted.client_message_id.as_ref()?.as_str().parse().ok()
}

/// An entry with other words than an answer's.
pub fn reworded(entry: &Entry, words: &str) -> Entry {
    let mut other = Entry::clone(entry);
    if let Event::Posted(posted) = &mut other.event {
        words.clone_into(&mut posted.content);
    }
    other
}

/// A frame as it is replayed; `None`: as it was sent.
pub fn replayed(body: &FrameBody) -> Option<ServerFrame> {
    let FrameBody::Logged { entry, generation } = body else { return None };
    let is_answer = entry.posted().is_some_and(|posted| posted.kind == MessageKind::Answer);
    is_answer.then(|| ServerFrame::logged(&reworded(entry, ""), *generation, None))
}

#[cfg(test)]
mod tests {
    use starling_actors::domain::{
        ChannelId, ClientMessageId, Generation, MessageId, OrgId, Posted, Seq, Timestamp,
        assistant_byline,
    };

    use super::*;
    use crate::wire::ask::testing::{answer, table};

    fn entry(kind: MessageKind) -> Arc<Entry> {
        let posted = Posted {
            id: MessageId::from_u128(1),
            kind,
            content: "Bergen leads with 41.".to_owned(),
            thread: None,
            parent: None,
            mentions: Vec::new(),
            attachments: Vec::new(),
            client_message_id: ClientMessageId::new(answer(table()).job.to_string()).ok(),
        };
        Arc::new(Entry {
            channel: ChannelId::from_u128(3),
            seq: Seq(4),
            ordinal: 4,
            by: assistant_byline(OrgId::from_u128(5)),
            at: Timestamp(0),
            event: Event::Posted(posted),
        })
    }

    #[test]
    fn a_replayed_answer_refers_to_its_job_and_says_nothing() {
        let body = |kind| FrameBody::Logged { entry: entry(kind), generation: Generation(1) };

        let frame = replayed(&body(MessageKind::Answer)).expect("is its own");

        let text = String::from_utf8(frame.to_json()).expect("is text");
        assert!(!text.contains("Bergen"), "{text}");
        assert!(text.contains(&answer(table()).job.to_string()), "{text}");
        assert!(replayed(&body(MessageKind::Text)).is_none());
    }

    #[test]
    fn only_what_all_may_see_lies_ready() {
        let ready = ReadyAnswers::default();
        ready.put(&answer(table()));
        assert!(ready.of(&entry(MessageKind::Answer)).is_some());
        assert!(ready.of(&entry(MessageKind::Text)).is_none());

        ready.put(&Answer { audience: Audience::Listed, ..answer(table()) });

        assert!(ready.of(&entry(MessageKind::Answer)).is_none());
    }
}
