//! What people set themselves: their wishes, their browsers, and whether it works.
//!
//! **Invariant:** a browser belongs to one person: whoever signs in there next takes it over, so nobody's
//! messages are shown to somebody else.

use std::time::Duration;

use chrono_tz::Tz;
use starling_actors::chat::{Caller, ChatError};
use starling_actors::domain::{OrgId, Timestamp, UserId};
use starling_actors::ports::Precondition;

use super::push::{KeyError, is_recipient};
use super::pushes::BROWSERS_MAX;
use super::quiet::QuietHours;
use super::stored::{SUBSCRIPTIONS, StoredSubscription, subscription_id};
use super::wishes::{WISHES, Wishes};
use super::{Notifier, NotifyError};
use crate::mail;
use crate::records::Versioned;

/// The kind of unique key that says whose a browser is.
const ENDPOINTS: &str = "push_endpoint";
/// Longest address of a push service, in bytes; those of all browsers are shorter than 500.
const ENDPOINT_BYTES_MAX: usize = 2_000;
/// Longest name of a browser that is kept.
const NAME_CHARS_MAX: usize = 200;
/// Minutes after which mail may be wanted: at once, up to a day.
const AFTER_MINUTES_MAX: u32 = 24 * 60;
/// How far ahead a silence may be chosen: a long leave.
const SILENCE_MS_MAX: i64 = 366 * 24 * 3_600_000;
/// How often somebody may try out a way of being told: mail servers count who sends much.
const TRIAL_EVERY: Duration = Duration::from_secs(60);
/// People who tried something out that are remembered.
const TRIALS_MAX: u64 = 10_000;

/// Who has tried something out lately.
pub(super) fn trials() -> moka::sync::Cache<UserId, ()> {
    moka::sync::Cache::builder().max_capacity(TRIALS_MAX).time_to_live(TRIAL_EVERY).build()
}

/// A person's settings, and what the server can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotifyDetails {
    /// Whether the server sends mail at all.
    pub has_mail: bool,
    /// The key with which browsers subscribe; absent when the server has none.
    pub push_key: Option<String>,
    /// Whether mail is sent.
    pub email: bool,
    /// After how many minutes.
    pub email_after_minutes: u32,
    /// Why the last letter was not taken, and when.
    pub email_trouble: Option<(String, Timestamp)>,
    /// Whether their browsers are pushed to.
    pub push: bool,
    /// By its name of IANA.
    pub time_zone: String,
    /// When nothing is told.
    pub quiet: Option<QuietHours>,
    /// Until when nothing is told, once.
    pub silent_until: Option<Timestamp>,
}

/// What of them changes; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WishesChange {
    /// Whether mail is sent.
    pub email: Option<bool>,
    /// After how many minutes.
    pub email_after_minutes: Option<u32>,
    /// Whether their browsers are pushed to.
    pub push: Option<bool>,
    /// By its name of IANA.
    pub time_zone: Option<String>,
    /// When nothing is told: from, to, and days, Monday being 0; `Some(None)`: never.
    pub quiet: Option<Option<(String, String, Vec<u8>)>>,
    /// Until when nothing is told, once; `Some(None)`: no more.
    pub silent_until: Option<Option<Timestamp>>,
}

/// A browser that wants to be pushed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionForm {
    /// Where its push service takes them.
    pub endpoint: String,
    /// Its public key.
    pub p256dh: String,
    /// Its secret.
    pub auth: String,
    /// What it calls itself.
    pub name: String,
}

/// A browser that is pushed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionDetails {
    /// Its id.
    pub id: String,
    /// What it calls itself.
    pub name: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it took something last.
    pub used_at: Option<Timestamp>,
}

/// What came of trying out mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trial {
    /// The mail server has taken the letter.
    Sent,
    /// It has not, for this reason.
    Failed(String),
}

impl Notifier {
    /// The caller's settings.
    pub async fn details(&self, caller: &Caller) -> Result<NotifyDetails, ChatError> {
        let wishes = self.wishes(caller.org, caller.user()).await?;
        let email_trouble = self.mail_trouble(caller.org, caller.user()).await?;
        let push_key = match self.push_key().await {
            Ok(key) => Some(key.to_owned()),
            Err(KeyError::Store(error)) => return Err(error.into()),
            Err(error @ (KeyError::Vault(_) | KeyError::Broken)) => {
                tracing::debug!(%error, "there is no key for pushes");
                None
            }
        };
        Ok(NotifyDetails {
            has_mail: self.inner.mailer.is_some(),
            push_key,
            email: wishes.email,
            email_after_minutes: wishes.email_after_minutes,
            email_trouble,
            push: wishes.push,
            time_zone: wishes.time_zone,
            quiet: wishes.quiet,
            silent_until: wishes.silent_until.map(Timestamp),
        })
    }

    /// The public half of the key that signs pushes.
    pub(super) async fn push_key(&self) -> Result<&str, KeyError> {
        self.inner.push.public_key(&self.inner.settings, &self.inner.shelves).await
    }

    /// Changes the caller's settings.
    pub async fn change_wishes(
        &self,
        caller: &Caller,
        change: WishesChange,
    ) -> Result<NotifyDetails, ChatError> {
        let person = caller.user().to_string();
        let found = self.inner.shelves.get(&WISHES, caller.org, "", &person).await?;
        let (before, when) = match found {
            Some(found) => (found.value, Precondition::Version(found.version)),
            None => (Wishes::default(), Precondition::Absent),
        };
        let now = self.inner.clock.now();
        let after = changed(before.clone(), change, now)?;
        self.inner.shelves.put(&WISHES, (caller.org, "", &person), &after, when).await?;
        if before.silence(now).is_some() && after.silence(now).is_none() {
            self.hurry(caller.org, caller.user()).await?;
        }
        self.details(caller).await
    }

    /// The caller's browsers.
    pub async fn subscriptions(
        &self,
        caller: &Caller,
    ) -> Result<Vec<SubscriptionDetails>, ChatError> {
        let found = self.own_browsers(caller).await?;
        Ok(found.into_iter().map(shown).collect())
    }

    async fn own_browsers(
        &self,
        caller: &Caller,
    ) -> Result<Vec<Versioned<StoredSubscription>>, NotifyError> {
        let person = caller.user().to_string();
        self.inner.shelves.list(&SUBSCRIPTIONS, caller.org, &person, BROWSERS_MAX + 1).await
    }

    /// Pushes to a browser from now on, for as long as the caller's sign-in lasts. Of too many the one
    /// that was used longest ago goes.
    pub async fn subscribe(
        &self,
        caller: &Caller,
        form: SubscriptionForm,
    ) -> Result<SubscriptionDetails, ChatError> {
        self.check_form(&form).await?;
        let (org, user) = (caller.org, caller.user());
        let (id, person) = (subscription_id(&form.endpoint), user.to_string());
        self.take_over(org, user, &id).await?;
        let now = self.inner.clock.now();
        let name = form.name.chars().filter(|sign| !sign.is_control());
        let value = StoredSubscription {
            endpoint: form.endpoint,
            p256dh: form.p256dh,
            auth: form.auth,
            name: name.take(NAME_CHARS_MAX).collect(),
            created_at: now.0,
            used_at: None,
            login: caller.login,
            token: caller.token,
        };
        let place = (org, person.as_str(), id.as_str());
        let version =
            self.inner.shelves.put(&SUBSCRIPTIONS, place, &value, Precondition::Any).await?;
        let mut others = self.own_browsers(caller).await?;
        others.retain(|other| other.id != id);
        others.sort_by_key(|other| other.value.used_at.unwrap_or(other.value.created_at));
        let surplus = (others.len() + 1).saturating_sub(BROWSERS_MAX);
        for other in others.iter().take(surplus) {
            self.forget_browser(org, user, other).await?;
        }
        Ok(shown(Versioned { id, version, value }))
    }

    async fn check_form(&self, form: &SubscriptionForm) -> Result<(), ChatError> {
        if form.endpoint.len() > ENDPOINT_BYTES_MAX {
            return Err(ChatError::invalid("endpoint", "is longer than any push service's"));
        }
        let refused = |why: &str| ChatError::invalid("endpoint", why);
        let url = self.inner.push.check(&form.endpoint).map_err(refused)?;
        if !is_recipient(&form.p256dh, &form.auth) {
            return Err(ChatError::invalid("keys", "are not the keys of a browser"));
        }
        self.inner.push.check_name(&url).await.map_err(refused)
    }

    /// Makes a browser the person's own, whoever had it.
    async fn take_over(&self, org: OrgId, user: UserId, id: &str) -> Result<(), NotifyError> {
        let owner = owner_of(org, user);
        let shelves = &self.inner.shelves;
        let before = shelves.claimed_by(ENDPOINTS, id).await?;
        if let Some(before) = before.filter(|before| *before != owner) {
            if let Some((org, person)) = parse_owner(&before) {
                shelves.delete(&SUBSCRIPTIONS, org, person, id).await?;
            }
            shelves.release(ENDPOINTS, id, &before).await?;
        }
        let record = SUBSCRIPTIONS.key(org, &user.to_string(), id);
        shelves.claim(ENDPOINTS, id, &owner, &record).await
    }

    /// Pushes to a browser no more; that it is none of the caller's is not found.
    pub async fn unsubscribe_browser(&self, caller: &Caller, id: &str) -> Result<(), ChatError> {
        let (org, user) = (caller.org, caller.user());
        let person = user.to_string();
        let found = self.inner.shelves.get(&SUBSCRIPTIONS, org, &person, id).await?;
        let found = found.ok_or(ChatError::NotFound("subscription"))?;
        Ok(self.forget_browser(org, user, &found).await?)
    }

    /// Forgets a browser.
    pub(super) async fn forget_browser(
        &self,
        org: OrgId,
        user: UserId,
        browser: &Versioned<StoredSubscription>,
    ) -> Result<(), NotifyError> {
        let person = user.to_string();
        self.inner.shelves.delete(&SUBSCRIPTIONS, org, &person, &browser.id).await?;
        self.inner.shelves.release(ENDPOINTS, &browser.id, &owner_of(org, user)).await
    }

    /// Sends the caller a letter, now, and says what the mail server said.
    pub async fn try_mail(&self, caller: &Caller) -> Result<Trial, ChatError> {
        let Some(mailer) = &self.inner.mailer else {
            let detail = "this server sends no mail: its operator has to set smtp.url";
            return Err(ChatError::Conflict { code: "mail_off", detail });
        };
        let profile = self.inner.accounts.profile(caller.org, caller.user()).await;
        let profile = profile.map_err(|_| ChatError::Unavailable)?;
        let address = profile.map(|profile| profile.email).filter(|email| !email.is_empty());
        let Some(address) = address else {
            let detail = "your account has no e-mail address";
            return Err(ChatError::Conflict { code: "no_address", detail });
        };
        if self.inner.trials.contains_key(&caller.user()) {
            let retry_after_ms = u64::try_from(TRIAL_EVERY.as_millis()).unwrap_or(u64::MAX);
            return Err(ChatError::RateLimited { retry_after_ms });
        }
        self.inner.trials.insert(caller.user(), ());
        let letter = mail::trial(&address, &self.inner.settings.server);
        Ok(match mailer.send(&letter).await {
            Ok(()) => Trial::Sent,
            Err(error) => Trial::Failed(error.to_string()),
        })
    }
}

fn owner_of(org: OrgId, user: UserId) -> String {
    format!("{org}/{user}")
}

fn parse_owner(owner: &str) -> Option<(OrgId, &str)> {
    let (org, user) = owner.split_once('/')?;
    Some((org.parse().ok()?, user))
}

fn shown(read: Versioned<StoredSubscription>) -> SubscriptionDetails {
    let StoredSubscription { name, created_at, used_at, .. } = read.value;
    SubscriptionDetails {
        id: read.id,
        name,
        created_at: Timestamp(created_at),
        used_at: used_at.map(Timestamp),
    }
}

fn changed(before: Wishes, change: WishesChange, now: Timestamp) -> Result<Wishes, ChatError> {
    let mut wishes = before;
    wishes.email = change.email.unwrap_or(wishes.email);
    wishes.push = change.push.unwrap_or(wishes.push);
    if let Some(minutes) = change.email_after_minutes {
        if minutes > AFTER_MINUTES_MAX {
            let message = format!("must be at most {AFTER_MINUTES_MAX}");
            return Err(ChatError::invalid("email_after_minutes", message));
        }
        wishes.email_after_minutes = minutes;
    }
    if let Some(zone) = change.time_zone {
        if zone.parse::<Tz>().is_err() {
            let message = "must be a time zone such as Europe/Berlin";
            return Err(ChatError::invalid("time_zone", message));
        }
        wishes.time_zone = zone;
    }
    if let Some(quiet) = change.quiet {
        wishes.quiet = quiet.map(quiet_of).transpose()?;
    }
    if let Some(until) = change.silent_until {
        if until.is_some_and(|until| until.0 - now.0 > SILENCE_MS_MAX) {
            let message = "must be within a year";
            return Err(ChatError::invalid("do_not_disturb_until", message));
        }
        wishes.silent_until = until.filter(|until| *until > now).map(|until| until.0);
    }
    Ok(wishes)
}

fn quiet_of((from, to, mut days): (String, String, Vec<u8>)) -> Result<QuietHours, ChatError> {
    let minutes = |text: &str| {
        super::quiet::minutes_of(text).ok_or_else(|| {
            ChatError::invalid("quiet_hours", "must be from and to such as 22:00 and 07:00")
        })
    };
    days.sort_unstable();
    days.dedup();
    if days.is_empty() || days.iter().any(|day| *day > 6) {
        return Err(ChatError::invalid("quiet_hours", "must name days of the week"));
    }
    Ok(QuietHours { from: minutes(&from)?, to: minutes(&to)?, days })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_735_689_600_000);

    fn change(change: WishesChange) -> Result<Wishes, ChatError> {
        changed(Wishes::default(), change, NOW)
    }

    #[test]
    fn what_is_not_said_stays() {
        let after = change(WishesChange { email: Some(false), ..WishesChange::default() });
        assert_eq!(after, Ok(Wishes { email: false, ..Wishes::default() }));
    }

    #[test]
    fn quiet_hours_are_set_and_taken_away() {
        let own = str::to_owned;
        let quiet = Some(Some((own("22:00"), own("07:00"), vec![6, 0, 6])));
        let set = change(WishesChange { quiet, ..WishesChange::default() }).unwrap();
        let expected = QuietHours { from: 22 * 60, to: 7 * 60, days: vec![0, 6] };
        assert_eq!(set.quiet, Some(expected));
        let gone = WishesChange { quiet: Some(None), ..WishesChange::default() };
        assert_eq!(changed(set, gone, NOW).unwrap().quiet, None);
    }

    #[test]
    fn what_means_nothing_is_refused() {
        let own = str::to_owned;
        let base = WishesChange::default;
        for odd in [
            WishesChange { email_after_minutes: Some(1_441), ..base() },
            WishesChange { time_zone: Some(own("Mars/Olympus")), ..base() },
            WishesChange { quiet: Some(Some((own("25:00"), own("07:00"), vec![1]))), ..base() },
            WishesChange { quiet: Some(Some((own("22:00"), own("07:00"), vec![]))), ..base() },
            WishesChange { quiet: Some(Some((own("22:00"), own("07:00"), vec![7]))), ..base() },
            WishesChange { silent_until: Some(Some(NOW.plus_ms(SILENCE_MS_MAX + 1))), ..base() },
        ] {
            assert!(change(odd.clone()).is_err(), "{odd:?}");
        }
    }
}
