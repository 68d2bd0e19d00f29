//! Passes: what is given to a browser for one step, and counts once and for moments.
//!
//! ```text
//!   sign ─▶ kind, for whom, until when, a number of its own ─▶ the browser ─▶ any node
//!   redeem ─▶ signature, kind, time ─▶ was it used? (here; then over all nodes) ─▶ for whom
//! ```
//!
//! A pass says itself for whom it is, so the node that it comes to need not be the one that made it,
//! and nobody has to be asked. Only that it was used is remembered: on the node itself, and over all
//! nodes with what they count together.
//!
//! **Invariant:** a pass counts once on each node; once over all of them while they can count
//! together. Without that it counts once on each node until its time is over, which is better than a
//! door that is shut to everybody: whoever has it was let in moments before.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use moka::policy::EvictionPolicy;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use starling_actors::domain::Timestamp;
use starling_actors::ports::{SharedLimit, SharedLimits};

use super::TokenError;
use super::jwt::TOKEN_BYTES_MAX;
use super::secret::SecretKind;

/// Used passes that are remembered, at about 150 bytes each. With more, the oldest are forgotten:
/// whoever makes so many can use one of their own once more.
const USED_MAX: u64 = 100_000;
/// How long a used pass is remembered: the longest life of any, twice, for clocks that differ.
const REMEMBERED: Duration = Duration::from_secs(120);

/// What a pass says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pass {
    /// The person's organization.
    pub(super) org: String,
    /// The person.
    pub(super) sub: String,
    /// The sign-in behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sid: Option<String>,
    /// The personal access token behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<String>,
    /// When what is opened with it must end, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ends: Option<i64>,
    /// Until when it counts, in milliseconds since 1970.
    pub(super) until: i64,
    /// Its own number.
    pub(super) jti: String,
}

/// Makes passes of one kind, and takes each of them once.
pub(super) struct Passes {
    kind: SecretKind,
    signing: EncodingKey,
    /// The newest secret's first, then of those that the operator has not taken out yet.
    verifying: Vec<DecodingKey>,
    validation: Validation,
    used: moka::sync::Cache<String, ()>,
    shared: OnceLock<Arc<dyn SharedLimits>>,
}

impl std::fmt::Debug for Passes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passes").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Passes {
    /// Passes under secrets that every node has.
    pub(super) fn new(kind: SecretKind, newest: &str, previous: &[String]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_required_spec_claims::<&str>(&[]);
        // The time is compared below, with the clock of the server's port.
        validation.validate_exp = false;
        validation.validate_aud = false;
        let secrets = std::iter::once(newest).chain(previous.iter().map(String::as_str));
        Self {
            kind,
            signing: EncodingKey::from_secret(&derived(kind, newest)),
            verifying: secrets.map(|one| DecodingKey::from_secret(&derived(kind, one))).collect(),
            validation,
            used: moka::sync::Cache::builder()
                .max_capacity(USED_MAX)
                .eviction_policy(EvictionPolicy::lru())
                .time_to_live(REMEMBERED)
                .build(),
            shared: OnceLock::new(),
        }
    }

    /// Takes each pass once over all nodes from now on.
    pub(super) fn share(&self, shared: Arc<dyn SharedLimits>) {
        if self.shared.set(shared).is_err() {
            tracing::warn!("passes were shared before");
        }
    }

    /// Signs a pass.
    pub(super) fn sign(&self, pass: &Pass) -> Result<String, TokenError> {
        let signed = encode(&Header::new(Algorithm::HS256), pass, &self.signing);
        let signed = signed.map_err(|error| {
            tracing::error!(%error, "a pass could not be signed");
            TokenError::Unavailable
        })?;
        Ok(format!("{}{signed}", self.kind.prefix()))
    }

    /// Takes a pass that counts now and was not used yet.
    pub(super) async fn redeem(&self, text: &str, now: Timestamp) -> Result<Pass, TokenError> {
        let pass = self.read(text)?;
        if pass.until <= now.0 {
            return Err(TokenError::Expired);
        }
        if self.use_up(&pass.jti).await { Ok(pass) } else { Err(TokenError::Invalid) }
    }

    /// Reads a pass that counts now, and as often as it is shown.
    pub(super) fn show(&self, text: &str, now: Timestamp) -> Result<Pass, TokenError> {
        let pass = self.read(text)?;
        if pass.until <= now.0 { Err(TokenError::Expired) } else { Ok(pass) }
    }

    /// What was redeemed counts again: nothing came of it.
    pub(super) async fn give_back(&self, pass: &Pass) {
        self.used.invalidate(&pass.jti);
        if let Some(shared) = self.shared.get()
            && shared.give_back(&[self.key(&pass.jti)]).await.is_err()
        {
            tracing::debug!("a pass stays used for other nodes");
        }
    }

    fn read(&self, text: &str) -> Result<Pass, TokenError> {
        let signed = text.strip_prefix(self.kind.prefix()).ok_or(TokenError::Invalid)?;
        if signed.len() > TOKEN_BYTES_MAX {
            return Err(TokenError::Invalid);
        }
        let mut keys = self.verifying.iter();
        let read = keys.find_map(|key| decode::<Pass>(signed, key, &self.validation).ok());
        Ok(read.ok_or(TokenError::Invalid)?.claims)
    }

    /// Notes that a pass is used; `false` when it was before.
    async fn use_up(&self, number: &str) -> bool {
        if !self.used.entry_by_ref(number).or_insert(()).is_fresh() {
            return false;
        }
        let Some(shared) = self.shared.get() else { return true };
        let once = SharedLimit { key: self.key(number), max: 1, window: REMEMBERED };
        matches!(shared.take(&[once]).await, Ok(None) | Err(_))
    }

    fn key(&self, number: &str) -> String {
        format!("pass/{}{number}", self.kind.prefix())
    }
}

/// The secret of one kind of passes: none of them is an access token, and none is another kind.
fn derived(kind: SecretKind, secret: &str) -> [u8; 32] {
    Sha256::digest(format!("starling pass\0{}\0{secret}", kind.prefix()).as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use starling_actors::memory::LocalLimits;

    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn passes(secret: &str) -> Passes {
        Passes::new(SecretKind::Ticket, secret, &[])
    }

    fn pass() -> Pass {
        Pass {
            org: "org".to_owned(),
            sub: "ann".to_owned(),
            sid: None,
            token: None,
            ends: None,
            until: NOW.0 + 30_000,
            jti: "1".to_owned(),
        }
    }

    #[tokio::test]
    async fn a_pass_of_one_node_counts_once_over_all() {
        let (here, there) = (passes("secret"), passes("secret"));
        let shared: Arc<dyn SharedLimits> = Arc::new(LocalLimits::default());
        here.share(Arc::clone(&shared));
        there.share(shared);
        let text = here.sign(&pass()).expect("is signed");

        assert_eq!(there.redeem(&text, NOW).await, Ok(pass()));
        assert_eq!(here.redeem(&text, NOW).await, Err(TokenError::Invalid));
        there.give_back(&pass()).await;
        assert_eq!(there.redeem(&text, NOW).await, Ok(pass()), "nothing had come of it");
        assert_eq!(there.redeem(&text, NOW).await, Err(TokenError::Invalid));
    }

    #[tokio::test]
    async fn while_nodes_cannot_count_together_it_counts_once_on_each() {
        let (here, there) = (passes("secret"), passes("secret"));
        let shared = Arc::new(LocalLimits::default());
        here.share(Arc::clone(&shared) as _);
        there.share(Arc::clone(&shared) as _);
        shared.cut(true);
        let text = here.sign(&pass()).expect("is signed");

        for node in [&here, &there] {
            assert_eq!(node.redeem(&text, NOW).await, Ok(pass()));
            assert_eq!(node.redeem(&text, NOW).await, Err(TokenError::Invalid));
        }
    }

    #[tokio::test]
    async fn it_counts_for_its_time_its_kind_and_under_its_secret_only() {
        let mine = passes("secret");
        let text = mine.sign(&pass()).expect("is signed");
        let late = mine.redeem(&text, Timestamp(NOW.0 + 30_000)).await;
        assert_eq!(late, Err(TokenError::Expired));

        let other_kind = Passes::new(SecretKind::SignOn, "secret", &[]);
        let body = text.strip_prefix("stw_").expect("its prefix");
        let others = [
            (&passes("another"), text.clone()),
            (&other_kind, text.clone()),
            (&other_kind, format!("sto_{body}")),
            (&mine, body.to_owned()),
            (&mine, format!("{text}x")),
            (&mine, String::new()),
        ];
        for (passes, text) in others {
            assert_eq!(passes.redeem(&text, NOW).await, Err(TokenError::Invalid), "{text}");
        }

        let renewed = Passes::new(SecretKind::Ticket, "newer", &["secret".to_owned()]);
        assert_eq!(renewed.redeem(&text, NOW).await, Ok(pass()), "a secret that is still taken");
    }
}
