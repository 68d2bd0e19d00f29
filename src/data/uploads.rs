//! Uploaded tables: a file is taken in pieces, made into a SQLite database by the importer, and becomes
//! a connection. Of the file itself nothing is kept.
//!
//! **Invariant:** whatever goes wrong, neither the file nor half a database stays behind.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use starling_actors::domain::{ConnectionKind, Timestamp, UserId};
use starling_actors::ports::Precondition;
use tokio::io::AsyncWriteExt;

use super::connections::ConnectionDetails;
use super::stored::connection::StoredFile;
use super::stored::text::{At, Id};
use super::upload_room::TakenRoom;
use super::{By, Data, DataError};
use crate::records::Shelf;

/// Uploads, below their organization.
pub(super) const UPLOADS: Shelf<StoredUpload> = Shelf::new("upload");
/// Bytes of one file: what the importer takes.
pub const UPLOAD_BYTES_MAX: u64 = 100 << 20;
/// Longest file name that is kept.
const FILENAME_CHARS_MAX: usize = 200;
/// Longest name of the connection, so that a number fits behind it.
const NAME_CHARS_MAX: usize = 90;

/// Makes SQLite databases of files.
#[async_trait]
pub trait Importer: Send + Sync + 'static {
    /// Makes the database `out` of `source`. On failure `out` is of no use.
    async fn import(
        &self,
        source: &Path,
        is_workbook: bool,
        name: &str,
        out: &Path,
    ) -> Result<Imported, ImportRefusal>;

    /// Makes the demo shop's database `out`, which is not there yet.
    async fn demo_shop(&self, out: &Path) -> Result<(), ImportRefusal>;
}

/// What an import made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Of all tables.
    pub rows: u64,
    /// Of all tables.
    pub columns: u64,
}

/// Why nothing was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportRefusal {
    /// The file is not as it should be, in a sentence that says where.
    File(String),
    /// It is more than one import may take.
    TooLarge,
    /// No import can run now.
    Busy,
}

/// Kinds of files that have tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadKind {
    /// Text with one row a line.
    Csv,
    /// A workbook; every sheet is a table.
    Excel,
}

/// What is kept of an upload beside its tables.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredUpload {
    filename: String,
    bytes: u64,
    rows: u64,
    columns: u64,
    by: Id<UserId>,
    created_at: At,
}

/// An upload.
#[derive(Clone, Debug)]
pub struct UploadDetails {
    /// Its id.
    pub id: String,
    /// As the file was called.
    pub filename: String,
    /// Of the file.
    pub bytes: u64,
    /// What kind of file it was.
    pub mime_type: &'static str,
    /// Of all tables.
    pub rows: u64,
    /// Of all tables.
    pub columns: u64,
    /// When.
    pub created_at: Timestamp,
}

/// A file on its way; gone when dropped.
#[derive(Debug)]
pub struct Upload {
    id: String,
    kind: UploadKind,
    filename: String,
    bytes: u64,
    file: tokio::fs::File,
    source: Leftover,
    out: Leftover,
    room: TakenRoom,
}

/// A file that is removed unless it is kept.
#[derive(Debug)]
struct Leftover {
    path: PathBuf,
    is_kept: bool,
}

impl Drop for Leftover {
    fn drop(&mut self) {
        if !self.is_kept
            && let Err(error) = std::fs::remove_file(&self.path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, path = %self.path.display(), "a file is left behind");
        }
    }
}

impl UploadKind {
    const fn connection(self) -> ConnectionKind {
        match self {
            Self::Csv => ConnectionKind::Csv,
            Self::Excel => ConnectionKind::Excel,
        }
    }

    const fn mime_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Excel => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl Upload {
    /// Takes the next piece.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), DataError> {
        self.bytes = self.bytes.saturating_add(piece.len() as u64);
        if self.bytes > UPLOAD_BYTES_MAX {
            return Err(DataError::TooLarge("the file has more than 100 MiB"));
        }
        self.room.take(piece.len() as u64)?;
        self.file.write_all(piece).await.map_err(|error| unwritten(&error))
    }
}

impl Data {
    /// Makes room for a file. Admins and analysts may.
    pub async fn begin_upload(
        &self,
        by: &By,
        kind: UploadKind,
        filename: &str,
    ) -> Result<Upload, DataError> {
        if !by.caller.role.may_curate_data() {
            return Err(DataError::Forbidden("only admins and analysts connect data"));
        }
        let room = self.make_room(by.org()).await?;
        let dir = &self.inner.uploads_dir;
        tokio::fs::create_dir_all(dir).await.map_err(|error| unwritten(&error))?;
        let id = self.fresh_id();
        let leftover =
            |ending| Leftover { path: dir.join(format!("{id}.{ending}")), is_kept: false };
        let (source, out) = (leftover("upload"), leftover("sqlite"));
        let mut options = tokio::fs::OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(&source.path).await;
        let file = file.map_err(|error| unwritten(&error))?;
        let printable = filename.chars().filter(|c| !c.is_control());
        let filename = printable.take(FILENAME_CHARS_MAX).collect();
        Ok(Upload { id, kind, filename, bytes: 0, file, source, out, room })
    }

    /// Makes tables and a connection of a file that has come to its end.
    pub async fn finish_upload(
        &self,
        by: &By,
        mut upload: Upload,
        importer: &dyn Importer,
    ) -> Result<(UploadDetails, ConnectionDetails), DataError> {
        if upload.bytes == 0 {
            return Err(DataError::field("file", "is empty"));
        }
        upload.file.flush().await.map_err(|error| unwritten(&error))?;
        let name = stem(&upload.filename);
        let is_workbook = upload.kind == UploadKind::Excel;
        let (source, out) = (&upload.source.path, &upload.out.path);
        let imported = importer.import(source, is_workbook, &name, out).await;
        let imported = imported.map_err(|refusal| match refusal {
            ImportRefusal::File(fault) => DataError::Field { field: "file", fault },
            ImportRefusal::TooLarge => DataError::TooLarge("the file is too large for an import"),
            ImportRefusal::Busy => DataError::Busy("other files are being imported: try again"),
        })?;
        let made = tokio::fs::metadata(out).await.map_err(|error| unwritten(&error))?;
        self.refit(&mut upload.room, made.len()).await?;
        let file = self.keep_database(by.org(), &upload.id, out).await?;
        let kind = upload.kind.connection();
        let connected = self.create_uploaded(by, kind, &name, &file).await;
        // A file too many is in the way of nobody; one that a connection names must be there.
        let may_be_connected = matches!(connected, Ok(_) | Err(DataError::Unavailable));
        upload.out.is_kept = may_be_connected && matches!(file, StoredFile::Upload(_));
        let connection = connected?;
        let stored = StoredUpload {
            filename: upload.filename.clone(),
            bytes: upload.bytes,
            rows: imported.rows,
            columns: imported.columns,
            by: Id(by.user()),
            created_at: self.now().into(),
        };
        let place = (by.org(), "", upload.id.as_str());
        self.inner.shelves.put(&UPLOADS, place, &stored, Precondition::Absent).await?;
        let details = UploadDetails {
            id: upload.id.clone(),
            filename: stored.filename,
            bytes: stored.bytes,
            mime_type: upload.kind.mime_type(),
            rows: stored.rows,
            columns: stored.columns,
            created_at: stored.created_at.into(),
        };
        Ok((details, connection))
    }
}

fn unwritten(error: &std::io::Error) -> DataError {
    tracing::error!(%error, "an upload cannot be written");
    DataError::Unavailable
}

/// A file's name without folders and ending, as the connection's name.
fn stem(filename: &str) -> String {
    let name = filename.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem).trim();
    let name: String = name.chars().take(NAME_CHARS_MAX).collect();
    if name.is_empty() { "upload".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_called_after_the_file_without_folders_and_ending() {
        for (filename, expected) in [
            ("sales.csv", "sales"),
            ("C:\\files\\sales 2026.v2.xlsx", "sales 2026.v2"),
            ("../../etc/passwd", "passwd"),
            (".csv", "upload"),
            ("", "upload"),
        ] {
            assert_eq!(stem(filename), expected, "{filename}");
        }
    }
}
