//! The audit trail: whole, read, and tampered with.

use starling_actors::ports::{AuditEvent, AuditFilter, AuditRow, AuditTrail};

use super::*;
use crate::data::DataError;

fn event(number: usize) -> AuditEvent {
    AuditEvent {
        org: ORG,
        user: Some(UserId::from_u128(10)),
        action: if number.is_multiple_of(2) { "query.run" } else { "query.rejected" },
        resource_type: "job",
        resource_id: number.to_string(),
        ip_address: None,
        details: vec![("sql", "SELECT 1".to_owned())],
    }
}

#[tokio::test]
async fn entries_asked_for_at_once_are_all_there_and_whole() {
    let world = World::new();
    let data = world.data().await;
    // Another server over the same stores writes in between.
    let other = world.data().await;
    let both = (0..40).map(|number| {
        let data = if number % 3 == 0 { other.clone() } else { data.clone() };
        async move { data.append(event(number)).await }
    });
    let outcomes = futures_util::future::join_all(both).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    let verified = data.verify_audit().await.unwrap();
    assert_eq!((verified[0].entries, verified[0].broken), (40, None));
}

type Change = fn(&mut AuditRow);

#[tokio::test]
async fn a_changed_entry_is_the_first_broken_one() {
    let changes: [(&str, Change); 4] = [
        ("words", |row| row.body[20] ^= 1),
        ("hash", |row| row.hash[0] ^= 1),
        ("action", |row| row.action = "query.rejected".to_owned()),
        ("place", |row| row.place = 9),
    ];
    for (what, change) in changes {
        let world = World::new();
        let data = world.data().await;
        for number in 0..6 {
            data.append(event(number * 2)).await.unwrap();
        }
        world.audit_log.tamper(ORG, 4, change);
        let verified = data.verify_audit().await.unwrap();
        assert_eq!(verified[0].entries, 3, "{what}");
        assert!(verified[0].broken.is_some(), "{what}");
    }
}

#[tokio::test]
async fn admins_read_the_trail_newest_first_and_by_action() {
    let data = World::new().data().await;
    let id = connected(&data, "Shop").await;
    for number in 0..5 {
        data.append(event(number)).await.unwrap();
    }
    let page = data.audit(&admin(), &AuditFilter::default(), 1, 2).await.unwrap();
    let ids = page.items.iter().map(|item| item.resource_id.as_str()).collect::<Vec<_>>();
    assert_eq!((page.total, ids), (6, vec!["3", "2"]));
    let made = AuditFilter { action: Some("connection.create".to_owned()), resource_type: None };
    let page = data.audit(&admin(), &made, 0, 10).await.unwrap();
    let [item] = page.items.as_slice() else { panic!("{page:?}") };
    assert_eq!(item.resource_id, id.to_string());
    assert_eq!(item.ip_address.as_deref(), Some("192.0.2.1"));
    assert!(!format!("{item:?}").contains("hunter"));
    let refused = data.audit(&analyst(), &made, 0, 10).await;
    assert!(matches!(refused, Err(DataError::Forbidden(_))));
    let elsewhere = person(OTHER, 10, OrgRole::Admin);
    assert_eq!(data.audit(&elsewhere, &AuditFilter::default(), 0, 10).await.unwrap().total, 0);
}
