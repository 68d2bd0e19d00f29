//! Records and unique keys: the suite, claims that were never finished, and writers at once.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use starling_actors::domain::OrgId;
use starling_actors::ports::{Precondition, RecordKey, Records, RecordsError};

use super::salted_store::Salted;
use super::shared_store;
use crate::adapters::scylla::settle::Outcome;

fn fresh() -> (Arc<dyn Records>, ()) {
    (Salted::new(shared_store().records()), ())
}

mod suite {
    use super::fresh;
    starling_actors::records_suite!(fresh);
}

fn key(id: &str) -> RecordKey {
    RecordKey {
        org: OrgId::from_u128(1),
        kind: "user".into(),
        parent: String::new(),
        id: id.into(),
    }
}

/// Asks until the answer is the one, for at most half a minute.
pub(super) async fn until<T: PartialEq, A: Future<Output = T>>(wanted: T, ask: impl Fn() -> A) {
    let asked = async {
        while ask().await != wanted {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asked).await.unwrap();
}

/// Records whose unfinished claims are looked after within a second.
fn hasty() -> Arc<Salted<impl Records>> {
    Salted::new(shared_store().records().with_pending_seconds(1))
}

#[tokio::test]
async fn a_claim_whose_record_never_came_goes_to_the_next_who_asks() {
    let records = hasty();
    records.claim("email", "a@b", "one", &key("one")).await.unwrap();

    let two = key("two");
    until(Ok(()), || records.claim("email", "a@b", "two", &two)).await;

    assert_eq!(records.claimed_by("email", "a@b").await, Ok(Some("two".into())));
    // The first claimant was only slow: it cannot finish any more, and leaves no trace.
    let late = records.put(&key("one"), Vec::new(), Precondition::Absent).await;
    assert_eq!(late, Err(RecordsError::Conflict));
    let late = records.put(&key("one"), Vec::new(), Precondition::Any).await;
    assert_eq!(late, Err(RecordsError::Conflict));
    assert_eq!(records.get(&key("one")).await, Ok(None));
    assert_eq!(records.list(OrgId::from_u128(1), "user", "", None, 9).await, Ok(Vec::new()));
    assert_eq!(records.delete(&key("one")).await, Ok(false));
    assert_eq!(records.put(&key("two"), Vec::new(), Precondition::Absent).await, Ok(1));
}

#[tokio::test]
async fn a_claim_is_left_alone_at_first_and_for_good_once_its_record_is_there() {
    let records = hasty();
    let patient = Salted { salt: records.salt, inner: shared_store().records() };
    patient.claim("email", "a@b", "one", &key("one")).await.unwrap();
    let refused = patient.claim("email", "a@b", "two", &key("two")).await;
    assert_eq!(refused, Err(RecordsError::Conflict));

    records.claim("email", "c@d", "one", &key("one")).await.unwrap();
    records.put(&key("one"), Vec::new(), Precondition::Absent).await.unwrap();
    // One second is over when a claim of the same age is given away.
    records.claim("email", "e@f", "ghost", &key("ghost")).await.unwrap();
    let two = key("two");
    until(Ok(()), || records.claim("email", "e@f", "two", &two)).await;

    let refused = records.claim("email", "c@d", "two", &key("two")).await;
    assert_eq!(refused, Err(RecordsError::Conflict));
}

#[tokio::test]
async fn of_many_who_claim_one_key_at_once_one_has_it() {
    let records: Arc<dyn Records> = fresh().0;
    let names = ["a", "b", "c", "d"];
    let claims = names.map(|name| {
        let records = Arc::clone(&records);
        tokio::spawn(async move { records.claim("email", "a@b", name, &key(name)).await })
    });
    let mut winners = Vec::new();
    for (name, claim) in names.into_iter().zip(claims) {
        winners.extend(claim.await.unwrap().is_ok().then_some(name.to_owned()));
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(records.claimed_by("email", "a@b").await, Ok(winners.pop()));
}

#[tokio::test]
async fn writers_of_one_record_at_once_never_overwrite_each_other() {
    let records: Arc<dyn Records> = fresh().0;
    let count = async |records: Arc<dyn Records>| {
        for _ in 0..5 {
            loop {
                let stored = records.get(&key("n")).await.unwrap();
                let (when, body) = stored.map_or((Precondition::Absent, 0), |record| {
                    (Precondition::Version(record.version), record.body[0])
                });
                match records.put(&key("n"), vec![body + 1], when).await {
                    Ok(_) => break,
                    Err(RecordsError::Conflict) => {}
                    Err(RecordsError::Unavailable | RecordsError::Unknown) => {
                        panic!("the database is unavailable")
                    }
                }
            }
        }
    };
    tokio::join!(
        count(Arc::clone(&records)),
        count(Arc::clone(&records)),
        count(Arc::clone(&records))
    );
    let stored = records.get(&key("n")).await.unwrap().unwrap();
    assert_eq!((stored.version, stored.body), (15, vec![15]));
}

#[tokio::test]
async fn a_writer_whose_answer_was_lost_finds_its_version_among_the_last() {
    let records = shared_store().records();
    let key = RecordKey { org: OrgId::from_u128(rand::random()), ..key("a") };
    assert_eq!(records.has_mark(&key, 1, 7).await, Ok(Some(false)));
    assert_eq!(records.make_version(&key, 1, &[1], 7).await, Ok(Outcome::Applied));
    assert_eq!(records.make_version(&key, 2, &[2], 8).await, Ok(Outcome::Applied));

    assert_eq!(records.has_mark(&key, 1, 7).await, Ok(Some(true)));
    assert_eq!(records.has_mark(&key, 2, 8).await, Ok(Some(true)));
    assert_eq!(records.has_mark(&key, 2, 7).await, Ok(Some(false)));
    for _ in 0..20 {
        records.put(&key, Vec::new(), Precondition::Any).await.unwrap();
    }
    assert_eq!(records.has_mark(&key, 1, 7).await, Ok(None));
}

#[tokio::test]
async fn a_list_longer_than_a_page_comes_whole() {
    let records: Arc<dyn Records> = fresh().0;
    let ids: Vec<String> = (0..620).map(|number| format!("{number:04}")).collect();
    for ids in ids.chunks(62) {
        let stored = ids.iter().map(|id| {
            let records = Arc::clone(&records);
            async move { records.put(&key(id), Vec::new(), Precondition::Absent).await.unwrap() }
        });
        futures_util::future::join_all(stored).await;
    }
    let listed = records.list(OrgId::from_u128(1), "user", "", None, usize::MAX).await.unwrap();
    let listed: Vec<String> = listed.into_iter().map(|record| record.key.id).collect();
    assert_eq!(listed, ids);
}
