//! The vault's key: whether it is the one under which this server's secrets are, and how all of them
//! get under a new one.
//!
//! **Invariant:** the check value is re-encrypted last, so it is under a key under which, or under
//! whose successor, every secret is.

use starling_actors::domain::OrgId;
use starling_actors::ports::{Precondition, QuestionsError};

use super::Data;
use super::connection_form::record_of;
use super::connections::{CONNECTION_INDEX, CONNECTIONS};
use super::model_settings::{ID as MODEL, MODEL_INDEX, MODELS};
use super::vault::{Place, Sealed, VaultError};
use crate::records::{SERVER, Shelf};

/// The check value, which belongs to the whole server.
const CHECKS: Shelf<Sealed> = Shelf::new("vault_check");
const ID: &str = "check";
/// What the check value says.
const WORDS: &str = "this key opens what this server keeps";
/// Where the check value belongs.
const PLACE: Place<'static> = Place { org: SERVER, record: "vault", field: "check" };
/// Entries of an index that are read; far more than a server has.
const INDEX_MAX: usize = 1_000_000;
/// Times that one record is tried when somebody changes it at the same moment.
const ATTEMPTS: usize = 5;

/// Why the vault's key is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// What is stored is under another key.
    #[error(
        "the passwords and keys in this data folder were encrypted with another master key ({0}): \
         set vault.master_key to that one, or list it in vault.previous_master_keys"
    )]
    Other(String),
    /// The check value was changed.
    #[error("the check value of the vault was changed: restore the database from a backup")]
    Broken,
    /// There is no key to encrypt with.
    #[error("there is no key to encrypt with: set vault.master_key")]
    NoKey,
    /// The store does not answer.
    #[error("the vault's check value cannot be read or written")]
    Unavailable,
}

impl From<QuestionsError> for KeyError {
    fn from(_: QuestionsError) -> Self {
        Self::Unavailable
    }
}

/// What a rotation did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Records whose secrets were encrypted anew.
    pub renewed: usize,
    /// Records that hold a secret which does not open; they are left as they are.
    pub unreadable: usize,
}

impl Data {
    /// Refuses a server whose keys do not open what is stored; the first key that comes leaves its
    /// check value.
    pub(super) async fn check_key(&self) -> Result<(), KeyError> {
        match self.inner.shelves.get(&CHECKS, SERVER, "", ID).await? {
            Some(found) => self.compare(&found.value),
            None if self.inner.vault.has_key() => self.leave_check().await,
            None => Ok(()),
        }
    }

    /// Leaves the first check value. Of two nodes that start at once with different keys one leaves
    /// it, and the other one is refused by it.
    pub(super) async fn leave_check(&self) -> Result<(), KeyError> {
        if self.put_check(Precondition::Absent).await? {
            return Ok(());
        }
        let first = self.inner.shelves.get(&CHECKS, SERVER, "", ID).await?;
        self.compare(&first.ok_or(KeyError::Unavailable)?.value)
    }

    /// Whether a check value is under one of our keys.
    fn compare(&self, check: &Sealed) -> Result<(), KeyError> {
        match self.inner.vault.open(PLACE, check) {
            Ok(words) if words == WORDS => Ok(()),
            Ok(_) | Err(VaultError::Broken) => Err(KeyError::Broken),
            Err(VaultError::OtherKey | VaultError::NoKey) => {
                Err(KeyError::Other(check.key_id().to_owned()))
            }
        }
    }

    /// Stores a check value under the newest key; `false` when another one was first.
    async fn put_check(&self, when: Precondition) -> Result<bool, KeyError> {
        let sealed = self.inner.vault.seal(PLACE, WORDS).map_err(|_| KeyError::NoKey)?;
        match self.inner.shelves.put(&CHECKS, (SERVER, "", ID), &sealed, when).await {
            Ok(_) => Ok(true),
            Err(QuestionsError::Conflict) => Ok(false),
            Err(QuestionsError::Unavailable) => Err(KeyError::Unavailable),
        }
    }

    /// Encrypts every secret anew with the newest key. Can be run again at any time.
    pub async fn rotate_keys(&self) -> Result<Rotated, KeyError> {
        if !self.inner.vault.has_key() {
            return Err(KeyError::NoKey);
        }
        let mut rotated = Rotated::default();
        let shelves = &self.inner.shelves;
        for entry in shelves.list(&CONNECTION_INDEX, SERVER, "", INDEX_MAX).await? {
            let outcome = self.renew_connection(entry.value.0, &entry.id).await?;
            rotated.count(outcome, "connection", &entry.id);
        }
        for entry in shelves.list(&MODEL_INDEX, SERVER, "", INDEX_MAX).await? {
            let outcome = self.renew_model(entry.value.0).await?;
            rotated.count(outcome, "model_settings", &entry.id);
        }
        // A secret that did not open is still under an older key: the check value then stays there,
        // so that no server without that key is let in.
        if rotated.unreadable == 0 && !self.put_check(Precondition::Any).await? {
            return Err(KeyError::Unavailable);
        }
        Ok(rotated)
    }

    async fn renew_connection(
        &self,
        org: OrgId,
        id: &str,
    ) -> Result<Result<bool, VaultError>, KeyError> {
        let shelves = &self.inner.shelves;
        for _ in 0..ATTEMPTS {
            let Some(found) = shelves.get(&CONNECTIONS, org, "", id).await? else {
                return Ok(Ok(false));
            };
            let mut connection = found.value;
            let record = record_of(&connection);
            let mut is_renewed = false;
            for (field, sealed) in connection.secrets.fields_mut() {
                let Some(before) = sealed.as_ref() else { continue };
                match self.inner.vault.renew(Place { org, record: &record, field }, before) {
                    Ok(Some(after)) => {
                        *sealed = Some(after);
                        is_renewed = true;
                    }
                    Ok(None) => {}
                    Err(error) => return Ok(Err(error)),
                }
            }
            if !is_renewed {
                return Ok(Ok(false));
            }
            let when = Precondition::Version(found.version);
            match shelves.put(&CONNECTIONS, (org, "", id), &connection, when).await {
                Ok(_) => return Ok(Ok(true)),
                Err(QuestionsError::Conflict) => {}
                Err(QuestionsError::Unavailable) => return Err(KeyError::Unavailable),
            }
        }
        Err(KeyError::Unavailable)
    }

    async fn renew_model(&self, org: OrgId) -> Result<Result<bool, VaultError>, KeyError> {
        let shelves = &self.inner.shelves;
        for _ in 0..ATTEMPTS {
            let Some(found) = shelves.get(&MODELS, org, "", MODEL).await? else {
                return Ok(Ok(false));
            };
            let renewed = match self.renewed_model(org, &found.value) {
                Ok(Some(renewed)) => renewed,
                Ok(None) => return Ok(Ok(false)),
                Err(error) => return Ok(Err(error)),
            };
            let when = Precondition::Version(found.version);
            match shelves.put(&MODELS, (org, "", MODEL), &renewed, when).await {
                Ok(_) => return Ok(Ok(true)),
                Err(QuestionsError::Conflict) => {}
                Err(QuestionsError::Unavailable) => return Err(KeyError::Unavailable),
            }
        }
        Err(KeyError::Unavailable)
    }
}

impl Rotated {
    fn count(&mut self, outcome: Result<bool, VaultError>, kind: &str, id: &str) {
        match outcome {
            Ok(true) => self.renewed += 1,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(%error, kind, id, "a secret could not be encrypted anew");
                self.unreadable += 1;
            }
        }
    }
}
