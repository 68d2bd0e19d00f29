//! The demo shop: a bookshop's database that the script makes, the same every time.

use std::path::Path;

use rusqlite::Connection;

/// Tables, and their rows by arithmetic.
const SCRIPT: &str = include_str!("../../demo/shop.sql");

/// Makes the shop's database at `out`, which must not be there yet. It is whole or not there.
pub fn build(out: &Path) -> std::io::Result<()> {
    let draft = out.with_extension("draft");
    let made = fill(&draft).map_err(std::io::Error::other);
    let made = made.and_then(|()| std::fs::rename(&draft, out));
    if made.is_err() {
        // What is left behind is of no use; the first error says why.
        std::fs::remove_file(&draft).ok();
    }
    made
}

fn fill(path: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open(path)?;
    // A file that is made anew after a crash needs no journal of its own.
    connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    connection.execute_batch(SCRIPT)?;
    connection.close().map_err(|(_, error)| error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shop_has_customers_orders_and_what_they_bought() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.sqlite");

        build(&path).unwrap();

        let connection = Connection::open(&path).unwrap();
        for (table, least) in [("customers", 400), ("orders", 5_000), ("order_items", 10_000)] {
            let sql = format!("SELECT count(*) FROM {table}");
            let rows: i64 = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
            assert!(rows >= least, "{table}: {rows}");
        }
        assert!(!path.with_extension("draft").exists());
    }
}
