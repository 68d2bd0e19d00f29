//! Language models: who writes SQL and words when an organization has a model of its own.
//!
//! ```text
//!   Analysts ─▶ settings of the organization ─▶ ModelAnalyst (prompt ─▶ client ─▶ reading)
//!      └──────▶ none ─▶ the built-in assistant
//!   client: egress guard ─▶ HTTP, streamed ─▶ events ─▶ text and tokens; again on what may pass
//! ```
//!
//! Every call has an end: a wait for each event, a deadline over all tries, a bound on bytes. What a
//! model says is a proposal: it is read leniently, cut, and never more than one statement.
//!
//! **Invariant:** no key, no prompt and no word of a model's answer gets into an error or a log.

mod analyst;
mod anthropic;
mod call;
mod client;
mod config;
mod fence;
mod gathering;
mod insight;
mod meanings;
mod openai;
mod prompt;
mod prompt_schema;
mod prompt_text;
mod reply;
mod router;
mod sse;
mod statement;

pub use client::{ModelClient, Timing};
pub use config::{ApiKey, ModelConfig, ModelSettings};
pub use router::Analysts;

#[cfg(test)]
mod tests;
