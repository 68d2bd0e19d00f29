//! Reads the corpora, in the format that `README.md` tells. Included by every test that asks them.

const FILES: [(&str, &str, &str); 8] = [
    ("attacks", "mysql", include_str!("attacks/mysql.sql")),
    ("attacks", "postgresql", include_str!("attacks/postgresql.sql")),
    ("attacks", "snowflake", include_str!("attacks/snowflake.sql")),
    ("attacks", "sqlite", include_str!("attacks/sqlite.sql")),
    ("honest", "mysql", include_str!("honest/mysql.sql")),
    ("honest", "postgresql", include_str!("honest/postgresql.sql")),
    ("honest", "snowflake", include_str!("honest/snowflake.sql")),
    ("honest", "sqlite", include_str!("honest/sqlite.sql")),
];

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) sql: String,
}

/// All entries of one file.
pub(crate) fn corpus(kind: &str, dialect: &str) -> Vec<Case> {
    let is_meant = |file: &&(&str, &str, &str)| file.0 == kind && file.1 == dialect;
    let (_, _, text) = FILES.iter().find(is_meant).expect("a file of the corpora");
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
    assert!(cases.len() >= 100, "{kind}/{dialect}.sql has {} entries only", cases.len());
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
