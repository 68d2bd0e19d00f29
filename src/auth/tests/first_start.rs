//! The first start, by one node and by several at once.

use starling_actors::domain::{OrgRole, Timestamp};
use tokio::time::Instant;

use super::*;

/// How long a node waits for another one that does nothing.
const PATIENCE: Duration = Duration::from_secs(10);

/// A node that starts on these records; each has random numbers of its own.
fn node(records: &Arc<MemoryRecords>, number: u64) -> Accounts {
    let (clock, bus) = (ManualClock::new(Timestamp(0), number), LocalBus::new());
    let records = Arc::clone(records) as Arc<dyn Records>;
    let settings = Settings::default();
    Accounts::new(records, Arc::new(clock), Arc::new(bus), &settings).expect("settings that fit")
}

async fn signs_in(accounts: &Accounts, admin: &FirstAdmin) -> SignedIn {
    let (identifier, password) = (admin.email.clone(), admin.password.clone());
    let credentials = Credentials { identifier, password, org_slug: None };
    accounts.log_in(credentials, Origin::default()).await.expect("signs in")
}

#[tokio::test]
async fn the_first_start_makes_the_superuser_once() {
    let records = Arc::default();
    let first = node(&records, 1).first_start(PATIENCE).await.unwrap().expect("an admin");
    let again = node(&records, 2);

    assert!(again.first_start(PATIENCE).await.unwrap().is_none());

    let admin = signs_in(&again, &first).await;
    assert!(admin.caller.is_superuser && admin.caller.role == OrgRole::Admin);
}

#[tokio::test]
async fn of_nodes_that_start_at_once_one_makes_the_admin_whom_all_know() {
    let records = Arc::default();
    let nodes = [1, 2, 3].map(|number| node(&records, number));

    let (one, two, three) = tokio::join!(
        nodes[0].first_start(PATIENCE),
        nodes[1].first_start(PATIENCE),
        nodes[2].first_start(PATIENCE),
    );

    let shown: Vec<_> = [one, two, three].into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(shown.len(), 1);
    for node in &nodes {
        signs_in(node, &shown[0]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_node_that_died_over_it_is_waited_for_and_then_replaced() {
    let records = Arc::default();
    node(&records, 1).turn(PATIENCE).await.unwrap().expect("its turn");
    let (next, began) = (node(&records, 2), Instant::now());

    let admin = next.first_start(PATIENCE).await.unwrap().expect("an admin");

    assert!(began.elapsed() >= PATIENCE);
    signs_in(&next, &admin).await;
}

#[tokio::test]
async fn a_node_that_was_held_up_shows_no_password_and_changes_nothing() {
    let records = Arc::default();
    let (slow, next) = (node(&records, 1), node(&records, 2));
    let lost = slow.turn(PATIENCE).await.unwrap().expect("its turn");
    let taken = next.turn(Duration::ZERO).await.unwrap().expect("its turn");

    assert!(
        slow.make_first(lost).await.unwrap().is_none(),
        "it made all, and is told that it is late"
    );
    let admin = next.make_first(taken).await.unwrap().expect("an admin");
    assert!(slow.make_first(lost).await.unwrap().is_none());

    signs_in(&next, &admin).await;
    assert!(slow.first_start(PATIENCE).await.unwrap().is_none());
}
