//! The guard's corpora on the real engines: what it lets through gives the rows of what was written
//! ([`honest`]), and what it refuses would have changed nothing either ([`attacks`]), because each
//! wall must hold alone.

mod attacks;
mod honest;
#[path = "../corpus/reader.rs"]
mod reader;
mod state;
