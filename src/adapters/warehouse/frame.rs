//! What the server and its child processes say to each other: MessagePack, each frame after its length
//! in four bytes.
//!
//! **Invariant:** neither side believes the other's length beyond [`FRAME_BYTES_MAX`]. A child that a
//! hostile file has turned can send rows and errors of this shape, and nothing else.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use starling_actors::domain::{
    Cell, Column, ColumnType, Reference, ResultColumn, Table, TableKind,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Bytes of one frame: a whole result of the default limit, with room.
pub(super) const FRAME_BYTES_MAX: usize = 64 << 20;

/// What a child is asked. The first is [`Ask::Confine`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Ask {
    /// Take no more than this, for ever.
    Confine { cpu_seconds: u64, memory_bytes: u64, file_bytes: u64 },
    /// Open a database for reading.
    Open { file: PathBuf },
    /// Run a statement.
    Run { sql: String, rows_max: usize, bytes_max: usize },
    /// Say which tables there are.
    Catalog,
    /// Make a database of a file with tables.
    Import {
        source: PathBuf,
        is_workbook: bool,
        name: String,
        out: PathBuf,
        limits: WireImportLimits,
    },
}

/// What a child answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Reply {
    /// Done, and nothing to say.
    Ready,
    /// Some rows of a statement.
    Rows(Vec<Vec<WireCell>>),
    /// No more rows.
    End { columns: Vec<(String, WireKind)>, is_truncated: bool },
    /// The tables.
    Tables(Vec<WireTable>),
    /// How far an import is.
    Progress { bytes: u64, rows: u64 },
    /// An import's end.
    Imported { tables: u64, rows: u64, columns: u64 },
    /// An import that failed, in words of ours.
    NotImported { words: String },
    /// A statement that failed: code, place, and names that the schema has.
    Refused { code: String, position: Option<u32>, names: Vec<String> },
    /// A file that cannot be read, in words of ours.
    Unreadable { words: String },
}

/// How much one import may take.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct WireImportLimits {
    pub(super) bytes: u64,
    pub(super) rows: u64,
    pub(super) columns: u64,
    pub(super) cells: u64,
}

/// A [`Cell`] of SQLite, which has no decimals.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum WireCell {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

impl From<WireCell> for Cell {
    fn from(cell: WireCell) -> Self {
        match cell {
            WireCell::Null => Self::Null,
            WireCell::Bool(value) => Self::Bool(value),
            WireCell::Int(value) => Self::Int(value),
            WireCell::Float(value) => Self::Float(value),
            WireCell::Text(value) => Self::Text(value),
        }
    }
}

impl WireCell {
    /// As [`Cell::bytes`].
    pub(super) const fn bytes(&self) -> usize {
        match self {
            Self::Null | Self::Bool(_) => 1,
            Self::Int(_) | Self::Float(_) => 8,
            Self::Text(text) => text.len(),
        }
    }
}

/// A [`ColumnType`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum WireKind {
    Boolean,
    Integer,
    Float,
    Decimal,
    Text,
    Date,
    Time,
    Timestamp,
    Json,
    Bytes,
    Other,
}

impl From<WireKind> for ColumnType {
    fn from(kind: WireKind) -> Self {
        match kind {
            WireKind::Boolean => Self::Boolean,
            WireKind::Integer => Self::Integer,
            WireKind::Float => Self::Float,
            WireKind::Decimal => Self::Decimal,
            WireKind::Text => Self::Text,
            WireKind::Date => Self::Date,
            WireKind::Time => Self::Time,
            WireKind::Timestamp => Self::Timestamp,
            WireKind::Json => Self::Json,
            WireKind::Bytes => Self::Bytes,
            WireKind::Other => Self::Other,
        }
    }
}

/// A column of a result.
pub(super) fn result_column((name, kind): (String, WireKind)) -> ResultColumn {
    ResultColumn { name, kind: kind.into() }
}

/// A [`Table`].
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct WireTable {
    pub(super) name: String,
    pub(super) is_view: bool,
    pub(super) columns: Vec<WireColumn>,
}

/// A [`Column`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireColumn {
    pub(super) name: String,
    pub(super) data_type: String,
    pub(super) kind: WireKind,
    pub(super) default: Option<String>,
    pub(super) is_nullable: bool,
    pub(super) is_primary_key: bool,
    pub(super) references: Option<(String, String)>,
}

impl From<WireTable> for Table {
    fn from(table: WireTable) -> Self {
        Self {
            name: table.name,
            kind: if table.is_view { TableKind::View } else { TableKind::Table },
            columns: table.columns.into_iter().map(Column::from).collect(),
            ..Self::default()
        }
    }
}

impl From<WireColumn> for Column {
    fn from(column: WireColumn) -> Self {
        let reference = |(table, column)| Reference { namespace: None, table, column };
        Self {
            name: column.name,
            data_type: column.data_type,
            kind: column.kind.into(),
            default: column.default,
            is_nullable: column.is_nullable,
            is_primary_key: column.is_primary_key,
            references: column.references.map(reference),
            ..Self::default()
        }
    }
}

fn encoded(frame: &impl Serialize) -> io::Result<Vec<u8>> {
    let body = rmp_serde::to_vec(frame).map_err(io::Error::other)?;
    let length = u32::try_from(body.len()).map_err(io::Error::other)?;
    let mut bytes = length.to_be_bytes().to_vec();
    bytes.extend(body);
    Ok(bytes)
}

fn length(head: [u8; 4]) -> io::Result<usize> {
    usize::try_from(u32::from_be_bytes(head))
        .ok()
        .filter(|length| *length <= FRAME_BYTES_MAX)
        .ok_or_else(|| io::Error::other("a frame is too large"))
}

fn decoded<T: DeserializeOwned>(body: &[u8]) -> io::Result<T> {
    rmp_serde::from_slice(body).map_err(io::Error::other)
}

/// Writes a frame, in a child.
pub(super) fn write(to: &mut impl Write, frame: &impl Serialize) -> io::Result<()> {
    to.write_all(&encoded(frame)?)?;
    to.flush()
}

/// Reads a frame, in a child.
pub(super) fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<T> {
    let mut head = [0; 4];
    from.read_exact(&mut head)?;
    let mut body = vec![0; length(head)?];
    from.read_exact(&mut body)?;
    decoded(&body)
}

/// Writes a frame, in the server.
pub(super) async fn send(
    to: &mut (impl AsyncWrite + Unpin),
    frame: &(impl Serialize + Sync),
) -> io::Result<()> {
    to.write_all(&encoded(frame)?).await?;
    to.flush().await
}

/// Reads a frame, in the server.
pub(super) async fn receive<T: DeserializeOwned>(
    from: &mut (impl AsyncRead + Unpin),
) -> io::Result<T> {
    let mut head = [0; 4];
    from.read_exact(&mut head).await?;
    let mut body = vec![0; length(head)?];
    from.read_exact(&mut body).await?;
    decoded(&body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_kinds_on_the_way() {
        let rows = vec![vec![
            WireCell::Null,
            WireCell::Bool(true),
            WireCell::Int(-5),
            WireCell::Float(5.0),
            WireCell::Text("x".to_owned()),
        ]];
        let mut bytes = Vec::new();
        write(&mut bytes, &Reply::Rows(rows)).unwrap();
        let Reply::Rows(rows) = read(&mut bytes.as_slice()).unwrap() else { panic!("rows") };
        let cells: Vec<Cell> = rows.into_iter().flatten().map(Cell::from).collect();
        let text = Cell::Text("x".to_owned());
        assert_eq!(cells, [Cell::Null, Cell::Bool(true), Cell::Int(-5), Cell::Float(5.0), text]);
    }

    #[test]
    fn a_length_beyond_the_limit_is_not_believed() {
        let bytes = u32::MAX.to_be_bytes();
        assert!(read::<Reply>(&mut bytes.as_slice()).is_err());
    }
}
