//! A program or a service of the operator's that is asked about every file before it may be used.
//!
//! **Invariant:** what could not be asked was not found harmless.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::StreamBody;
use hyper::body::Frame;
use reqwest::{Body, Client, StatusCode, redirect};
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::sync::mpsc;

/// For one file: somebody waits for it, and a scanner that reads an archive takes its time.
const TIMEOUT: Duration = Duration::from_secs(60);
/// To reach a service.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Bytes of a file that are read at once on their way to a service.
const PIECE_BYTES: usize = 256 * 1024;
/// Pieces that wait for a service.
const PIECES_WAITING: usize = 2;
/// Where a program finds what it stands on; our own environment holds secrets.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// What a program says of a file that nobody may have; virus scanners agree on it.
const REFUSED: i32 = 1;

/// What a scanner says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be used.
    Harmless,
    /// It may not.
    Refused,
    /// It could not be asked, or did not say.
    Unknown,
}

/// Asks about files. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Scanner {
    /// A program, which is given the file's path: it ends with 0 (harmless), 1 (refused) or otherwise.
    Program(PathBuf),
    /// A service, which is sent the file: 2xx is harmless, 406 and 422 are refused.
    Service {
        /// Speaks to it.
        client: Client,
        /// Where it is.
        address: String,
    },
}

impl Scanner {
    /// The scanner of a setting: an address of HTTP, or a program's path.
    pub fn of_setting(setting: &str) -> Result<Self, reqwest::Error> {
        if !setting.starts_with("http://") && !setting.starts_with("https://") {
            return Ok(Self::Program(PathBuf::from(setting)));
        }
        let client = Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            // The address is the operator's choice; a redirect would be someone else's.
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Self::Service { client, address: setting.to_owned() })
    }

    /// What it says of a file.
    pub async fn ask(&self, file: &Path) -> Verdict {
        let asked = tokio::time::timeout(TIMEOUT, async {
            match self {
                Self::Program(program) => {
                    run(program, file).await.map_err(|error| error.to_string())
                }
                Self::Service { client, address } => send(client, address, file).await,
            }
        });
        match asked.await {
            Ok(Ok(verdict)) => verdict,
            Ok(Err(error)) => {
                tracing::error!(error, "files.scanner could not be asked about a file");
                Verdict::Unknown
            }
            Err(_) => {
                tracing::error!("files.scanner took too long");
                Verdict::Unknown
            }
        }
    }
}

async fn run(program: &Path, file: &Path) -> io::Result<Verdict> {
    let status = Command::new(program)
        .arg(file)
        .env_clear()
        .env("PATH", PATH)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .status()
        .await?;
    match status.code() {
        Some(0) => Ok(Verdict::Harmless),
        Some(REFUSED) => Ok(Verdict::Refused),
        Some(_) | None => Err(io::Error::other(format!("it ended with {status}"))),
    }
}

async fn send(client: &Client, address: &str, file: &Path) -> Result<Verdict, String> {
    let file = File::open(file).await.map_err(|error| error.to_string())?;
    let (sender, mut receiver) = mpsc::channel(PIECES_WAITING);
    tokio::spawn(read(file, sender));
    let pieces = futures_util::stream::poll_fn(move |context| receiver.poll_recv(context));
    let answer = client.post(address).body(Body::wrap(StreamBody::new(pieces))).send().await;
    match answer.map_err(|error| error.to_string())?.status() {
        status if status.is_success() => Ok(Verdict::Harmless),
        StatusCode::NOT_ACCEPTABLE | StatusCode::UNPROCESSABLE_ENTITY => Ok(Verdict::Refused),
        status => Err(format!("it answered {status}")),
    }
}

/// Reads a file piece by piece until its end, or until nobody wants more.
async fn read(mut file: File, to: mpsc::Sender<io::Result<Frame<Bytes>>>) {
    loop {
        let mut piece = vec![0; PIECE_BYTES];
        let read = file.read(&mut piece).await.map(|length| {
            piece.truncate(length);
            piece
        });
        let is_last = read.as_ref().map_or(true, Vec::is_empty);
        let failed = read.is_err();
        if (failed || !is_last)
            && to.send(read.map(|piece| Frame::data(Bytes::from(piece)))).await.is_err()
        {
            return;
        }
        if is_last {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use wiremock::matchers::{body_bytes, method};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;

    #[tokio::test]
    async fn a_program_is_believed_by_how_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let (program, file) = (folder.path().join("scan"), folder.path().join("file"));
        std::fs::write(&program, "#!/bin/sh\nexit \"$(cat \"$1\")\"\n").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        let scanner = Scanner::of_setting(program.to_str().unwrap()).unwrap();
        let expected = [("0", Verdict::Harmless), ("1", Verdict::Refused), ("2", Verdict::Unknown)];
        for (code, verdict) in expected {
            std::fs::write(&file, code).unwrap();
            assert_eq!(scanner.ask(&file).await, verdict, "{code}");
        }
        let missing = Scanner::of_setting("/nowhere/at/all").unwrap();
        assert_eq!(missing.ask(&file).await, Verdict::Unknown);
    }

    #[tokio::test]
    async fn a_service_is_sent_the_whole_file_and_believed_by_its_status() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        let words: Vec<u8> = (0..=250).cycle().take(2 * PIECE_BYTES + 7).collect();
        std::fs::write(&file, &words).unwrap();
        let expected = [
            (204, Verdict::Harmless),
            (422, Verdict::Refused),
            (406, Verdict::Refused),
            (500, Verdict::Unknown),
            (404, Verdict::Unknown),
        ];
        for (status, verdict) in expected {
            let server = MockServer::start().await;
            let whole = Mock::given(method("POST")).and(body_bytes(words.clone()));
            whole.respond_with(ResponseTemplate::new(status)).expect(1).mount(&server).await;
            let scanner = Scanner::of_setting(&server.uri()).unwrap();
            assert_eq!(scanner.ask(&file).await, verdict, "{status}");
        }
        let nobody = Scanner::of_setting("http://127.0.0.1:9").unwrap();
        assert_eq!(nobody.ask(&file).await, Verdict::Unknown);
    }
}
