//! The guard's own threads.

use std::sync::Arc;

use super::world::grounds;
use crate::domain::Dialect;
use crate::query::guard::Guard;

#[tokio::test]
async fn checks_are_answered_from_threads_with_a_deep_stack() {
    let guard = Guard::start(2).unwrap();
    let grounds = Arc::new(grounds(Dialect::PostgreSql));
    let nested = format!("SELECT {}1{}", "(".repeat(60), ")".repeat(60));

    let accepted = guard.check("SELECT id FROM orders", grounds.clone()).await;
    let refused = guard.check("SELECT id FROM salaries", grounds.clone()).await;
    let deep = guard.check(nested, grounds).await;

    assert_eq!(accepted.unwrap().tables, ["public.orders"]);
    assert_eq!(refused.unwrap_err().rule, "table");
    assert!(deep.is_ok_and(|verdict| verdict.tables.is_empty()));
    assert_eq!(guard.panics(), 0);
}

#[tokio::test]
async fn many_checks_at_once_are_all_answered() {
    let guard = Guard::start(2).unwrap();
    let grounds = Arc::new(grounds(Dialect::Sqlite));
    let checks: Vec<_> = (0..200)
        .map(|number| {
            let (guard, grounds) = (guard.clone(), grounds.clone());
            tokio::spawn(async move {
                guard.check(format!("SELECT id + {number} FROM orders"), grounds).await
            })
        })
        .collect();

    for check in checks {
        assert!(check.await.unwrap().is_ok());
    }
}
