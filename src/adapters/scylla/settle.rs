//! Conditional changes, settled.
//!
//! When the answer to a conditional change is lost, it is asked again *under the same condition*:
//! that ends the earlier time for good and cannot apply twice. If the condition no longer holds, the
//! writer's own random mark, looked for at LOCAL_SERIAL, shows whether an earlier time applied.
//!
//! **Invariant:** a change that applied is never reported as one that did not. What is undecided for
//! longer than [`SETTLE_MAX`], or whose mark cannot be read, is reported as unknown.

use std::time::Duration;

use scylla::value::MaybeUnset;
use tokio::time::Instant;

use super::cells::Cell;
use super::session::Line;
use super::{Session, Statement, StoreError};

/// How long the outcome of a change is looked for.
const SETTLE_MAX: Duration = Duration::from_secs(8);
/// The pause before a change is asked again; doubled each time, and varied by as much again, so that
/// two who contend do not meet again.
const PAUSE_FIRST: Duration = Duration::from_millis(20);

/// What became of a conditional change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It applied, once.
    Applied,
    /// Its condition did not hold, and it did not apply.
    Refused,
    /// Its condition does not hold now; whether it applied before others changed the same thing
    /// cannot be told.
    Overtaken,
}

/// What is read: everything that was answered, or also what is still being decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    /// All changes that were answered as applied.
    Answered,
    /// Also those without an answer, which are finished or ended for good on the way.
    Settled,
}

/// A statement that reads one partition, at either freshness.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    answered: Statement,
    settled: Statement,
}

impl Question {
    pub(super) const fn new(operation: &'static str, cql: &'static str) -> Self {
        let answered = Statement::read(operation, cql);
        Self { answered, settled: Statement::serial_read(operation, cql) }
    }

    pub(super) const fn at(&self, freshness: Freshness) -> &Statement {
        match freshness {
            Freshness::Answered => &self.answered,
            Freshness::Settled => &self.settled,
        }
    }
}

/// A statement and what is bound to it.
#[derive(Clone, Debug)]
pub(super) struct Write {
    statement: &'static Statement,
    cells: Vec<Cell>,
}

impl Write {
    pub(super) fn new(statement: &'static Statement, cells: impl Into<Vec<Cell>>) -> Self {
        Self { statement, cells: cells.into() }
    }
}

/// A random number by which a writer knows its own change again.
pub(super) fn fresh_mark() -> u128 {
    rand::random()
}

/// Applies writes of one partition under the conditions in them. `landed`, asked only when an answer
/// was lost, says at [`Freshness::Settled`] whether the writer's mark is there; `None` when it might
/// have been there and was overwritten.
pub(super) async fn change(
    session: &Session,
    operation: &'static str,
    writes: &[Write],
    landed: impl Future<Output = Result<Option<bool>, StoreError>> + Send,
) -> Result<Outcome, StoreError> {
    settled(|| attempt(session, operation, writes), landed).await
}

/// Repeats an attempt until its outcome is known.
async fn settled<A>(
    mut attempt: impl FnMut() -> A + Send,
    landed: impl Future<Output = Result<Option<bool>, StoreError>> + Send,
) -> Result<Outcome, StoreError>
where
    A: Future<Output = Result<bool, StoreError>> + Send,
{
    let deadline = Instant::now() + SETTLE_MAX;
    let mut pause = PAUSE_FIRST;
    let mut is_open = false;
    loop {
        match attempt().await {
            Ok(true) => return Ok(Outcome::Applied),
            Ok(false) if !is_open => return Ok(Outcome::Refused),
            // That the mark cannot be read now undoes no earlier time.
            Ok(false) => return landed.await.map(outcome).map_err(|_| StoreError::Unknown),
            Err(StoreError::Unavailable) if !is_open => return Err(StoreError::Unavailable),
            Err(StoreError::Unavailable) => {}
            Err(StoreError::Unknown) => is_open = true,
        }
        if Instant::now() + pause >= deadline {
            break;
        }
        tokio::time::sleep(pause.mul_f64(1.0 + rand::random::<f64>())).await;
        pause *= 2;
    }
    match landed.await {
        Ok(Some(true)) => Ok(Outcome::Applied),
        Ok(Some(false) | None) | Err(_) => Err(StoreError::Unknown),
    }
}

/// One time of a conditional change.
async fn attempt(
    session: &Session,
    operation: &'static str,
    writes: &[Write],
) -> Result<bool, StoreError> {
    if let [write] = writes {
        return session.apply(write.statement, &write.cells[..]).await;
    }
    session.apply_batch(operation, writes.iter().map(line).collect()).await
}

/// A write as a part of a batch. What it leaves empty is left as it is: no write in a batch clears a
/// cell that something was in.
fn line(write: &Write) -> Line {
    let value = |cell: &Cell| cell.clone().map_or(MaybeUnset::Unset, MaybeUnset::Set);
    Line { statement: write.statement, values: write.cells.iter().map(value).collect() }
}

const fn outcome(landed: Option<bool>) -> Outcome {
    match landed {
        Some(true) => Outcome::Applied,
        Some(false) => Outcome::Refused,
        None => Outcome::Overtaken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a change whose attempts answer in turn, and whose mark is then looked for.
    async fn settle(
        answers: &[Result<bool, StoreError>],
        landed: Option<bool>,
    ) -> Result<Outcome, StoreError> {
        settle_by(answers, Ok(landed)).await
    }

    async fn settle_by(
        answers: &[Result<bool, StoreError>],
        landed: Result<Option<bool>, StoreError>,
    ) -> Result<Outcome, StoreError> {
        let mut answers = answers.iter().copied();
        let next = || {
            let answer = answers.next().unwrap_or(Err(StoreError::Unknown));
            async move { answer }
        };
        settled(next, async { landed }).await
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_came_is_taken_at_its_word() {
        assert_eq!(settle(&[Ok(true)], None).await, Ok(Outcome::Applied));
        assert_eq!(settle(&[Ok(false)], Some(true)).await, Ok(Outcome::Refused));
        let refused = settle(&[Err(StoreError::Unavailable)], Some(true)).await;
        assert_eq!(refused, Err(StoreError::Unavailable));
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_lost_answer_the_writers_mark_decides() {
        let lost = Err(StoreError::Unknown);

        assert_eq!(settle(&[lost, Ok(true)], None).await, Ok(Outcome::Applied));
        assert_eq!(settle(&[lost, Ok(false)], Some(true)).await, Ok(Outcome::Applied));
        assert_eq!(settle(&[lost, Ok(false)], Some(false)).await, Ok(Outcome::Refused));
        assert_eq!(settle(&[lost, Ok(false)], None).await, Ok(Outcome::Overtaken));
    }

    #[tokio::test(start_paused = true)]
    async fn a_mark_that_cannot_be_read_leaves_an_open_outcome_open() {
        let lost = Err(StoreError::Unknown);
        let unread = Err(StoreError::Unavailable);

        assert_eq!(settle_by(&[lost, Ok(false)], unread).await, lost.map(|_| Outcome::Applied));
        assert_eq!(settle_by(&[], unread).await, lost.map(|_| Outcome::Applied));
    }

    #[tokio::test(start_paused = true)]
    async fn what_stays_undecided_is_applied_only_if_its_mark_is_there() {
        let short = Err(StoreError::Unavailable);

        assert_eq!(settle(&[], Some(true)).await, Ok(Outcome::Applied));
        assert_eq!(settle(&[], Some(false)).await, Err(StoreError::Unknown));
        // A later time that was surely not done says nothing of an earlier one.
        let open = settle(&[Err(StoreError::Unknown), short, Ok(false)], Some(true)).await;
        assert_eq!(open, Ok(Outcome::Applied));
    }
}
