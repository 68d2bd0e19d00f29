//! Proof that the other side knows the cluster's secret, without saying it.
//!
//! Each side gives a number used once, and shows HMAC-SHA256 over both numbers, both nodes and which
//! side it is, under the secret; the caller first, so that a stranger is shown nothing to guess at.
//! Nothing that was overheard opens another stream, and nothing that one side said can be shown back
//! to it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use starling_actors::domain::NodeId;

use super::PROTOCOL;

/// Bytes of a block of SHA-256, which is how long HMAC's key is made.
const KEY_BYTES: usize = 64;

/// The secret that all nodes of a cluster share. Never shown.
#[derive(Clone)]
pub struct ClusterSecret([u8; KEY_BYTES]);

impl ClusterSecret {
    /// The secret as it stands in the settings.
    pub fn new(secret: &str) -> Self {
        let digest = Sha256::digest(secret.as_bytes());
        let mut key = [0; KEY_BYTES];
        key[..digest.len()].copy_from_slice(&digest);
        Self(key)
    }
}

impl fmt::Debug for ClusterSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClusterSecret(…)")
    }
}

/// Who proves something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Whoever gives orders.
    Caller,
    /// Whoever takes them.
    Listener,
}

/// A number that is used once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Nonce(u128);

impl Nonce {
    pub(super) fn fresh() -> Self {
        Self(rand::random())
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl std::str::FromStr for Nonce {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u128::from_str_radix(text, 16).map(Self)
    }
}

/// What two nodes have told each other before a stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Acquaintance {
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    /// The caller's number.
    pub(super) caller: Nonce,
    /// The listener's number.
    pub(super) listener: Nonce,
}

impl Acquaintance {
    fn mac(&self, secret: &ClusterSecret, side: Side) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&secret.0.into());
        let word: &[u8] = match side {
            Side::Caller => b" caller ",
            Side::Listener => b" listener ",
        };
        mac.update(b"starling peers ");
        mac.update(PROTOCOL.as_bytes());
        mac.update(word);
        for number in [self.from.as_u128(), self.to.as_u128(), self.caller.0, self.listener.0] {
            mac.update(&number.to_be_bytes());
        }
        mac
    }

    /// What `side` shows.
    pub(super) fn proof(&self, secret: &ClusterSecret, side: Side) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(secret, side).finalize().into_bytes())
    }

    /// Whether `side` has shown that it knows the secret. Takes equally long for every wrong proof.
    pub(super) fn is_proved(&self, secret: &ClusterSecret, side: Side, shown: &str) -> bool {
        let shown = URL_SAFE_NO_PAD.decode(shown);
        shown.is_ok_and(|shown| self.mac(secret, side).verify_slice(&shown).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acquaintance() -> Acquaintance {
        let id = NodeId::from_u128;
        Acquaintance { from: id(1), to: id(2), caller: Nonce(3), listener: Nonce(4) }
    }

    #[test]
    fn a_proof_counts_for_its_side_its_nodes_its_numbers_and_its_secret_only() {
        let (secret, met) = (ClusterSecret::new("a"), acquaintance());
        let proof = met.proof(&secret, Side::Caller);
        assert!(met.is_proved(&secret, Side::Caller, &proof));
        assert!(!met.is_proved(&secret, Side::Listener, &proof));
        assert!(!met.is_proved(&ClusterSecret::new("b"), Side::Caller, &proof));
        let others = [
            Acquaintance { from: NodeId::from_u128(9), ..met },
            Acquaintance { to: NodeId::from_u128(9), ..met },
            Acquaintance { caller: Nonce(9), ..met },
            Acquaintance { listener: Nonce(9), ..met },
            Acquaintance { from: met.to, to: met.from, ..met },
        ];
        assert!(others.iter().all(|other| !other.is_proved(&secret, Side::Caller, &proof)));
        for wrong in ["", "!", &proof[1..]] {
            assert!(!met.is_proved(&secret, Side::Caller, wrong));
        }
    }

    #[test]
    fn a_secret_is_not_shown_and_a_number_reads_back() {
        let shown = format!("{:?}", ClusterSecret::new("hidden words"));
        assert!(!shown.contains("hidden") && !shown.contains('['), "{shown}");
        let nonce = Nonce::fresh();
        assert_eq!(nonce.to_string().parse(), Ok(nonce));
        assert_ne!(nonce, Nonce::fresh());
    }
}
