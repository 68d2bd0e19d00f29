//! What is kept of how long messages are kept.

use serde::{Deserialize, Serialize};

use crate::records::Shelf;

/// The id of what holds for all channels.
pub(super) const DEFAULT: &str = "default";
/// What was said, below its organization: by the channel's id, or [`DEFAULT`].
pub(super) const SETTINGS: Shelf<StoredSetting> = Shelf::new("retention");
/// Organizations that have said something.
pub(super) const INDEX: Shelf<()> = Shelf::new("retention_index");
/// How far each channel is done, below its organization.
pub(super) const MARKS: Shelf<Mark> = Shelf::new("retention_mark");

/// What was said.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct StoredSetting {
    /// 0: for ever.
    pub(super) days: u32,
}

/// How far a channel is done.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Mark {
    /// The last position that is done.
    pub(super) upto: u64,
    /// Of which life of the log: a restored backup has its messages back.
    pub(super) generation: u32,
}
