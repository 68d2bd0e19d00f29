//! Names of tables and columns out of what people wrote: not empty, not twice, not SQLite's own.

use std::collections::HashSet;

/// Letters of a name.
const LETTERS_MAX: usize = 60;

/// Names that are taken, whatever their case.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// A column's name; `place` counts from 1.
    pub(super) fn column(&mut self, written: &str, place: usize) -> String {
        let words: Vec<&str> =
            written.split(|c: char| c.is_whitespace() || c.is_control()).collect();
        let name: String = words.join(" ").trim().chars().take(LETTERS_MAX).collect();
        let name = if name.trim().is_empty() { format!("column_{place}") } else { name };
        self.free(name.trim())
    }

    /// A table's name: letters, digits and `_`.
    pub(super) fn table(&mut self, written: &str) -> String {
        let letter = |c: char| if c.is_alphanumeric() { c } else { '_' };
        let name: String = written.trim().chars().map(letter).take(LETTERS_MAX).collect();
        let name = name.trim_matches('_');
        let starts_well = name.chars().next().is_some_and(char::is_alphabetic);
        let is_own = name.to_ascii_lowercase().starts_with("sqlite");
        if starts_well && !is_own { self.free(name) } else { self.free(&format!("table_{name}")) }
    }

    fn free(&mut self, name: &str) -> String {
        let mut free = name.trim_end_matches('_').to_owned();
        let mut number = 2;
        while !self.taken.insert(free.to_lowercase()) {
            free = format!("{name}_{number}");
            number += 1;
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_empty_and_not_twice() {
        let mut names = Names::default();
        let columns: Vec<String> = ["Total", " total ", "", "two\nlines", ""]
            .iter()
            .enumerate()
            .map(|(place, name)| names.column(name, place + 1))
            .collect();
        assert_eq!(columns, ["Total", "total_2", "column_3", "two lines", "column_5"]);
    }

    #[test]
    fn names_of_tables_have_letters_and_digits_only() {
        let mut names = Names::default();
        let tables: Vec<String> = ["Q1 2024", "2024", "sqlite_schema", "Umsätze (neu)", "q1-2024"]
            .iter()
            .map(|name| names.table(name))
            .collect();
        let expected =
            ["Q1_2024", "table_2024", "table_sqlite_schema", "Umsätze__neu", "q1_2024_2"];
        assert_eq!(tables, expected);
    }
}
