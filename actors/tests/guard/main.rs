//! The guard against the corpora: what must never run, and what analysts really ask.

mod engine;
mod properties;
mod shop;

use std::path::{Path, PathBuf};

use starling_actors::query::guard::{Grounds, STACK_BYTES, Verdict, check};

struct Case {
    name: String,
    sql: String,
}

fn corpus(kind: &str, dialect: &str) -> Vec<Case> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/corpus")
        .join(kind)
        .join(format!("{dialect}.sql"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let cases: Vec<Case> = format!("\n{text}")
        .split("\n--- ")
        .skip(1)
        .map(|entry| {
            let (name, sql) = entry.split_once('\n').unwrap_or((entry, ""));
            let sql = if name.contains(" !escaped") { unescaped(sql) } else { sql.to_owned() };
            let sql = if name.contains(" !repeat") { repeated(&sql) } else { sql };
            Case { name: name.to_owned(), sql }
        })
        .collect();
    assert!(cases.len() >= 100, "{} has {} entries only", path.display(), cases.len());
    cases
}

/// Characters that a file should not hold, written as `\\0` and `\\u202e`.
fn unescaped(sql: &str) -> String {
    let mut parts = sql.split("\\u");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_at(4);
        text.extend(u32::from_str_radix(code, 16).ok().and_then(char::from_u32));
        text.push_str(rest);
    }
    text.replace("\\0", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
}

/// `|||text||| 90 |||` is the text ninety times, with its number for `{n}`.
fn repeated(sql: &str) -> String {
    let mut parts = sql.split("|||");
    let mut text = parts.next().unwrap_or_default().to_owned();
    while let (Some(part), Some(count), Some(rest)) = (parts.next(), parts.next(), parts.next()) {
        let count: usize =
            count.trim().parse().unwrap_or_else(|_| panic!("{count:?} is no number"));
        text.extend((1..=count).map(|number| part.replace("{n}", &number.to_string())));
        text.push_str(rest);
    }
    text
}

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
