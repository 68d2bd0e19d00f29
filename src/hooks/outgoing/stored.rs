//! What is kept of outgoing webhooks: the webhook, how far it has read each channel, and its deliveries.
//!
//! A delivery's id is made of what it tells of, so however often an entry is read, by whichever node, it is
//! one delivery with one `webhook-id`. Ids count down with time: a list begins with the newest.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use starling_actors::domain::{ChannelId, OrgId, Seq, Timestamp, UserId};

use crate::data::Sealed;
use crate::records::Shelf;

/// Outgoing webhooks, below their organization.
pub(super) const OUTGOING: Shelf<StoredOutgoing> = Shelf::new("outgoing_hook");
/// All of the server, by organization and id.
pub(super) const INDEX: Shelf<()> = Shelf::new("outgoing_hook_index");
/// Up to where a webhook has read a channel, below the webhook.
pub(super) const CURSORS: Shelf<u64> = Shelf::new("outgoing_hook_cursor");
/// Deliveries, below their webhook.
pub(super) const DELIVERIES: Shelf<StoredDelivery> = Shelf::new("outgoing_delivery");

/// Ids are this number less the time, so that they count down; milliseconds until the year 2286.
const LAST_MS: i64 = 9_999_999_999_999;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredOutgoing {
    pub(super) name: String,
    pub(super) url: String,
    /// Absent: the open channels of the organization.
    #[serde(with = "crate::records::optional_text", default)]
    pub(super) channel: Option<ChannelId>,
    pub(super) events: Vec<String>,
    #[serde(default)]
    pub(super) trigger_words: Vec<String>,
    pub(super) secret: Sealed,
    #[serde(with = "crate::records::text")]
    pub(super) created_by: UserId,
    pub(super) created_at: i64,
    pub(super) is_active: bool,
    /// Why the server switched it off.
    #[serde(default)]
    pub(super) disabled_because: Option<String>,
    /// Since when no delivery has gone well.
    #[serde(default)]
    pub(super) failing_since: Option<i64>,
}

/// How a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is tried, or will be.
    Pending,
    /// It was taken.
    Delivered,
    /// It was not, and will not be tried again.
    Failed,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredDelivery {
    pub(super) event: String,
    #[serde(with = "crate::records::optional_text", default)]
    pub(super) channel: Option<ChannelId>,
    pub(super) state: DeliveryState,
    pub(super) created_at: i64,
    pub(super) attempts: u32,
    /// When it is tried next; also the time of its entry in the agenda.
    pub(super) next_at: i64,
    #[serde(default)]
    pub(super) last_at: Option<i64>,
    #[serde(default)]
    pub(super) status: Option<u16>,
    #[serde(default)]
    pub(super) error: Option<String>,
    #[serde(default)]
    pub(super) duration_ms: Option<u64>,
    /// What is sent; empty once it is no more: a log of deliveries is no second log of messages.
    #[serde(default)]
    pub(super) body: String,
}

/// The place of a webhook in the index.
pub(super) fn index_id(org: OrgId, hook: &str) -> String {
    format!("{org}.{hook}")
}

pub(super) fn parse_index_id(id: &str) -> Option<(OrgId, String)> {
    let (org, hook) = id.split_once('.')?;
    Some((org.parse().ok()?, hook.to_owned()))
}

/// The id of a delivery of this webhook about this entry.
pub(super) fn delivery_id(hook: &str, channel: ChannelId, seq: Seq, at: Timestamp) -> String {
    let mut digest = Sha256::new();
    digest.update(hook.as_bytes());
    digest.update(channel.as_u128().to_be_bytes());
    digest.update(seq.0.to_be_bytes());
    let hash = digest.finalize();
    let hash: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{:013}{hash}", (LAST_MS - at.0).clamp(0, LAST_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_has_one_id_however_often_it_is_found_and_newer_ones_come_first() {
        let channel = ChannelId::from_u128(3);
        let id = |seq: u64, at| delivery_id("hook", channel, Seq(seq), Timestamp(at));
        assert_eq!(id(7, 1_000), id(7, 1_000));
        assert_ne!(id(7, 1_000), id(8, 1_000));
        assert!(id(8, 2_000) < id(7, 1_000));
    }
}
