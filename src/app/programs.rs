//! What is said at its time, and what webhooks tell: put together for this node.

use std::sync::Arc;

use async_trait::async_trait;
use starling_actors::chat::{Caller, Chat, ChatError};
use starling_actors::domain::{OrgId, UserId};
use starling_actors::ports::{Clock, Directory, History, MessageLog, Records};
use starling_actors::system::Core;

use super::StartError;
use super::beside::Beside;
use crate::auth::Accounts;
use crate::commands::Commands;
use crate::config::Settings;
use crate::data::Vault;
use crate::egress::{Egress, Policy};
use crate::hooks::{Hints, Incoming, Outgoing, OutgoingPorts};
use crate::later::{Authors, Later, LaterPorts};
use crate::wire::hooks::payload;

/// The accounts as authors of what is said later.
struct CurrentAuthors(Accounts);

#[async_trait]
impl Authors for CurrentAuthors {
    async fn author(&self, org: OrgId, user: UserId) -> Result<Option<Caller>, ChatError> {
        self.0.author(org, user).await.map_err(|_| ChatError::Unavailable)
    }
}

/// Where webhooks read.
pub(super) struct Channels {
    log: Arc<dyn MessageLog>,
    history: Arc<dyn History>,
    directory: Arc<dyn Directory>,
}

impl Channels {
    /// These.
    pub(super) fn new(
        log: &Arc<dyn MessageLog>,
        history: &Arc<dyn History>,
        directory: &Arc<dyn Directory>,
    ) -> Self {
        let (log, history) = (Arc::clone(log), Arc::clone(history));
        Self { log, history, directory: Arc::clone(directory) }
    }
}

/// What speaks on this node beside people at their keyboards.
pub(super) struct Programs {
    /// Carries out slash commands.
    pub(super) commands: Commands,
    /// Webhooks by which other programs write.
    pub(super) incoming: Incoming,
    /// Webhooks by which other programs are told.
    pub(super) outgoing: Outgoing,
    /// Says later what shall be said later.
    pub(super) later: Later,
}

impl Programs {
    /// Puts all together, and begins to do what is due.
    pub(super) fn start(
        settings: &Settings,
        (records, clock): (Arc<dyn Records>, Arc<dyn Clock>),
        (chat, channels, beside): (&Chat, Channels, &Beside),
        (accounts, core, hints): (&Accounts, &Core, Hints),
    ) -> Result<Self, StartError> {
        let placement = core.channels.placement();
        let later = Later::new(LaterPorts {
            records: Arc::clone(&records),
            clock: Arc::clone(&clock),
            chat: chat.clone(),
            previews: beside.previews.clone(),
            authors: Arc::new(CurrentAuthors(accounts.clone())),
            placement: placement.clone(),
        });
        let Channels { log, history, directory } = channels;
        let outgoing = Outgoing::new(OutgoingPorts {
            records: Arc::clone(&records),
            chat: chat.clone(),
            log,
            history,
            directory,
            clock: Arc::clone(&clock),
            placement,
            vault: Vault::new(&settings.vault, Arc::clone(&clock)),
            egress: Egress::new(policy(settings)?),
            payload,
            hints,
        });
        let outgoing = outgoing.map_err(|error| StartError::Webhooks(error.to_string()))?;
        let commands = Commands::new(
            (chat.clone(), later.clone(), beside.statuses.clone()),
            Arc::new(accounts.clone()),
            core.sessions.clone(),
            Arc::clone(&clock),
        );
        let incoming = Incoming::new(records, chat.clone(), clock);
        later.start();
        outgoing.start();
        Ok(Self { commands, incoming, outgoing, later })
    }

    /// Ends what is done by itself; what is in the air is waited for.
    pub(super) async fn stop(&self) {
        self.later.stop().await;
        self.outgoing.stop().await;
    }
}

/// Strict on a laptop too: whoever makes a webhook is not who runs the server.
fn policy(settings: &Settings) -> Result<Policy, StartError> {
    Policy::of_settings(&settings.egress.webhooks, true)
        .map_err(|error| StartError::Egress(error.to_string()))
}
