//! What is kept for how long, and what was brought from elsewhere: put together for this node.

use std::sync::Arc;

use async_trait::async_trait;
use starling_actors::chat::{Chat, ChatError};
use starling_actors::domain::{OrgId, UserId};
use starling_actors::ports::{Clock, Directory, Records};
use starling_actors::system::Core;

use crate::auth::Accounts;
use crate::imported::Imported;
use crate::retention::{EveryPerson, Retention, RetentionPorts, Sweeper};

/// The settings, the task that follows them, and what is known of imports.
#[derive(Debug)]
pub struct Keeping {
    /// How long messages are kept.
    pub retention: Retention,
    /// What was brought from other programs.
    pub imported: Imported,
    _sweeper: Sweeper,
}

/// The accounts, as a list.
struct Everyone(Accounts);

#[async_trait]
impl EveryPerson for Everyone {
    async fn page(
        &self,
        org: OrgId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<UserId>, ChatError> {
        self.0.everyone(org, after, limit).await.map_err(|_| ChatError::Unavailable)
    }
}

impl Keeping {
    /// Begins to delete what is too old.
    pub(super) fn start(
        (records, clock): (Arc<dyn Records>, Arc<dyn Clock>),
        directory: Arc<dyn Directory>,
        (chat, accounts): (&Chat, &Accounts),
        core: &Core,
    ) -> Self {
        let imported = Imported::new(Arc::clone(&records));
        let retention = Retention::new(RetentionPorts {
            records,
            clock,
            chat: chat.clone(),
            directory,
            people: Arc::new(Everyone(accounts.clone())),
            placement: core.channels.placement(),
        });
        let sweeper = retention.start();
        Self { retention, imported, _sweeper: sweeper }
    }
}
