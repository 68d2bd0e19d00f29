//! Answers that frames may carry: those of the last minutes whose data all of the organization may
//! see. A frame is encoded once for all who get it, and replayed to who comes later, so it carries
//! nothing that depends on the reader; what is not on the shelf, clients fetch by its job.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use starling_actors::domain::{Answer, Audience, Entry, JobId, MessageKind};

/// How long an answer lies ready: who is away for longer loads a page, which has it.
const KEPT: Duration = Duration::from_secs(600);
/// Bytes of cells that lie ready.
const BYTES_MAX: u64 = 32 << 20;

/// The shelf. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Shelf(Cache<JobId, Arc<Answer>>);

impl Default for Shelf {
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

impl Shelf {
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
        // A deleted message has no words, and then no data either.
        let is_there = |kind, content: &str| kind == MessageKind::Answer && !content.is_empty();
        let posted = entry.posted().filter(|posted| is_there(posted.kind, &posted.content))?;
        let job: JobId = posted.client_message_id.as_ref()?.as_str().parse().ok()?;
        self.0.get(&job)
    }
}
