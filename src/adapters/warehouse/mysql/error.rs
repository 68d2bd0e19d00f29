//! What went wrong, in our words: of the server's text only its number, and names that it has itself.

use std::time::Duration;

use mysql_async::prelude::Queryable;
use mysql_async::{DriverError, Error, IoError, ServerError};
use starling_actors::ports::WarehouseError;

use super::super::meaning::{quoted, sqlstate};
use super::session::Session;

/// Words of one error that are looked up in the catalog.
const NAMES_MAX: usize = 12;
/// For looking them up: the person waits for an error.
const NAMES_TIMEOUT: Duration = Duration::from_millis(1_500);
/// Errors that speak of parts of the schema, not of values.
const ABOUT_NAMES: &[u16] = &[1052, 1054, 1055, 1060, 1066, 1109, 1142, 1143, 1146, 1176];

/// Whether a row was larger than we take.
pub(super) fn is_too_large(error: &Error) -> bool {
    match error {
        Error::Driver(DriverError::PacketTooLarge) => true,
        // The codec's own error comes wrapped.
        Error::Io(IoError::Io(cause)) => cause.to_string().contains("too large"),
        Error::Driver(_) | Error::Io(_) | Error::Other(_) | Error::Server(_) | Error::Url(_) => {
            false
        }
    }
}

/// The error as it may be shown.
pub(super) async fn explained(
    error: &Error,
    session: &mut Session,
    timeout: Duration,
) -> WarehouseError {
    let Error::Server(said) = error else { return lost() };
    match said.code {
        // The limits of MySQL and of MariaDB.
        3024 | 1969 => return WarehouseError::Timeout(timeout),
        1053 | 1079 | 1927 => {
            return WarehouseError::Unreachable("the server ended the session".to_owned());
        }
        _ => {}
    }
    let words = if ABOUT_NAMES.contains(&said.code) { quoted(&said.message) } else { Vec::new() };
    let known = tokio::time::timeout(NAMES_TIMEOUT, known_names(session, words));
    WarehouseError::Query {
        code: said.code.to_string(),
        meaning: sqlstate(standard(said)).to_owned(),
        position: None,
        names: known.await.unwrap_or_default(),
    }
}

/// The SQLSTATE with the most exact meaning; the server's own is often of a whole class.
fn standard(said: &ServerError) -> &str {
    match said.code {
        1054 => "42703",
        1146 | 1109 => "42P01",
        1052 => "42702",
        1066 => "42712",
        1064 | 1149 => "42601",
        1055 | 1056 | 1111 | 1140 => "42803",
        1305 | 1128 => "42883",
        1142 | 1143 | 1044 | 1227 | 1370 => "42501",
        1242 => "21000",
        1365 => "22012",
        1264 | 1690 => "22003",
        1292 | 1366 | 1411 => "22P02",
        1139 | 3685 | 3692 => "2201B",
        1792 => "25006",
        1205 => "55P03",
        1213 => "40001",
        1037 | 1038 | 1041 => "53200",
        1235 => "0A000",
        1317 => "57014",
        _ => &said.state,
    }
}

/// Those of the words that are names of tables or columns the role may read.
async fn known_names(session: &mut Session, words: Vec<String>) -> Vec<String> {
    const KNOWN: &str = "SELECT 1 FROM information_schema.columns
        WHERE table_schema = DATABASE() AND (table_name = ? OR column_name = ?) LIMIT 1";
    let mut known = Vec::new();
    for word in words.into_iter().take(NAMES_MAX) {
        let found = session.conn().exec_first::<u8, _, _>(KNOWN, (&word, &word)).await;
        if matches!(found, Ok(Some(_))) {
            known.push(word);
        }
    }
    known
}

fn lost() -> WarehouseError {
    WarehouseError::Unreachable("the connection was lost".to_owned())
}

/// Why there is no session.
pub(super) fn entry_error(error: &Error) -> WarehouseError {
    let unreachable = |words: &str| WarehouseError::Unreachable(words.to_owned());
    match error {
        Error::Server(said) => match said.code {
            1045 | 1698 | 1130 => {
                unreachable("user name or password is wrong, or not let in from here")
            }
            1044 => unreachable("the role may not use that database"),
            1049 => unreachable("there is no such database on its server"),
            1040 | 1203 | 1226 => WarehouseError::Busy,
            code => unreachable(&format!("its server said {code}: {}", sqlstate(standard(said)))),
        },
        Error::Io(IoError::Tls(_)) | Error::Driver(DriverError::NoClientSslFlagFromServer) => {
            unreachable("TLS with its server failed: look at the SSL mode and the certificate")
        }
        Error::Io(IoError::Io(_)) => unreachable("nothing listens at its host and port"),
        Error::Driver(_) | Error::Other(_) | Error::Url(_) => lost(),
    }
}
