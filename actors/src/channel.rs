//! The channel actor: puts a channel's messages in order, stores them, hands them out.

mod handle;
mod order;

pub use handle::{Channels, Pending};
pub use order::{Amend, AmendError, Amended, Change, MemberChange, Post, PostError, Receipt};
