//! Identifiers: one newtype per kind, all in this list, so two kinds cannot be swapped at a call.

use std::fmt;
use std::str::FromStr;

/// The text is not an id: 32 lower-case hexadecimal digits in groups of 8-4-4-4-12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedId;

impl fmt::Display for MalformedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id: expected a UUID in lower case with hyphens")
    }
}

impl std::error::Error for MalformedId {}

/// Builds the number of a UUID version 7 (RFC 9562, section 5.7) from a time in milliseconds since
/// 1970 and 74 random bits; surplus bits of `random` are ignored.
pub fn uuid_v7(time_ms: u64, random: u128) -> u128 {
    let time = u128::from(time_ms & 0xffff_ffff_ffff) << 80;
    let head = (random >> 64) & 0xfff;
    let tail = random & 0x3fff_ffff_ffff_ffff;
    time | 0x7000_u128 << 64 | head << 64 | 0b10_u128 << 62 | tail
}

fn write_hyphenated(id: u128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        id >> 96,
        (id >> 80) & 0xffff,
        (id >> 64) & 0xffff,
        (id >> 48) & 0xffff,
        id & 0xffff_ffff_ffff
    )
}

fn parse_hyphenated(text: &str) -> Result<u128, MalformedId> {
    let bytes = text.as_bytes();
    if bytes.len() != 36 {
        return Err(MalformedId);
    }
    bytes.iter().enumerate().try_fold(0_u128, |id, (place, byte)| match (place, byte) {
        (8 | 13 | 18 | 23, b'-') => Ok(id),
        (8 | 13 | 18 | 23, _) => Err(MalformedId),
        (_, b'0'..=b'9') => Ok(id << 4 | u128::from(byte - b'0')),
        (_, b'a'..=b'f') => Ok(id << 4 | u128::from(byte - b'a' + 10)),
        _ => Err(MalformedId),
    })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// Takes the id from its number.
            pub const fn from_u128(id: u128) -> Self {
                Self(id)
            }

            /// The id as a number, for storage and hashing.
            pub const fn as_u128(self) -> u128 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hyphenated(self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hyphenated(self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = MalformedId;

            fn from_str(text: &str) -> Result<Self, MalformedId> {
                parse_hyphenated(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// An organization: the tenant. Nothing of one is visible to another.
    OrgId;
    /// A person, a guest or a bot, inside one organization.
    UserId;
    /// A conversation with its own order of messages.
    ChannelId;
    /// A message, from its first version to its deletion.
    MessageId;
    /// A thread: replies kept together beside their channel.
    ThreadId;
    /// One sign-in: the family of tokens that descends from it.
    LoginId;
    /// One open WebSocket.
    SocketId;
    /// An invitation into an organization.
    InvitationId;
    /// A personal access token.
    TokenId;
    /// People who are called by one name.
    GroupId;
    /// An uploaded file.
    FileId;
    /// A connection to a database, a warehouse or an uploaded table.
    ConnectionId;
    /// One question on its way to an answer.
    JobId;
    /// One process of a cluster, from its start to its end.
    NodeId;
}

/// Bits of an id's random part that say whether a program is behind it: all twelve of `rand_a`, and
/// the first 32 of `rand_b`. An id of a person has them by chance once in 2^44.
const PROGRAM_MASK: u128 = 0xfff << 64 | 0xffff_ffff << 30;
const PROGRAM_MARK: u128 = 0xb07 << 64 | 0x5354_4152 << 30;

impl UserId {
    /// The id of a program that writes (a bot, a webhook), made of a fresh id. It stays a UUID of version
    /// 7 with its time and 30 random bits: there are few programs, and their ids are claimed.
    pub const fn of_program(fresh: u128) -> Self {
        Self(fresh & !PROGRAM_MASK | PROGRAM_MARK)
    }

    /// Whether a program is behind it. Everyone who reads a message can tell, wherever it was stored.
    pub const fn is_program(self) -> bool {
        self.0 & PROGRAM_MASK == PROGRAM_MARK
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_told_from_a_person_by_its_id() {
        let fresh = uuid_v7(1_700_000_000_123, 0x1234_5678_9abc_def0_1357);
        let program = UserId::of_program(fresh);
        assert!(program.is_program() && !UserId::from_u128(fresh).is_program());
        assert_eq!(&program.to_string()[..15], &UserId::from_u128(fresh).to_string()[..15]);
        assert!("89ab".contains(&program.to_string()[19..20]));
    }

    #[test]
    fn an_id_reads_back_from_its_own_text() {
        let id = UserId::from_u128(uuid_v7(1_700_000_000_123, u128::MAX));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(&id.to_string()[14..15], "7");
    }

    #[test]
    fn upper_case_and_missing_hyphens_are_refused() {
        for text in ["", "018bcfe5687b7fffbfffffffffffffff", "018BCFE5-687B-7FFF-BFFF-FFFFFFFFFFFF"]
        {
            assert_eq!(text.parse::<UserId>(), Err(MalformedId), "{text}");
        }
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        assert!(uuid_v7(2, 0) > uuid_v7(1, u128::MAX));
    }
}
