//! What the role of a session may do beyond reading.

use starling_actors::ports::Tested;
use tokio_postgres::{Client, Error};

use super::super::Target;
use super::session::Session;

/// Things that the role could write which are listed; a person only needs to see that there are some.
const WRITABLE_MAX: i64 = 20;

/// Why no query should run under the session's role, if it is so: a read-only transaction does not
/// hold such roles back (a superuser's functions read files and start programs).
pub(super) async fn privilege(client: &Client) -> Result<Option<String>, Error> {
    const ASKED: &str = "
        SELECT concat_ws(', ',
            CASE WHEN r.rolsuper THEN 'superuser' END,
            CASE WHEN r.rolcreaterole THEN 'may create roles' END,
            CASE WHEN r.rolreplication THEN 'may replicate' END,
            (SELECT string_agg('member of ' || g.rolname, ', ' ORDER BY g.rolname)
             FROM pg_catalog.pg_roles AS g
             WHERE g.rolname IN ('pg_execute_server_program', 'pg_read_server_files',
                                 'pg_write_server_files')
               AND NOT r.rolsuper AND pg_catalog.pg_has_role(g.oid, 'MEMBER')))
        FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user";
    let row = client.query_one(ASKED, &[]).await?;
    let words: String = row.try_get(0)?;
    Ok((!words.is_empty()).then_some(words))
}

/// The report of a test of the connection.
pub(super) async fn tested(session: &Session, target: &Target) -> Result<Tested, Error> {
    const TABLES: &str = "
        SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
          AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
          AND ($1::text IS NULL OR n.nspname = $1)
          AND has_schema_privilege(n.oid, 'USAGE')
          AND has_any_column_privilege(c.oid, 'SELECT')";
    const WRITABLE: &str = "
        SELECT words FROM (
            SELECT 1 AS place, 'CREATE in database ' || current_database() AS words
            WHERE has_database_privilege(current_database(), 'CREATE')
            UNION ALL
            SELECT 2, 'CREATE in schema ' || nspname FROM pg_namespace
            WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
              AND has_schema_privilege(oid, 'CREATE')
            UNION ALL
            SELECT 3, concat_ws(', ',
                CASE WHEN has_any_column_privilege(c.oid, 'INSERT') THEN 'INSERT' END,
                CASE WHEN has_any_column_privilege(c.oid, 'UPDATE') THEN 'UPDATE' END,
                CASE WHEN has_table_privilege(c.oid, 'DELETE') THEN 'DELETE' END,
                CASE WHEN has_table_privilege(c.oid, 'TRUNCATE') THEN 'TRUNCATE' END)
                || ' on ' || n.nspname || '.' || c.relname
            FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'f')
              AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
              AND has_schema_privilege(n.oid, 'USAGE')
              AND (has_table_privilege(c.oid, 'DELETE, TRUNCATE')
                   OR has_any_column_privilege(c.oid, 'INSERT, UPDATE'))
        ) AS found ORDER BY place, words LIMIT $1";
    let client = session.client();
    let tables: i64 = client.query_one(TABLES, &[&target.login.schema]).await?.try_get(0)?;
    let found = client.query(WRITABLE, &[&WRITABLE_MAX]).await?;
    let writable = found.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    let version: String = client.query_one("SHOW server_version", &[]).await?.try_get(0)?;
    let version = version.split(' ').next().unwrap_or_default();
    Ok(Tested {
        tables_found: usize::try_from(tables).unwrap_or_default(),
        writable: Some(writable),
        is_privileged: session.privilege().is_some(),
        server: format!("PostgreSQL {version}"),
    })
}
