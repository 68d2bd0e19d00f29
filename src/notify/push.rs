//! One push to one browser: sealed so that only the browser reads it (RFC 8291), signed so that its push
//! service knows who comes (RFC 8292), through the guard on the way out.
//!
//! **Invariant:** an address that a person's browser named is called like any other of theirs: only what
//! the guard admits, by TLS unless it never leaves this machine, no redirects, nothing told of what answered.

mod key;
mod seal;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{StatusCode, Url};
use sha2::{Digest, Sha256};
use starling_actors::ports::Clock;

use self::key::PushKey;
use self::seal::{Recipient, seal};
use super::NotifySettings;
use super::stored::StoredSubscription;
use crate::data::Vault;
use crate::egress::{Egress, EgressError};

pub(super) use self::key::KeyError;
pub(super) use self::seal::is_recipient;

/// How long a push service may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long it keeps what it cannot hand on: a browser that was off over night still shows it.
const KEPT_SECONDS: &str = "86400";
/// The longest pause that a push service may ask for, in milliseconds.
const PAUSE_MS_MAX: i64 = 6 * 3_600_000;
/// What is said of an endpoint that no browser gives.
const NO_ADDRESS: &str = "must be the https:// address of a push service";
/// What is said of one that is not to be called.
const REFUSED: &str = "leads to a push service that this server cannot call, or may not (its operator can allow it: egress.pushes)";
/// As whom the server calls.
const USER_AGENT: &str = concat!("Starling-Push/", env!("CARGO_PKG_VERSION"));

/// How much a browser's battery may be asked for it (RFC 8030, section 5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    /// Somebody waits.
    High,
    /// It may wait a little.
    Normal,
}

/// What came of a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pushed {
    /// The push service has it.
    Taken,
    /// The browser is there no more.
    Gone,
    /// It will never be taken.
    Refused(String),
    /// It may be taken after so many milliseconds; 0: when we like.
    Later(i64),
}

/// Sends pushes. Holds the key that signs them.
pub(super) struct PushClient {
    egress: Egress,
    client: reqwest::Client,
    vault: Vault,
    clock: Arc<dyn Clock>,
    key: tokio::sync::OnceCell<PushKey>,
}

impl PushClient {
    /// Behind a guard.
    pub(super) fn new(
        egress: &Egress,
        vault: Vault,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, reqwest::Error> {
        let client = egress.client().user_agent(USER_AGENT).timeout(TIMEOUT).build()?;
        Ok(Self { egress: egress.clone(), client, vault, clock, key: tokio::sync::OnceCell::new() })
    }

    /// Whether an address may be called, as far as can be said without looking up its name; why not, for
    /// whoever named it.
    pub(super) fn check(&self, endpoint: &str) -> Result<Url, &'static str> {
        let url = self.egress.check(endpoint).map_err(|error| match error {
            EgressError::Malformed | EgressError::Unresolved => NO_ADDRESS,
            EgressError::Credentials => "must not hold a user name or password",
            EgressError::Refused => REFUSED,
        })?;
        if url.scheme() == "https" || is_here(&url) { Ok(url) } else { Err(NO_ADDRESS) }
    }

    /// Whether what the name leads to may be called. A name that nobody knows is answered like one that is
    /// refused: by the difference anyone could ask which names this network has.
    pub(super) async fn check_name(&self, url: &Url) -> Result<(), &'static str> {
        let host = url.host_str().ok_or(NO_ADDRESS)?;
        let port = url.port_or_known_default().ok_or(NO_ADDRESS)?;
        self.egress.resolve(host, port).await.map(drop).map_err(|_| REFUSED)
    }

    /// Pushes something to a browser; of two with one tag a push service keeps the later.
    pub(super) async fn send(
        &self,
        settings: &NotifySettings,
        browser: &StoredSubscription,
        (payload, tag): (&str, &str),
        urgency: Urgency,
    ) -> Pushed {
        let Some(key) = self.key.get() else { return Pushed::Later(0) };
        let Ok(url) = self.check(&browser.endpoint) else {
            return Pushed::Refused("the server may not call its push service".to_owned());
        };
        let Some(recipient) = Recipient::read(&browser.p256dh, &browser.auth) else {
            return Pushed::Gone;
        };
        let Some(body) = seal(&recipient, payload.as_bytes(), &*self.clock) else {
            return Pushed::Refused("it could not be sealed".to_owned());
        };
        let audience = url.origin().ascii_serialization();
        let signed = key.authorization(&audience, &settings.push_contact, self.clock.now());
        let request = self
            .client
            .post(url)
            .header(AUTHORIZATION, signed)
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_ENCODING, "aes128gcm")
            .header("ttl", KEPT_SECONDS)
            .header("urgency", if urgency == Urgency::High { "high" } else { "normal" })
            .header("topic", topic_of(tag))
            .body(body);
        match request.send().await {
            Ok(answer) => outcome(&answer),
            // Not why: what a name resolved to, and what listens there, is nothing to be asked by pushes.
            Err(_) => Pushed::Later(0),
        }
    }
}

/// Whether an address leads to this machine itself, which no network comes between: browsers, too, take such a
/// place for safe without TLS.
fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn outcome(answer: &reqwest::Response) -> Pushed {
    let status = answer.status();
    match status {
        _ if status.is_success() => Pushed::Taken,
        StatusCode::NOT_FOUND | StatusCode::GONE => Pushed::Gone,
        StatusCode::TOO_MANY_REQUESTS => Pushed::Later(asked_pause_ms(answer)),
        _ if status.is_server_error() => Pushed::Later(asked_pause_ms(answer)),
        _ => Pushed::Refused(format!("it answered with status {}", status.as_u16())),
    }
}

fn asked_pause_ms(answer: &reqwest::Response) -> i64 {
    let seconds = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let seconds: Option<i64> = seconds.and_then(|text| text.trim().parse().ok());
    seconds.unwrap_or_default().clamp(0, PAUSE_MS_MAX / 1_000) * 1_000
}

/// A name for what replaces what: at most 32 signs that tell nobody the channel (RFC 8030, section 5.4).
fn topic_of(tag: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(tag.as_bytes())[..18])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_fits_and_names_no_channel() {
        let topic = topic_of("0198f1f0-0000-7000-8000-000000000001");
        assert!(topic.len() <= 32 && !topic.contains("0198f1f0"));
        assert_eq!(topic, topic_of("0198f1f0-0000-7000-8000-000000000001"));
    }
}
