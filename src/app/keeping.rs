//! What is kept for how long, and what was brought from elsewhere: put together for this node.

use std::sync::Arc;

use async_trait::async_trait;
use starling_actors::chat::{Chat, ChatError};
use starling_actors::domain::{OrgId, UserId};
use starling_actors::ports::{Clock, Directory, Records};
use starling_actors::system::Core;

use super::beside::Beside;
use super::programs::Programs;
use crate::auth::Accounts;
use crate::config::Settings;
use crate::data::Data;
use crate::dossier::{Dossiers, DossiersPorts, Sources, Working};
use crate::erasure::{Erasing, Erasures};
use crate::files::Files;
use crate::imported::Imported;
use crate::retention::{EveryPerson, Retention, RetentionPorts, Sweeper};

/// The folder within `data.dir` where archives are put together.
const ARCHIVES: &str = "exports";

/// What is kept for how long, what is kept of whom, and the tasks that see to it while this is held.
#[derive(Debug)]
pub struct Keeping {
    /// How long messages are kept.
    pub retention: Retention,
    /// What was brought from other programs.
    pub imported: Imported,
    /// All that is kept of people.
    pub dossiers: Dossiers,
    /// Takes away by what people are known.
    pub erasures: Erasures,
    _tasks: (Sweeper, Working, Erasing),
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

/// Who talks, and where that is ordered.
type Talk<'a> = (&'a Chat, &'a Accounts, &'a Core);

/// Who keeps something of people.
type Owners<'a> = (&'a Files, &'a Programs, &'a Data, &'a Beside);

/// Where it is kept, and the time.
type Stored = (Arc<dyn Records>, Arc<dyn Clock>);

impl Keeping {
    /// Puts all together, and begins to do what is due.
    pub(super) fn start(
        settings: &Settings,
        ((records, clock), directory): (Stored, Arc<dyn Directory>),
        ((chat, accounts, core), (files, programs, data, beside)): (Talk<'_>, Owners<'_>),
    ) -> Self {
        let placement = core.channels.placement();
        let imported = Imported::new(Arc::clone(&records));
        let retention = Retention::new(RetentionPorts {
            records: Arc::clone(&records),
            clock: Arc::clone(&clock),
            chat: chat.clone(),
            previews: beside.previews.clone(),
            directory,
            people: Arc::new(Everyone(accounts.clone())),
            placement: placement.clone(),
        });
        let sources = Sources {
            accounts: accounts.clone(),
            chat: chat.clone(),
            files: files.clone(),
            later: programs.later.clone(),
            notifier: programs.notifier.clone(),
            data: data.clone(),
            retention: retention.clone(),
            clock,
        };
        let (folder, stored) = (settings.data.dir.join(ARCHIVES), Arc::clone(&records));
        let whose = placement.clone();
        let dossiers = Dossiers::new(DossiersPorts { records, sources, placement, folder });
        let erasures = Erasures::new(stored, (dossiers.clone(), beside.previews.clone()), whose);
        let _tasks = (retention.start(), dossiers.start(), erasures.start());
        Self { retention, imported, dossiers, erasures, _tasks }
    }
}
