//! Asking the data: the pool of query workers, and the way of one question.
//!
//! ```text
//!   Questions ─▶ hub ─▶ factory ─▶ worker: pipeline ─▶ answer ─▶ the channel
//!      (who may ask?)  (who may start?)  (guard, database, words)
//! ```
//!
//! Reading order: [`Questions`] (what a person may do), `hub` and `desk` (in which order), `worker`,
//! `pipeline` (one question), [`guard`] (what may run), `recovery` (what was lost).
//!
//! **Invariant:** only the pool runs SQL on a customer's database, and only what the guard rendered.

pub mod guard;
pub mod retrieval;

mod asking;
mod audience;
mod chart;
mod choose;
mod course;
mod desk;
mod execution;
mod handle;
mod hub;
mod insight;
mod pipeline;
mod posting;
mod reading;
mod recovery;
mod settings;
mod statement;
mod waiting;
mod words;
mod worker;

#[cfg(test)]
mod tests;

pub use asking::{Ask, AskError, Asked};
pub use execution::ExecuteError;
pub(crate) use handle::Counter;
pub(crate) use handle::prepare;
pub use handle::{Pool, Questions};
pub(crate) use hub::QueryHubArgs;
pub use reading::Sight;
pub use settings::{AskingPorts, Background, NoQueryMeter, QueryMeter, QuerySettings};
pub use statement::Rows;
