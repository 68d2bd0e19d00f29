//! A small world.

/// Bugs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Planted {
    /// None.
    #[default]
    Nothing,
    /// Receipts go out before the append.
    AcknowledgedBeforeAppend,
    /// An epoch counts as mine when it has the value that I wanted.
    EpochKnownByValue,
    /// The remembered keys are not read back on activation.
    FilterNotRebuilt,
    /// The sequence is what a head said before the channel was taken.
    SequenceFromMemory,
    /// A batch reaches over the bucket's end.
    OverBucketEnd,
    /// An append without an answer counts as not stored.
    UnknownTakenForRefused,
}
