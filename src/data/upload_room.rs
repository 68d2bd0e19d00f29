//! Room on the disk: how much of it the uploads of one organization may take, so that no tenant fills
//! the disk that everybody's messages are stored on.
//!
//! What counts is what is there: the databases of its connections, and the files on their way. So a
//! connection that is deleted frees its room, and nothing has to be put right after a crash.
//!
//! **Invariant:** a file on its way counts from its first byte until its database counts.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use starling_actors::domain::OrgId;

use super::stored::connection::StoredFile;
use super::{Data, DataError};

/// The room of all organizations.
#[derive(Debug)]
pub(super) struct UploadRoom {
    /// For each; 0: without a limit.
    bytes_max: u64,
    /// Of files on their way.
    coming: Mutex<HashMap<OrgId, u64>>,
}

/// The room of one upload on its way; given back when dropped.
#[derive(Debug)]
pub(super) struct TakenRoom {
    room: Arc<UploadRoom>,
    org: OrgId,
    /// What the organization had on the disk when it was last counted.
    there: u64,
    bytes: u64,
}

impl UploadRoom {
    pub(super) fn new(bytes_max: u64) -> Arc<Self> {
        Arc::new(Self { bytes_max, coming: Mutex::default() })
    }

    fn coming(&self, org: OrgId) -> u64 {
        self.coming.lock().get(&org).copied().unwrap_or_default()
    }

    fn admits(&self, there: u64, coming: u64) -> Result<(), DataError> {
        if self.bytes_max == 0 || there.saturating_add(coming) <= self.bytes_max {
            return Ok(());
        }
        Err(DataError::NoRoom { bytes_max: self.bytes_max })
    }
}

impl TakenRoom {
    /// Takes so much more; refused when the organization has no more.
    pub(super) fn take(&mut self, bytes: u64) -> Result<(), DataError> {
        let coming = {
            let mut coming = self.room.coming.lock();
            let coming = coming.entry(self.org).or_default();
            *coming = coming.saturating_add(bytes);
            *coming
        };
        self.bytes = self.bytes.saturating_add(bytes);
        self.room.admits(self.there, coming)
    }

    fn give_back(&mut self) {
        let mut coming = self.room.coming.lock();
        if let Some(left) = coming.get_mut(&self.org) {
            *left = left.saturating_sub(self.bytes);
            if *left == 0 {
                coming.remove(&self.org);
            }
        }
        self.bytes = 0;
    }
}

impl Drop for TakenRoom {
    fn drop(&mut self) {
        self.give_back();
    }
}

impl Data {
    /// Room for an upload, of which nothing has come yet; refused when there is none left.
    pub(super) async fn make_room(&self, org: OrgId) -> Result<TakenRoom, DataError> {
        let room = Arc::clone(&self.inner.upload_room);
        let there = self.uploaded_bytes(org).await?;
        // Nothing fits into what is full to the last byte.
        room.admits(there, room.coming(org).saturating_add(1))?;
        Ok(TakenRoom { room, org, there, bytes: 0 })
    }

    /// From now on a database of so many bytes is in the place of the file that it was made of.
    pub(super) async fn refit(&self, taken: &mut TakenRoom, bytes: u64) -> Result<(), DataError> {
        taken.there = self.uploaded_bytes(taken.org).await?;
        taken.give_back();
        taken.take(bytes)
    }

    /// Bytes that an organization's uploads take on the disk or in the storage.
    async fn uploaded_bytes(&self, org: OrgId) -> Result<u64, DataError> {
        let mut bytes = 0_u64;
        for found in self.stored_connections(org).await? {
            let there = match &found.value.address.file {
                Some(StoredFile::Upload(file)) => {
                    let found = tokio::fs::metadata(self.inner.uploads_dir.join(file)).await;
                    found.map_or(0, |found| found.len())
                }
                Some(StoredFile::Shared(shared)) => shared.bytes,
                Some(StoredFile::Import(_)) | None => 0,
            };
            bytes = bytes.saturating_add(there);
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORG: OrgId = OrgId::from_u128(1);

    fn taken(room: &Arc<UploadRoom>, there: u64) -> TakenRoom {
        TakenRoom { room: Arc::clone(room), org: ORG, there, bytes: 0 }
    }

    #[test]
    fn what_is_there_and_what_is_coming_share_the_room() {
        let room = UploadRoom::new(100);
        let (mut first, mut second) = (taken(&room, 40), taken(&room, 40));
        assert_eq!(first.take(30), Ok(()));
        assert_eq!(second.take(30), Ok(()));

        assert_eq!(second.take(1), Err(DataError::NoRoom { bytes_max: 100 }));

        drop(second);
        assert_eq!(first.take(30), Ok(()));
        drop(first);
        assert_eq!(room.coming(ORG), 0);
    }

    #[test]
    fn without_a_limit_everything_fits() {
        assert_eq!(taken(&UploadRoom::new(0), u64::MAX).take(u64::MAX), Ok(()));
    }
}
