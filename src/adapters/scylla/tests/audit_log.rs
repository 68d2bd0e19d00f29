//! The audit log: the suite, in one block and over the ends of several.

use std::sync::Arc;

use starling_actors::domain::{OrgId, Timestamp};
use starling_actors::ports::{AuditFilter, AuditLog, AuditLogError, AuditRow};

use super::salted_store::Salted;
use super::shared_store;

fn in_one_block() -> (Arc<dyn AuditLog>, ()) {
    (Salted::new(shared_store().audit_log()), ())
}

/// Every third row begins a block.
fn in_small_blocks() -> (Arc<dyn AuditLog>, ()) {
    (Salted::new(shared_store().audit_log().with_block_places(3)), ())
}

mod one_block {
    use super::in_one_block;
    starling_actors::audit_log_suite!(in_one_block);
}

mod small_blocks {
    use super::in_small_blocks;
    starling_actors::audit_log_suite!(in_small_blocks);
}

#[tokio::test]
async fn pages_and_counts_run_over_the_ends_of_blocks() {
    let (log, ()) = in_small_blocks();
    let org = OrgId::from_u128(1);
    let action = |place: u64| if place.is_multiple_of(4) { "rare" } else { "usual" };
    for place in 1..=20_u64 {
        let row = AuditRow {
            org,
            place,
            action: action(place).to_owned(),
            resource_type: "job".to_owned(),
            at: Timestamp(place.cast_signed()),
            body: Vec::new(),
            hash: [u8::try_from(place).unwrap(); 32],
        };
        assert_eq!(log.append(row).await, Ok(()));
    }
    let places = |(total, rows): (u64, Vec<AuditRow>)| {
        (total, rows.iter().map(|row| row.place).collect::<Vec<_>>())
    };
    let rare = AuditFilter { action: Some("rare".to_owned()), ..AuditFilter::default() };
    assert_eq!(log.page(org, &rare, 0, 9).await.map(places), Ok((5, vec![20, 16, 12, 8, 4])));
    assert_eq!(log.page(org, &rare, 1, 2).await.map(places), Ok((5, vec![16, 12])));
    let jobs = AuditFilter { resource_type: Some("job".to_owned()), ..AuditFilter::default() };
    assert_eq!(log.page(org, &jobs, 4, 3).await.map(places), Ok((20, vec![16, 15, 14])));
    let any = AuditFilter::default();
    assert_eq!(log.page(org, &any, 0, 4).await.map(places), Ok((20, vec![20, 19, 18, 17])));
    let after = log.after(org, 5, 6).await.unwrap();
    assert_eq!(after.iter().map(|row| row.place).collect::<Vec<_>>(), [6, 7, 8, 9, 10, 11]);
}

#[tokio::test]
async fn writers_at_once_leave_no_hole_and_no_place_twice() {
    let (log, ()) = in_small_blocks();
    let org = OrgId::from_u128(1);
    let write = async |log: Arc<dyn AuditLog>, action: &str| {
        for _ in 0..4 {
            loop {
                let newest = log.newest(org).await.unwrap();
                let row = AuditRow {
                    org,
                    place: newest.map_or(0, |row| row.place) + 1,
                    action: action.to_owned(),
                    resource_type: "job".to_owned(),
                    at: Timestamp(1),
                    body: Vec::new(),
                    hash: [0; 32],
                };
                match log.append(row).await {
                    Ok(()) => break,
                    Err(AuditLogError::Conflict) => {}
                    Err(AuditLogError::Unavailable) => panic!("the database is unavailable"),
                }
            }
        }
    };
    tokio::join!(write(Arc::clone(&log), "a"), write(Arc::clone(&log), "b"));
    let rows = log.after(org, 0, 100).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.place).collect::<Vec<_>>(), Vec::from_iter(1..=8));
    let a = AuditFilter { action: Some("a".to_owned()), ..AuditFilter::default() };
    assert_eq!(log.page(org, &a, 0, 9).await.map(|(total, _)| total), Ok(4));
}
