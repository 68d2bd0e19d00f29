//! Why a socket ends: the one table of close codes.

use starling_actors::frame::Farewell;

/// An end: its number, what people read, and whether coming back helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Close {
    /// The number on the wire (RFC 6455, section 7.4).
    pub code: u16,
    /// A short sentence, at most 123 bytes.
    pub reason: &'static str,
    /// Whether a client should come back by itself.
    pub comes_back: bool,
}

const fn close(code: u16, reason: &'static str, comes_back: bool) -> Close {
    Close { code, reason, comes_back }
}

/// The client said goodbye.
pub const BYE: Close = close(1000, "bye", false);
/// The peer is gone without a word.
pub const GONE: Close = close(1001, "going away", true);
/// The frames break RFC 6455.
pub const PROTOCOL: Close = close(1002, "protocol error", false);
/// Binary on the JSON protocol, or text on the MessagePack one.
pub const WRONG_KIND: Close = close(1003, "wrong kind of frame for this protocol", false);
/// Text that is not UTF-8.
pub const NOT_UTF8: Close = close(1007, "text is not UTF-8", false);
/// An empty or invalid guest name.
pub const BAD_NAME: Close = close(1008, "the guest name is not valid", false);
/// Too many refused frames.
pub const FLOODING: Close = close(1008, "too many refused frames", false);
/// A page of an origin that may not open sockets.
pub const BAD_ORIGIN: Close = close(1008, "this origin may not connect", false);
/// More than a message may have.
pub const TOO_LARGE: Close = close(1009, "the message is too large", false);
/// The server restarts or cannot serve right now.
pub const RESTARTING: Close = close(1012, "restarting: come back", true);
/// The person's role is another one: what the socket may do is settled when it opens.
pub const CHANGED: Close = close(1012, "your role has changed: come back", true);
/// No credential, or none that opens a socket.
pub const UNAUTHENTICATED: Close = close(4001, "token missing, invalid or expired", false);
/// The sign-in was ended.
pub const REVOKED: Close = close(4003, "session revoked", false);
/// The reader is slower than what it follows.
pub const TOO_SLOW: Close = close(4008, "too slow: come back and resume", true);
/// The user or the address has as many sockets as it may.
pub const TOO_MANY: Close = close(4029, "too many connections", false);
/// The address brought as many new guests as it may for now.
pub const TOO_MANY_GUESTS: Close = close(4029, "too many new guests from here", false);

/// The end for a reason that the core gives.
pub const fn of(why: Farewell) -> Close {
    match why {
        Farewell::Revoked => REVOKED,
        Farewell::Restarting => RESTARTING,
        Farewell::Lost => TOO_SLOW,
        Farewell::Changed => CHANGED,
    }
}

/// Whether a peer may send this code (RFC 6455, section 7.4.2): registered codes that are meant to
/// travel, and those left to libraries and applications.
pub const fn may_travel(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_never_travel_are_not_accepted() {
        for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, u16::MAX] {
            assert!(!may_travel(code), "{code}");
        }
        for end in [BYE, GONE, PROTOCOL, WRONG_KIND, NOT_UTF8, TOO_LARGE, RESTARTING, TOO_SLOW] {
            assert!(may_travel(end.code) && end.reason.len() <= 123, "{end:?}");
        }
    }
}
