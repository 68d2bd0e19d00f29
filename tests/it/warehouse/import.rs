//! Uploaded files, imported by a child process and then asked like any SQLite file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use starling::adapters::warehouse::{
    ImportError, ImportKind, ImportLimits, ImportProgress, ImportReport, Importer, Login,
};
use starling_actors::domain::{Cell, ColumnType, ConnectionKind, Table};
use starling_actors::ports::{RunLimits, WarehouseError};
use tempfile::TempDir;

use super::contract::{discover, wish};
use super::site::{Site, Speech};
use crate::engines::Watch;

const SPEECH: Speech =
    Speech { numbers: "", forever: "", long_text: "", artists: "", writes: &[], leaks: "" };

struct Nobody;

#[async_trait]
impl Watch for Nobody {
    async fn working(&self, _: &str) -> usize {
        0
    }
}

struct Upload {
    folder: TempDir,
    kind: ImportKind,
    limits: ImportLimits,
}

impl Upload {
    fn of(kind: ImportKind, bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("upload"), bytes).unwrap();
        Self { folder, kind, limits: ImportLimits::default() }
    }

    fn csv(text: &str) -> Self {
        Self::of(ImportKind::Csv, text.as_bytes())
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn import_with(
        &self,
        progress: impl FnMut(ImportProgress) + Send,
    ) -> Result<ImportReport, ImportError> {
        let importer = Importer::with_worker(env!("CARGO_BIN_EXE_starling").into());
        let (source, out) = (self.place("upload"), self.place("tables.sqlite"));
        importer.import(&source, self.kind, "Sales 2024", &out, self.limits, progress).await
    }

    async fn import(&self) -> Result<ImportReport, ImportError> {
        self.import_with(|_| {}).await
    }

    fn site(&self) -> Site {
        let login = Login { file: Some(self.place("tables.sqlite")), ..Login::default() };
        Site::new(ConnectionKind::Csv, login, SPEECH, Nobody)
    }

    /// The tables after an import that must work.
    async fn tables(&self) -> Vec<Table> {
        self.import().await.unwrap();
        discover(&self.site(), &wish()).await
    }
}

fn kinds(table: &Table) -> Vec<(&str, ColumnType)> {
    table.columns.iter().map(|column| (column.name.as_str(), column.kind)).collect()
}

fn text(words: &str) -> Cell {
    Cell::Text(words.to_owned())
}

#[tokio::test]
async fn columns_have_the_types_of_their_values() {
    let upload = Upload::csv(
        "id,name,price,paid,day,at,zip\n\
         1,\"Ann, \"\"A\"\"\",1.50,yes,2024-01-31,2024-01-31 10:00:00,01067\n\
         2,Bob,2,no,2024-02-29,2024-02-29T11:30:00,80331\n\
         3,,,,,,\n",
    );
    let tables = upload.tables().await;
    assert_eq!(tables.len(), 1);
    assert_eq!(tables[0].name, "Sales_2024");
    assert_eq!(tables[0].row_count, Some(3));
    let expected = [
        ("id", ColumnType::Integer),
        ("name", ColumnType::Text),
        ("price", ColumnType::Float),
        ("paid", ColumnType::Boolean),
        ("day", ColumnType::Date),
        ("at", ColumnType::Timestamp),
        ("zip", ColumnType::Text),
    ];
    assert_eq!(kinds(&tables[0]), expected);
    let rows = upload.site().rows("SELECT * FROM Sales_2024 ORDER BY id").await;
    let first = vec![
        Cell::Int(1),
        text("Ann, \"A\""),
        Cell::Float(1.5),
        Cell::Bool(true),
        text("2024-01-31"),
        text("2024-01-31T10:00:00"),
        text("01067"),
    ];
    assert_eq!(rows[0], first);
    assert_eq!(rows[2][1..], vec![Cell::Null; 6]);
}

#[tokio::test]
async fn delimiters_encodings_and_missing_headers_are_found() {
    let upload = Upload::of(ImportKind::Csv, b"Stadt;Umsatz\r\nK\xF6ln;1,5\r\nM\xFCnchen;20\r\n");
    let tables = upload.tables().await;
    assert_eq!(kinds(&tables[0]), [("Stadt", ColumnType::Text), ("Umsatz", ColumnType::Float)]);
    let rows = upload.site().rows("SELECT * FROM Sales_2024").await;
    assert_eq!(rows, [[text("Köln"), Cell::Float(1.5)], [text("München"), Cell::Float(20.0)]]);

    let upload = Upload::csv("\u{feff}1\ta\n2\tb\n");
    let tables = upload.tables().await;
    let expected = [("column_1", ColumnType::Integer), ("column_2", ColumnType::Text)];
    assert_eq!((kinds(&tables[0]), tables[0].row_count), (expected.to_vec(), Some(2)));

    let upload = Upload::csv("name|name||x\na|b|c|d\n");
    let names: Vec<String> =
        upload.tables().await[0].columns.iter().map(|column| column.name.clone()).collect();
    assert_eq!(names, ["name", "name_2", "column_3", "x"]);
}

#[tokio::test]
async fn what_is_wrong_is_told_with_its_row() {
    let told = async |upload: Upload| match upload.import().await {
        Err(ImportError::File(words)) => words,
        outcome => panic!("{outcome:?}"),
    };
    let words = told(Upload::csv("a,b\n1,2\n3,4,5\n")).await;
    assert_eq!(words, "row 3: it has 3 cells, the first row 2");
    assert_eq!(told(Upload::csv("")).await, "there is no table in it");
    assert_eq!(told(Upload::of(ImportKind::Csv, b"a,b\n\0,2\n")).await, "the file is not text");
    assert_eq!(told(Upload::of(ImportKind::Excel, b"a,b\n")).await, "the file is not a workbook");
    let mut many = Upload::csv("a\n1\n2\n3\n");
    many.limits.rows = 2;
    assert_eq!(told(many).await, "row 4: there are more than 2 rows");
    let mut wide = Upload::csv("a,b,c\n1,2,3\n");
    wide.limits.columns = 2;
    assert_eq!(told(wide).await, "row 1: there are more than 2 columns");
    let mut long = Upload::csv("a,b,c\n1,2,3\n");
    long.limits.bytes = 5;
    assert_eq!(told(long).await, "the file has more than 5 bytes");
}

#[tokio::test]
async fn a_long_file_tells_how_far_it_is_and_takes_little_time() {
    let mut rows = String::from("n,words\n");
    for number in 0..60_000 {
        rows += &format!("{number},some words of row {number}\n");
    }
    let upload = Upload::csv(&rows);
    let mut told = Vec::new();
    let report = upload.import_with(|progress| told.push(progress.rows)).await.unwrap();
    assert_eq!(report, ImportReport { tables: 1, rows: 60_000, columns: 2 });
    assert!(told.len() > 5 && told.is_sorted() && told.last() == Some(&60_000), "{told:?}");
    let limits = RunLimits { rows_max: 5, ..RunLimits::default() };
    let part =
        upload.site().run_within("SELECT * FROM Sales_2024 ORDER BY n", limits).await.unwrap();
    assert_eq!((part.rows.len(), part.is_truncated), (5, true));
    let outcome = upload.site().run("DELETE FROM Sales_2024").await;
    assert!(matches!(outcome, Err(WarehouseError::Query { .. })));
}

#[tokio::test]
async fn an_import_that_takes_too_long_is_killed() {
    let mut upload = Upload::csv(&"1,2,3\n".repeat(300_000));
    upload.limits.timeout = Duration::from_millis(50);
    assert_eq!(upload.import().await, Err(ImportError::Timeout(upload.limits.timeout)));
}

#[tokio::test]
async fn every_sheet_of_a_workbook_is_a_table() {
    let upload = Upload::of(ImportKind::Excel, &workbook());
    let tables = upload.tables().await;
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["Orders", "Two_words"]);
    let expected = [("item", ColumnType::Text), ("price", ColumnType::Float)];
    assert_eq!(kinds(&tables[0]), expected);
    let rows = upload.site().rows("SELECT * FROM Orders").await;
    assert_eq!(rows, [[text("tea"), Cell::Float(2.5)], [text("cup"), Cell::Float(3.0)]]);
    assert_eq!(upload.site().rows("SELECT n FROM Two_words").await, [[Cell::Int(7)]]);
}

/// A workbook of two sheets, as a program would save it.
pub(crate) fn workbook() -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let word = |place: &str, text: &str| {
        format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    let number = |place: &str, value: &str| format!("<c r=\"{place}\"><v>{value}</v></c>");
    let sheet = |rows: &str| {
        format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>")
    };
    let orders = format!(
        "<row r=\"1\">{}{}</row><row r=\"2\">{}{}</row><row r=\"3\">{}{}</row>",
        word("A1", "item"),
        word("B1", "price"),
        word("A2", "tea"),
        number("B2", "2.5"),
        word("A3", "cup"),
        number("B3", "3"),
    );
    let second =
        format!("<row r=\"1\">{}</row><row r=\"2\">{}</row>", word("A1", "n"), number("A2", "7"));
    let files = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"Orders\" sheetId=\"1\" r:id=\"r1\"/><sheet name=\"Two words\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet2.xml\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet(&orders)),
        ("xl/worksheets/sheet2.xml", sheet(&second)),
    ];
    zipped(&files)
}

/// A ZIP archive without compression.
fn zipped(files: &[(&str, String)]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let offset = u32::try_from(archive.len()).unwrap();
        let size = u32::try_from(content.len()).unwrap().to_le_bytes();
        let mut head = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        head.extend(checksum(content.as_bytes()).to_le_bytes());
        head.extend([size, size].concat());
        head.extend([u16::try_from(name.len()).unwrap().to_le_bytes(), [0, 0]].concat());
        archive.extend([b"PK\x03\x04", head.as_slice(), name.as_bytes()].concat());
        archive.extend(content.as_bytes());
        directory.extend([b"PK\x01\x02\x14\0", head.as_slice(), &[0; 10]].concat());
        directory.extend([&offset.to_le_bytes(), name.as_bytes()].concat());
    }
    let start = u32::try_from(archive.len()).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    archive.extend(directory);
    archive.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &size, &start, &[0, 0]].concat());
    archive
}

/// CRC-32, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 };
    !bytes.iter().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), step))
}

#[test]
fn the_archive_of_the_workbook_is_one() {
    assert_eq!(checksum(b"123456789"), 0xCBF4_3926);
    assert!(Path::new(env!("CARGO_BIN_EXE_starling")).is_file());
}
