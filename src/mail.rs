//! Mail: what leaves, and the port behind which it does. The words of every letter are in
//! `letters`; `postbox` sends those that carry a secret and are therefore stored nowhere.
//!
//! **Invariant:** whatever a person wrote is text in a letter: it is escaped where it stands in HTML, and
//! no line of it becomes a header.

mod letters;
mod postbox;

use std::sync::Arc;

use async_trait::async_trait;

pub use self::letters::{Told, digest, invitation, password_reset, trial};
pub use self::postbox::{Place, Postbox};

/// One letter to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Their address.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// The words.
    pub text: String,
    /// The same for readers of HTML.
    pub html: String,
    /// Its own name, by which a repeat is known; made when missing.
    pub message_id: Option<String>,
    /// The address that ends letters like this one (RFC 8058).
    pub unsubscribe: Option<String>,
}

/// Why a letter did not leave.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The mail server will never take it: no such person, not allowed.
    #[error("{0}")]
    Refused(String),
    /// It may go well later.
    #[error("{0}")]
    Passing(String),
}

/// Sends letters.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Gives a letter to the mail server; it has taken it when this returns.
    async fn send(&self, letter: &Letter) -> Result<(), MailError>;
}

/// Mail as the settings want it; absent when none is sent.
pub type OptionalMailer = Option<Arc<dyn Mailer>>;
