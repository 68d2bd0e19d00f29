//! Letters: all that waits for somebody, in one, when they have been away for as long as they want.
//!
//! ```text
//!   notice ─▶ the person's digest: waiting, due ─▶ quiet? here? ─▶ put off
//!                                              └─▶ claimed ─▶ what may still be told ─▶ letter ─▶ idle
//! ```
//!
//! A person has one digest record; every notice changes it, so a letter that leaves while another notice
//! comes is noticed by the version and the digest goes on waiting.
//!
//! **Invariants:** one node writes to a person at a time; a letter carries a name of its own, the same when
//! it is tried again; what the mail server refuses for ever is kept with its words, for the person to see.

use futures_util::StreamExt;
use futures_util::stream;
use starling_actors::domain::{OrgId, Timestamp, UserId};
use starling_actors::ports::Precondition;

use super::stored::{DIGESTS, NOTICES, NOTICES_KEPT_MAX, StoredDigest, StoredNotice, Way};
use super::{AT_ONCE, DUE_MAX, Notifier, NotifyError, ORPHAN_MS};
use crate::agenda::{Due, Slot};
use crate::mail::{MailError, Mailer, Told, digest};
use crate::records::Versioned;

/// Waits before the second and later tries, in milliseconds: about a day in all, as mail servers do.
const WAITS_MS: [i64; 7] =
    [60_000, 5 * 60_000, 15 * 60_000, 3_600_000, 3 * 3_600_000, 6 * 3_600_000, 12 * 3_600_000];
/// How long a node has for one letter: longer than a mail server may take for all its answers.
const CLAIM_MS: i64 = 3 * 60_000;
/// How long at least a letter waits for somebody who is here: they may read without it.
const HERE_WAIT_MS: i64 = 60_000;
/// Messages that one letter tells of; who missed more opens the page.
const TOLD_MAX: usize = 30;
/// Times a change is tried again when another came between.
const ATTEMPTS: usize = 5;

/// The messages of a letter, and the notices that it settles.
struct Content {
    told: Vec<Told>,
    notices: Vec<Versioned<StoredNotice>>,
}

impl Notifier {
    pub(super) async fn look_at_digests(&self) {
        match self.inner.digests.due(self.inner.clock.now(), DUE_MAX).await {
            Ok(due) => {
                count_waiting("email", due.len());
                stream::iter(due)
                    .take_until(self.inner.stop.cancelled())
                    .for_each_concurrent(AT_ONCE, |(slot, due)| async move {
                        if let Err(error) = self.write(&slot, &due).await {
                            tracing::warn!(%error, person = due.id, "a letter waits for the store");
                        }
                    })
                    .await;
            }
            Err(error) => tracing::warn!(%error, "who is to be written to cannot be read"),
        }
    }

    /// Sees to it that somebody is written to, at this time if nothing waits for them yet.
    pub(super) async fn write_at(
        &self,
        org: OrgId,
        user: UserId,
        at: Timestamp,
    ) -> Result<(), NotifyError> {
        let person = user.to_string();
        for _ in 0..ATTEMPTS {
            let found = self.inner.shelves.get(&DIGESTS, org, "", &person).await?;
            let (value, when) = match found {
                // Stored again as it is: its version tells a letter that leaves now of this notice.
                Some(found) if found.value.is_waiting => {
                    (found.value, Precondition::Version(found.version))
                }
                Some(found) => {
                    let at = self.enter(org, &person, at).await?;
                    let number = found.value.number + 1;
                    let next = StoredDigest { number, ..self.waiting(at, &found.value) };
                    (next, Precondition::Version(found.version))
                }
                None => {
                    let at = self.enter(org, &person, at).await?;
                    (self.waiting(at, &StoredDigest::default()), Precondition::Absent)
                }
            };
            let place = (org, "", person.as_str());
            match self.inner.shelves.put(&DIGESTS, place, &value, when).await {
                Ok(_) => return Ok(()),
                Err(NotifyError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(NotifyError::Conflict)
    }

    /// Somebody's quiet is over before its time: what was put off until then is looked at now.
    pub(super) async fn hurry(&self, org: OrgId, user: UserId) -> Result<(), NotifyError> {
        let (person, now) = (user.to_string(), self.inner.clock.now());
        let found = self.inner.shelves.get(&DIGESTS, org, "", &person).await?;
        let is_later = |digest: &StoredDigest| digest.is_waiting && digest.due_at > now.0;
        let Some(found) = found.filter(|found| is_later(&found.value)) else { return Ok(()) };
        let at = self.enter(org, &person, now).await?;
        let value = StoredDigest { due_at: at.0, ..found.value };
        let when = Precondition::Version(found.version);
        match self.inner.shelves.put(&DIGESTS, (org, "", &person), &value, when).await {
            // A notice came, or it is being written: either brings it up soon.
            Ok(_) | Err(NotifyError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn waiting(&self, at: Timestamp, before: &StoredDigest) -> StoredDigest {
        let before = before.clone();
        StoredDigest { is_waiting: true, due_at: at.0, attempts: 0, busy_until: 0, ..before }
    }

    async fn enter(
        &self,
        org: OrgId,
        person: &str,
        at: Timestamp,
    ) -> Result<Timestamp, NotifyError> {
        let now = self.inner.clock.now();
        Ok(self.inner.digests.put((at, now), (org, "", person)).await?.at)
    }

    async fn write(&self, slot: &Slot, due: &Due) -> Result<(), NotifyError> {
        let (Some(org), Ok(user)) = (due.org(), due.id.parse::<UserId>()) else {
            return Ok(self.inner.digests.done(slot).await?);
        };
        let now = self.inner.clock.now();
        let Some(found) = self.inner.shelves.get(&DIGESTS, org, "", &due.id).await? else {
            if now.0 - due.put_at > ORPHAN_MS {
                self.inner.digests.done(slot).await?;
            }
            return Ok(());
        };
        if !found.value.is_waiting || found.value.due_at != slot.at.0 {
            // An entry whose digest is not stored yet is younger than a moment.
            if now.0 - due.put_at > ORPHAN_MS || found.value.due_at > slot.at.0 {
                self.inner.digests.done(slot).await?;
            }
            return Ok(());
        }
        if found.value.busy_until > now.0 {
            return Ok(());
        }
        let wishes = self.wishes(org, user).await?;
        let wait = now.plus_ms(wishes.email_wait_ms().max(HERE_WAIT_MS));
        let until = wishes.silence(now).or_else(|| self.is_here(user).then_some(wait));
        if let Some(until) = until {
            return self.put_off(org, (slot, found), until).await;
        }
        let claim = StoredDigest { busy_until: now.0 + CLAIM_MS, ..found.value };
        let place = (org, "", due.id.as_str());
        let when = Precondition::Version(found.version);
        let version = match self.inner.shelves.put(&DIGESTS, place, &claim, when).await {
            Ok(version) => version,
            // A notice came, or another node is at it: the next look sees.
            Err(NotifyError::Conflict) => return Ok(()),
            Err(error) => return Err(error),
        };
        let claimed = Versioned { id: due.id.clone(), version, value: claim };
        self.write_now((org, user), slot, claimed).await
    }

    async fn write_now(
        &self,
        (org, user): (OrgId, UserId),
        slot: &Slot,
        claimed: Versioned<StoredDigest>,
    ) -> Result<(), NotifyError> {
        let wishes = self.wishes(org, user).await?;
        let profile = self.inner.accounts.profile(org, user).await?;
        let address = profile.filter(|profile| profile.is_active && wishes.email);
        let address = address.map(|profile| profile.email).filter(|email| !email.is_empty());
        let content = self.content(org, user).await?;
        let (Some(address), Some(mailer)) = (address, self.inner.mailer.as_ref()) else {
            self.settle(org, user, &content.notices, Way::Dropped).await?;
            return self.rest(org, slot, claimed).await;
        };
        if content.told.is_empty() {
            self.settle(org, user, &content.notices, Way::Dropped).await?;
            return self.rest(org, slot, claimed).await;
        }
        let sent = self.send(&**mailer, &address, (org, user), &claimed.value, &content.told).await;
        match sent {
            Ok(()) => {
                count("email", "told");
                self.settle(org, user, &content.notices, Way::Told).await?;
                let value = StoredDigest { error: None, failed_at: None, ..claimed.value };
                self.rest(org, slot, Versioned { value, ..claimed }).await
            }
            Err(MailError::Passing(why)) => {
                let attempts = claimed.value.attempts as usize;
                match WAITS_MS.get(attempts) {
                    Some(wait) => {
                        tracing::warn!(why, person = %user, "a letter is tried again");
                        count("email", "put_off");
                        let now = self.inner.clock.now();
                        let attempts = claimed.value.attempts + 1;
                        let value = StoredDigest { attempts, busy_until: 0, ..claimed.value };
                        let again = Versioned { value, ..claimed };
                        self.put_off(org, (slot, again), now.plus_ms(*wait)).await
                    }
                    None => self.fail((org, user), slot, claimed, &content, why).await,
                }
            }
            Err(MailError::Refused(why)) => {
                self.fail((org, user), slot, claimed, &content, why).await
            }
        }
    }

    async fn send(
        &self,
        mailer: &dyn Mailer,
        address: &str,
        (org, user): (OrgId, UserId),
        stored: &StoredDigest,
        told: &[Told],
    ) -> Result<(), MailError> {
        let server = &self.inner.settings.server;
        let host = host_of(server);
        let name = format!("<{user}.{}@{host}>", stored.number);
        let end = self.unsubscribe_link(org, user);
        mailer.send(&digest(address, server, told, (name, end))).await
    }

    /// All that waits for somebody, the oldest first: what may still be told, and every notice looked at.
    async fn content(&self, org: OrgId, user: UserId) -> Result<Content, NotifyError> {
        let person = user.to_string();
        let now = self.inner.clock.now();
        let kept = self.inner.shelves.list(&NOTICES, org, &person, NOTICES_KEPT_MAX).await?;
        let mut content = Content { told: Vec::new(), notices: Vec::new() };
        for notice in kept.into_iter().rev().filter(|found| found.value.email == Way::Waiting) {
            if content.told.len() < TOLD_MAX {
                let told = self.still_told((org, user), &notice.value, now).await?;
                content.told.extend(told);
            }
            content.notices.push(notice);
        }
        Ok(content)
    }

    /// Notes what came of notices.
    async fn settle(
        &self,
        org: OrgId,
        user: UserId,
        notices: &[Versioned<StoredNotice>],
        as_what: Way,
    ) -> Result<(), NotifyError> {
        let person = user.to_string();
        for notice in notices {
            self.change_notice(org, &person, &notice.id, |notice| notice.email = as_what).await?;
        }
        Ok(())
    }

    /// Changes a notice, whoever else changes it: mail and pushes have fields of their own.
    pub(super) async fn change_notice(
        &self,
        org: OrgId,
        person: &str,
        id: &str,
        change: impl Fn(&mut StoredNotice),
    ) -> Result<(), NotifyError> {
        for _ in 0..ATTEMPTS {
            let Some(mut found) = self.inner.shelves.get(&NOTICES, org, person, id).await? else {
                return Ok(());
            };
            change(&mut found.value);
            let when = Precondition::Version(found.version);
            let put = self.inner.shelves.put(&NOTICES, (org, person, id), &found.value, when);
            match put.await {
                Ok(_) => return Ok(()),
                Err(NotifyError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(NotifyError::Conflict)
    }

    async fn fail(
        &self,
        (org, user): (OrgId, UserId),
        slot: &Slot,
        claimed: Versioned<StoredDigest>,
        content: &Content,
        why: String,
    ) -> Result<(), NotifyError> {
        tracing::warn!(why, person = %user, "a letter is not taken by the mail server");
        count("email", "failed");
        self.settle(org, user, &content.notices, Way::Failed).await?;
        let failed_at = Some(self.inner.clock.now().0);
        let value = StoredDigest { error: Some(why), failed_at, ..claimed.value };
        self.rest(org, slot, Versioned { value, ..claimed }).await
    }

    /// Nothing waits any more, unless a notice came meanwhile: then the digest is due again after the
    /// usual time.
    async fn rest(
        &self,
        org: OrgId,
        slot: &Slot,
        claimed: Versioned<StoredDigest>,
    ) -> Result<(), NotifyError> {
        let Versioned { id, version, value } = claimed;
        let idle = StoredDigest { is_waiting: false, busy_until: 0, attempts: 0, ..value };
        let place = (org, "", id.as_str());
        let when = Precondition::Version(version);
        match self.inner.shelves.put(&DIGESTS, place, &idle, when).await {
            Ok(_) => Ok(self.inner.digests.done(slot).await?),
            Err(NotifyError::Conflict) => self.go_on(org, (slot, &id), &idle).await,
            Err(error) => Err(error),
        }
    }

    /// Another notice came while a letter was written: it has a letter of its own.
    async fn go_on(
        &self,
        org: OrgId,
        (slot, id): (&Slot, &str),
        idle: &StoredDigest,
    ) -> Result<(), NotifyError> {
        let Ok(user) = id.parse::<UserId>() else { return Ok(()) };
        let wait = self.wishes(org, user).await?.email_wait_ms();
        let at = self.enter(org, id, self.inner.clock.now().plus_ms(wait)).await?;
        let next = StoredDigest { number: idle.number + 1, ..self.waiting(at, idle) };
        let put = self.inner.shelves.put(&DIGESTS, (org, "", id), &next, Precondition::Any);
        put.await?;
        Ok(self.inner.digests.done(slot).await?)
    }

    /// Looks at it again later.
    async fn put_off(
        &self,
        org: OrgId,
        (slot, found): (&Slot, Versioned<StoredDigest>),
        until: Timestamp,
    ) -> Result<(), NotifyError> {
        let at = self.enter(org, &found.id, until).await?;
        let value = StoredDigest { due_at: at.0, busy_until: 0, ..found.value };
        let place = (org, "", found.id.as_str());
        let when = Precondition::Version(found.version);
        match self.inner.shelves.put(&DIGESTS, place, &value, when).await {
            Ok(_) if at != slot.at => Ok(self.inner.digests.done(slot).await?),
            // A notice came: this entry stays due, and the next look decides.
            Ok(_) | Err(NotifyError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Why the last letter to somebody was not taken, and when.
    pub(super) async fn mail_trouble(
        &self,
        org: OrgId,
        user: UserId,
    ) -> Result<Option<(String, Timestamp)>, NotifyError> {
        let found = self.inner.shelves.get(&DIGESTS, org, "", &user.to_string()).await?;
        let found = found.map(|found| found.value);
        Ok(found.and_then(|found| Some((found.error?, Timestamp(found.failed_at?)))))
    }
}

/// The host of an address, for names of letters.
fn host_of(server: &str) -> &str {
    let rest = server.split_once("://").map_or(server, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    if host.is_empty() { "starling.invalid" } else { host }
}

/// Counts what came of telling somebody.
pub(super) fn count(way: &'static str, outcome: &'static str) {
    metrics::counter!("starling_notifications_total", "way" => way, "outcome" => outcome)
        .increment(1);
}

/// How much was due at this node's last look.
pub(super) fn count_waiting(way: &'static str, waiting: usize) {
    #[allow(clippy::cast_precision_loss, reason = "a look takes up some hundred things")]
    metrics::gauge!("starling_notifications_due", "way" => way).set(waiting as f64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_tried_for_about_a_day() {
        let hours = WAITS_MS.iter().sum::<i64>() / 3_600_000;
        assert!((20..=30).contains(&hours), "{hours}");
        assert!(WAITS_MS.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn letters_are_named_after_the_server() {
        assert_eq!(host_of("https://chat.example/"), "chat.example");
        assert_eq!(host_of("http://127.0.0.1:8080"), "127.0.0.1");
        assert_eq!(host_of(""), "starling.invalid");
    }
}
