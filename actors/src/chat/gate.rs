//! Where a message is counted against its author's allowance: their session, wherever it comes in.

use async_trait::async_trait;

use crate::session::{Refused, Sessions, Viewer};

/// Lets messages through, or says when the next one may come.
#[async_trait]
pub(super) trait Gate: Send + Sync + 'static {
    /// Takes one message from the allowance.
    async fn admit(&self, viewer: &Viewer) -> Result<(), Refused>;
}

#[async_trait]
impl Gate for Sessions {
    async fn admit(&self, viewer: &Viewer) -> Result<(), Refused> {
        Self::admit(self, viewer).await
    }
}
