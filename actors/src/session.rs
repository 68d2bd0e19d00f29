//! The session actor: one user's live session on a node; sockets attach to it.

mod handle;

pub use handle::{Follow, FollowError, Position, Refused, Session, Sessions, Viewer};
