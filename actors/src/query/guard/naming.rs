//! How a dialect compares and writes names, and which name was probably meant.
//!
//! An unquoted name is folded as the engine folds it. A name is written quoted, always; a name that
//! a quote, a backslash or a control character is part of is never written.

use sqlparser::ast::Ident;

use super::rejection::Rejection;
use crate::domain::Dialect;

/// PostgreSQL cuts names at 63 bytes, MySQL refuses past 64 characters: a name that is cut could
/// become another name.
const NAME_BYTES_MAX: usize = 63;
/// Column labels for people; MySQL's own limit for them, SQLite and Snowflake have none.
const LABEL_BYTES_MAX: usize = 255;

/// How names begin that engines keep for themselves.
const RESERVED_PREFIXES: &[&str] =
    &["pg_", "sqlite_", "information_schema", "performance_schema", "pragma_", "fts3_"];
/// Whole names that engines keep for themselves.
const RESERVED: &[&str] = &["mysql", "sys", "dual"];

/// The rules of one dialect.
#[derive(Clone, Copy, Debug)]
pub(super) struct Naming {
    dialect: Dialect,
}

impl Naming {
    pub(super) const fn new(dialect: Dialect) -> Self {
        Self { dialect }
    }

    /// The quote that names are written with.
    pub(super) const fn quote(self) -> char {
        match self.dialect {
            Dialect::MySql => '`',
            Dialect::PostgreSql | Dialect::Sqlite | Dialect::Snowflake => '"',
        }
    }

    /// The name that the engine takes an identifier for.
    pub(super) fn folded(self, ident: &Ident) -> String {
        match (ident.quote_style, self.dialect) {
            (None, Dialect::PostgreSql) => ident.value.to_ascii_lowercase(),
            (None, Dialect::Snowflake) => ident.value.to_ascii_uppercase(),
            (_, Dialect::MySql | Dialect::Sqlite)
            | (Some(_), Dialect::PostgreSql | Dialect::Snowflake) => ident.value.clone(),
        }
    }

    /// Whether the engine itself takes an identifier for this name.
    pub(super) fn is(self, ident: &Ident, name: &str) -> bool {
        let said = ident.value.bytes();
        match (ident.quote_style, self.dialect) {
            (None, Dialect::PostgreSql) => said.map(|c| c.to_ascii_lowercase()).eq(name.bytes()),
            (None, Dialect::Snowflake) => said.map(|c| c.to_ascii_uppercase()).eq(name.bytes()),
            (Some(_), Dialect::PostgreSql | Dialect::Snowflake) => ident.value == name,
            (_, Dialect::MySql | Dialect::Sqlite) => ident.value.eq_ignore_ascii_case(name),
        }
    }

    /// Whether somebody who forgot the quotes could have meant this name.
    pub(super) fn is_loosely(self, ident: &Ident, name: &str) -> bool {
        match (ident.quote_style, self.dialect) {
            (Some(_), Dialect::PostgreSql | Dialect::Snowflake) => ident.value == name,
            (None, _) | (Some(_), Dialect::MySql | Dialect::Sqlite) => {
                ident.value.eq_ignore_ascii_case(name)
            }
        }
    }

    /// The name among `names` that an identifier stands for: as the engine sees it, or else the one
    /// that differs by its case only.
    pub(super) fn find<'n>(
        self,
        ident: &Ident,
        names: &(impl Iterator<Item = &'n str> + Clone),
    ) -> Option<&'n str> {
        let folded = self.folded(ident);
        let exact = names.clone().find(|name| *name == folded);
        let same = || names.clone().find(|name| self.is(ident, name));
        let mut loose = names.clone().filter(|name| self.is_loosely(ident, name));
        exact.or_else(same).or_else(|| match (loose.next(), loose.next()) {
            (Some(only), None) => Some(only),
            (Some(first), Some(second)) if first == second => Some(first),
            (None, _) | (Some(_), Some(_)) => None,
        })
    }

    /// Writes a name that was resolved into its place.
    pub(super) fn write(self, ident: &mut Ident, name: &str) -> Result<(), Rejection> {
        if !is_writable(name) {
            let message = "a name with quotes, backslashes or control characters cannot be used";
            return Err(Rejection::of("name", ident, message));
        }
        name.clone_into(&mut ident.value);
        ident.quote_style = Some(self.quote());
        Ok(())
    }

    /// Checks and writes a name that the query itself gives to a relation; gives it as the engine
    /// knows it.
    pub(super) fn define(self, ident: &mut Ident) -> Result<String, Rejection> {
        let name = self.folded(ident);
        let lower = name.to_ascii_lowercase();
        let is_reserved = RESERVED.contains(&lower.as_str())
            || RESERVED_PREFIXES.iter().any(|prefix| lower.starts_with(prefix));
        if is_reserved {
            let message = format!("{name:?} is a name of the engine's own; choose another");
            return Err(Rejection::of("name", ident, message));
        }
        self.bounded(ident, &name, NAME_BYTES_MAX)?;
        self.write(ident, &name)?;
        Ok(name)
    }

    /// Checks and writes a name that the query gives to a column.
    pub(super) fn label(self, ident: &mut Ident) -> Result<String, Rejection> {
        let name = self.folded(ident);
        let bytes_max = match self.dialect {
            Dialect::PostgreSql => NAME_BYTES_MAX,
            Dialect::MySql | Dialect::Sqlite | Dialect::Snowflake => LABEL_BYTES_MAX,
        };
        self.bounded(ident, &name, bytes_max)?;
        self.write(ident, &name)?;
        Ok(name)
    }

    #[expect(clippy::unused_self, reason = "reads as one of the rules")]
    fn bounded(self, ident: &Ident, name: &str, bytes_max: usize) -> Result<(), Rejection> {
        if name.is_empty() || name.len() > bytes_max {
            let message = format!("a name has between 1 and {bytes_max} bytes");
            return Err(Rejection::of("name", ident, message));
        }
        Ok(())
    }
}

/// Whether a name can stand between quotes without meaning anything else in any mode of any engine.
fn is_writable(name: &str) -> bool {
    !name.is_empty()
        && !name.chars().any(|c| matches!(c, '"' | '`' | '\'' | '\\' | '[' | ']') || c.is_control())
}

/// ` Did you mean "…"?`, where one of the names is close.
pub(super) fn hint<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> String {
    if wrong.len() > LABEL_BYTES_MAX {
        // Longer than any name: comparing it with each would only take time.
        return String::new();
    }
    let wrong = wrong.to_lowercase();
    let allowed = (wrong.chars().count() / 3).clamp(1, 3);
    names
        .map(|name| (distance(&wrong, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map_or_else(String::new, |(_, name)| format!("; did you mean {name:?}?"))
}

/// Levenshtein's distance, with underscores for free: `invoice_line` is `InvoiceLine`.
fn distance(left: &str, right: &str) -> usize {
    let plain = |text: &str| text.chars().filter(|c| *c != '_').collect::<Vec<_>>();
    let (left, right) = (plain(left), plain(right));
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
