//! The contract of [`Records`], line by line.

use std::sync::Arc;

use crate::domain::OrgId;
use crate::ports::{Precondition, RecordKey, Records, RecordsError};

const ORG: OrgId = OrgId::from_u128(1);

fn key(parent: &str, id: &str) -> RecordKey {
    RecordKey { org: ORG, kind: "user".into(), parent: parent.into(), id: id.into() }
}

/// `put` stores only when the precondition holds, and then gives the new version.
pub async fn a_record_is_stored_only_under_its_precondition(records: Arc<dyn Records>) {
    let key = key("", "a");
    assert_eq!(records.put(&key, vec![1], Precondition::Absent).await, Ok(1));
    let again = records.put(&key, vec![2], Precondition::Absent).await;
    assert_eq!(again, Err(RecordsError::Conflict));
    let stale = records.put(&key, vec![2], Precondition::Version(7)).await;
    assert_eq!(stale, Err(RecordsError::Conflict));
    assert_eq!(records.put(&key, vec![3], Precondition::Version(1)).await, Ok(2));
    assert_eq!(records.put(&key, vec![4], Precondition::Any).await, Ok(3));
    let stored = records.get(&key).await.ok().flatten();
    assert_eq!(stored.map(|record| (record.version, record.body)), Some((3, vec![4])));
}

/// `list` gives the records of a parent in the order of their ids.
pub async fn a_list_is_in_the_order_of_ids_and_of_one_parent(records: Arc<dyn Records>) {
    for (parent, id) in [("p", "c"), ("p", "a"), ("q", "b"), ("p", "b")] {
        let stored = records.put(&key(parent, id), Vec::new(), Precondition::Any).await;
        assert_eq!(stored, Ok(1));
    }
    let ids = |list: Vec<crate::ports::Record>| {
        list.into_iter().map(|record| record.key.id).collect::<Vec<_>>()
    };
    let all = records.list(ORG, "user", "p", None, 10).await.map(ids);
    assert_eq!(all, Ok(vec!["a".into(), "b".into(), "c".into()]));
    let one = records.list(ORG, "user", "p", Some("a"), 1).await.map(ids);
    assert_eq!(one, Ok(vec!["b".into()]));
}

/// `get_all` gives what `get` would give for each key, in their order.
pub async fn many_records_come_in_the_order_of_their_keys(records: Arc<dyn Records>) {
    for (id, body) in [("a", 1), ("b", 2)] {
        assert_eq!(records.put(&key("", id), vec![body], Precondition::Any).await, Ok(1));
    }
    let keys = ["b", "missing", "a", "b"].map(|id| key("", id));
    let found = records.get_all(&keys).await;
    let bodies = |found: Vec<Option<crate::ports::Record>>| {
        found.into_iter().map(|record| record.map(|record| record.body)).collect::<Vec<_>>()
    };
    assert_eq!(found.map(bodies), Ok(vec![Some(vec![2]), None, Some(vec![1]), Some(vec![2])]));
    assert_eq!(records.get_all(&[]).await, Ok(Vec::new()));
}

/// A record of another organization is not found.
pub async fn a_record_of_another_organization_is_not_found(records: Arc<dyn Records>) {
    assert_eq!(records.put(&key("", "a"), Vec::new(), Precondition::Any).await, Ok(1));
    let elsewhere = RecordKey { org: OrgId::from_u128(2), ..key("", "a") };
    assert_eq!(records.get(&elsewhere).await, Ok(None));
    assert_eq!(records.delete(&elsewhere).await, Ok(false));
    assert_eq!(records.delete(&key("", "a")).await, Ok(true));
}

/// `claim` gives a key to one owner; `release` frees it only for its owner.
pub async fn a_key_belongs_to_one_owner_until_that_one_frees_it(records: Arc<dyn Records>) {
    let (one, two) = (key("", "one"), key("", "two"));
    for record in [&one, &two] {
        assert_eq!(records.put(record, Vec::new(), Precondition::Absent).await, Ok(1));
    }
    let claim = async |owner: &str| {
        let record = if owner == "one" { &one } else { &two };
        records.claim("email", "a@b", owner, record).await
    };
    assert_eq!(claim("one").await, Ok(()));
    assert_eq!(claim("one").await, Ok(()));
    assert_eq!(claim("two").await, Err(RecordsError::Conflict));
    assert_eq!(records.release("email", "a@b", "two").await, Ok(()));
    assert_eq!(records.claimed_by("email", "a@b").await, Ok(Some("one".into())));
    assert_eq!(records.release("email", "a@b", "one").await, Ok(()));
    assert_eq!(claim("two").await, Ok(()));
}
