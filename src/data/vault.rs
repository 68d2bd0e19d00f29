//! Keeps the secrets that people give: passwords of databases, keys of models.
//!
//! ```text
//!   secret ─▶ AES-256-GCM under a key of its own ─▶ that key under the master key ─▶ a record
//! ```
//!
//! A [`Sealed`] names its master key, so the newest one closes and older ones still open. Both layers
//! are bound to their place (organization, record, field): a sealed secret that is copied to another
//! record, or to another organization, does not open there.
//!
//! **Invariant:** nothing that was sealed is ever printed, and nothing leaves here in the clear except
//! to whoever enters a database or calls a model.

use std::sync::Arc;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use starling_actors::domain::OrgId;
use starling_actors::ports::Clock;

use crate::config::VaultSettings;

/// Bytes of a nonce of AES-GCM (NIST SP 800-38D, section 8.2.2). Each data key closes one secret, and
/// a master key far fewer than the 2^32 for which random nonces are safe.
const NONCE_BYTES: usize = 12;
/// Bytes of a key.
const KEY_BYTES: usize = 32;

/// Closes and opens secrets. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    /// The newest first; none when the operator has set none.
    keys: Arc<[MasterKey]>,
    clock: Arc<dyn Clock>,
}

struct MasterKey {
    id: String,
    cipher: Aes256Gcm,
}

/// Where a secret belongs; it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The tenant.
    pub org: OrgId,
    /// Of which record.
    pub record: &'a str,
    /// Which of its fields.
    pub field: &'a str,
}

/// A closed secret, as it is stored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The master key.
    key: String,
    /// The data key under the master key.
    wrapped: String,
    /// The secret under the data key.
    sealed: String,
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed(under {})", self.key)
    }
}

/// Why a secret was not closed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The operator has set no key.
    #[error("this server has no key for secrets: its operator has to set vault.master_key")]
    NoKey,
    /// It was closed with a key that this server does not have.
    #[error("the secret was encrypted with a key that this server does not have")]
    OtherKey,
    /// It was changed, or it belongs to another place.
    #[error("the secret does not open: it was changed or moved")]
    Broken,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// With the keys of the settings.
    pub fn new(settings: &VaultSettings, clock: Arc<dyn Clock>) -> Self {
        let newest = Some(&settings.master_key).filter(|key| !key.is_empty());
        let keys = newest.into_iter().chain(&settings.previous_master_keys);
        Self { keys: keys.map(|key| MasterKey::new(key)).collect(), clock }
    }

    /// Closes a secret for its place, with the newest key.
    pub fn seal(&self, place: Place<'_>, secret: &str) -> Result<Sealed, VaultError> {
        let master = self.keys.first().ok_or(VaultError::NoKey)?;
        let bound = bound(place);
        let data_key = self.random_bytes::<KEY_BYTES>();
        let sealed = self.encrypt(&cipher(&data_key), secret.as_bytes(), &bound)?;
        let wrapped = self.encrypt(&master.cipher, &data_key, &bound)?;
        Ok(Sealed { key: master.id.clone(), wrapped, sealed })
    }

    /// Opens what was closed for the same place.
    pub fn open(&self, place: Place<'_>, sealed: &Sealed) -> Result<String, VaultError> {
        let master = self.keys.iter().find(|key| key.id == sealed.key);
        let master = master.ok_or(VaultError::OtherKey)?;
        let bound = bound(place);
        let data_key = decrypt(&master.cipher, &sealed.wrapped, &bound)?;
        let data_key: [u8; KEY_BYTES] = data_key.try_into().map_err(|_| VaultError::Broken)?;
        let secret = decrypt(&cipher(&data_key), &sealed.sealed, &bound)?;
        String::from_utf8(secret).map_err(|_| VaultError::Broken)
    }

    /// The same secret under the newest key; `None` when it is under that one.
    pub fn renew(&self, place: Place<'_>, sealed: &Sealed) -> Result<Option<Sealed>, VaultError> {
        if self.keys.first().is_some_and(|newest| newest.id == sealed.key) {
            return Ok(None);
        }
        self.seal(place, &self.open(place, sealed)?).map(Some)
    }

    /// Whether anything can be closed.
    pub fn has_key(&self) -> bool {
        !self.keys.is_empty()
    }

    fn encrypt(
        &self,
        cipher: &Aes256Gcm,
        secret: &[u8],
        bound: &[u8],
    ) -> Result<String, VaultError> {
        let nonce = self.random_bytes::<NONCE_BYTES>();
        let payload = Payload { msg: secret, aad: bound };
        let closed = cipher.encrypt(&nonce.into(), payload).map_err(|_| VaultError::Broken)?;
        Ok(STANDARD_NO_PAD.encode([&nonce[..], &closed].concat()))
    }

    fn random_bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        for part in bytes.chunks_mut(16) {
            part.copy_from_slice(&self.clock.random().to_be_bytes()[..part.len()]);
        }
        bytes
    }
}

impl Sealed {
    /// The name of the master key that opens it.
    pub fn key_id(&self) -> &str {
        &self.key
    }
}

impl MasterKey {
    /// Made from the operator's words by HKDF (RFC 5869) with SHA-256, one block for the key and one
    /// for its public name.
    fn new(words: &str) -> Self {
        let extracted = hmac(b"starling vault", &[words.as_bytes()]);
        let key = hmac(&extracted, &[b"encrypt", &[1]]);
        let name = hmac(&extracted, &[b"name", &[1]]);
        let id = name[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        Self { id, cipher: cipher(&key) }
    }
}

fn cipher(key: &[u8; KEY_BYTES]) -> Aes256Gcm {
    Aes256Gcm::new(key.into())
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length (RFC 2104, section 2).
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key) else {
        return [0; 32];
    };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// A place as bytes; lengths keep `ab`+`c` and `a`+`bc` apart.
fn bound(place: Place<'_>) -> Vec<u8> {
    let mut bytes = place.org.as_u128().to_be_bytes().to_vec();
    for part in [place.record, place.field] {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    bytes
}

fn decrypt(cipher: &Aes256Gcm, closed: &str, bound: &[u8]) -> Result<Vec<u8>, VaultError> {
    let bytes = STANDARD_NO_PAD.decode(closed).map_err(|_| VaultError::Broken)?;
    let (nonce, closed) = bytes.split_at_checked(NONCE_BYTES).ok_or(VaultError::Broken)?;
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| VaultError::Broken)?;
    let payload = Payload { msg: closed, aad: bound };
    cipher.decrypt(&nonce.into(), payload).map_err(|_| VaultError::Broken)
}

#[cfg(test)]
mod tests {
    use starling_actors::memory::ManualClock;

    use super::*;

    const PLACE: Place<'_> =
        Place { org: OrgId::from_u128(1), record: "connection/7", field: "password" };

    fn vault(newest: &str, previous: &[&str]) -> Vault {
        let settings = VaultSettings {
            master_key: newest.to_owned(),
            previous_master_keys: previous.iter().map(|key| (*key).to_owned()).collect(),
        };
        Vault::new(&settings, Arc::new(ManualClock::default()))
    }

    #[test]
    fn a_secret_opens_where_it_was_closed_and_nowhere_else() {
        let vault = vault("first", &[]);
        let sealed = vault.seal(PLACE, "hunter2").unwrap();
        assert_eq!(vault.open(PLACE, &sealed).as_deref(), Ok("hunter2"));
        let elsewhere = [
            Place { org: OrgId::from_u128(2), ..PLACE },
            Place { record: "connection/8", ..PLACE },
            Place { field: "private_key", ..PLACE },
            Place { record: "connection/7p", field: "assword", ..PLACE },
        ];
        for place in elsewhere {
            assert_eq!(vault.open(place, &sealed), Err(VaultError::Broken), "{place:?}");
        }
    }

    #[test]
    fn nothing_of_a_secret_is_in_what_is_stored_or_printed() {
        let vault = vault("first", &[]);
        let sealed = vault.seal(PLACE, "hunter2").unwrap();
        let stored = serde_json::to_string(&sealed).unwrap();
        assert!(!stored.contains("hunter2") && !format!("{sealed:?}{vault:?}").contains("hunter2"));
        let again = vault.seal(PLACE, "hunter2").unwrap();
        assert_ne!(sealed, again, "two seals of one secret tell nobody that they are the same");
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let vault = vault("first", &[]);
        let sealed = vault.seal(PLACE, "hunter2").unwrap();
        for part in 0..2 {
            let mut changed = sealed.clone();
            let text = if part == 0 { &mut changed.wrapped } else { &mut changed.sealed };
            let mut bytes = STANDARD_NO_PAD.decode(&*text).unwrap();
            bytes[20] ^= 1;
            *text = STANDARD_NO_PAD.encode(bytes);
            assert_eq!(vault.open(PLACE, &changed), Err(VaultError::Broken));
        }
    }

    #[test]
    fn an_older_key_opens_and_the_newest_closes() {
        let old = vault("first", &[]);
        let sealed = old.seal(PLACE, "hunter2").unwrap();
        let both = vault("second", &["first"]);
        assert_eq!(both.open(PLACE, &sealed).as_deref(), Ok("hunter2"));
        let renewed = both.renew(PLACE, &sealed).unwrap().unwrap();
        assert_eq!(vault("second", &[]).open(PLACE, &renewed).as_deref(), Ok("hunter2"));
        assert_eq!(both.renew(PLACE, &renewed), Ok(None));
        assert_eq!(old.open(PLACE, &renewed), Err(VaultError::OtherKey));
    }

    #[test]
    fn a_vault_without_a_key_says_so() {
        let vault = vault("", &[]);
        assert_eq!(vault.seal(PLACE, "x"), Err(VaultError::NoKey));
    }
}
