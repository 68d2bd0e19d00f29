//! Erasing a person: what an admin does when somebody wants to be forgotten.
//!
//! ```text
//!   asked ─▶ record ─▶ account emptied at once ─▶ what they have not said, saved, asked in private
//!          ─▶ channels that nobody else can read: emptied
//!          ─▶ each channel: their messages under no name, or deleted ─▶ after a while once more ─▶ record gone
//! ```
//!
//! Reading order: here (what is done), `closed` (channels that only members read), `record` (what is kept of it).
//!
//! All of it is done twice: what they had sent when they were put out may reach a channel after it was
//! looked through, on a node that has not heard of it yet. In between nothing is done.
//!
//! **Invariants:** the record is there before anything is taken away and goes after all of it; every step can be
//! made again. So an erasure that a crash cut off is made again by whichever node's it is. A step that fails
//! keeps no other from being made: all of them are, and then all of them again.

mod closed;
mod record;

use std::sync::Arc;
use std::time::Duration;

use starling_actors::chat::{Caller, ChatError};
use starling_actors::cluster::Placement;
use starling_actors::domain::{
    Byline, ChannelId, Entry, MessageId, OrgId, OrgRole, Seq, Timestamp, UserId,
};
use starling_actors::ports::{
    Aside, AuditEvent, AuditTrail as _, Precondition, Records, RecordsError,
};
use tokio::sync::Notify;
use tokio_util::task::AbortOnDropHandle;

use crate::auth::{AccountError, Group};
use crate::data::{By, DataError, Forgotten, by_server};
use crate::dossier::{DossierError, Dossiers, Sources};
use crate::later::PlanKind;
use crate::previews::Previews;
use crate::records::{SERVER, Shelf, Shelves, Versioned};
use record::{StoredErasure, Trouble};

/// Erasures that are not done, by whom they erase.
const ERASURES: Shelf<StoredErasure> = Shelf::new("erasure");
/// What the audit trail calls it.
const ACTION: &str = "person.erase";
/// Erasures at a time on the whole server.
const ERASURES_MAX: usize = 10_000;
/// Entries of a log that are looked at in one step.
const ENTRIES: usize = 500;
/// How often is looked for what another node was asked for, or left undone.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// Erases people. Cheap to clone.
#[derive(Clone)]
pub struct Erasures {
    inner: Arc<Inner>,
}

struct Inner {
    shelves: Shelves<RecordsError>,
    sources: Sources,
    dossiers: Dossiers,
    previews: Previews,
    placement: Placement,
    asked: Notify,
}

/// Erases while this is held.
#[derive(Debug)]
pub struct Erasing(#[allow(dead_code, reason = "held for its drop")] AbortOnDropHandle<()>);

impl std::fmt::Debug for Erasures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Erasures")
    }
}

impl Erasures {
    /// Over these.
    pub fn new(
        records: Arc<dyn Records>,
        (dossiers, previews): (Dossiers, Previews),
        placement: Placement,
    ) -> Self {
        let (shelves, asked, sources) =
            (Shelves::new(records), Notify::new(), dossiers.sources().clone());
        let inner = Inner { shelves, sources, dossiers, previews, placement, asked };
        Self { inner: Arc::new(inner) }
    }

    /// Erases a person: their account at once, the rest within moments. Only admins may, and not
    /// themselves.
    pub async fn ask(
        &self,
        by: &By,
        user: UserId,
        deletes_messages: bool,
    ) -> Result<(), DossierError> {
        if !by.caller.role.may_administer() {
            return Err(AccountError::Forbidden("only admins erase people").into());
        }
        if by.user() == user {
            return Err(AccountError::Forbidden("nobody erases themself").into());
        }
        let Sources { accounts, clock, .. } = &self.inner.sources;
        accounts.expect_erasable(by.org(), user).await?;
        self.announce(by.did(ACTION, about(user), details(deletes_messages))).await?;
        let place = (by.org(), user);
        self.begin(&StoredErasure::new(place, deletes_messages, clock.now())).await?;
        self.inner.asked.notify_one();
        Ok(())
    }

    /// Erases a person and waits for it: for the one who runs the server, which is stopped. `false` when
    /// something is left that the server does once it runs.
    pub async fn erase_now(
        &self,
        org: OrgId,
        user: UserId,
        deletes_messages: bool,
    ) -> Result<bool, DossierError> {
        self.inner.sources.accounts.expect_erasable(org, user).await?;
        self.announce(by_server(org, ACTION, about(user), details(deletes_messages))).await?;
        // Nothing is under way.
        let erasure = StoredErasure::new((org, user), deletes_messages, Timestamp(0));
        self.begin(&erasure).await?;
        Ok(self.work(&erasure).await?.is_none())
    }

    /// Nothing is taken away of which the trail says nothing.
    async fn announce(&self, event: AuditEvent) -> Result<(), DossierError> {
        let told = self.inner.sources.data.append(event).await;
        told.map_err(|_| DossierError::Data(DataError::Unavailable))
    }

    async fn begin(&self, erasure: &StoredErasure) -> Result<(), DossierError> {
        let Inner { shelves, sources, .. } = &*self.inner;
        let id = erasure.id();
        let groups = sources.accounts.groups_of(erasure.org, erasure.user).await?;
        shelves.put(&ERASURES, (SERVER, "", &id), erasure, Precondition::Any).await?;
        match sources.accounts.erase(erasure.org, erasure.user).await {
            Ok(_) => {
                self.tell_left(erasure, groups).await;
                Ok(())
            }
            Err(error) => {
                if is_final(&error) {
                    shelves.delete(&ERASURES, SERVER, "", &id).await?;
                }
                Err(error.into())
            }
        }
    }

    /// Groups are smaller by them, on open pages too.
    async fn tell_left(&self, erasure: &StoredErasure, groups: Vec<Group>) {
        for mut group in groups {
            group.leave(erasure.user);
            let (chat, face) = (&self.inner.sources.chat, group.face());
            chat.tell_group(erasure.org, group.id, Some(face)).await;
        }
    }

    /// Erases what is due, on this node's part of it.
    pub fn start(&self) -> Erasing {
        let erasures = self.clone();
        Erasing(AbortOnDropHandle::new(tokio::spawn(async move {
            loop {
                erasures.look().await;
                tokio::select! {
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                    () = erasures.inner.asked.notified() => {}
                }
            }
        })))
    }

    async fn look(&self) {
        let due = match self.inner.shelves.list(&ERASURES, SERVER, "", ERASURES_MAX).await {
            Ok(due) => due,
            Err(error) => {
                tracing::warn!(%error, "erasures cannot be read");
                return;
            }
        };
        for due in due {
            let is_due = due.value.due <= self.inner.sources.clock.now().0;
            if is_due
                && self.inner.placement.is_mine(due.value.user.as_u128())
                && let Err(error) = self.go_on(&due).await
            {
                tracing::warn!(%error, "an erasure goes on later");
            }
        }
    }

    /// Does all of it, and notes how it stands then.
    async fn go_on(&self, found: &Versioned<StoredErasure>) -> Result<(), DossierError> {
        let Some(left) = self.work(&found.value).await? else { return Ok(()) };
        let (place, when) = ((SERVER, "", &*found.id), Precondition::Version(found.version));
        match self.inner.shelves.put(&ERASURES, place, &left, when).await {
            // It was asked for once more, and is done from the beginning.
            Ok(_) | Err(RecordsError::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Does all of it; gives how it stands then, `None`: nothing is left to do.
    async fn work(&self, erasure: &StoredErasure) -> Result<Option<StoredErasure>, DossierError> {
        let StoredErasure { org, user, deletes_messages, .. } = *erasure;
        let Inner { shelves, sources, dossiers, .. } = &*self.inner;
        let begun = sources.clock.now();
        let by = match sources.accounts.erase(org, user).await {
            Ok(by) => by,
            Err(error) if is_final(&error) => {
                // Nobody is left who could govern, or who could be erased.
                tracing::warn!(%error, "an erasure is given up");
                shelves.delete(&ERASURES, SERVER, "", &erasure.id()).await?;
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        sources.chat.tell_companions(user, Aside::Status { user, status: None }).await;
        let mut trouble = Trouble::default();
        trouble.take(self.forget_plans(org, &by).await);
        trouble.take(sources.notifier.forget(org, user).await);
        trouble.take(dossiers.forget(org, user).await);
        let is_unasked = trouble.take(self.forget_questions(org, &by, deletes_messages).await);
        if !erasure.is_looked_through {
            trouble.take(self.forget_words(org, &by, deletes_messages).await);
        }
        trouble.over()?;
        let left = erasure.after(begun, is_unasked == Some(true));
        if left.is_none() {
            shelves.delete(&ERASURES, SERVER, "", &erasure.id()).await?;
            tracing::info!(person = %user, "a person was erased");
        }
        Ok(left)
    }

    async fn forget_plans(&self, org: OrgId, by: &Byline) -> Result<(), DossierError> {
        let (later, caller) = (&self.inner.sources.later, nobody(org, by));
        for draft in later.drafts(&caller).await? {
            later.drop_draft(&caller, draft.channel, draft.thread).await?;
        }
        for kind in [PlanKind::Message, PlanKind::Reminder] {
            for plan in later.plans(&caller, kind).await? {
                match later.drop_plan(&caller, kind, &plan.id).await {
                    // What is just being sent finds nobody who sends it, and goes by itself.
                    Ok(()) | Err(ChatError::Conflict { .. } | ChatError::NotFound(_)) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(())
    }

    /// What they kept for themself, what only they could read, and their name in what they asked; `false`
    /// when a question of theirs is still being answered. Then their own channels stay: by them it is
    /// known what goes.
    async fn forget_questions(
        &self,
        org: OrgId,
        by: &Byline,
        deletes: bool,
    ) -> Result<bool, DossierError> {
        let Sources { chat, data, .. } = &self.inner.sources;
        let mut trouble = Trouble::default();
        let gone = self.forget_closed(org, by, &mut trouble).await;
        let forgotten = Forgotten { by, deletes, gone: &gone };
        let is_unasked = trouble.take(data.forget_questions(org, forgotten).await);
        trouble.over()?;
        if is_unasked != Some(true) {
            return Ok(false);
        }
        let asker = By { caller: nobody(org, by), address: String::new() };
        for session in data.list_sessions(&asker).await? {
            // What others read is theirs by now: of it goes only how its asker called it.
            if !gone.contains(&session.channel) {
                continue;
            }
            match chat.remove_channel(&asker.caller, session.channel).await {
                // Whoever got it handed over has gone: it is empty, and stays so.
                Ok(()) | Err(ChatError::NotFound(_) | ChatError::Forbidden(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        data.forget_own(org, by.user).await?;
        Ok(true)
    }

    async fn forget_words(
        &self,
        org: OrgId,
        by: &Byline,
        deletes: bool,
    ) -> Result<(), DossierError> {
        let mut trouble = Trouble::default();
        for channel in self.inner.sources.retention.channels(org).await? {
            match self.forget_words_in((org, channel), by, deletes).await {
                // It was removed in this moment.
                Ok(()) | Err(DossierError::Chat(ChatError::NotFound(_))) => {}
                Err(error) => {
                    trouble.take::<(), _>(Err(error));
                }
            }
        }
        trouble.over()
    }

    async fn forget_words_in(
        &self,
        place: (OrgId, ChannelId),
        by: &Byline,
        deletes: bool,
    ) -> Result<(), DossierError> {
        let chat = &self.inner.sources.chat;
        let (mut after, mut was_there) = (Seq(0), false);
        loop {
            let words = chat.erase_own(place, (by, deletes), after, ENTRIES).await?;
            was_there |= !words.entries.is_empty();
            if deletes {
                let own = words.entries.iter().filter(|entry| entry.by.user == by.user);
                let messages: Vec<MessageId> =
                    own.filter_map(Entry::posted).map(|posted| posted.id).collect();
                self.inner.previews.forget(place.0, place.1, &messages).await?;
            }
            let Some(next) = words.next else { break };
            after = next;
        }
        if was_there {
            chat.tell_renamed(place.1, by).await;
        }
        Ok(())
    }
}

fn about(user: UserId) -> (&'static str, String) {
    ("user", user.to_string())
}

fn details(deletes_messages: bool) -> Vec<(&'static str, String)> {
    vec![("delete_messages", deletes_messages.to_string())]
}

/// Whether trying again does not help.
fn is_final(error: &AccountError) -> bool {
    matches!(error, AccountError::Forbidden(_) | AccountError::NotFound(_))
}

/// Somebody of whom nothing is left but what is being taken away.
fn nobody(org: OrgId, by: &Byline) -> Caller {
    let (byline, role) = (by.clone(), OrgRole::Viewer);
    Caller { org, byline, role, is_superuser: false, login: None, token: None }
}
