//! What the role of a session may do beyond reading.

use mysql_async::Conn;
use mysql_async::prelude::Queryable;
use starling_actors::ports::Tested;

use super::session::Session;

/// The current user, as the catalog writes it.
const ME: &str = "CONCAT('''', LEFT(CURRENT_USER(), CHAR_LENGTH(CURRENT_USER())
    - LOCATE('@', REVERSE(CURRENT_USER()))), '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')";
/// Things that the role could write which are listed; a person only needs to see that there are some.
const WRITABLE_MAX: usize = 20;

/// Why no query should run under the session's role, if it is so: a read-only transaction does not
/// hold them back (`FILE` reads and writes files of the server).
pub(super) async fn privilege(conn: &mut Conn) -> mysql_async::Result<Option<String>> {
    let asked = format!(
        "SELECT GROUP_CONCAT(privilege_type ORDER BY privilege_type SEPARATOR ', ')
         FROM information_schema.user_privileges WHERE grantee = {ME}
           AND privilege_type IN ('SUPER', 'FILE', 'SHUTDOWN', 'RELOAD', 'CREATE USER',
                                  'SYSTEM_USER', 'SYSTEM_VARIABLES_ADMIN', 'CONNECTION_ADMIN')"
    );
    let words: Option<Option<String>> = conn.query_first(asked).await?;
    Ok(words.flatten())
}

/// The report of a test of the connection.
pub(super) async fn tested(session: &mut Session) -> mysql_async::Result<Tested> {
    const TABLES: &str =
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()";
    let writes =
        "privilege_type NOT IN ('SELECT', 'USAGE', 'SHOW VIEW', 'SHOW DATABASES', 'PROCESS',
        'REFERENCES', 'EXECUTE', 'LOCK TABLES', 'REPLICATION CLIENT', 'BINLOG MONITOR')";
    let writable = format!(
        "SELECT CONCAT(GROUP_CONCAT(privilege_type ORDER BY privilege_type SEPARATOR ', '), ' on ', place)
         FROM (SELECT privilege_type, '*.*' AS place FROM information_schema.user_privileges
               WHERE grantee = {ME} AND {writes}
               UNION ALL SELECT privilege_type, CONCAT(table_schema, '.*')
               FROM information_schema.schema_privileges WHERE grantee = {ME} AND {writes}
               UNION ALL SELECT privilege_type, CONCAT(table_schema, '.', table_name)
               FROM information_schema.table_privileges WHERE grantee = {ME} AND {writes}) AS found
         GROUP BY place ORDER BY place LIMIT {WRITABLE_MAX}"
    );
    let tables: Option<usize> = session.conn().query_first(TABLES).await?;
    let writable: Vec<String> = session.conn().query(writable).await?;
    Ok(Tested {
        tables_found: tables.unwrap_or_default(),
        writable: Some(writable),
        is_privileged: session.privilege().is_some(),
        server: session.server().to_owned(),
    })
}
