//! Pictures that people attach, looked at in a child process: how large they are, and a small one.
//!
//! ```text
//!   the file ─▶ a child's standard input ─▶ decoded within limits ─▶ size, small picture ─▶ here
//! ```
//!
//! A child is this same program with a hidden sub-command. It gets no environment and no name, takes its
//! limits before its first byte, and is killed when its time is up: a decoder that a hostile picture has
//! turned has a pipe, and nothing else.
//!
//! **Invariant:** the server decodes nothing, and believes no length that a child says.

pub mod worker;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use tokio::sync::Semaphore;

/// The hidden sub-command.
pub(crate) const PICTURE_WORKER: &str = "picture-worker";

/// Children at once: each may take [`worker::MEMORY_BYTES`], and there are other things to do.
const CHILDREN_MAX: usize = 2;
/// How long a picture waits for a child before it stays without a small one.
const WAIT_MAX: Duration = Duration::from_secs(10);
/// For one picture by the clock on the wall: children stand back behind chat.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Bytes of a small picture that are believed: one that compresses badly has two MiB.
const THUMBNAIL_BYTES_MAX: u64 = 4 << 20;

/// What was found out about a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// In pixels, as it is shown.
    pub width: u32,
    /// In pixels, as it is shown.
    pub height: u32,
    /// The small one.
    pub thumbnail: Vec<u8>,
    /// What the small one is.
    pub thumbnail_type: &'static str,
}

/// Looks at pictures. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pictures {
    program: PathBuf,
    permits: Arc<Semaphore>,
}

impl Default for Pictures {
    /// With children of this very program, even if its file was replaced meanwhile.
    fn default() -> Self {
        Self::with_worker(PathBuf::from("/proc/self/exe"))
    }
}

impl Pictures {
    /// With children of another program: this one's server, when this one is a test.
    pub fn with_worker(program: PathBuf) -> Self {
        Self { program, permits: Arc::new(Semaphore::new(CHILDREN_MAX)) }
    }

    /// Looks at a file; `None` when it is no picture that can be shown.
    pub async fn look(&self, file: &Path) -> Option<Picture> {
        let waiting = tokio::time::timeout(WAIT_MAX, self.permits.acquire()).await;
        let Ok(Ok(_permit)) = waiting else {
            tracing::warn!("a picture stays without a small one: others take too long");
            return None;
        };
        match tokio::time::timeout(TIMEOUT, self.ask(file)).await {
            Ok(Ok(picture)) => Some(picture),
            Ok(Err(error)) => {
                tracing::info!(%error, "a picture could not be read");
                None
            }
            Err(_) => {
                tracing::info!("a picture took too long to read");
                None
            }
        }
    }

    async fn ask(&self, file: &Path) -> io::Result<Picture> {
        let path = file.to_owned();
        let opened = tokio::task::spawn_blocking(move || File::open(path)).await;
        let mut child = Command::new(&self.program)
            .arg(PICTURE_WORKER)
            .env_clear()
            .current_dir("/")
            .stdin(opened.map_err(io::Error::other)??)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let mut said = child.stdout.take().ok_or_else(|| io::Error::other("a pipe is missing"))?;
        let picture = read(&mut said).await;
        let ended = child.wait().await?;
        if ended.success() {
            picture
        } else {
            Err(io::Error::other("it is no picture, or too much"))
        }
    }
}

/// What a child says: width, height, kind, and the small picture up to the end.
async fn read(said: &mut (impl AsyncRead + Unpin)) -> io::Result<Picture> {
    let (width, height) = (said.read_u32().await?, said.read_u32().await?);
    let thumbnail_type = worker::kind_of(said.read_u8().await?)?;
    let mut thumbnail = Vec::new();
    said.take(THUMBNAIL_BYTES_MAX + 1).read_to_end(&mut thumbnail).await?;
    let fits = u64::from(width).saturating_mul(height.into()) <= worker::PIXELS_MAX
        && !thumbnail.is_empty()
        && thumbnail.len() as u64 <= THUMBNAIL_BYTES_MAX;
    if !fits {
        return Err(io::Error::other("the child said what cannot be"));
    }
    Ok(Picture { width, height, thumbnail, thumbnail_type })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_child_says_is_believed_within_limits() {
        let mut said = Vec::new();
        worker::tell(&mut said, (640, 480), worker::JPEG, b"small").unwrap();
        let picture = read(&mut said.as_slice()).await.unwrap();
        assert_eq!((picture.width, picture.height), (640, 480));
        assert_eq!((picture.thumbnail_type, &picture.thumbnail[..]), ("image/jpeg", &b"small"[..]));

        for (size, kind, bytes) in [
            ((640, 480), 9, &b"small"[..]),
            ((640, 480), worker::JPEG, b""),
            ((u32::MAX, u32::MAX), worker::JPEG, b"small"),
        ] {
            let mut said = Vec::new();
            worker::tell(&mut said, size, kind, bytes).unwrap();
            assert!(read(&mut said.as_slice()).await.is_err(), "{size:?} {kind}");
        }
        assert!(read(&mut &b"short"[..]).await.is_err());
    }
}
