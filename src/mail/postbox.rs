//! Letters that carry a secret: invitations and new passwords. They are stored nowhere, so a crash loses
//! those on their way, and whoever waits for one asks again.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Letter, MailError, Mailer, OptionalMailer};

/// Letters on their way from this node; more are refused.
const LETTERS_MAX: usize = 64;
/// Waits before the second and later tries: for a mail server that restarts or asks to come back, as some
/// do with everyone whom they do not know yet.
const WAITS: [Duration; 3] =
    [Duration::from_secs(5), Duration::from_secs(60), Duration::from_secs(5 * 60)];

/// Where letters are put in. Cheap to clone.
#[derive(Clone)]
pub struct Postbox {
    mailer: OptionalMailer,
    places: Arc<Semaphore>,
}

/// Room for one letter.
pub struct Place {
    mailer: Arc<dyn Mailer>,
    _permit: OwnedSemaphorePermit,
}

impl std::fmt::Debug for Postbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Postbox")
    }
}

impl Postbox {
    /// One that leads to this mail server.
    pub fn new(mailer: OptionalMailer) -> Self {
        Self { mailer, places: Arc::new(Semaphore::new(LETTERS_MAX)) }
    }

    /// Whether mail is sent at all.
    pub fn is_open(&self) -> bool {
        self.mailer.is_some()
    }

    /// Room for a letter: `None` when no mail is sent, `Some(None)` when there is none now.
    #[allow(clippy::option_option, reason = "never and not now are two answers")]
    pub fn place(&self) -> Option<Option<Place>> {
        let mailer = Arc::clone(self.mailer.as_ref()?);
        let permit = Arc::clone(&self.places).try_acquire_owned().ok();
        Some(permit.map(|permit| Place { mailer, _permit: permit }))
    }
}

impl Place {
    /// Sends a letter, and tries again for some minutes.
    pub async fn send(self, letter: &Letter) {
        let mut waits = WAITS.iter();
        loop {
            match (self.mailer.send(letter).await, waits.next()) {
                (Ok(()), _) => return,
                (Err(MailError::Passing(why)), Some(wait)) => {
                    tracing::warn!(why, "a letter is tried again");
                    tokio::time::sleep(*wait).await;
                }
                (Err(error), _) => {
                    return tracing::warn!(%error, "a letter was not taken by the mail server");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use parking_lot::Mutex;

    use super::*;
    use crate::mail::trial;

    /// Gives its answers one after the other, then takes everything.
    struct Moody(Mutex<Vec<MailError>>, Mutex<usize>);

    #[async_trait]
    impl Mailer for Moody {
        async fn send(&self, _: &Letter) -> Result<(), MailError> {
            *self.1.lock() += 1;
            self.0.lock().pop().map_or(Ok(()), Err)
        }
    }

    async fn tries(answers: Vec<MailError>) -> usize {
        let moody = Arc::new(Moody(Mutex::new(answers), Mutex::new(0)));
        let postbox = Postbox::new(Some(moody.clone()));
        let place = postbox.place().flatten().expect("there is room");
        place.send(&trial("a@example.org", "https://chat.example")).await;
        *moody.1.lock()
    }

    #[tokio::test(start_paused = true)]
    async fn a_letter_is_tried_again_unless_it_is_refused_for_ever() {
        let busy = || MailError::Passing("busy".to_owned());
        assert_eq!(tries(vec![busy(), busy()]).await, 3);
        assert_eq!(tries(vec![MailError::Refused("nobody".to_owned())]).await, 1);
        assert_eq!(tries((0..9).map(|_| busy()).collect()).await, 1 + WAITS.len());
    }

    #[tokio::test]
    async fn there_is_room_for_so_many_letters_and_for_none_without_a_mail_server() {
        assert!(Postbox::new(None).place().is_none());
        let postbox = Postbox::new(Some(Arc::new(Moody(Mutex::default(), Mutex::default()))));
        let places: Vec<_> = (0..LETTERS_MAX).filter_map(|_| postbox.place().flatten()).collect();
        assert_eq!(places.len(), LETTERS_MAX);
        assert!(postbox.place().is_some_and(|place| place.is_none()));
    }
}
