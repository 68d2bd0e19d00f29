//! Notifications' settings and browsers, as their person sees them.

use serde::{Deserialize, Serialize};

use super::time::rfc3339;
use crate::notify::{NotifyDetails, QuietHours, SubscriptionDetails};

/// The days of a week in their order.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// How one wants to be told when one is away.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct NotifySettingsView {
    /// Whether the server sends mail at all.
    pub email_available: bool,
    /// Whether mail is wanted.
    pub email: bool,
    /// After how many minutes away.
    pub email_after_minutes: u32,
    /// Why the last letter was not taken; `null`: it was.
    pub email_problem: Option<EmailProblemView>,
    /// Whether pushes to one's browsers are wanted.
    pub push: bool,
    /// What browsers subscribe with; `null`: the server pushes nothing.
    pub push_key: Option<String>,
    /// By its name of IANA.
    pub time_zone: String,
    /// When nothing is told; `null`: always may be.
    pub quiet_hours: Option<QuietHoursView>,
    /// Until when nothing is told, once.
    pub do_not_disturb_until: Option<String>,
}

/// Why a letter was not taken.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct EmailProblemView {
    /// What the mail server said.
    pub message: String,
    /// When.
    pub at: String,
}

/// When nothing is told. A span that ends before it begins ends on the next day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct QuietHoursView {
    /// Such as `22:00`.
    pub from: String,
    /// Such as `07:00`; the same as `from`: the whole day.
    pub to: String,
    /// The days on which it begins: `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`.
    pub days: Vec<String>,
}

impl QuietHoursView {
    /// From, to and the days by their number; `None` for days that are none.
    pub fn parts(self) -> Option<(String, String, Vec<u8>)> {
        let number = |day: &String| {
            let place = DAYS.iter().position(|name| name == day)?;
            u8::try_from(place).ok()
        };
        let days = self.days.iter().map(number).collect::<Option<_>>()?;
        Some((self.from, self.to, days))
    }
}

impl From<QuietHours> for QuietHoursView {
    fn from(quiet: QuietHours) -> Self {
        let days = quiet.days.iter().filter_map(|day| DAYS.get(usize::from(*day)));
        Self {
            from: quiet.begin(),
            to: quiet.end(),
            days: days.map(|day| (*day).to_owned()).collect(),
        }
    }
}

impl From<NotifyDetails> for NotifySettingsView {
    fn from(details: NotifyDetails) -> Self {
        let problem = details.email_trouble;
        Self {
            email_available: details.has_mail,
            email: details.email,
            email_after_minutes: details.email_after_minutes,
            email_problem: problem
                .map(|(message, at)| EmailProblemView { message, at: rfc3339(at) }),
            push: details.push,
            push_key: details.push_key,
            time_zone: details.time_zone,
            quiet_hours: details.quiet.map(QuietHoursView::from),
            do_not_disturb_until: details.silent_until.map(rfc3339),
        }
    }
}

/// A browser that is pushed to.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PushSubscriptionView {
    /// Its id.
    pub id: String,
    /// What it calls itself.
    pub name: String,
    /// Since when.
    pub created_at: String,
    /// When it took something last.
    pub last_used_at: Option<String>,
}

impl From<SubscriptionDetails> for PushSubscriptionView {
    fn from(details: SubscriptionDetails) -> Self {
        Self {
            id: details.id,
            name: details.name,
            created_at: rfc3339(details.created_at),
            last_used_at: details.used_at.map(rfc3339),
        }
    }
}

/// What came of trying out mail.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MailTrialView {
    /// Whether the mail server has taken the letter.
    pub is_sent: bool,
    /// What it said when it has not.
    pub error: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_travel_in_words() {
        let hours = QuietHours { from: 22 * 60, to: 7 * 60 + 30, days: vec![0, 6] };
        let view = QuietHoursView::from(hours);
        assert_eq!((view.from.as_str(), view.to.as_str()), ("22:00", "07:30"));
        assert_eq!(view.days, ["mon", "sun"]);
        let parts = view.clone().parts().unwrap();
        assert_eq!(parts, ("22:00".to_owned(), "07:30".to_owned(), vec![0, 6]));
        let odd = QuietHoursView { days: vec!["someday".to_owned()], ..view };
        assert_eq!(odd.parts(), None);
    }
}
