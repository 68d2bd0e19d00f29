//! A Redis that asks for a password and speaks TLS only.

use super::*;

/// What `tests/services.sh` says of it: its address with the password, and the authority's certificate.
#[allow(clippy::disallowed_methods, reason = "tests find their services in the environment")]
fn secured() -> (String, String) {
    let of = |name: &str| {
        let value = std::env::var(name);
        value.unwrap_or_else(|_| panic!("{name} is not set: run this by tests/services.sh"))
    };
    let authority = std::fs::read_to_string(of("STARLING_TEST_AUTHORITY")).unwrap();
    (of("STARLING_TEST_REDIS_SECURED"), authority)
}

fn open(url: &str, authority: &str) -> Redis {
    Redis::open(url, authority, &format!("test-{:x}", rand::random::<u64>())).unwrap()
}

#[tokio::test]
async fn nodes_hear_each_other_over_tls_by_password() {
    let (url, authority) = secured();
    let redis = open(&url, &authority);
    let mut running = Running(Vec::new());

    let (here, there) = (running.bus(&redis, 1), running.bus(&redis, 2));
    let (ear, _near) = Ear::on(&here, &there, TOPIC).await;

    assert!(redis.refusal().await.is_none());
    ear.hears(&there, TOPIC).await;
    let limits = RedisLimits::new(redis);
    // Its first connection may take longer than a count is waited for.
    until(async || limits.take(&[limit("ann", 1_000, 1_000)]).await.is_ok()).await;
}

#[tokio::test]
async fn a_wrong_password_and_an_untrusted_certificate_are_told_and_an_absence_is_not() {
    let (url, authority) = secured();
    let wrong = url.replace(":secret@", ":wrong@");
    let none = url.replace(":secret@", "");
    assert!(wrong != url && none != url);

    let told = open(&wrong, &authority).refusal().await.expect("a refusal").to_string();
    assert!(told.to_lowercase().contains("authentication"), "{told}");
    assert!(open(&none, &authority).refusal().await.is_some(), "no password");
    let told = open(&url, "").refusal().await.expect("a refusal").to_string();
    assert!(told.contains("certificate"), "{told}");
    let elsewhere = open("rediss://localhost:1", &authority);
    assert!(elsewhere.refusal().await.is_none());
}
