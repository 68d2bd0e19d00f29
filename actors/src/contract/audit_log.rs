//! The contract of [`AuditLog`], line by line.

use std::sync::Arc;

use crate::domain::{OrgId, Timestamp};
use crate::ports::{AuditFilter, AuditLog, AuditLogError, AuditRow};

const ORG: OrgId = OrgId::from_u128(1);

fn row(place: u64, action: &str, resource_type: &str) -> AuditRow {
    AuditRow {
        org: ORG,
        place,
        action: action.to_owned(),
        resource_type: resource_type.to_owned(),
        at: Timestamp(1_000 + place.cast_signed()),
        body: vec![u8::try_from(place).unwrap()],
        hash: [u8::try_from(place).unwrap(); 32],
    }
}

async fn filled(log: &dyn AuditLog) -> Vec<AuditRow> {
    let rows = vec![
        row(1, "query.run", "job"),
        row(2, "connection.create", "connection"),
        row(3, "query.run", "job"),
        row(4, "query.rejected", "job"),
    ];
    for row in &rows {
        assert_eq!(log.append(row.clone()).await, Ok(()));
    }
    rows
}

/// `append` stores a row only right after the newest one, and no row is ever changed.
pub async fn a_row_is_stored_only_after_the_newest_one(log: Arc<dyn AuditLog>) {
    assert_eq!(log.append(row(2, "a", "b")).await, Err(AuditLogError::Conflict));
    let rows = filled(&*log).await;
    for place in [0, 1, 4, 6] {
        let refused = log.append(row(place, "other", "other")).await;
        assert_eq!(refused, Err(AuditLogError::Conflict), "{place}");
    }
    assert_eq!(log.after(ORG, 0, 100).await, Ok(rows));
}

/// Of two appends to one place one is stored.
pub async fn of_two_rows_at_one_place_one_is_stored(log: Arc<dyn AuditLog>) {
    let (first, second) =
        tokio::join!(log.append(row(1, "a", "job")), log.append(row(1, "b", "job")));
    assert_ne!(first.is_ok(), second.is_ok());
    assert_eq!(log.after(ORG, 0, 100).await.map(|rows| rows.len()), Ok(1));
}

/// `newest` is the row with the highest place.
pub async fn the_newest_row_is_the_last_one(log: Arc<dyn AuditLog>) {
    assert_eq!(log.newest(ORG).await, Ok(None));
    let rows = filled(&*log).await;
    assert_eq!(log.newest(ORG).await, Ok(rows.last().cloned()));
}

/// `page` counts every row of the organization that matches, and gives a part of them, the newest
/// first.
pub async fn a_page_counts_all_and_shows_the_newest_first(log: Arc<dyn AuditLog>) {
    filled(&*log).await;
    let places = |(total, rows): (u64, Vec<AuditRow>)| {
        (total, rows.iter().map(|row| row.place).collect::<Vec<_>>())
    };
    let any = AuditFilter::default();
    assert_eq!(log.page(ORG, &any, 1, 2).await.map(places), Ok((4, vec![3, 2])));
    assert_eq!(log.page(ORG, &any, 9, 2).await.map(places), Ok((4, vec![])));
    let runs = AuditFilter { action: Some("query.run".to_owned()), ..AuditFilter::default() };
    assert_eq!(log.page(ORG, &runs, 0, 10).await.map(places), Ok((2, vec![3, 1])));
    let jobs = AuditFilter { resource_type: Some("job".to_owned()), action: None };
    assert_eq!(log.page(ORG, &jobs, 0, 1).await.map(places), Ok((3, vec![4])));
    let both = AuditFilter { resource_type: Some("connection".to_owned()), ..runs };
    assert_eq!(log.page(ORG, &both, 0, 10).await.map(places), Ok((0, vec![])));
}

/// `after` gives rows in the order of their places.
pub async fn rows_are_read_in_the_order_of_their_places(log: Arc<dyn AuditLog>) {
    let rows = filled(&*log).await;
    assert_eq!(log.after(ORG, 1, 2).await, Ok(rows[1..3].to_vec()));
    assert_eq!(log.after(ORG, 4, 2).await, Ok(Vec::new()));
}

/// Rows of another organization are not found, and `organizations` names each that has rows.
pub async fn organizations_do_not_see_each_other(log: Arc<dyn AuditLog>) {
    assert_eq!(log.organizations().await, Ok(Vec::new()));
    filled(&*log).await;
    let other = OrgId::from_u128(2);
    assert_eq!(log.newest(other).await, Ok(None));
    assert_eq!(log.after(other, 0, 10).await, Ok(Vec::new()));
    assert_eq!(log.page(other, &AuditFilter::default(), 0, 10).await, Ok((0, Vec::new())));
    let theirs = AuditRow { org: other, ..row(1, "query.run", "job") };
    assert_eq!(log.append(theirs).await, Ok(()));
    assert_eq!(log.organizations().await, Ok(vec![ORG, other]));
}
