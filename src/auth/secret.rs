//! Secrets that are given out once: what is kept is their hash.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use starling_actors::ports::Clock;

/// What a secret opens; its first characters say so, for people and for secret scanners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretKind {
    /// A personal access token.
    PersonalToken,
    /// An invitation.
    Invitation,
    /// A ticket for one socket.
    Ticket,
    /// What a guest's browser keeps.
    Guest,
    /// What a browser keeps while it signs in at another server.
    SignOn,
    /// What opens one file to one reader.
    File,
    /// The address of an incoming webhook.
    IncomingHook,
    /// A letter that lets somebody choose a new password.
    PasswordReset,
}

impl SecretKind {
    /// The first characters of every secret of this kind.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Self::PersonalToken => "stp_",
            Self::Invitation => "sti_",
            Self::Ticket => "stw_",
            Self::Guest => "stg_",
            Self::SignOn => "sto_",
            Self::File => "stf_",
            Self::IncomingHook => "sth_",
            Self::PasswordReset => "str_",
        }
    }
}

/// Makes a secret of 256 random bits, in letters that need no escaping in an address.
pub(crate) fn make(kind: SecretKind, clock: &dyn Clock) -> String {
    let mut bytes = [0; 32];
    let (head, tail) = bytes.split_at_mut(16);
    head.copy_from_slice(&clock.random().to_be_bytes());
    tail.copy_from_slice(&clock.random().to_be_bytes());
    format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(bytes))
}

/// What is kept of a secret. Random secrets of this length need no slow hash.
pub(crate) fn hash(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}
