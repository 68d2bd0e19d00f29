//! From SQL that somebody (or some model) wrote to SQL that may run.

pub mod guard;
