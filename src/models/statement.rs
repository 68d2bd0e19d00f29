//! Statements within a text that claims to be SQL: where one ends, and what of it is comment.
//!
//! This is no parser and no wall: it only keeps a model's habits (comments, a semicolon at the end)
//! from costing a try. The guard judges what comes out.

use starling_actors::domain::Dialect;

/// Whether a backslash escapes within quotes.
pub(super) const fn escapes(dialect: Option<Dialect>) -> bool {
    matches!(dialect, Some(Dialect::MySql | Dialect::Snowflake))
}

/// The statements of a text, trimmed, without comments and semicolons; empty ones are none.
pub(super) fn statements(text: &str, escapes: bool) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let Some(current) = all.last_mut() else { break };
        match (letter, letters.peek()) {
            (';', _) => all.push(String::new()),
            ('-', Some('-')) => {
                current.push(' ');
                // The end of the line stays: it ends the comment and nothing else.
                while letters.next_if(|letter| *letter != '\n').is_some() {}
            }
            ('/', Some('*')) => {
                current.push(' ');
                letters.next();
                let mut before = ' ';
                for letter in letters.by_ref() {
                    if (before, letter) == ('*', '/') {
                        break;
                    }
                    before = letter;
                }
            }
            (quote @ ('\'' | '"' | '`'), _) => {
                current.push(quote);
                quoted(quote, escapes, &mut letters, current);
            }
            (letter, _) => current.push(letter),
        }
    }
    all.into_iter()
        .map(|statement| statement.trim().to_owned())
        .filter(|statement| !statement.is_empty())
        .collect()
}

/// Moves what is quoted, with its last quote. A doubled quote ends one and begins the next.
fn quoted(
    quote: char,
    escapes: bool,
    letters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    to: &mut String,
) {
    while let Some(letter) = letters.next() {
        to.push(letter);
        if letter == '\\' && escapes && quote != '`' {
            to.extend(letters.next());
        } else if letter == quote {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_semicolons_go_and_quotes_stay() {
        for (text, expected) in [
            ("SELECT 1;", vec!["SELECT 1"]),
            (" ;; ", vec![]),
            (
                "SELECT ';' AS \"a;b\", `c;d` -- ; x\nFROM t",
                vec!["SELECT ';' AS \"a;b\", `c;d`  \nFROM t"],
            ),
            ("SELECT 1 /* ; */ + 2; DROP TABLE t", vec!["SELECT 1   + 2", "DROP TABLE t"]),
            ("SELECT 'it''s; fine'", vec!["SELECT 'it''s; fine'"]),
            ("SELECT 1 /* open", vec!["SELECT 1"]),
            ("SELECT 'open; DROP", vec!["SELECT 'open; DROP"]),
            ("SELECT 'C:\\'; SELECT 2", vec!["SELECT 'C:\\'", "SELECT 2"]),
        ] {
            assert_eq!(statements(text, false), expected, "{text}");
        }
        assert_eq!(statements("SELECT 'it\\'s; fine'", true), ["SELECT 'it\\'s; fine'"]);
    }
}
