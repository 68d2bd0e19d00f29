//! Files between this machine's disk and storage, a piece at a time.
//!
//! Nothing here holds a file in memory: [`PIECES_AT_ONCE`] pieces of it are on their way. Bytes are
//! hashed, read and written on threads for waiting, so that chat does not wait for a disk.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::ops::Range;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use futures_util::stream::{self, StreamExt};
use object_store::path::Path as Place;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart};
use sha2::{Digest, Sha256};

use super::ContentHash;

/// Bytes of one piece: the fewest that S3 takes as a part, since each is signed at once.
pub(super) const PIECE_BYTES: usize = 5 << 20;
/// Pieces of one file that are on their way at a time: one is sent while the next is read.
const PIECES_AT_ONCE: usize = 2;

/// Why a file did not come over.
#[derive(Debug, thiserror::Error)]
pub(super) enum TransferError {
    /// There is none.
    #[error("it is not in the storage")]
    Missing,
    /// The storage did not do as asked.
    #[error("the storage failed: {0}")]
    Storage(Error),
    /// This machine's disk did not.
    #[error("the disk failed: {0}")]
    Disk(#[from] io::Error),
}

impl From<Error> for TransferError {
    fn from(error: Error) -> Self {
        if matches!(error, Error::NotFound { .. }) { Self::Missing } else { Self::Storage(error) }
    }
}

/// A file that is read or written from its beginning, and what is in it so far.
struct Hashed {
    file: File,
    hasher: Sha256,
    bytes: u64,
}

impl Hashed {
    fn new(file: File) -> Self {
        Self { file, hasher: Sha256::new(), bytes: 0 }
    }

    fn count(&mut self, piece: &[u8]) {
        self.hasher.update(piece);
        self.bytes = self.bytes.saturating_add(piece.len() as u64);
    }

    /// The next piece; a short one is the last.
    async fn read(mut self) -> io::Result<(Self, Vec<u8>)> {
        let reading = tokio::task::spawn_blocking(move || {
            let mut piece = Vec::with_capacity(PIECE_BYTES);
            Read::by_ref(&mut self.file).take(PIECE_BYTES as u64).read_to_end(&mut piece)?;
            self.count(&piece);
            Ok((self, piece))
        });
        reading.await.map_err(io::Error::other)?
    }

    async fn write(mut self, piece: bytes::Bytes) -> io::Result<Self> {
        let writing = tokio::task::spawn_blocking(move || {
            self.file.write_all(&piece)?;
            self.count(&piece);
            Ok(self)
        });
        writing.await.map_err(io::Error::other)?
    }

    /// On the disk for good.
    async fn sync(self) -> io::Result<Self> {
        let syncing = tokio::task::spawn_blocking(move || self.file.sync_all().map(|()| self));
        syncing.await.map_err(io::Error::other)?
    }

    fn hash(self) -> ContentHash {
        let sum: [u8; 32] = self.hasher.finalize().into();
        ContentHash::from(sum)
    }

    fn hash_and_bytes(self) -> (ContentHash, u64) {
        let bytes = self.bytes;
        (self.hash(), bytes)
    }
}

/// Stores the file `from`, which is synced too; gives what is in it and how much. On failure there is no
/// object.
pub(super) async fn upload(
    store: &dyn ObjectStore,
    place: &Place,
    from: &Path,
) -> Result<(ContentHash, u64), TransferError> {
    let opened = tokio::fs::File::open(from).await?.into_std().await;
    let (mut source, mut piece) = Hashed::new(opened).read().await?;
    if piece.len() < PIECE_BYTES {
        store.put(place, PutPayload::from(piece)).await?;
        return Ok(source.sync().await?.hash_and_bytes());
    }
    let mut writer =
        WriteMultipart::new_with_chunk_size(store.put_multipart(place).await?, PIECE_BYTES);
    let outcome = async {
        loop {
            let is_last = piece.len() < PIECE_BYTES;
            writer.put(bytes::Bytes::from(piece));
            if is_last {
                return Ok(source);
            }
            writer.wait_for_capacity(PIECES_AT_ONCE).await?;
            (source, piece) = source.read().await?;
        }
    };
    let outcome: Result<Hashed, TransferError> = outcome.await;
    match outcome {
        Ok(source) => {
            writer.finish().await?;
            Ok(source.sync().await?.hash_and_bytes())
        }
        Err(error) => {
            if let Err(error) = writer.abort().await {
                tracing::warn!(%error, "parts of an upload are left in the storage");
            }
            Err(error)
        }
    }
}

/// Writes the object of so many bytes to the new file `to`, synced; gives what is in it.
pub(super) async fn download(
    store: &dyn ObjectStore,
    place: &Place,
    bytes: u64,
    to: &Path,
) -> Result<ContentHash, TransferError> {
    let mut options = OpenOptions::new();
    // Somebody's tables are nobody else's to read on this machine.
    options.write(true).create(true).truncate(true).mode(0o600);
    let path = to.to_owned();
    let opening = tokio::task::spawn_blocking(move || options.open(path));
    let mut target = Hashed::new(opening.await.map_err(io::Error::other)??);
    let mut pieces = stream::iter(ranges(bytes))
        .map(|range| store.get_range(place, range))
        .buffered(PIECES_AT_ONCE);
    while let Some(piece) = pieces.next().await {
        target = target.write(piece?).await?;
    }
    Ok(target.sync().await?.hash())
}

/// Pieces of so many bytes.
fn ranges(bytes: u64) -> impl Iterator<Item = Range<u64>> {
    let piece = PIECE_BYTES as u64;
    (0..bytes.div_ceil(piece)).map(move |n| n * piece..((n + 1) * piece).min(bytes))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use object_store::memory::InMemory;

    use super::*;

    #[test]
    fn pieces_cover_all_bytes_once() {
        let piece = PIECE_BYTES as u64;
        let ends = |bytes| ranges(bytes).map(|range| (range.start, range.end)).collect::<Vec<_>>();
        assert_eq!(ends(0), []);
        assert_eq!(ends(1), [(0, 1)]);
        assert_eq!(ends(piece), [(0, piece)]);
        assert_eq!(ends(piece + 1), [(0, piece), (piece, piece + 1)]);
    }

    #[tokio::test]
    async fn files_of_no_one_and_many_pieces_come_back_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        let place = Place::from("a/b");
        for length in [0, 1, PIECE_BYTES - 1, PIECE_BYTES, 2 * PIECE_BYTES, 2 * PIECE_BYTES + 7] {
            let words: Vec<u8> = (0..=250).cycle().take(length).collect();
            std::fs::write(&from, &words).unwrap();
            let (hash, bytes) = upload(&*store, &place, &from).await.unwrap();
            assert_eq!(bytes, length as u64);
            assert_eq!(download(&*store, &place, bytes, &to).await.unwrap(), hash);
            assert_eq!(std::fs::read(&to).unwrap(), words);
        }
        let none = download(&*store, &Place::from("c"), 1, &to).await;
        assert!(matches!(none, Err(TransferError::Missing)), "{none:?}");
    }
}
