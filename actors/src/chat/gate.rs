//! Where a message is counted against its author's allowance: their session, wherever it comes in.

use crate::session::{Refused, Sessions, Viewer};

/// Lets messages through, or says when the next one may come.
pub(super) trait Gate: Send + Sync + 'static {
    /// Takes one message from the allowance.
    fn admit(&self, viewer: &Viewer) -> Result<(), Refused>;

    /// Takes one change of a message (an edit, a deletion, a reaction) from theirs.
    fn admit_change(&self, viewer: &Viewer) -> Result<(), Refused>;
}

impl Gate for Sessions {
    fn admit(&self, viewer: &Viewer) -> Result<(), Refused> {
        Self::admit(self, viewer)
    }

    fn admit_change(&self, viewer: &Viewer) -> Result<(), Refused> {
        Self::admit_change(self, viewer)
    }
}
