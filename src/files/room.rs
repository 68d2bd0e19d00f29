//! How much the files of an organization take, counted as they come and go.
//!
//! A crash between two writes leaves the count a file too high or too low. So all files are counted anew
//! when the count is a day old, and before somebody is told that there is no room.

use starling_actors::domain::OrgId;
use starling_actors::ports::Precondition;

use super::stored::{FILES, ROOM, Room, StoredFile};
use super::{FileError, Files};
use crate::records::Versioned;

/// Where an organization's count is.
const COUNT: &str = "room";
/// Age at which all files are counted anew.
const COUNTED_MS_MAX: i64 = 24 * 3600 * 1000;
/// Tries to change a count that other uploads change too.
const TRIES: usize = 8;
/// Files that are read at once.
const PAGE: usize = 200;

impl Files {
    /// Takes room for a file that is about to be kept; refused when there is none left.
    pub(super) async fn take_room(&self, org: OrgId, bytes: u64) -> Result<(), FileError> {
        let bytes_max = self.inner.settings.org_bytes_max;
        let mut is_fresh = false;
        for _ in 0..TRIES {
            let found = self.counted(org).await?;
            let (version, room) = match found {
                Some(Versioned { version, value, .. }) if is_fresh || self.is_young(&value) => {
                    (Precondition::Version(version), value)
                }
                Some(Versioned { version, .. }) => {
                    is_fresh = true;
                    (Precondition::Version(version), self.count(org).await?)
                }
                None => {
                    is_fresh = true;
                    (Precondition::Absent, self.count(org).await?)
                }
            };
            let taken = room.bytes.saturating_add(bytes);
            if bytes_max > 0 && taken > bytes_max {
                if is_fresh {
                    return Err(FileError::NoRoom { bytes_max });
                }
                let counted = self.count(org).await?;
                self.put_count(org, &counted, version).await?;
                is_fresh = true;
                continue;
            }
            if self.put_count(org, &Room { bytes: taken, ..room }, version).await? {
                return Ok(());
            }
        }
        Err(FileError::Busy)
    }

    /// Looks whether there is room for so much, and takes none: before something is made that takes long.
    pub async fn expect_room(&self, org: OrgId, bytes: u64) -> Result<(), FileError> {
        let bytes_max = self.inner.settings.org_bytes_max;
        let fits = |room: &Room| room.bytes.saturating_add(bytes) <= bytes_max;
        if bytes_max == 0 || self.counted(org).await?.is_some_and(|found| fits(&found.value)) {
            return Ok(());
        }
        if fits(&self.count(org).await?) { Ok(()) } else { Err(FileError::NoRoom { bytes_max }) }
    }

    /// Gives back the room of a file that is gone. What is not given back now is found at the next
    /// count.
    pub(super) async fn give_room(&self, org: OrgId, bytes: u64) {
        for _ in 0..TRIES {
            let Ok(Some(Versioned { version, value, .. })) = self.counted(org).await else { break };
            let left = Room { bytes: value.bytes.saturating_sub(bytes), ..value };
            if self.put_count(org, &left, Precondition::Version(version)).await == Ok(true) {
                return;
            }
        }
        tracing::info!(%org, "the room of a file is given back at the next count");
    }

    async fn counted(&self, org: OrgId) -> Result<Option<Versioned<Room>>, FileError> {
        self.inner.shelves.get(&ROOM, org, "", COUNT).await
    }

    fn is_young(&self, room: &Room) -> bool {
        self.now().0.saturating_sub(room.counted_at) < COUNTED_MS_MAX
    }

    /// `false`: somebody else was first.
    async fn put_count(
        &self,
        org: OrgId,
        room: &Room,
        when: Precondition,
    ) -> Result<bool, FileError> {
        match self.inner.shelves.put(&ROOM, (org, "", COUNT), room, when).await {
            Ok(_) => Ok(true),
            Err(FileError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn count(&self, org: OrgId) -> Result<Room, FileError> {
        let counted_at = self.now().0;
        let (mut bytes, mut after) = (0_u64, None::<String>);
        loop {
            let shelves = &self.inner.shelves;
            let page: Vec<Versioned<StoredFile>> =
                shelves.page(&FILES, (org, ""), after.as_deref(), PAGE).await?;
            bytes = page.iter().fold(bytes, |sum, file| sum.saturating_add(file.value.room()));
            match page.last() {
                Some(last) if page.len() == PAGE => after = Some(last.id.clone()),
                Some(_) | None => return Ok(Room { bytes, counted_at }),
            }
        }
    }
}
