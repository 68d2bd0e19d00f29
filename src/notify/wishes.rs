//! What a person wants to be told, how, and when not.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use starling_actors::domain::{OrgId, Timestamp, UserId};

use super::quiet::QuietHours;
use super::{Notifier, NotifyError};
use crate::records::Shelf;

/// Wishes, below their organization, by person.
pub(super) const WISHES: Shelf<Wishes> = Shelf::new("notice_wishes");
/// How long someone is away before they get mail, unless they say otherwise: who has gone for coffee
/// reads it in the page.
const AFTER_MINUTES: u32 = 15;
const MS_PER_MINUTE: i64 = 60_000;

/// A person's wishes, as they are stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Wishes {
    /// Whether mail is sent.
    pub(super) email: bool,
    /// After how many minutes.
    pub(super) email_after_minutes: u32,
    /// Whether their browsers are pushed to.
    pub(super) push: bool,
    /// By its name of IANA.
    pub(super) time_zone: String,
    /// When nothing is told.
    pub(super) quiet: Option<QuietHours>,
    /// Until when nothing is told, once.
    pub(super) silent_until: Option<i64>,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            email: true,
            email_after_minutes: AFTER_MINUTES,
            push: true,
            time_zone: Tz::UTC.name().to_owned(),
            quiet: None,
            silent_until: None,
        }
    }
}

impl Wishes {
    /// Until when nothing is told; `None` when something may be.
    pub(super) fn silence(&self, now: Timestamp) -> Option<Timestamp> {
        let chosen = self.silent_until.map(Timestamp).filter(|until| *until > now);
        // A zone that this version does not know any more is better than no quiet at all.
        let zone = self.time_zone.parse().unwrap_or(Tz::UTC);
        let from = chosen.unwrap_or(now);
        let quiet = self.quiet.as_ref().and_then(|quiet| quiet.until(zone, from));
        quiet.or(chosen)
    }

    /// How long someone is away before they get mail.
    pub(super) fn email_wait_ms(&self) -> i64 {
        i64::from(self.email_after_minutes) * MS_PER_MINUTE
    }
}

impl Notifier {
    /// What a person wants; the usual when they never said.
    pub(super) async fn wishes(&self, org: OrgId, user: UserId) -> Result<Wishes, NotifyError> {
        let found = self.inner.shelves.get(&WISHES, org, "", &user.to_string()).await?;
        Ok(found.map(|found| found.value).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_chosen_silence_runs_over_into_the_quiet_hours() {
        let night = QuietHours { from: 22 * 60, to: 7 * 60, days: (0..7).collect() };
        let wishes =
            Wishes { quiet: Some(night), silent_until: Some(23 * HOUR), ..Wishes::default() };
        // From noon to eleven by choice, and on until seven in the morning.
        assert_eq!(wishes.silence(Timestamp(12 * HOUR)), Some(Timestamp(31 * HOUR)));
        assert_eq!(wishes.silence(Timestamp(31 * HOUR)), None);
    }

    #[test]
    fn an_old_record_without_the_newer_wishes_is_read() {
        let read: Wishes = serde_json::from_str(r#"{"email":false}"#).unwrap();
        assert_eq!(read, Wishes { email: false, ..Wishes::default() });
    }
}
