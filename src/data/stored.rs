//! What is kept of data, as JSON in records. A stored format is a promise: fields may be added with a
//! default, never renamed.
//!
//! **Invariant:** what a person gave as a secret is here only as [`Sealed`](super::vault::Sealed).

pub(super) mod answer;
pub(super) mod connection;
pub(super) mod job;
pub(super) mod schema;
pub(super) mod table;
pub(super) mod text;
