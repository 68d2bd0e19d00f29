//! Opens a database so that nothing can be written or reached from it, and runs statements on it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::ffi::ErrorCode;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, OpenFlags};
use rustix::process::getppid;

use super::super::frame::{self, Reply, WireCell, WireKind};
use super::super::meaning::quoted;
use super::allowed;

/// Bytes that SQLite takes from the heap, below what the kernel gives the process.
const HEAP_BYTES: u64 = 512 << 20;
/// Bytes of one value or row.
const VALUE_BYTES: i32 = 32 << 20;
/// Instructions between two looks at whether anybody still waits.
const STEPS: i32 = 100_000;
/// Rows of one frame.
const ROWS_OF_A_FRAME: usize = 256;

/// A database whose statements may touch its own tables only.
pub(super) struct Opened {
    database: Connection,
    file: PathBuf,
}

impl Opened {
    pub(super) fn file(&self) -> &Path {
        &self.file
    }
}

/// Opens the file for statements that the guard rendered.
pub(super) fn open(file: &Path) -> Result<Opened, Reply> {
    let unreadable = |words: &str| Reply::Unreadable { words: words.to_owned() };
    if !file.is_file() {
        return Err(unreadable("its file is not there"));
    }
    let opened = open_for_reading(file).and_then(|mut database| {
        allowed::restrict(&mut database)?;
        Ok(Opened { database, file: file.to_owned() })
    });
    opened.map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => unreadable("its file is not a SQLite database"),
        Some(ErrorCode::DatabaseCorrupt) => unreadable("its file is damaged"),
        _ => unreadable("its file cannot be read"),
    })
}

/// Opens the file for reading only.
pub(super) fn open_for_reading(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut database = Connection::open_with_flags(file, flags)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    // A quoted name that is no column would be a string.
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    database.execute_batch(&format!(
        "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;
         PRAGMA mmap_size = 0; PRAGMA hard_heap_limit = {HEAP_BYTES}; PRAGMA busy_timeout = 2000;"
    ))?;
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, VALUE_BYTES),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 256 << 10),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 500),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 100),
        (Limit::SQLITE_LIMIT_VDBE_OP, 250_000),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        database.set_limit(limit, most)?;
    }
    // The parent kills; this is for a parent that was killed itself.
    let parent = getppid();
    database.progress_handler(STEPS, Some(move || getppid() != parent))?;
    Ok(database)
}

/// Runs a statement and writes its rows, and how it ended.
pub(super) fn run(
    opened: &Opened,
    sql: &str,
    rows_max: usize,
    bytes_max: usize,
    output: &mut impl Write,
) -> io::Result<()> {
    let mut sent = Ok(());
    let outcome = read(&opened.database, sql, rows_max, bytes_max, |rows| {
        sent = frame::write(output, &Reply::Rows(rows));
        sent.is_ok()
    });
    sent?;
    let reply = match outcome {
        Ok((columns, is_truncated)) => Reply::End { columns, is_truncated },
        Err(error) => refused(&error, &opened.file),
    };
    frame::write(output, &reply)
}

type Columns = Vec<(String, WireKind)>;

fn read(
    database: &Connection,
    sql: &str,
    rows_max: usize,
    bytes_max: usize,
    mut send: impl FnMut(Vec<Vec<WireCell>>) -> bool,
) -> rusqlite::Result<(Columns, bool)> {
    let mut statement = database.prepare(sql)?;
    // VACUUM asks the authorizer for nothing before it runs; no query gives no columns.
    if statement.column_count() == 0 {
        return Err(Error::InvalidQuery);
    }
    let mut columns: Vec<(String, Option<WireKind>)> = statement
        .columns()
        .map(|column| (column.name().to_owned(), column.decl_type().map(kind_declared)))
        .collect();
    let mut rows = statement.query([])?;
    let (mut count, mut bytes, mut is_truncated) = (0, 0, false);
    let mut some = Vec::new();
    while let Some(row) = rows.next()? {
        let mut cells = Vec::with_capacity(columns.len());
        for (at, (_, kind)) in columns.iter_mut().enumerate() {
            cells.push(cell(row.get_ref(at)?, kind));
        }
        count += 1;
        bytes += cells.iter().map(WireCell::bytes).sum::<usize>();
        if count > rows_max || bytes > bytes_max {
            is_truncated = true;
            break;
        }
        some.push(cells);
        if some.len() >= ROWS_OF_A_FRAME && !send(std::mem::take(&mut some)) {
            break;
        }
    }
    if !some.is_empty() {
        send(some);
    }
    let columns =
        columns.into_iter().map(|(name, kind)| (name, kind.unwrap_or(WireKind::Other))).collect();
    Ok((columns, is_truncated))
}

/// The kind that a column's declared type stands for.
pub(super) fn kind_declared(declared: &str) -> WireKind {
    let declared = declared.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| declared.contains(word));
    match declared.as_str() {
        "" => WireKind::Other,
        _ if has(&["BOOL"]) => WireKind::Boolean,
        _ if has(&["TIMESTAMP", "DATETIME"]) => WireKind::Timestamp,
        _ if has(&["DATE"]) => WireKind::Date,
        "TIME" => WireKind::Time,
        _ if has(&["INT"]) && !has(&["POINT", "INTERVAL"]) => WireKind::Integer,
        _ if has(&["CHAR", "CLOB", "TEXT", "STRING", "UUID"]) => WireKind::Text,
        _ if has(&["BLOB", "BINARY"]) => WireKind::Bytes,
        _ if has(&["REAL", "FLOA", "DOUB"]) => WireKind::Float,
        _ if has(&["NUMERIC", "DECIMAL", "MONEY"]) => WireKind::Decimal,
        _ if has(&["JSON"]) => WireKind::Json,
        _ => WireKind::Other,
    }
}

/// A value; the first one that is there tells the kind of a column that declares none.
fn cell(value: ValueRef<'_>, kind: &mut Option<WireKind>) -> WireCell {
    let seen = |kind: &mut Option<WireKind>, found| {
        let is_wider = *kind == Some(WireKind::Integer) && found == WireKind::Float;
        if kind.is_none() || is_wider {
            *kind = Some(found);
        }
    };
    match value {
        ValueRef::Null => WireCell::Null,
        ValueRef::Integer(number)
            if *kind == Some(WireKind::Boolean) && (0..=1).contains(&number) =>
        {
            WireCell::Bool(number == 1)
        }
        ValueRef::Integer(number) => {
            seen(kind, WireKind::Integer);
            WireCell::Int(number)
        }
        ValueRef::Real(number) => {
            seen(kind, WireKind::Float);
            WireCell::Float(number)
        }
        ValueRef::Text(bytes) => {
            seen(kind, WireKind::Text);
            let mut text = String::from_utf8_lossy(bytes).into_owned();
            if *kind == Some(WireKind::Timestamp) && text.as_bytes().get(10) == Some(&b' ') {
                text.replace_range(10..11, "T");
            }
            WireCell::Text(text)
        }
        ValueRef::Blob(bytes) => {
            seen(kind, WireKind::Bytes);
            WireCell::Text(format!("{} bytes", bytes.len()))
        }
    }
}

/// Why a statement failed: a code, a place and names of the schema; SQLite's own text stays here.
pub(super) fn refused(error: &Error, file: &Path) -> Reply {
    let (text, position) = if let Error::SqlInputError { msg, sql, offset, .. } = error {
        let before = usize::try_from(*offset).ok().and_then(|offset| sql.get(..offset));
        let position = before.and_then(|text| u32::try_from(text.chars().count() + 1).ok());
        (msg.as_str(), position)
    } else if let Error::SqliteFailure(_, Some(text)) = error {
        (text.as_str(), None)
    } else {
        ("", None)
    };
    let code = code(error, text);
    if matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    ) {
        return Reply::Unreadable { words: "its file is damaged".to_owned() };
    }
    let names = if code.starts_with("42") { names(text, file) } else { Vec::new() };
    Reply::Refused { code: code.to_owned(), position, names }
}

fn code(error: &Error, text: &str) -> &'static str {
    const WORDS: &[(&str, &str)] = &[
        ("no such column", "42703"),
        ("no such table", "42P01"),
        ("no such function", "42883"),
        ("wrong number of arguments", "42883"),
        ("ambiguous column name", "42702"),
        ("misuse of aggregate", "42803"),
        ("misuse of window", "42P20"),
        ("syntax error", "42601"),
        ("incomplete input", "42601"),
        ("unrecognized token", "42601"),
        ("not authorized", "42501"),
        ("prohibited", "42501"),
        ("integer overflow", "22003"),
        ("too many terms in", "54000"),
        ("too large", "54000"),
        ("too complex", "54000"),
    ];
    if matches!(error, Error::MultipleStatement) {
        return "42601";
    }
    if matches!(error, Error::InvalidQuery) {
        return "25006";
    }
    let said = error.sqlite_error_code();
    if said == Some(ErrorCode::AuthorizationForStatementDenied) {
        return "42501";
    }
    if said == Some(ErrorCode::OutOfMemory) {
        return "53200";
    }
    if said == Some(ErrorCode::TooBig) {
        return "54000";
    }
    if said == Some(ErrorCode::ReadOnly) {
        return "25006";
    }
    if matches!(said, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)) {
        return "55P03";
    }
    if said == Some(ErrorCode::OperationInterrupted) {
        return "57014";
    }
    let known = WORDS.iter().find(|(words, _)| text.contains(words));
    known.map_or("22000", |(_, code)| code)
}

/// Those words of an error that are tables or columns: what follows its colon, and what it quotes.
fn names(text: &str, file: &Path) -> Vec<String> {
    let mut words = quoted(text);
    if let Some((_, after)) = text.rsplit_once(": ") {
        words.extend(after.split('.').map(str::to_owned));
    }
    let Ok(tables) = super::catalog::tables(file) else { return Vec::new() };
    words.retain(|word| {
        tables.iter().any(|table| {
            table.name.eq_ignore_ascii_case(word)
                || table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(word))
        })
    });
    words
}
