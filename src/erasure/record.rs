//! What is kept of an erasure that is not done: when it goes on, and what is left of it.

use serde::{Deserialize, Serialize};
use starling_actors::domain::{OrgId, Timestamp, UserId};

use crate::dossier::DossierError;
use crate::records::text;

/// Behind the id of one that takes what they wrote, too: a wish of its own, so that neither is lost when
/// the other is done.
const WORDS: &str = ".words";
/// How long something that they sent may be under way: rights are gone on all nodes within five seconds, and
/// an order may wait some more for a channel that moves.
const UNDER_WAY_MS: i64 = 30_000;
/// How soon is looked again whether a question of theirs has come to its end.
const ASKED_MS: i64 = 60_000;

/// What is wanted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredErasure {
    #[serde(with = "text")]
    pub(super) org: OrgId,
    #[serde(with = "text")]
    pub(super) user: UserId,
    /// Whether their messages go too.
    pub(super) deletes_messages: bool,
    /// When it was asked for.
    at: i64,
    /// Nothing is to be done before; at first: at once.
    #[serde(default)]
    pub(super) due: i64,
    /// Whether all channels were looked through when nothing of theirs could be under way any more: what
    /// is left is a question that is still being answered.
    #[serde(default)]
    pub(super) is_looked_through: bool,
}

impl StoredErasure {
    pub(super) fn new((org, user): (OrgId, UserId), deletes_messages: bool, at: Timestamp) -> Self {
        Self { org, user, deletes_messages, at: at.0, due: 0, is_looked_through: false }
    }

    pub(super) fn id(&self) -> String {
        format!("{}{}", self.user, if self.deletes_messages { WORDS } else { "" })
    }

    /// How it stands when all of it was done from a time on; `is_unasked`: no question of theirs is being
    /// answered. `None`: nothing is left to do.
    pub(super) fn after(&self, begun: Timestamp, is_unasked: bool) -> Option<Self> {
        let settled = Timestamp(self.at).plus_ms(UNDER_WAY_MS);
        let is_settled = begun >= settled;
        let due = if is_settled { begun.plus_ms(ASKED_MS) } else { settled };
        let left = Self { due: due.0, is_looked_through: is_settled, ..self.clone() };
        (!is_settled || !is_unasked).then_some(left)
    }
}

/// What went wrong first, of steps that are all made.
#[derive(Default)]
pub(super) struct Trouble(Option<DossierError>);

impl Trouble {
    /// What a step gave, if it gave something.
    pub(super) fn take<T, E: Into<DossierError>>(&mut self, step: Result<T, E>) -> Option<T> {
        match step {
            Ok(given) => Some(given),
            Err(error) => {
                self.0.get_or_insert(error.into());
                None
            }
        }
    }

    pub(super) fn over(self) -> Result<(), DossierError> {
        self.0.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "what fails in a test's helper fails the test")]

    use starling_actors::chat::ChatError;

    use super::*;

    const ASKED: Timestamp = Timestamp(1_000_000);

    fn erasure() -> StoredErasure {
        StoredErasure::new((OrgId::from_u128(1), UserId::from_u128(2)), true, ASKED)
    }

    #[test]
    fn all_is_done_at_once_and_once_more_when_nothing_is_under_way() {
        let first = erasure();
        assert!(first.due <= ASKED.0);
        let second = first.after(ASKED.plus_ms(10), true).unwrap();
        assert_eq!(second.due, ASKED.plus_ms(UNDER_WAY_MS).0, "and nothing until then");
        assert!(!second.is_looked_through, "what was in the air is looked for");
        assert!(second.after(Timestamp(second.due), true).is_none());
    }

    #[test]
    fn a_question_that_is_being_answered_is_waited_for_and_channels_are_not_read_for_it() {
        let first = erasure().after(ASKED.plus_ms(10), false).unwrap();
        let second = first.after(Timestamp(first.due), false).unwrap();
        assert!(second.is_looked_through && second.due > first.due + ASKED_MS - 1);
        assert!(second.after(Timestamp(second.due), true).is_none());
    }

    #[test]
    fn what_another_version_stored_is_due_at_once() {
        let (org, user) = (erasure().org, erasure().user);
        let stored = serde_json::json!({ "org": org.to_string(), "user": user.to_string(),
            "deletes_messages": false, "at": ASKED.0 });
        let read: StoredErasure = serde_json::from_value(stored).unwrap();
        assert_eq!((read.due, read.is_looked_through), (0, false));
    }

    #[test]
    fn of_several_troubles_the_first_is_told_and_none_keeps_what_comes_from_being_done() {
        let mut trouble = Trouble::default();
        assert_eq!(trouble.take::<(), _>(Err(ChatError::Unavailable)), None);
        assert_eq!(trouble.take(Ok::<_, ChatError>(7)), Some(7));
        trouble.take::<(), _>(Err(ChatError::NotAMember));
        assert!(matches!(trouble.over(), Err(DossierError::Chat(ChatError::Unavailable))));
        assert!(Trouble::default().over().is_ok());
    }
}
