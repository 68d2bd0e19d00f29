//! Pushes what is new to the browsers of who is away.
//!
//! ```text
//!   notice ─▶ quiet? here? ─▶ put off
//!      └▶ claimed ─▶ may they still be told? ─▶ each browser that does not have it ─▶ noted ─▶ done
//! ```
//!
//! **Invariants:** one node pushes a notice at a time; a browser that has taken it is not pushed to again,
//! unless a node dies before it could note that, and then the browser shows it in the place of the first;
//! a browser whose sign-in has ended is forgotten before anything is sent to it.

use futures_util::StreamExt;
use futures_util::stream;
use starling_actors::chat::Caller;
use starling_actors::domain::{OrgId, Timestamp, UserId};
use starling_actors::ports::Precondition;

use super::digests::{count, count_waiting};
use super::push::{Pushed, Urgency};
use super::stored::{NOTICES, Reason, SUBSCRIPTIONS, StoredNotice, StoredSubscription, Way};
use super::{AT_ONCE, DUE_MAX, Notifier, NotifyError, ORPHAN_MS};
use crate::agenda::{Due, Slot};
use crate::auth::TokenError;
use crate::mail::Told;
use crate::records::Versioned;

/// Waits before the second and later tries, in milliseconds: some hours in all, after which a push is
/// nothing new any more.
const WAITS_MS: [i64; 6] = [5_000, 30_000, 2 * 60_000, 10 * 60_000, 3_600_000, 4 * 3_600_000];
/// How long a node has for one notice: longer than push services may take for all browsers of a person.
const CLAIM_MS: i64 = 2 * 60_000;
/// How often is looked again at somebody who sits before the page.
const HERE_MS: i64 = 30_000;
/// Who sat before the page for so long has seen that there is something, or gets mail.
const HERE_MS_MAX: i64 = 10 * 60_000;
/// How often is looked again while the key cannot be read or made.
const NO_KEY_MS: i64 = 60_000;
/// Browsers of one person.
pub(super) const BROWSERS_MAX: usize = 10;
/// Browsers of one person that are pushed to at once: two rounds of push services that let us wait are over
/// long before the claim is.
const BROWSERS_AT_ONCE: usize = 5;

impl Notifier {
    pub(super) async fn look_at_pushes(&self) {
        match self.inner.pushes.due(self.inner.clock.now(), DUE_MAX).await {
            Ok(due) => {
                count_waiting("push", due.len());
                stream::iter(due)
                    .take_until(self.inner.stop.cancelled())
                    .for_each_concurrent(AT_ONCE, |(slot, due)| async move {
                        if let Err(error) = self.push(&slot, &due).await {
                            tracing::warn!(%error, person = due.parent, "a push waits for the store");
                        }
                    })
                    .await;
            }
            Err(error) => tracing::warn!(%error, "what is to be pushed cannot be read"),
        }
    }

    async fn push(&self, slot: &Slot, due: &Due) -> Result<(), NotifyError> {
        let (Some(org), Ok(user)) = (due.org(), due.parent.parse::<UserId>()) else {
            return Ok(self.inner.pushes.done(slot).await?);
        };
        let now = self.inner.clock.now();
        let found = self.inner.shelves.get(&NOTICES, org, &due.parent, &due.id).await?;
        let Some(found) = found else {
            if now.0 - due.put_at > ORPHAN_MS {
                self.inner.pushes.done(slot).await?;
            }
            return Ok(());
        };
        let notice = &found.value;
        if notice.push != Way::Waiting || notice.push_at != slot.at.0 {
            return Ok(self.inner.pushes.done(slot).await?);
        }
        if notice.busy_until > now.0 {
            return Ok(());
        }
        let wishes = self.wishes(org, user).await?;
        let told = self.still_told((org, user), notice, now).await?;
        let is_late = now.0 - notice.at > HERE_MS_MAX;
        let is_here = self.is_here(user);
        let Some(told) = told.filter(|_| wishes.push && !(is_here && is_late)) else {
            return self.end(org, (slot, due), Way::Dropped).await;
        };
        let here = is_here.then(|| now.plus_ms(HERE_MS));
        if let Some(until) = wishes.silence(now).or(here) {
            return self.put_push_off(org, (slot, due), until, |_| ()).await;
        }
        let claim = StoredNotice { busy_until: now.0 + CLAIM_MS, ..notice.clone() };
        let (place, when) =
            ((org, due.parent.as_str(), due.id.as_str()), Precondition::Version(found.version));
        match self.inner.shelves.put(&NOTICES, place, &claim, when).await {
            Ok(_) => self.push_now((org, user), (slot, due), &claim, &told).await,
            // Another node is at it.
            Err(NotifyError::Conflict) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn push_now(
        &self,
        (org, user): (OrgId, UserId),
        (slot, due): (&Slot, &Due),
        notice: &StoredNotice,
        told: &Told,
    ) -> Result<(), NotifyError> {
        let urgency = match notice.reason {
            Reason::Mention | Reason::Direct => Urgency::High,
            Reason::Reply => Urgency::Normal,
        };
        if let Err(error) = self.push_key().await {
            tracing::warn!(%error, "nothing can be pushed without the server's key");
            let until = self.inner.clock.now().plus_ms(NO_KEY_MS);
            return self.put_push_off(org, (slot, due), until, |_| ()).await;
        }
        let (tag, payload) = (notice.channel.to_string(), payload_of(notice, told));
        let mut took = notice.pushed.clone();
        let mut browsers = self.browsers(org, user).await?;
        browsers.retain(|browser| !took.contains(&browser.id));
        let what = (payload.as_str(), tag.as_str());
        let sends = browsers.into_iter().map(|browser| async move {
            let sent = self.inner.push.send(&self.inner.settings, &browser.value, what, urgency);
            (sent.await, browser)
        });
        let mut sent = stream::iter(sends).buffer_unordered(BROWSERS_AT_ONCE);
        let mut wait = None;
        while let Some((outcome, browser)) = sent.next().await {
            match outcome {
                Pushed::Taken => {
                    count("push", "told");
                    self.note_use(org, user, &browser).await;
                    took.push(browser.id);
                }
                Pushed::Gone => self.forget_browser(org, user, &browser).await?,
                Pushed::Refused(why) => {
                    tracing::warn!(why, person = %user, "a push service refused a push");
                    count("push", "failed");
                }
                Pushed::Later(after_ms) => {
                    count("push", "put_off");
                    wait = wait.max(Some(after_ms));
                }
            }
        }
        let attempts = notice.push_attempts;
        let next =
            wait.and_then(|asked| WAITS_MS.get(attempts as usize).map(|usual| asked.max(*usual)));
        match next {
            Some(wait) => {
                let until = self.inner.clock.now().plus_ms(wait);
                let change = |notice: &mut StoredNotice| {
                    notice.push_attempts = attempts + 1;
                    notice.pushed.clone_from(&took);
                };
                self.put_push_off(org, (slot, due), until, change).await
            }
            None => {
                let is_told = !took.is_empty();
                let as_what = if is_told { Way::Told } else { Way::Failed };
                self.end(org, (slot, due), as_what).await
            }
        }
    }

    /// Browsers of a person whose sign-in still counts; the others are forgotten.
    async fn browsers(
        &self,
        org: OrgId,
        user: UserId,
    ) -> Result<Vec<Versioned<StoredSubscription>>, NotifyError> {
        let person = user.to_string();
        let found = self.inner.shelves.list(&SUBSCRIPTIONS, org, &person, BROWSERS_MAX).await?;
        let Some(reader) = self.inner.accounts.author(org, user).await? else {
            return Ok(Vec::new());
        };
        let mut browsers = Vec::with_capacity(found.len());
        for browser in found {
            let (login, token) = (browser.value.login, browser.value.token);
            let caller = Caller { login, token, ..reader.clone() };
            match self.inner.accounts.still_valid(&caller).await {
                Ok(_) => browsers.push(browser),
                Err(TokenError::Unavailable) => return Err(NotifyError::Unavailable),
                Err(_) => self.forget_browser(org, user, &browser).await?,
            }
        }
        Ok(browsers)
    }

    async fn note_use(&self, org: OrgId, user: UserId, browser: &Versioned<StoredSubscription>) {
        let used_at = Some(self.inner.clock.now().0);
        let value = StoredSubscription { used_at, ..browser.value.clone() };
        let (person, when) = (user.to_string(), Precondition::Version(browser.version));
        let place = (org, person.as_str(), browser.id.as_str());
        if let Err(error) = self.inner.shelves.put(&SUBSCRIPTIONS, place, &value, when).await {
            tracing::debug!(%error, "the use of a browser was not noted");
        }
    }

    async fn end(
        &self,
        org: OrgId,
        (slot, due): (&Slot, &Due),
        as_what: Way,
    ) -> Result<(), NotifyError> {
        let change = |notice: &mut StoredNotice| {
            notice.push = as_what;
            notice.busy_until = 0;
        };
        self.change_notice(org, &due.parent, &due.id, change).await?;
        Ok(self.inner.pushes.done(slot).await?)
    }

    async fn put_push_off(
        &self,
        org: OrgId,
        (slot, due): (&Slot, &Due),
        until: Timestamp,
        also: impl Fn(&mut StoredNotice),
    ) -> Result<(), NotifyError> {
        let now = self.inner.clock.now();
        let next = self.inner.pushes.put((until, now), (org, &due.parent, &due.id)).await?;
        let change = |notice: &mut StoredNotice| {
            notice.push_at = next.at.0;
            notice.busy_until = 0;
            also(notice);
        };
        self.change_notice(org, &due.parent, &due.id, change).await?;
        if next == *slot { Ok(()) } else { Ok(self.inner.pushes.done(slot).await?) }
    }
}

/// What the page's service worker reads.
fn payload_of(notice: &StoredNotice, told: &Told) -> String {
    let path = format!("/#{}/{}", notice.channel, notice.message);
    serde_json::json!({
        "author": told.author,
        "channel": told.channel,
        "text": told.text,
        "path": path,
        "tag": notice.channel.to_string(),
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_push_is_tried_for_some_hours() {
        let hours = WAITS_MS.iter().sum::<i64>() / 3_600_000;
        assert!((3..=8).contains(&hours), "{hours}");
        assert!(WAITS_MS.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
