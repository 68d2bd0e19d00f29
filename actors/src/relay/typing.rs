//! Who types in a channel right now.

use std::time::Duration;

use tokio::time::Instant;

use crate::domain::UserId;

/// Typing ends by itself after this time without a sign.
const TYPING_MAX: Duration = Duration::from_secs(5);
/// People shown typing at once; "several people" says the rest.
const TYPERS_MAX: usize = 5;

/// Who types in a channel right now.
#[derive(Default)]
pub(super) struct Typing {
    typers: Vec<(UserId, String, Instant)>,
}

impl Typing {
    /// Whether nobody types.
    pub(super) fn is_empty(&self) -> bool {
        self.typers.is_empty()
    }

    /// Takes a sign of someone; `true` when it is to be shown.
    pub(super) fn note(&mut self, user: UserId, name: &str, types: bool, now: Instant) -> bool {
        let known = self.typers.iter().position(|(who, ..)| *who == user);
        match (known, types) {
            (Some(place), true) => self.typers[place].2 = now + TYPING_MAX,
            (Some(place), false) => {
                self.typers.swap_remove(place);
            }
            (None, false) => return false,
            (None, true) if self.typers.len() == TYPERS_MAX => return false,
            (None, true) => self.typers.push((user, name.to_owned(), now + TYPING_MAX)),
        }
        true
    }

    /// Takes out those who gave no sign for too long.
    pub(super) fn expire(&mut self, now: Instant) -> Vec<(UserId, String)> {
        self.typers
            .extract_if(.., |(_, _, until)| *until <= now)
            .map(|(user, name, _)| (user, name))
            .collect()
    }
}
