//! The ZIP file, written from its beginning to its end.

use std::fs::File;
use std::io::{BufWriter, Write};

use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::DossierError;

/// A ZIP file that grows.
pub(super) struct Package {
    zip: ZipWriter<BufWriter<File>>,
}

impl Package {
    /// Into an empty file.
    pub(super) fn new(file: File) -> Self {
        Self { zip: ZipWriter::new(BufWriter::new(file)) }
    }

    /// Begins a file of text within it.
    pub(super) fn begin(&mut self, name: &str) -> Result<(), DossierError> {
        self.start(name, CompressionMethod::Deflated)
    }

    /// Begins a file of bytes within it: what people attach is mostly packed already.
    pub(super) fn begin_bytes(&mut self, name: &str) -> Result<(), DossierError> {
        self.start(name, CompressionMethod::Stored)
    }

    fn start(&mut self, name: &str, method: CompressionMethod) -> Result<(), DossierError> {
        // A file of a message may have two GiB, and a busy person's words more.
        let options = SimpleFileOptions::default().large_file(true).compression_method(method);
        self.zip.start_file(name, options).map_err(|error| unwritten(&error))
    }

    /// A file with one value.
    pub(super) fn json(&mut self, name: &str, value: &Value) -> Result<(), DossierError> {
        self.begin(name)?;
        serde_json::to_writer_pretty(&mut self.zip, value).map_err(|error| unwritten(&error))
    }

    /// A line of the file that was begun.
    pub(super) fn line(&mut self, value: &Value) -> Result<(), DossierError> {
        writeln!(self.zip, "{value}").map_err(|error| unwritten(&error))
    }

    /// Bytes of the file that was begun.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), DossierError> {
        self.zip.write_all(bytes).map_err(|error| unwritten(&error))
    }

    /// Ends it.
    pub(super) fn finish(self) -> Result<(), DossierError> {
        let mut file = self.zip.finish().map_err(|error| unwritten(&error))?;
        file.flush().map_err(|error| unwritten(&error))
    }
}

fn unwritten(error: &dyn std::fmt::Display) -> DossierError {
    DossierError::Written(error.to_string())
}
