//! The history of a run as JSON lines: what was acknowledged, what each follower saw, and what the
//! log holds in the end. `checker` judges it.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};

pub(crate) use starling_load::Record;

use crate::board::locked;
use crate::wire::json::Incoming;

/// A file that records are appended to; clones write to the same.
#[derive(Clone)]
pub(crate) struct History(Arc<Mutex<BufWriter<File>>>);

impl History {
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let file = File::create(path).with_context(|| format!("creating {}", path.display()))?;
        Ok(Self(Arc::new(Mutex::new(BufWriter::new(file)))))
    }

    /// Appends a line made by `line`. A failed write shows in `flush`.
    pub(crate) fn write(&self, line: &str) {
        let mut file = locked(&self.0);
        if file.write_all(line.as_bytes()).is_err() {
            // BufWriter keeps what it could not write, so `flush` reports the same error.
        }
    }

    pub(crate) fn flush(&self) -> Result<()> {
        locked(&self.0).flush().context("writing the history")
    }
}

/// A record as a line with its end.
pub(crate) fn line(record: &Record) -> String {
    let mut text = serde_json::to_string(record).unwrap_or_default();
    text.push('\n');
    text
}

pub(crate) fn start(follower: &str, channel: &str, after: u64) -> String {
    line(&Record::Started { follower: follower.to_owned(), channel: channel.to_owned(), after })
}

pub(crate) fn seen(follower: &str, channel: &str, frame: &Incoming) -> String {
    line(&Record::Seen {
        follower: follower.to_owned(),
        channel: channel.to_owned(),
        seq: frame.seq.unwrap_or_default(),
        kind: frame.kind.clone(),
        message_id: subject_of(frame),
    })
}

/// An entry of `GET /channels/{id}/events`.
pub(crate) fn logged(channel: &str, frame: &Incoming) -> String {
    let message = frame.message().filter(|_| frame.kind == "new_message");
    line(&Record::Logged {
        channel: channel.to_owned(),
        seq: frame.seq.unwrap_or_default(),
        kind: frame.kind.clone(),
        message_id: subject_of(frame),
        author: message.and_then(|message| message.author_id.clone()),
        client_message_id: message.and_then(|message| message.client_message_id.clone()),
    })
}

/// The message that an entry is, or is about.
fn subject_of(frame: &Incoming) -> Option<String> {
    frame.message().map(|message| message.id.clone()).or_else(|| frame.message_id.clone())
}

/// All records of a file; a line that is none is an error with its number.
pub(crate) fn read(path: &Path) -> Result<Vec<Record>> {
    let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let mut records = Vec::new();
    for (index, text) in BufReader::new(file).lines().enumerate() {
        let record = serde_json::from_str(&text?)
            .with_context(|| format!("{}:{}", path.display(), index + 1))?;
        records.push(record);
    }
    Ok(records)
}
