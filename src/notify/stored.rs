//! What is kept of notifications: notices, who is to be written to, and browsers.
//!
//! A notice's id is made of what it tells of, so however often a message is looked at, by whichever node,
//! it is one notice. Ids count down with time: a list begins with the newest.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use starling_actors::domain::{ChannelId, LoginId, MessageId, Seq, Timestamp, TokenId};

use crate::data::Sealed;
use crate::records::Shelf;

/// Notices, below their person.
pub(super) const NOTICES: Shelf<StoredNotice> = Shelf::new("notice");
/// Who is to be written to, below their organization, by person.
pub(super) const DIGESTS: Shelf<StoredDigest> = Shelf::new("notice_digest");
/// Browsers, below their person.
pub(super) const SUBSCRIPTIONS: Shelf<StoredSubscription> = Shelf::new("push_subscription");
/// The key that signs pushes, of the whole server.
pub(super) const PUSH_KEYS: Shelf<Sealed> = Shelf::new("push_key");

/// Notices of one person that are kept: all of them are read for a letter.
pub(super) const NOTICES_KEPT_MAX: usize = 200;
/// Ids are this number less the time, so that they count down; milliseconds until the year 2286.
const LAST_MS: i64 = 9_999_999_999_999;

/// Why a person is told of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reason {
    /// It names them.
    Mention,
    /// It was written to them.
    Direct,
    /// It is in a thread that they take part in.
    Reply,
}

/// How one way of telling stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Way {
    /// It is not wanted.
    Off,
    /// They will be told.
    Waiting,
    /// They were told.
    Told,
    /// There is nothing to tell any more: they have read it, or may not.
    Dropped,
    /// It could not be told.
    Failed,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredNotice {
    #[serde(with = "crate::records::text")]
    pub(super) channel: ChannelId,
    pub(super) seq: u64,
    #[serde(with = "crate::records::text")]
    pub(super) message: MessageId,
    pub(super) reason: Reason,
    /// When the message was stored.
    pub(super) at: i64,
    pub(super) email: Way,
    pub(super) push: Way,
    /// When it is pushed next; also the time of its entry in the agenda.
    pub(super) push_at: i64,
    #[serde(default)]
    pub(super) push_attempts: u32,
    /// Until when a node is at it.
    #[serde(default)]
    pub(super) busy_until: i64,
    /// Browsers that have it.
    #[serde(default)]
    pub(super) pushed: Vec<String>,
}

/// The next letter to a person.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct StoredDigest {
    /// Whether there is something to write.
    pub(super) is_waiting: bool,
    /// When; also the time of its entry in the agenda.
    pub(super) due_at: i64,
    /// Which letter it is; a part of its name.
    pub(super) number: u64,
    #[serde(default)]
    pub(super) attempts: u32,
    /// Until when a node is at it.
    #[serde(default)]
    pub(super) busy_until: i64,
    /// Why the last letter was not taken.
    #[serde(default)]
    pub(super) error: Option<String>,
    /// When it was not.
    #[serde(default)]
    pub(super) failed_at: Option<i64>,
}

/// A browser that takes pushes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredSubscription {
    /// Where its push service takes them.
    pub(super) endpoint: String,
    /// Its public key, in base64url.
    pub(super) p256dh: String,
    /// Its secret, in base64url: with it alone nothing can be sent.
    pub(super) auth: String,
    /// What it calls itself.
    pub(super) name: String,
    pub(super) created_at: i64,
    #[serde(default)]
    pub(super) used_at: Option<i64>,
    /// By what its person came in: with that it ends.
    #[serde(with = "crate::records::optional_text", default)]
    pub(super) login: Option<LoginId>,
    #[serde(with = "crate::records::optional_text", default)]
    pub(super) token: Option<TokenId>,
}

/// The id of the notice of a message.
pub(super) fn notice_id(channel: ChannelId, seq: Seq, at: Timestamp) -> String {
    let mut digest = Sha256::new();
    digest.update(channel.as_u128().to_be_bytes());
    digest.update(seq.0.to_be_bytes());
    let hash = hex(&digest.finalize()[..8]);
    format!("{:013}{hash}", (LAST_MS - at.0).clamp(0, LAST_MS))
}

/// The id of a browser.
pub(super) fn subscription_id(endpoint: &str) -> String {
    hex(&Sha256::digest(endpoint.as_bytes())[..16])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_one_notice_however_often_it_is_found_and_newer_ones_come_first() {
        let channel = ChannelId::from_u128(3);
        let id = |seq: u64, at| notice_id(channel, Seq(seq), Timestamp(at));
        assert_eq!(id(7, 1_000), id(7, 1_000));
        assert_ne!(id(7, 1_000), id(8, 1_000));
        assert!(id(8, 2_000) < id(7, 1_000));
    }
}
