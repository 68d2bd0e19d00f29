//! Passwords: which are taken, and their hashing off the runtime.
//!
//! Argon2id with 19 MiB, two passes and one lane (OWASP, Password Storage Cheat Sheet). At most as
//! many hashes run at once as there are processors, and a bounded number waits.
//!
//! **Invariant:** a check costs one hash, whether the account exists or not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use starling_actors::ports::Clock;
use tokio::sync::Semaphore;

/// Shortest password, in characters: what NIST SP 800-63B asks at least.
pub(super) const PASSWORD_CHARS_MIN: usize = 8;
/// Longest password, in characters: a passphrase fits, a hash of megabytes does not.
pub(super) const PASSWORD_CHARS_MAX: usize = 128;
/// Hashes that may wait for a processor. At about 40 ms each, the last one waits some 10 s on one
/// processor; more are told to come back.
const WAITING_MAX: usize = 256;
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Passwords that everyone tries first, of those long enough to be taken otherwise.
const COMMON: &str = include_str!("common_passwords.txt");

/// Why a password is not taken, as a sentence; `None` when it is.
pub(super) fn weakness(password: &str, email: &str, username: &str) -> Option<&'static str> {
    let chars = password.chars().count();
    if chars < PASSWORD_CHARS_MIN {
        return Some("must have at least 8 characters");
    }
    if chars > PASSWORD_CHARS_MAX {
        return Some("must have at most 128 characters");
    }
    let folded = password.to_lowercase();
    let mut letters = folded.chars();
    let first = letters.next();
    if letters.all(|letter| Some(letter) == first) {
        return Some("must not be one character repeated");
    }
    if COMMON.lines().any(|common| common == folded) {
        return Some("is one of the passwords that are tried first");
    }
    if folded == email.to_lowercase() || folded == username.to_lowercase() {
        return Some("must not be the e-mail or the user name");
    }
    None
}

/// The hasher cannot do it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum HashError {
    /// More sign-ins at once than the server can check.
    #[error("too many sign-ins at once")]
    Overloaded,
    /// The hash failed inside.
    #[error("the password could not be hashed")]
    Failed,
}

/// Hashes and checks passwords on blocking threads. Cheap to clone.
#[derive(Clone)]
pub(super) struct Hasher {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    clock: Arc<dyn Clock>,
    /// Checked against when there is no account, so that the work is the same.
    decoy: Arc<str>,
    /// Hashes done, so that a test can compare work without a clock.
    done: Arc<AtomicU64>,
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hasher")
    }
}

fn argon2() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| HashError::Failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str, salt: &[u8]) -> Result<String, HashError> {
    let hash: argon2::password_hash::phc::PasswordHash = argon2()?
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(|_| HashError::Failed)?;
    Ok(hash.to_string())
}

fn verify_now(password: &str, hash: &str) -> Result<bool, HashError> {
    let hash = PasswordHash::new(hash).map_err(|_| HashError::Failed)?;
    Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
}

impl Hasher {
    /// A hasher for this machine.
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let salt = clock.random().to_be_bytes();
        // Without a decoy there is no hiding; failing here would mean Argon2 itself is broken.
        let decoy = hash_now("a password that nobody has", &salt).unwrap_or_default();
        Self {
            running: Arc::new(Semaphore::new(processors)),
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
            clock,
            decoy: decoy.into(),
            done: Arc::default(),
        }
    }

    /// Passwords that wait for a processor or are being hashed.
    pub(super) fn waiting(&self) -> usize {
        WAITING_MAX.saturating_sub(self.waiting.available_permits())
    }

    /// Hashes a new password.
    pub(super) async fn hash(&self, password: &str) -> Result<String, HashError> {
        let (password, salt) = (password.to_owned(), self.clock.random().to_be_bytes());
        self.run(move || hash_now(&password, &salt)).await
    }

    /// Whether the password belongs to the hash; without a hash, the same work for `false`.
    pub(super) async fn verify(
        &self,
        password: &str,
        hash: Option<&str>,
    ) -> Result<bool, HashError> {
        // Longer ones were never taken; they are cut so that they cost no more than others.
        let password: String = password.chars().take(PASSWORD_CHARS_MAX + 1).collect();
        let is_known = hash.is_some();
        let hash = hash.unwrap_or(&self.decoy).to_owned();
        let is_right = self.run(move || verify_now(&password, &hash)).await?;
        Ok(is_right && is_known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let _place = self.waiting.try_acquire().map_err(|_| HashError::Overloaded)?;
        // The permit goes into the thread: a caller that gives up does not free a busy processor.
        let permit =
            Arc::clone(&self.running).acquire_owned().await.map_err(|_| HashError::Overloaded)?;
        self.done.fetch_add(1, Ordering::Relaxed);
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await
        .map_err(|_| HashError::Failed)?
    }

    /// Hashes done so far.
    #[cfg(test)]
    pub(super) fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }
}
