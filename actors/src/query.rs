//! From a question to SQL that may run: what is shown to whoever writes it, and the guard that SQL
//! passes, whoever wrote it.

pub mod guard;
pub mod retrieval;
mod words;
