//! The guard against the corpora: what must never run, and what analysts really ask.

mod engine;
mod properties;
#[path = "../../../tests/corpus/reader.rs"]
mod reader;
#[path = "../../../tests/corpus/shop.rs"]
mod shop;

use reader::corpus;
use starling_actors::query::guard::{Grounds, STACK_BYTES, Verdict, check};

/// Runs a test on a stack like that of the guard's own threads.
fn deep(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(test);
    if let Err(panic) = thread.map(std::thread::JoinHandle::join).expect("a thread") {
        std::panic::resume_unwind(panic);
    }
}

fn assert_stands(sql: &str, verdict: &Verdict, grounds: &Grounds) {
    let again = check(verdict.sql.as_str(), grounds)
        .unwrap_or_else(|error| panic!("{sql}\nbecame {:?}\n{error}", verdict.sql.as_str()));
    assert_eq!(again, *verdict, "{sql}");
}

#[test]
fn every_attack_is_refused() {
    deep(|| {
        let mut accepted = Vec::new();
        for (dialect, name) in shop::DIALECTS {
            let grounds = shop::grounds(dialect);
            for case in corpus("attacks", name) {
                if let Ok(verdict) = check(&case.sql, &grounds) {
                    accepted.push(format!("{name} {}\n    {}", case.name, verdict.sql.as_str()));
                }
            }
        }
        assert!(accepted.is_empty(), "{} accepted:\n{}", accepted.len(), accepted.join("\n"));
    });
}

#[test]
#[expect(clippy::print_stderr, reason = "the runner shows it on failure, or when asked")]
fn at_least_97_of_100_honest_queries_are_accepted_in_each_dialect() {
    deep(|| {
        let mut refused = Vec::new();
        let mut poor = Vec::new();
        for (dialect, name) in shop::DIALECTS {
            let grounds = shop::grounds(dialect);
            let cases = corpus("honest", name);
            let before = refused.len();
            for case in &cases {
                match check(&case.sql, &grounds) {
                    Ok(verdict) => assert_stands(&case.sql, &verdict, &grounds),
                    Err(error) => {
                        refused.push(format!("{name} {}\n    {}: {error}", case.name, error.rule))
                    }
                }
            }
            let share = 1.0 - (refused.len() - before) as f64 / cases.len() as f64;
            let line = format!(
                "{name}: {} of {} accepted",
                cases.len() + before - refused.len(),
                cases.len()
            );
            refused.push(line.clone());
            if share < 0.97 {
                poor.push(line);
            }
        }
        eprintln!("{}", refused.join("\n"));
        assert!(poor.is_empty(), "{poor:?}");
    });
}
