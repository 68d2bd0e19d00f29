//! Why accounts say no. What clients read of it is made in `http`.

use starling_actors::ports::RecordsError;

use super::password::HashError;

/// Why a token does not open anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token of this server, or of a person who is not there.
    #[error("the token is not valid")]
    Invalid,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// A refresh token where an access token is needed, or the other way round.
    #[error("the token is of another type")]
    WrongType,
    /// An outside issuer vouches for someone who has no account here, and gets none by themselves.
    #[error("there is no account here for this token")]
    NoAccount,
    /// Its sign-in has ended, or the account was switched off.
    #[error("the session was revoked")]
    Revoked,
    /// It cannot be checked now.
    #[error("the accounts are unavailable")]
    Unavailable,
}

impl From<RecordsError> for TokenError {
    fn from(_: RecordsError) -> Self {
        Self::Unavailable
    }
}

/// Why something about accounts was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// A field is not as it must be.
    #[error("{field} {fault}")]
    Field {
        /// Its name.
        field: &'static str,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// The password is too easy to guess.
    #[error("the password {0}")]
    WeakPassword(&'static str),
    /// Another account of the organization has the e-mail.
    #[error("the e-mail is taken")]
    EmailTaken,
    /// Another account of the organization has the user name.
    #[error("the user name is taken")]
    UsernameTaken,
    /// Another organization has the slug.
    #[error("the slug is taken")]
    SlugTaken,
    /// The organization has as many as it may.
    #[error("the organization has reached its limit")]
    LimitReached,
    /// Strangers may not sign up here.
    #[error("registration is not open here")]
    RegistrationClosed,
    /// The invitation is unknown, used, expired, or for another e-mail.
    #[error("the invitation does not count")]
    InvalidInvitation,
    /// Wrong e-mail, user name, password or organization; never said which.
    #[error("wrong e-mail, user name or password")]
    InvalidCredentials,
    /// Too many failed sign-ins.
    #[error("too many failed sign-ins")]
    Throttled {
        /// When the next attempt is taken.
        retry_after_ms: u64,
    },
    /// The role does not allow it.
    #[error("{0}")]
    Forbidden(&'static str),
    /// Not there, or another organization's.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// Too many tickets, tokens or invitations at once.
    #[error("too many {0}")]
    TooMany(&'static str),
    /// The token that came with it does not count.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// More sign-ins at once than can be checked.
    #[error("too many sign-ins at once")]
    Overloaded,
    /// The store cannot do it now.
    #[error("the accounts are unavailable")]
    Unavailable,
}

impl From<RecordsError> for AccountError {
    fn from(_: RecordsError) -> Self {
        Self::Unavailable
    }
}

impl From<HashError> for AccountError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Overloaded => Self::Overloaded,
            HashError::Failed => {
                tracing::error!("password hashing failed");
                Self::Unavailable
            }
        }
    }
}
