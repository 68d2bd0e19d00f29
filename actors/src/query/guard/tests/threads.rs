//! The guard's own threads.

use std::sync::Arc;

use parking_lot::Mutex;

use super::world::grounds;
use crate::domain::Dialect;
use crate::query::guard::pool::Check;
use crate::query::guard::{Guard, QUEUE_MAX, check};

#[tokio::test]
async fn checks_are_answered_from_threads_with_a_deep_stack() {
    let guard = Guard::start(2, || {}).unwrap();
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
    let guard = Guard::start(2, || {}).unwrap();
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

#[tokio::test]
async fn a_check_that_panics_is_refused_and_counted_and_the_next_one_is_answered() {
    let fragile: Check = Arc::new(|sql: &str, grounds: &_| {
        assert!(!sql.contains("boom"), "a bug of the guard");
        check(sql, grounds)
    });
    let guard = Guard::start_with(1, || {}, &fragile).unwrap();
    let grounds = Arc::new(grounds(Dialect::Sqlite));

    let refused = guard.check("SELECT 'boom'", grounds.clone()).await;
    let accepted = guard.check("SELECT 1", grounds).await;

    assert_eq!(refused.unwrap_err().rule, "internal");
    assert!(accepted.is_ok());
    assert_eq!(guard.panics(), 1);
}

#[tokio::test]
async fn a_check_is_refused_when_too_many_wait() {
    let (gate, shut) = std::sync::mpsc::channel::<()>();
    let shut = Mutex::new(shut);
    let slow: Check = Arc::new(move |sql: &str, grounds: &_| {
        shut.lock().recv().unwrap_err();
        check(sql, grounds)
    });
    let guard = Guard::start_with(1, || {}, &slow).unwrap();
    let grounds = Arc::new(grounds(Dialect::Sqlite));

    // One more than wait can be with the thread already.
    let mut waiting: Vec<_> =
        (0..QUEUE_MAX + 2).map(|_| Box::pin(guard.check("SELECT 1", grounds.clone()))).collect();
    let mut refused = 0;
    for check in &mut waiting {
        let answer = tokio::time::timeout(std::time::Duration::ZERO, check).await;
        refused += usize::from(answer.is_ok_and(|answer| answer.unwrap_err().rule == "busy"));
    }
    drop(gate);

    assert!((1..=2).contains(&refused), "{refused} were refused");
}
