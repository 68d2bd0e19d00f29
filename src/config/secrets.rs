//! Secrets that nobody set: made on the first run and kept beside the data, never in production.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Settings, TokenSettings, VaultSettings};

/// Fewest characters of a secret that signs tokens: 256 bits in hexadecimal are 64, and 32
/// printable characters are what HS256 asks for (RFC 7518, section 3.2).
const SECRET_CHARS_MIN: usize = 32;

/// The environment that refuses secrets which were made up.
const PRODUCTION: &str = "production";

/// Why a secret must be set, in words.
const NOT_MADE_UP: &str = "in production (server.environment = \"production\")";
const SHARED: &str = "on every node of a cluster, and to the same (storage.kind = \"scylla\")";

/// The file in the data folder that keeps secrets made on the first run.
const FILE_NAME: &str = "secrets.toml";

/// Why there are no usable secrets.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// Production does not run on secrets that were made up, nor a cluster on one for each node.
    #[error("{key} must be set {}", if *is_cluster { SHARED } else { NOT_MADE_UP })]
    Missing {
        /// The setting.
        key: &'static str,
        /// Whether it is missing because nodes must share it.
        is_cluster: bool,
    },
    /// The secret is a known default or too short.
    #[error("{key} must have at least {SECRET_CHARS_MIN} characters and be no well-known default")]
    Weak {
        /// The setting.
        key: &'static str,
    },
    /// Both kinds of token would be signed with the same secret.
    #[error("secrets of access tokens and of refresh tokens must differ")]
    Same,
    /// The file of secrets cannot be read or written.
    #[error("cannot use the file of secrets {path}: {cause}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
}

#[derive(Default, Serialize, Deserialize)]
struct Kept {
    access_secret: String,
    refresh_secret: String,
    /// Keys of the vault, the newest first. A file from before the vault has none.
    #[serde(default)]
    master_keys: Vec<String>,
}

/// Fills in missing secrets from the data folder, where they are made on the first run; gives the
/// file's path when it was made now. `random` gives 128 random bits a call.
pub fn complete_secrets(
    settings: &mut Settings,
    random: &mut dyn FnMut() -> u128,
) -> Result<Option<PathBuf>, SecretsError> {
    let production = settings.server.environment == PRODUCTION;
    let path = settings.data.dir.join(FILE_NAME);
    check_given(settings)?;
    let Settings { tokens, vault, .. } = settings;
    derive_refresh_secrets(tokens);
    let wants_tokens = tokens.access_secret.is_empty() || tokens.refresh_secret.is_empty();
    let mut made = None;
    // In production a vault without a key stays closed: nothing is ever encrypted with a key that
    // nobody knows of, and chat needs none.
    if wants_tokens || (vault.master_key.is_empty() && !production) {
        let (kept, is_new) = kept_or_made(&path, random)?;
        if wants_tokens {
            tokens.access_secret = kept.access_secret;
            tokens.refresh_secret = kept.refresh_secret;
        }
        if vault.master_key.is_empty() {
            take_master_keys(vault, kept.master_keys);
        }
        made = is_new.then_some(path);
    }
    check(tokens)?;
    check_vault(vault)?;
    Ok(made)
}

/// Makes a new key for the vault in the data folder, which encrypts from the next start on; those of
/// before still open what they closed. `false` when the operator has set the key: then only they can
/// change it.
pub fn renew_master_key(
    settings: &Settings,
    random: &mut dyn FnMut() -> u128,
) -> Result<bool, SecretsError> {
    if !settings.vault.master_key.is_empty() || settings.server.environment == PRODUCTION {
        return Ok(false);
    }
    let path = settings.data.dir.join(FILE_NAME);
    let (mut kept, _) = kept_or_made(&path, random)?;
    kept.master_keys.insert(0, made_secret(random));
    replace(&path, &kept).map_err(|cause| SecretsError::File { path, cause })?;
    Ok(true)
}

fn take_master_keys(vault: &mut VaultSettings, keys: Vec<String>) {
    let mut keys = keys.into_iter();
    vault.master_key = keys.next().unwrap_or_default();
    vault.previous_master_keys.extend(keys);
}

fn check_vault(vault: &VaultSettings) -> Result<(), SecretsError> {
    if !vault.master_key.is_empty() {
        check_strength("vault.master_key", &vault.master_key)?;
    }
    let mut previous = vault.previous_master_keys.iter();
    previous.try_for_each(|key| check_strength("vault.previous_master_keys", key))
}

/// Whether the server would start with the secrets that are set, for those who only look.
pub fn check_secrets(settings: &Settings) -> Result<(), SecretsError> {
    check_vault(&settings.vault)?;
    check_given(settings)?;
    let mut tokens = settings.tokens.clone();
    derive_refresh_secrets(&mut tokens);
    if tokens.access_secret.is_empty() { Ok(()) } else { check(&tokens) }
}

/// What is not made up: secrets of tokens in production, all secrets in a cluster. A node that made
/// its own would sign people out who come from another one, and could not open what that one closed.
fn check_given(settings: &Settings) -> Result<(), SecretsError> {
    let is_cluster = settings.is_cluster();
    let is_production = settings.server.environment == PRODUCTION;
    let missing = |key| Err(SecretsError::Missing { key, is_cluster });
    if settings.tokens.access_secret.is_empty() && (is_production || is_cluster) {
        return missing("tokens.access_secret");
    }
    if settings.vault.master_key.is_empty() && is_cluster {
        return missing("vault.master_key");
    }
    Ok(())
}

/// One secret is enough: that of refresh tokens is then made from it, and in the same way for
/// secrets of before.
fn derive_refresh_secrets(tokens: &mut TokenSettings) {
    let derived = |secret: &String| format!("refresh of {secret}");
    if !tokens.access_secret.is_empty() && tokens.refresh_secret.is_empty() {
        tokens.refresh_secret = derived(&tokens.access_secret);
        tokens.previous_refresh_secrets.extend(tokens.previous_access_secrets.iter().map(derived));
    }
}

fn check(tokens: &TokenSettings) -> Result<(), SecretsError> {
    check_strength("tokens.access_secret", &tokens.access_secret)?;
    check_strength("tokens.refresh_secret", &tokens.refresh_secret)?;
    // Who guesses an old secret that still verifies signs in as anyone, as with the newest.
    for secret in &tokens.previous_access_secrets {
        check_strength("tokens.previous_access_secrets", secret)?;
    }
    for secret in &tokens.previous_refresh_secrets {
        check_strength("tokens.previous_refresh_secrets", secret)?;
    }
    let is_shared = std::iter::once(&tokens.access_secret)
        .chain(&tokens.previous_access_secrets)
        .any(|secret| {
            *secret == tokens.refresh_secret || tokens.previous_refresh_secrets.contains(secret)
        });
    if is_shared { Err(SecretsError::Same) } else { Ok(()) }
}

fn check_strength(key: &'static str, secret: &str) -> Result<(), SecretsError> {
    let lower = secret.to_lowercase();
    let is_default = ["changeme", "change-me", "your-secret", "secret-key", "example"]
        .iter()
        .any(|word| lower.contains(word));
    if secret.chars().count() < SECRET_CHARS_MIN || is_default {
        return Err(SecretsError::Weak { key });
    }
    Ok(())
}

fn kept_or_made(
    path: &PathBuf,
    random: &mut dyn FnMut() -> u128,
) -> Result<(Kept, bool), SecretsError> {
    let failed = |cause| SecretsError::File { path: path.clone(), cause };
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let mut kept: Kept =
                toml::from_str(&text).map_err(|cause| failed(std::io::Error::other(cause)))?;
            if kept.master_keys.is_empty() {
                kept.master_keys.push(made_secret(random));
                replace(path, &kept).map_err(failed)?;
            }
            Ok((kept, false))
        }
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            let mut secret = || made_secret(random);
            let kept = Kept {
                access_secret: secret(),
                refresh_secret: secret(),
                master_keys: vec![secret()],
            };
            write(path, &kept).map_err(failed)?;
            Ok((kept, true))
        }
        Err(cause) => Err(failed(cause)),
    }
}

/// 256 random bits.
fn made_secret(random: &mut dyn FnMut() -> u128) -> String {
    format!("{:032x}{:032x}", random(), random())
}

/// Writes beside the file and then puts the new one in its place: a crash leaves one of the two whole.
fn replace(path: &Path, kept: &Kept) -> std::io::Result<()> {
    let beside = path.with_extension("toml.new");
    match std::fs::remove_file(&beside) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(cause),
        Ok(()) | Err(_) => {}
    }
    write(&beside, kept)?;
    std::fs::rename(&beside, path)
}

fn write(path: &Path, kept: &Kept) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;

    let text = toml::to_string(kept).map_err(std::io::Error::other)?;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(
        file,
        "# Made on the first run. Who has this file can sign in as anyone, and read every stored password."
    )?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(dir: &std::path::Path) -> Settings {
        let mut settings = Settings::default();
        settings.data.dir = dir.to_owned();
        settings
    }

    #[test]
    fn secrets_are_made_once_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let mut number = 1_u128 << 100;
        let mut random = move || {
            number += 1;
            number
        };
        let mut first = settings(dir.path());
        assert!(complete_secrets(&mut first, &mut random).unwrap().is_some());
        let mut second = settings(dir.path());
        assert!(complete_secrets(&mut second, &mut random).unwrap().is_none());
        assert_eq!(first.tokens.access_secret, second.tokens.access_secret);
        assert_ne!(first.tokens.access_secret, first.tokens.refresh_secret);
    }

    #[test]
    fn a_file_from_before_the_vault_gets_a_key_and_a_new_key_comes_before_the_old_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE_NAME);
        let (access, refresh) = ("a".repeat(64), "b".repeat(64));
        let old = format!("access_secret = \"{access}\"\nrefresh_secret = \"{refresh}\"\n");
        std::fs::write(&path, old).unwrap();
        let mut number = 1_u128 << 100;
        let mut random = move || {
            number += 1;
            number
        };
        let mut first = settings(dir.path());
        assert!(complete_secrets(&mut first, &mut random).unwrap().is_none());
        assert_eq!(first.tokens.access_secret, access);
        assert!(renew_master_key(&settings(dir.path()), &mut random).unwrap());
        let mut second = settings(dir.path());
        complete_secrets(&mut second, &mut random).unwrap();
        assert_ne!(second.vault.master_key, first.vault.master_key);
        assert_eq!(second.vault.previous_master_keys, [first.vault.master_key]);
        assert!(!renew_master_key(&second, &mut random).unwrap(), "the operator has set it");
    }

    #[test]
    fn production_runs_without_a_vault_but_not_with_a_weak_key() {
        let dir = tempfile::tempdir().unwrap();
        let mut settings = settings(dir.path());
        settings.server.environment = "production".to_owned();
        settings.tokens.access_secret = "n".repeat(32);
        complete_secrets(&mut settings, &mut || 7).unwrap();
        assert_eq!(settings.vault.master_key, "");
        settings.vault.master_key = "short".to_owned();
        assert!(complete_secrets(&mut settings, &mut || 7).is_err());
    }

    #[test]
    fn a_secret_of_before_is_derived_and_checked_like_the_newest() {
        let dir = tempfile::tempdir().unwrap();
        let mut settings = settings(dir.path());
        settings.tokens.access_secret = "n".repeat(32);
        settings.tokens.previous_access_secrets = vec!["o".repeat(32)];
        complete_secrets(&mut settings, &mut || 7).unwrap();
        let derived = format!("refresh of {}", "o".repeat(32));
        assert_eq!(settings.tokens.previous_refresh_secrets, [derived]);
        settings.tokens.previous_access_secrets = vec!["short".to_owned()];
        assert!(check_secrets(&settings).is_err());
        settings.tokens.previous_access_secrets = vec![settings.tokens.refresh_secret.clone()];
        assert!(matches!(check_secrets(&settings), Err(SecretsError::Same)));
    }

    #[test]
    fn a_node_of_a_cluster_makes_no_secret_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let mut settings = settings(dir.path());
        settings.storage.kind = crate::config::StorageKind::Scylla;
        let refused = complete_secrets(&mut settings, &mut || 7).unwrap_err();
        assert!(refused.to_string().starts_with("tokens.access_secret must be set on every node"));
        settings.tokens.access_secret = "n".repeat(32);
        let refused = check_secrets(&settings).unwrap_err();
        assert!(refused.to_string().starts_with("vault.master_key must be set on every node"));
        settings.vault.master_key = "k".repeat(32);
        assert_eq!(complete_secrets(&mut settings, &mut || 7).unwrap(), None);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn production_refuses_missing_short_and_default_secrets() {
        let dir = tempfile::tempdir().unwrap();
        for secret in ["", "short", "changeme-changeme-changeme-changeme"] {
            let mut settings = settings(dir.path());
            settings.server.environment = "production".to_owned();
            settings.tokens.access_secret = secret.to_owned();
            assert!(complete_secrets(&mut settings, &mut || 7).is_err(), "{secret:?}");
        }
    }
}
