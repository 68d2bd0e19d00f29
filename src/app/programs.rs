//! What is said at its time, and what webhooks tell: put together for this node.

use std::sync::Arc;

use async_trait::async_trait;
use starling_actors::chat::{Caller, Chat, ChatError};
use starling_actors::domain::{OrgId, UserId};
use starling_actors::ports::{Clock, Directory, History, MessageLog, Records};
use starling_actors::system::Core;

use super::StartError;
use super::beside::Beside;
use crate::adapters::smtp::SmtpMailer;
use crate::auth::Accounts;
use crate::commands::Commands;
use crate::config::Settings;
use crate::data::Vault;
use crate::egress::{Egress, Policy};
use crate::hooks::{Hints, Incoming, Outgoing, OutgoingPorts};
use crate::later::{Authors, Later, LaterPorts};
use crate::mail::{OptionalMailer, Postbox};
use crate::notify::{News, Notifier, NotifyPorts, NotifySettings};
use crate::wire::hooks::PAYLOAD;

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
    /// Tells who is away.
    pub(super) notifier: Notifier,
    /// Sends what is stored nowhere.
    pub(super) postbox: Postbox,
}

impl Programs {
    /// Puts all together, and begins to do what is due.
    pub(super) fn start(
        settings: &Settings,
        (records, clock): (Arc<dyn Records>, Arc<dyn Clock>),
        (chat, channels, beside): (&Chat, Channels, &Beside),
        (accounts, core): (&Accounts, &Core),
        (hints, news): (Hints, News),
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
        let parts = (&records, &clock);
        let mailer = mailer(settings)?;
        let postbox = Postbox::new(mailer.clone());
        let told = (accounts, core, news, mailer);
        let notifier = notifier(settings, parts, (chat, &channels), told)?;
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
            egress: Egress::new(policy(&settings.egress.webhooks)?),
            payload: PAYLOAD,
            hints,
        });
        let outgoing = outgoing.map_err(|error| StartError::Webhooks(error.to_string()))?;
        let commands = Commands::new(
            (chat.clone(), later.clone(), beside.statuses.clone()),
            Arc::new(accounts.clone()),
            core.sessions.clone(),
            Arc::clone(&clock),
        );
        let talk = (chat.clone(), beside.previews.clone());
        let incoming = Incoming::new(records, talk, clock);
        Ok(Self { commands, incoming, outgoing, later, notifier, postbox })
    }

    /// Begins what is done by itself: for a node that serves. A command that works beside others, or brings
    /// what is old, tells nobody.
    pub(super) fn begin(&self) {
        self.later.start();
        self.outgoing.start();
        self.notifier.start();
    }

    /// Ends what is done by itself; what is in the air is waited for.
    pub(super) async fn stop(&self) {
        self.later.stop().await;
        self.outgoing.stop().await;
        self.notifier.stop().await;
    }
}

/// What tells people who are away.
fn notifier(
    settings: &Settings,
    (records, clock): (&Arc<dyn Records>, &Arc<dyn Clock>),
    (chat, channels): (&Chat, &Channels),
    (accounts, core, tap, mailer): (&Accounts, &Core, News, OptionalMailer),
) -> Result<Notifier, StartError> {
    let tokens = &settings.tokens;
    let link_secrets =
        std::iter::once(&tokens.access_secret).chain(&tokens.previous_access_secrets);
    let wanted = NotifySettings {
        server: settings.server.address(),
        link_secrets: link_secrets.cloned().collect(),
        push_key: settings.push.private_key.clone(),
        push_contact: settings.push_contact(),
    };
    let ports = NotifyPorts {
        records: Arc::clone(records),
        chat: chat.clone(),
        accounts: accounts.clone(),
        sessions: core.sessions.clone(),
        log: Arc::clone(&channels.log),
        history: Arc::clone(&channels.history),
        directory: Arc::clone(&channels.directory),
        clock: Arc::clone(clock),
        placement: core.channels.placement(),
        vault: Vault::new(&settings.vault, Arc::clone(clock)),
        egress: Egress::new(policy(&settings.egress.pushes)?),
        mailer,
        tap,
    };
    Notifier::new(ports, wanted).map_err(|error| StartError::Webhooks(error.to_string()))
}

/// The operator's mail server as a port; none when mail is not wanted.
fn mailer(settings: &Settings) -> Result<OptionalMailer, StartError> {
    Ok(mailer_of(settings)?.map(|mailer| Arc::new(mailer) as _))
}

/// The operator's mail server.
pub(super) fn mailer_of(settings: &Settings) -> Result<Option<SmtpMailer>, StartError> {
    if !settings.smtp.is_set() {
        return Ok(None);
    }
    let address = settings.server.address();
    let host = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let mailer = SmtpMailer::new(&settings.smtp, if host.is_empty() { "localhost" } else { host });
    mailer.map(Some).map_err(|error| StartError::Mail(error.to_string()))
}

/// Strict on a laptop too: whoever makes a webhook, or has a browser, is not who runs the server.
fn policy(entries: &[String]) -> Result<Policy, StartError> {
    Policy::of_settings(entries, true).map_err(|error| StartError::Egress(error.to_string()))
}
