//! Does what was planned when its time has come.
//!
//! ```text
//!   agenda ─▶ plan still as it was? ─▶ marked as being sent ─▶ posted under its id ─▶ plan and entry removed
//! ```
//!
//! **Invariant:** a plan is marked before anything of it is sent, so it cannot be taken back from then on; and
//! what is sent carries the plan's id as its idempotency key, so a second node or a second try adds nothing.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use starling_actors::chat::{Caller, ChatError, Draft, Said};
use starling_actors::domain::{ChannelId, MessageKind, OrgId, assistant_byline};
use starling_actors::ports::Precondition;

use super::Later;
use super::plans::{PLANS, PlanKind, PlanState, StoredPlan};
use crate::agenda::{Due, Slot};
use crate::records::Versioned;

/// How often is looked at what is due: a message at nine is there within the second after nine.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Plans that one look takes up; the rest is found by the next.
const DUE_MAX: usize = 200;
/// Plans that are carried out at once: each waits for a channel's log.
const AT_ONCE: usize = 8;
/// How long an entry may wait for its plan, which is stored right after it.
const ORPHAN_MS: i64 = 60 * 1000;
/// How long a plan is tried when stores do not answer. After a day its words mean something else.
const LATE_MS_MAX: i64 = 24 * 3600 * 1000;
/// Characters of a message that a reminder quotes.
const QUOTE_CHARS: usize = 200;

/// Why something is not sent now.
enum Hindrance {
    /// It may go well a moment later.
    Passing(ChatError),
    /// It will not.
    Final(String),
}

impl From<ChatError> for Hindrance {
    fn from(error: ChatError) -> Self {
        if error.is_retryable() { Self::Passing(error) } else { Self::Final(error.to_string()) }
    }
}

impl Later {
    pub(super) async fn run(self) {
        loop {
            tokio::select! {
                () = self.inner.stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            self.look().await;
        }
    }

    /// Carries out what is due now.
    pub(super) async fn look(&self) {
        match self.inner.agenda.due(self.inner.clock.now(), DUE_MAX).await {
            Ok(due) => {
                stream::iter(due)
                    .for_each_concurrent(AT_ONCE, |(slot, due)| async move {
                        if let Err(error) = self.carry_out(&slot, &due).await {
                            tracing::warn!(%error, plan = due.id, "a plan waits for the store");
                        }
                    })
                    .await;
            }
            Err(error) => tracing::warn!(%error, "what is due cannot be read"),
        }
    }

    async fn carry_out(&self, slot: &Slot, due: &Due) -> Result<(), ChatError> {
        let Some(org) = due.org() else { return self.entry_done(slot).await };
        let now = self.inner.clock.now();
        let Some(found) = self.stored_plan(org, &due.parent, &due.id).await? else {
            if now.0 - due.put_at > ORPHAN_MS {
                self.entry_done(slot).await?;
            }
            return Ok(());
        };
        // It was moved to another time, or has failed: this entry is what is left of before.
        if found.value.at != slot.at.0 || found.value.state == PlanState::Failed {
            return self.entry_done(slot).await;
        }
        let Some(begun) = self.begin(org, due, found).await? else { return Ok(()) };
        let plan = &begun.value;
        let author = self.inner.authors.author(org, plan.author).await?;
        let Some(author) = author else { return self.finish(org, due, slot, plan).await };
        match self.say_now(&author, &due.id, plan).await {
            Ok(()) => self.finish(org, due, slot, plan).await,
            Err(Hindrance::Passing(error)) if now.0 - plan.at < LATE_MS_MAX => {
                tracing::debug!(%error, plan = due.id, "a plan is tried again");
                Ok(())
            }
            Err(Hindrance::Passing(error)) => {
                self.fail(&author, (due, slot), begun.clone(), error.to_string()).await
            }
            Err(Hindrance::Final(why)) => self.fail(&author, (due, slot), begun.clone(), why).await,
        }
    }

    /// Marks a plan as being sent; `None` when its author changed it in this moment.
    async fn begin(
        &self,
        org: OrgId,
        due: &Due,
        found: Versioned<StoredPlan>,
    ) -> Result<Option<Versioned<StoredPlan>>, ChatError> {
        if found.value.state == PlanState::Sending {
            return Ok(Some(found));
        }
        let value = StoredPlan { state: PlanState::Sending, ..found.value };
        let place = (org, due.parent.as_str(), due.id.as_str());
        let when = Precondition::Version(found.version);
        match self.inner.shelves.put(&PLANS, place, &value, when).await {
            Ok(version) => Ok(Some(Versioned { version, value, ..found })),
            Err(ChatError::Conflict { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn say_now(&self, author: &Caller, id: &str, plan: &StoredPlan) -> Result<(), Hindrance> {
        match plan.kind {
            PlanKind::Message => self.send(author, id, plan).await,
            PlanKind::Reminder => self.remind(author, id, plan).await,
        }
    }

    async fn send(&self, author: &Caller, id: &str, plan: &StoredPlan) -> Result<(), Hindrance> {
        let channel = plan.channel.ok_or(ChatError::NotFound("channel"))?;
        let draft = Draft {
            content: plan.content.clone(),
            thread: plan.thread,
            client_message_id: Some(id.to_owned()),
            ..Draft::default()
        };
        let noted = self.inner.previews.noted(author, channel, &plan.content);
        let pending = self.inner.chat.post(author, channel, draft).await?;
        let receipt = pending.receipt().await.map_err(ChatError::from)?;
        if let Some(noted) = noted {
            noted.written(receipt.message);
        }
        Ok(())
    }

    async fn remind(&self, author: &Caller, id: &str, plan: &StoredPlan) -> Result<(), Hindrance> {
        let mut words = String::from("⏰ ");
        let (channel, mentions) = match plan.channel {
            Some(channel) => {
                self.inner.chat.writable(author, channel, None).await?;
                words += &format!("Reminder from @{}: ", author.byline.username);
                (channel, Vec::new())
            }
            None => (self.inner.chat.own_channel(author).await?, vec![author.user()]),
        };
        words += &plan.content;
        if let Some(message) = plan.message {
            match self.inner.chat.message(author, message).await {
                Ok(message) if !message.is_deleted => {
                    let place = self.named(author.org, message.channel).await;
                    words += &quoted(&message.author.username, &place, &message.content);
                }
                Ok(_) | Err(ChatError::NotFound(_)) => words += "\n_The message is gone._",
                Err(error) => return Err(error.into()),
            }
        }
        let limit = self.inner.chat.limits().content_chars;
        let said = Said {
            by: assistant_byline(author.org),
            kind: MessageKind::System,
            content: words.chars().take(limit).collect(),
            parent: None,
            mentions,
            key: Some(id.to_owned()),
        };
        let pending = self.inner.chat.say(author.org, channel, said).await?;
        pending.receipt().await.map_err(ChatError::from)?;
        Ok(())
    }

    async fn finish(
        &self,
        org: OrgId,
        due: &Due,
        slot: &Slot,
        plan: &StoredPlan,
    ) -> Result<(), ChatError> {
        self.inner.shelves.delete(&PLANS, org, &due.parent, &due.id).await?;
        self.entry_done(slot).await?;
        self.tell_plans(plan.author, plan.kind).await;
        Ok(())
    }

    /// Keeps the plan with the reason, and tells its author, who may be far from the list.
    async fn fail(
        &self,
        author: &Caller,
        (due, slot): (&Due, &Slot),
        begun: Versioned<StoredPlan>,
        why: String,
    ) -> Result<(), ChatError> {
        let plan = StoredPlan { state: PlanState::Failed, error: Some(why.clone()), ..begun.value };
        let place = (author.org, due.parent.as_str(), due.id.as_str());
        let when = Precondition::Version(begun.version);
        match self.inner.shelves.put(&PLANS, place, &plan, when).await {
            Ok(_) => {}
            Err(ChatError::Conflict { .. }) => return Ok(()),
            Err(error) => return Err(error),
        }
        self.entry_done(slot).await?;
        self.tell_plans(plan.author, plan.kind).await;
        let at = match plan.channel {
            Some(channel) => self.named(author.org, channel).await,
            None => "you".to_owned(),
        };
        let quote: String = plan.content.chars().take(QUOTE_CHARS).collect();
        let content = format!("Your message for {at} was not sent: {why}.\n> {}", one_line(&quote));
        if let Err(error) = self.note(author, &due.id, content).await {
            tracing::warn!(%error, "the author of a failed plan was not told; the list says it");
        }
        Ok(())
    }

    /// Says something to a person where they are alone.
    async fn note(&self, author: &Caller, id: &str, content: String) -> Result<(), ChatError> {
        let channel = self.inner.chat.own_channel(author).await?;
        let said = Said {
            by: assistant_byline(author.org),
            kind: MessageKind::System,
            content,
            parent: None,
            mentions: vec![author.user()],
            key: Some(format!("failed-{id}")),
        };
        self.inner.chat.say(author.org, channel, said).await?.receipt().await?;
        Ok(())
    }

    async fn named(&self, org: OrgId, channel: ChannelId) -> String {
        match self.inner.chat.channel_of(org, channel).await {
            Ok(Some(channel)) if !channel.name.is_empty() => format!("#{}", channel.name),
            Ok(_) | Err(_) => "a conversation".to_owned(),
        }
    }

    async fn entry_done(&self, slot: &Slot) -> Result<(), ChatError> {
        Ok(self.inner.agenda.done(slot).await?)
    }
}

fn quoted(author: &str, place: &str, content: &str) -> String {
    let quote: String = content.chars().take(QUOTE_CHARS).collect();
    let more = if content.chars().nth(QUOTE_CHARS).is_some() { "…" } else { "" };
    // Without an @: who wrote it is not called again.
    format!("\n{author} in {place}:\n> {}{more}", one_line(&quote))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
