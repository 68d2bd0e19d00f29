//! The ZIP file, written from its beginning to its end.
//!
//! A thread of its own packs and writes: either takes far longer than what else runs beside it may wait.

use std::fs::File;
use std::io::{BufWriter, Write};

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::DossierError;

/// Steps that wait for the thread, each at most some MiB; whoever has more waits for it.
const STEPS_MAX: usize = 8;

/// A ZIP file that grows.
pub(super) struct Package {
    steps: mpsc::Sender<Step>,
    writing: JoinHandle<Result<(), ZipError>>,
}

/// What is done next to it.
enum Step {
    Begin(String, CompressionMethod),
    Json(Value),
    Line(Value),
    Bytes(Bytes),
    Undo,
}

impl Package {
    /// Into an empty file.
    pub(super) fn new(file: File) -> Self {
        let (steps, coming) = mpsc::channel(STEPS_MAX);
        Self { steps, writing: spawn_blocking(move || write(file, coming)) }
    }

    /// Begins a file of text within it.
    pub(super) async fn begin(&mut self, name: &str) -> Result<(), DossierError> {
        self.step(Step::Begin(name.to_owned(), CompressionMethod::Deflated)).await
    }

    /// Begins a file of bytes within it: what people attach is mostly packed already.
    pub(super) async fn begin_bytes(&mut self, name: &str) -> Result<(), DossierError> {
        self.step(Step::Begin(name.to_owned(), CompressionMethod::Stored)).await
    }

    /// A file with one value.
    pub(super) async fn json(&mut self, name: &str, value: Value) -> Result<(), DossierError> {
        self.begin(name).await?;
        self.step(Step::Json(value)).await
    }

    /// A line of the file that was begun.
    pub(super) async fn line(&mut self, value: Value) -> Result<(), DossierError> {
        self.step(Step::Line(value)).await
    }

    /// Bytes of the file that was begun.
    pub(super) async fn bytes(&mut self, bytes: Bytes) -> Result<(), DossierError> {
        self.step(Step::Bytes(bytes)).await
    }

    /// Leaves out the file that was begun.
    pub(super) async fn undo(&mut self) -> Result<(), DossierError> {
        self.step(Step::Undo).await
    }

    /// Ends it.
    pub(super) async fn finish(self) -> Result<(), DossierError> {
        drop(self.steps);
        ended(self.writing.await)
    }

    async fn step(&mut self, step: Step) -> Result<(), DossierError> {
        if self.steps.send(step).await.is_ok() {
            return Ok(());
        }
        // The thread has ended before its time, and knows why.
        ended((&mut self.writing).await)?;
        Err(DossierError::Written("it has ended".to_owned()))
    }
}

fn ended(
    writing: Result<Result<(), ZipError>, tokio::task::JoinError>,
) -> Result<(), DossierError> {
    match writing {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(DossierError::Written(error.to_string())),
        Err(error) => Err(DossierError::Written(error.to_string())),
    }
}

fn write(file: File, mut coming: mpsc::Receiver<Step>) -> Result<(), ZipError> {
    let mut zip = ZipWriter::new(BufWriter::new(file));
    while let Some(step) = coming.blocking_recv() {
        match step {
            Step::Begin(name, method) => {
                // A file of a message may have two GiB, and a busy person's words more.
                let options = SimpleFileOptions::default().large_file(true);
                zip.start_file(name, options.compression_method(method))?;
            }
            Step::Json(value) => {
                serde_json::to_writer_pretty(&mut zip, &value).map_err(std::io::Error::from)?;
            }
            Step::Line(value) => writeln!(zip, "{value}")?,
            Step::Bytes(bytes) => zip.write_all(&bytes)?,
            Step::Undo => zip.abort_file()?,
        }
    }
    Ok(zip.finish()?.flush()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "what fails in a test's helper fails the test")]

    use std::io::Read as _;

    use serde_json::json;
    use zip::ZipArchive;

    use super::*;

    #[tokio::test]
    async fn what_was_left_out_leaves_nothing_behind_and_the_rest_is_whole() {
        let file = tempfile::tempfile().unwrap();
        let mut package = Package::new(file.try_clone().unwrap());
        package.json("a.json", json!({ "a": 1 })).await.unwrap();
        for name in ["lost", "kept"] {
            package.begin_bytes(name).await.unwrap();
            package.bytes(Bytes::from(vec![b'x'; 300_000])).await.unwrap();
            if name == "lost" {
                package.undo().await.unwrap();
            }
        }
        package.begin("b.jsonl").await.unwrap();
        package.line(json!([2])).await.unwrap();
        package.finish().await.unwrap();
        let mut zip = ZipArchive::new(file).unwrap();
        let mut files = Vec::new();
        for index in 0..zip.len() {
            let mut file = zip.by_index(index).unwrap();
            let mut content = String::new();
            file.read_to_string(&mut content).unwrap();
            files.push((file.name().unwrap().into_owned(), content.len()));
        }
        let expected = [("a.json", 12), ("kept", 300_000), ("b.jsonl", 4)];
        assert_eq!(files, expected.map(|(name, length)| (name.to_owned(), length)));
    }

    #[tokio::test]
    async fn a_disk_that_takes_nothing_is_told() {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut package = Package::new(full);
        let mut outcome = package.begin_bytes("a").await;
        while outcome.is_ok() {
            outcome = package.bytes(Bytes::from(vec![b'x'; 300_000])).await;
        }
        assert!(matches!(outcome, Err(DossierError::Written(_))), "{outcome:?}");
    }
}
