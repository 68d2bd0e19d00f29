//! The key by which push services know this server (VAPID, RFC 8292): the operator's, or one that is made
//! once and kept sealed among the records, so that all nodes of a cluster have the same.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::SecretKey;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use starling_actors::domain::{OrgId, Timestamp};
use starling_actors::ports::Precondition;

use super::PushClient;
use super::seal::fresh_key;
use crate::data::{Place, VaultError};
use crate::notify::stored::PUSH_KEYS;
use crate::notify::{NotifyError, NotifySettings};
use crate::records::{SERVER, Shelves};

/// How long a signature counts, in seconds; push services take at most a day.
const COUNTS_SECONDS: i64 = 12 * 3600;
/// Where the kept key belongs.
const PLACE: Place<'static> =
    Place { org: OrgId::from_u128(0), record: "push_key", field: "private_key" };
/// Tries to make one while other nodes do, too.
const ATTEMPTS: usize = 4;

/// Why there is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::notify) enum KeyError {
    /// The records do not answer.
    #[error(transparent)]
    Store(#[from] NotifyError),
    /// It cannot be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// What is kept or set is no key.
    #[error("the key of pushes is none")]
    Broken,
}

/// Signs pushes.
pub(super) struct PushKey {
    signing: SigningKey,
    /// As browsers take it: an uncompressed point in base64url.
    public: String,
}

impl PushKey {
    fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
        let secret = SecretKey::from_slice(&bytes).ok()?;
        let public = URL_SAFE_NO_PAD.encode(secret.public_key().to_encoded_point(false).as_bytes());
        Some(Self { signing: SigningKey::from(secret), public })
    }

    /// What stands in `Authorization` for a push service.
    pub(super) fn authorization(&self, audience: &str, contact: &str, now: Timestamp) -> String {
        let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let exp = now.0.div_euclid(1_000) + COUNTS_SECONDS;
        let claims = serde_json::json!({ "aud": audience, "exp": exp, "sub": contact });
        let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature: Signature = self.signing.sign(signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        format!("vapid t={signed}.{signature}, k={}", self.public)
    }
}

impl PushClient {
    /// The public half of the key, in base64url; reads or makes the key when this node has none yet.
    pub(in crate::notify) async fn public_key(
        &self,
        settings: &NotifySettings,
        shelves: &Shelves<NotifyError>,
    ) -> Result<&str, KeyError> {
        let key = self.key.get_or_try_init(|| self.find_key(settings, shelves)).await?;
        Ok(&key.public)
    }

    async fn find_key(
        &self,
        settings: &NotifySettings,
        shelves: &Shelves<NotifyError>,
    ) -> Result<PushKey, KeyError> {
        if !settings.push_key.is_empty() {
            return PushKey::read(&settings.push_key).ok_or(KeyError::Broken);
        }
        for _ in 0..ATTEMPTS {
            if let Some(kept) = shelves.get(&PUSH_KEYS, SERVER, "", "key").await? {
                let opened = self.vault.open(PLACE, &kept.value)?;
                if let Ok(Some(renewed)) = self.vault.renew(PLACE, &kept.value) {
                    let when = Precondition::Version(kept.version);
                    match shelves.put(&PUSH_KEYS, (SERVER, "", "key"), &renewed, when).await {
                        // Another node has done it.
                        Ok(_) | Err(NotifyError::Conflict) => {}
                        Err(error) => return Err(error.into()),
                    }
                }
                return PushKey::read(&opened).ok_or(KeyError::Broken);
            }
            let Some(made) = fresh_key(&*self.clock) else { continue };
            let text = URL_SAFE_NO_PAD.encode(made.to_bytes());
            let sealed = self.vault.seal(PLACE, &text)?;
            let place = (SERVER, "", "key");
            match shelves.put(&PUSH_KEYS, place, &sealed, Precondition::Absent).await {
                // Read again in both cases: another node may have made one at the same moment.
                Ok(_) | Err(NotifyError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(KeyError::Store(NotifyError::Unavailable))
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier;

    use super::*;

    #[test]
    fn a_push_service_can_check_who_comes() {
        let key = PushKey::read("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw").unwrap();
        let now = Timestamp(1_735_689_600_000);
        let header = key.authorization("https://push.example", "mailto:a@example.org", now);
        let rest = header.strip_prefix("vapid t=").unwrap();
        let (token, public) = rest.split_once(", k=").unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let public = URL_SAFE_NO_PAD.decode(public).unwrap();
        let verifying = VerifyingKey::from_sec1_bytes(&public).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let signature = Signature::from_slice(&signature).unwrap();
        verifying.verify(signed.as_bytes(), &signature).unwrap();
        let claims = URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["aud"], "https://push.example");
        assert_eq!(claims["exp"], 1_735_689_600 + COUNTS_SECONDS);
    }

    #[test]
    fn what_is_no_key_is_none() {
        let zeros = URL_SAFE_NO_PAD.encode([0_u8; 32]);
        for odd in ["", "x", zeros.as_str()] {
            assert!(PushKey::read(odd).is_none(), "{odd}");
        }
    }
}
