//! What runs in a child process: reads frames from standard input, answers on standard output, and ends
//! with its input. It never trusts the file it is given, and the server never trusts it.

mod allowed;
mod catalog;
mod import;
mod query;

use std::io::{self, Read, Write};

use query::Opened;

use super::frame::{self, Ask, Reply};
use crate::adapters::confine::confine;

/// Serves one import.
pub fn serve_import() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    confined(&mut input, &mut output)?;
    let Ask::Import { source, is_workbook, name, out, limits } = frame::read(&mut input)? else {
        return Err(io::Error::other("a frame out of turn"));
    };
    let mut told = Ok(());
    let imported = import::import(&source, is_workbook, &name, &out, limits, &mut |bytes, rows| {
        if told.is_ok() {
            told = frame::write(&mut output, &Reply::Progress { bytes, rows });
        }
    });
    told?;
    let reply = match imported {
        Ok(import::Report { tables, rows, columns }) => Reply::Imported { tables, rows, columns },
        Err(import::Failure(words)) => Reply::NotImported { words },
    };
    frame::write(&mut output, &reply)
}

/// Takes the first frame, which says what the child may take.
fn confined(input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    let Ask::Confine { cpu_seconds, memory_bytes, file_bytes } = frame::read(input)? else {
        return Err(io::Error::other("the first frame confines"));
    };
    confine(cpu_seconds, memory_bytes, file_bytes)?;
    frame::write(output, &Reply::Ready)
}

/// Serves the parent until it closes the pipe. The first frame confines.
pub fn serve() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    serve_between(&mut input, &mut output)
}

fn serve_between(input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    confined(input, output)?;
    let mut database: Option<Opened> = None;
    loop {
        let ask: Ask = match frame::read(input) {
            Ok(ask) => ask,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        };
        match (ask, &database) {
            (Ask::Open { file }, None) => match query::open(&file) {
                Ok(opened) => {
                    database = Some(opened);
                    frame::write(output, &Reply::Ready)?;
                }
                Err(reply) => frame::write(output, &reply)?,
            },
            (Ask::Run { sql, rows_max, bytes_max }, Some(database)) => {
                query::run(database, &sql, rows_max, bytes_max, output)?;
            }
            (Ask::Catalog, Some(database)) => {
                let reply = match catalog::tables(database.file()) {
                    Ok(tables) => Reply::Tables(tables),
                    Err(error) => query::refused(&error, database.file()),
                };
                frame::write(output, &reply)?;
            }
            (
                Ask::Confine { .. }
                | Ask::Open { .. }
                | Ask::Run { .. }
                | Ask::Catalog
                | Ask::Import { .. },
                _,
            ) => return Err(io::Error::other("a frame out of turn")),
        }
    }
}
