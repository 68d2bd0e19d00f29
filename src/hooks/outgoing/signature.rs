//! The signature of Standard Webhooks, version 1: HMAC-SHA256 over id, time and body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use starling_actors::ports::Clock;

/// What secrets begin with, as the specification has it.
const PREFIX: &str = "whsec_";
/// Bytes of a secret that is made here; the specification takes 24 to 64.
const SECRET_BYTES: usize = 32;

/// A fresh secret.
pub(super) fn make_secret(clock: &dyn Clock) -> String {
    let mut bytes = [0; SECRET_BYTES];
    for part in bytes.chunks_mut(16) {
        part.copy_from_slice(&clock.random().to_be_bytes());
    }
    format!("{PREFIX}{}", STANDARD.encode(bytes))
}

/// The value of `webhook-signature` for one attempt; `None` for a secret that is none.
pub(super) fn signature(secret: &str, id: &str, seconds: i64, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).ok()?;
    for part in [id, ".", &seconds.to_string(), ".", body] {
        mac.update(part.as_bytes());
    }
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use starling_actors::memory::ManualClock;

    use super::*;

    #[test]
    fn the_specifications_own_example_comes_out() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let body = r#"{"test": 2432232314}"#;
        let signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signed.as_deref(), Some(expected));
    }

    #[test]
    fn a_fresh_secret_signs() {
        let secret = make_secret(&ManualClock::default());
        assert!(secret.starts_with(PREFIX) && signature(&secret, "a", 1, "b").is_some());
        assert_eq!(signature("secret", "a", 1, "b"), None);
    }
}
