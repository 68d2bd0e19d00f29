//! Deletes what is too old: each node in its own channels, a step at a time.

use std::collections::BTreeSet;
use std::time::Duration;

use starling_actors::chat::ChatError;
use starling_actors::domain::{ChannelId, OrgId, UserId};
use starling_actors::ports::Precondition;
use tokio_util::task::AbortOnDropHandle;

use super::stored::{DEFAULT, INDEX, MARKS, Mark, SETTINGS};
use super::{Held, Retention};
use crate::records::SERVER;

/// Pause between two looks. What is too old is not shown meanwhile, and is gone within a day.
const LOOK_EVERY: Duration = Duration::from_secs(15 * 60);
/// Entries of a step: some tens of writes of the log.
const STEP: usize = 500;
/// Rest after a step that deleted: chat goes first, and a channel's readers hear of each deletion.
const REST: Duration = Duration::from_millis(500);
/// Steps of one channel in one look; the others have their turn, and it goes on with the next look.
const STEPS_MAX: usize = 500;
/// Organizations that have said something, and channels of one that have.
const INDEX_MAX: usize = 100_000;
const SETTINGS_MAX: usize = 100_000;
/// People whose channels are looked for at a time.
const PEOPLE: usize = 200;

/// Deletes while this is held.
#[derive(Debug)]
pub struct Sweeper(#[allow(dead_code, reason = "held for its drop")] AbortOnDropHandle<()>);

impl Retention {
    /// Looks from time to time, and when a setting was changed here.
    pub fn start(&self) -> Sweeper {
        let retention = self.clone();
        Sweeper(AbortOnDropHandle::new(tokio::spawn(async move {
            loop {
                retention.look().await;
                tokio::select! {
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                    () = retention.inner.changed.notified() => {}
                }
            }
        })))
    }

    /// Deletes what is too old in the channels of this node.
    pub(super) async fn look(&self) {
        let organizations = match self.inner.shelves.list(&INDEX, SERVER, "", INDEX_MAX).await {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(%error, "how long messages are kept cannot be read");
                return;
            }
        };
        for org in organizations.iter().filter_map(|found| found.id.parse().ok()) {
            if let Err(error) = self.look_into(org).await {
                tracing::warn!(%error, %org, "old messages are deleted later");
            }
        }
    }

    async fn look_into(&self, org: OrgId) -> Result<(), ChatError> {
        let settings = self.inner.shelves.list(&SETTINGS, org, "", SETTINGS_MAX).await?;
        let default = settings.iter().find(|found| found.id == DEFAULT);
        let default = default.map_or(0, |found| found.value.days);
        let mut said = BTreeSet::new();
        for setting in &settings {
            let Ok(channel) = setting.id.parse::<ChannelId>() else { continue };
            said.insert(channel);
            self.look_at(org, channel, Held { own: Some(setting.value.days), default }).await;
        }
        if default == 0 {
            return Ok(());
        }
        for channel in self.channels(org).await?.difference(&said) {
            self.look_at(org, *channel, Held { own: None, default }).await;
        }
        Ok(())
    }

    /// All channels that somebody of an organization is in.
    pub async fn channels(&self, org: OrgId) -> Result<BTreeSet<ChannelId>, ChatError> {
        let mut channels = BTreeSet::new();
        let mut after: Option<UserId> = None;
        loop {
            let people = self.inner.people.page(org, after, PEOPLE).await?;
            for person in &people {
                let own = self.inner.directory.channels_of(org, *person).await?;
                channels.extend(own.into_iter().map(|(channel, _)| channel.id));
            }
            after = people.last().copied();
            if people.len() < PEOPLE {
                return Ok(channels);
            }
        }
    }

    async fn look_at(&self, org: OrgId, channel: ChannelId, held: Held) {
        if held.days() == 0 || !self.inner.placement.is_mine(channel.as_u128()) {
            return;
        }
        match self.sweep(org, channel).await {
            // A channel that was removed since has nothing that anybody reads.
            Ok(()) | Err(ChatError::NotFound(_)) => {}
            Err(error) => tracing::warn!(%error, %channel, "old messages are deleted later"),
        }
    }

    async fn sweep(&self, org: OrgId, channel: ChannelId) -> Result<(), ChatError> {
        let (shelves, id) = (&self.inner.shelves, channel.to_string());
        let (mut upto, generation) = self.swept(org, channel).await?;
        for _ in 0..STEPS_MAX {
            // Before each step: who has said too short a time takes it back, and nothing more goes.
            let held = self.of(org, channel).await?;
            let Some(cut) = held.cut(self.inner.clock.now()) else { return Ok(()) };
            let step = self.inner.chat.retire(org, channel, (upto, cut), STEP).await?;
            // Before the mark: after a crash in between the step is done again.
            self.inner.previews.forget(org, channel, &step.messages).await?;
            if step.upto > upto {
                upto = step.upto;
                let mark = Mark { upto: upto.0, generation: generation.0 };
                shelves.put(&MARKS, (org, "", &id), &mark, Precondition::Any).await?;
            }
            let is_quiet = step.messages.is_empty();
            if !is_quiet {
                tracing::info!(%channel, messages = step.messages.len(), "deleted what was too old");
            }
            if step.is_over {
                return Ok(());
            }
            if !is_quiet {
                tokio::time::sleep(REST).await;
            }
        }
        Ok(())
    }
}
