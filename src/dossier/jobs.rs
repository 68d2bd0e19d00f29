//! Exports that somebody asked for: gathered by one node, kept for a week, given to who asked.
//!
//! ```text
//!   asked ─▶ record below who asked, entry among what is due ─▶ its node: gather, keep as their file ─▶ done
//! ```
//!
//! **Invariants:** the archive is a file of who asked and of nobody else, and if it tells of somebody else, only as
//! long as they govern; it goes with its time, whatever becomes of the record. Of one person each asker has one
//! archive, and one that is being gathered.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use starling_actors::chat::Caller;
use starling_actors::cluster::Placement;
use starling_actors::domain::{FileId, OrgId, Timestamp, UserId};
use starling_actors::ports::{Precondition, Records, RecordsError};
use tokio::sync::{Mutex, Notify};
use tokio_util::task::AbortOnDropHandle;

use super::{DossierError, Sources};
use crate::data::{By, by_server};
use crate::files::OwnFile;
use crate::records::{SERVER, Shelf, Shelves, Versioned, optional_text, text};

/// Exports, below who asked.
const DOSSIERS: Shelf<StoredDossier> = Shelf::new("dossier");
/// Those that are not done.
const DUE: Shelf<StoredDue> = Shelf::new("dossier_due");
/// How long an archive is kept.
const KEPT_MS: i64 = 7 * 24 * 3600 * 1000;
/// Exports of one admin at a time: they answer for several people a week, not for hundreds.
const DOSSIERS_MAX: usize = 50;
/// Exports of anybody else at a time. They have one archive, of themself; the others could not be gathered.
const OWN_MAX: usize = 3;
/// Exports that wait on the whole server.
const DUE_MAX: usize = 10_000;
/// Times that one is begun, unless what hindered it passes; a node that dies with each of them would do so for
/// ever.
const ATTEMPTS_MAX: u32 = 3;
/// How many times its attachments an archive takes on this node's disk: itself, and its copy on the way to
/// the store of files.
const COPIES: u64 = 2;
/// What the audit trail calls it.
const ACTION: &str = "person.export";
/// How often is looked for what another node was asked for, or left undone.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// How an export stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DossierState {
    /// It waits, or is being gathered.
    Pending,
    /// The archive can be had.
    Done,
    /// It could not be gathered.
    Failed,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredDossier {
    #[serde(with = "text")]
    of: UserId,
    state: DossierState,
    at: i64,
    attempts: u32,
    #[serde(with = "optional_text", default)]
    file: Option<FileId>,
    #[serde(default)]
    bytes: u64,
    #[serde(default)]
    why: Option<String>,
}

impl StoredDossier {
    /// How it stands when it is begun once more. It is not begun when it was often enough, or too long ago.
    fn begun(self, now: Timestamp) -> Self {
        if self.attempts < ATTEMPTS_MAX && now < Timestamp(self.at).plus_ms(KEPT_MS) {
            return Self { attempts: self.attempts + 1, ..self };
        }
        let why = format!("it was begun {} times and came to no end", self.attempts);
        self.failed(why)
    }

    /// How it stands when what was begun has come to this end.
    fn ended(self, gathered: &Result<(FileId, u64), DossierError>) -> Self {
        match gathered {
            Ok((file, bytes)) => {
                Self { state: DossierState::Done, file: Some(*file), bytes: *bytes, ..self }
            }
            Err(error) if error.is_passing() => Self { attempts: self.attempts - 1, ..self },
            Err(error) if error.is_final() || self.attempts >= ATTEMPTS_MAX => {
                self.failed(error.to_string())
            }
            Err(_) => self,
        }
    }

    fn failed(self, why: String) -> Self {
        Self { state: DossierState::Failed, why: Some(why), ..self }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredDue {
    #[serde(with = "text")]
    org: OrgId,
    #[serde(with = "text")]
    by: UserId,
}

/// An export.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// Its id.
    pub id: String,
    /// Whose data it is.
    pub of: UserId,
    /// How it stands.
    pub state: DossierState,
    /// When it was asked for.
    pub at: Timestamp,
    /// Until when it is kept.
    pub until: Timestamp,
    /// The archive.
    pub file: Option<FileId>,
    /// How large that is.
    pub bytes: u64,
    /// Why it failed.
    pub why: Option<String>,
}

impl Dossier {
    /// Whether its asker may have it: of others only admins, as long as they are.
    fn is_shown_to(&self, caller: &Caller) -> bool {
        self.of == caller.user() || caller.role.may_administer()
    }

    fn of(read: Versioned<StoredDossier>) -> Self {
        let StoredDossier { of, state, at, file, bytes, why, .. } = read.value;
        let at = Timestamp(at);
        Self { id: read.id, of, state, at, until: at.plus_ms(KEPT_MS), file, bytes, why }
    }
}

/// What exports stand on.
pub struct DossiersPorts {
    /// Where they are kept.
    pub records: Arc<dyn Records>,
    /// Where all that is kept of people is.
    pub sources: Sources,
    /// Which node does what.
    pub placement: Placement,
    /// Where archives are put together, on this node's own disk; whatever is there goes at a start.
    pub folder: PathBuf,
}

/// Exports of this server. Cheap to clone.
#[derive(Clone)]
pub struct Dossiers {
    inner: Arc<Inner>,
}

struct Inner {
    shelves: Shelves<RecordsError>,
    sources: Sources,
    placement: Placement,
    folder: PathBuf,
    asked: Notify,
    /// Held while it is looked what somebody has asked for already.
    asking: Mutex<()>,
}

/// Gathers while this is held.
#[derive(Debug)]
pub struct Working(#[allow(dead_code, reason = "held for its drop")] AbortOnDropHandle<()>);

impl std::fmt::Debug for Dossiers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dossiers")
    }
}

impl From<RecordsError> for DossierError {
    fn from(error: RecordsError) -> Self {
        Self::Chat(error.into())
    }
}

impl Dossiers {
    /// Over these.
    pub fn new(ports: DossiersPorts) -> Self {
        let DossiersPorts { records, sources, placement, folder } = ports;
        let (shelves, asked, asking) = (Shelves::new(records), Notify::new(), Mutex::new(()));
        Self { inner: Arc::new(Inner { shelves, sources, placement, folder, asked, asking }) }
    }

    /// Where all that is kept of people is.
    pub fn sources(&self) -> &Sources {
        &self.inner.sources
    }

    /// Asks for all that is kept of a person: oneself, or as an admin anyone. While it is being gathered,
    /// asking again gives that one; later ones take the place of the archive before.
    pub async fn ask(&self, by: &By, of: UserId) -> Result<Dossier, DossierError> {
        if of != by.user() && !by.caller.role.may_administer() {
            return Err(DossierError::Forbidden);
        }
        let Inner { sources, shelves, .. } = &*self.inner;
        sources.accounts.profile(by.org(), of).await?.ok_or(DossierError::NoPerson)?;
        let _turn = self.inner.asking.lock().await;
        let (same, others): (Vec<_>, Vec<_>) = self
            .list(&by.caller)
            .await?
            .into_iter()
            .partition(|known| known.of == of && known.state != DossierState::Failed);
        if let Some(pending) = same.iter().find(|known| known.state == DossierState::Pending) {
            return Ok(pending.clone());
        }
        let max = if by.caller.role.may_administer() { DOSSIERS_MAX } else { OWN_MAX };
        if others.len() >= max {
            return Err(DossierError::TooMany);
        }
        for known in same {
            self.drop_one((by.org(), by.user()), &known.id, known.file).await?;
        }
        let id = FileId::from_u128(sources.clock.fresh_id()).to_string();
        let at = sources.clock.now().0;
        let state = DossierState::Pending;
        let value = StoredDossier { of, state, at, attempts: 0, file: None, bytes: 0, why: None };
        let asker = by.user().to_string();
        let place = (by.org(), asker.as_str(), id.as_str());
        let version = shelves.put(&DOSSIERS, place, &value, Precondition::Absent).await?;
        let due = StoredDue { org: by.org(), by: by.user() };
        if let Err(error) = shelves.put(&DUE, (SERVER, "", &id), &due, Precondition::Any).await {
            // Nobody would gather it: rather none than one that is pending for a week.
            if let Err(error) = shelves.delete(&DOSSIERS, by.org(), &asker, &id).await {
                tracing::warn!(%error, export = id, "an export that nobody gathers is left behind");
            }
            return Err(error.into());
        }
        sources.data.note(by.did(ACTION, ("user", of.to_string()), Vec::new())).await;
        self.inner.asked.notify_one();
        Ok(Dossier::of(Versioned { id, version, value }))
    }

    /// Writes all that is kept of a person into a file, for the one who runs the server.
    pub async fn write_now(&self, org: OrgId, of: UserId, file: File) -> Result<(), DossierError> {
        let sources = &self.inner.sources;
        let person = ("user", of.to_string());
        sources.data.note(by_server(org, ACTION, person, Vec::new())).await;
        // It goes where they want it, whatever room there is.
        sources.write((org, of), file, async |_| Ok(())).await
    }

    /// What the caller has asked for and may have, oldest first. What is past its time goes.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<Dossier>, DossierError> {
        let (shelves, asker) = (&self.inner.shelves, caller.user().to_string());
        let found = shelves.list(&DOSSIERS, caller.org, &asker, DOSSIERS_MAX * 2).await?;
        let now = self.inner.sources.clock.now();
        let mut kept = Vec::with_capacity(found.len());
        for dossier in found.into_iter().map(Dossier::of) {
            if dossier.until <= now {
                shelves.delete(&DOSSIERS, caller.org, &asker, &dossier.id).await?;
            } else if dossier.is_shown_to(caller) {
                kept.push(dossier);
            }
        }
        Ok(kept)
    }

    /// Takes away one that the caller has asked for, with its archive. One that is being gathered comes to
    /// nothing.
    pub async fn remove(&self, caller: &Caller, id: &str) -> Result<(), DossierError> {
        let found = self.get(caller, id).await?;
        self.drop_one((caller.org, caller.user()), id, found.file).await
    }

    /// The archive first: what has no record is not found again.
    async fn drop_one(
        &self,
        (org, asker): (OrgId, UserId),
        id: &str,
        file: Option<FileId>,
    ) -> Result<(), DossierError> {
        if let Some(file) = file {
            self.inner.sources.files.drop_own(org, file).await?;
        }
        self.inner.shelves.delete(&DOSSIERS, org, &asker.to_string(), id).await?;
        Ok(())
    }

    /// One that the caller has asked for.
    pub async fn get(&self, caller: &Caller, id: &str) -> Result<Dossier, DossierError> {
        let found = self.list(caller).await?.into_iter().find(|dossier| dossier.id == id);
        found.ok_or(DossierError::NotFound)
    }

    /// Gathers what is due, on this node's part of it.
    pub fn start(&self) -> Working {
        let dossiers = self.clone();
        Working(AbortOnDropHandle::new(tokio::spawn(async move {
            // What a crash left half written.
            if let Err(error) = std::fs::remove_dir_all(&dossiers.inner.folder)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(%error, "archives that were not finished are left behind");
            }
            loop {
                dossiers.look().await;
                tokio::select! {
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                    () = dossiers.inner.asked.notified() => {}
                }
            }
        })))
    }

    async fn look(&self) {
        let due = match self.inner.shelves.list(&DUE, SERVER, "", DUE_MAX).await {
            Ok(due) => due,
            Err(error) => {
                tracing::warn!(%error, "exports that are due cannot be read");
                return;
            }
        };
        for due in due {
            let is_mine = due.id.parse::<FileId>();
            if is_mine.is_ok_and(|id| self.inner.placement.is_mine(id.as_u128()))
                && let Err(error) = self.work(&due.id, &due.value).await
            {
                tracing::warn!(%error, export = due.id, "an export is gathered later");
            }
        }
    }

    async fn work(&self, id: &str, due: &StoredDue) -> Result<(), DossierError> {
        let (shelves, asker) = (&self.inner.shelves, due.by.to_string());
        let Some(found) = shelves.get(&DOSSIERS, due.org, &asker, id).await? else {
            return self.over(id).await;
        };
        if found.value.state != DossierState::Pending {
            return self.over(id).await;
        }
        let dossier = found.value.begun(self.inner.sources.clock.now());
        let place = (due.org, asker.as_str(), id);
        let when = Precondition::Version(found.version);
        let version = shelves.put(&DOSSIERS, place, &dossier, when).await?;
        if dossier.state == DossierState::Failed {
            return self.over(id).await;
        }
        let gathered = self.gather(id, due, dossier.of).await;
        let dossier = dossier.ended(&gathered);
        let put = shelves.put(&DOSSIERS, place, &dossier, Precondition::Version(version)).await;
        if let (Err(RecordsError::Conflict), Some(file)) = (&put, dossier.file) {
            // It was taken away meanwhile, or who asked was erased.
            self.inner.sources.files.drop_own(due.org, file).await?;
        }
        if dossier.state == DossierState::Pending {
            gathered?;
        }
        put?;
        self.over(id).await
    }

    /// Takes away what a person has asked for, with its archives. Doing it again is harmless.
    pub async fn forget(&self, org: OrgId, user: UserId) -> Result<(), DossierError> {
        let (shelves, asker) = (&self.inner.shelves, user.to_string());
        for found in shelves.list(&DOSSIERS, org, &asker, DOSSIERS_MAX * 2).await? {
            self.drop_one((org, user), &found.id, found.value.file).await?;
        }
        Ok(())
    }

    /// Puts the archive together and keeps it as a file of who asked.
    async fn gather(
        &self,
        id: &str,
        due: &StoredDue,
        of: UserId,
    ) -> Result<(FileId, u64), DossierError> {
        let Inner { sources, folder, .. } = &*self.inner;
        let asker = sources.accounts.author(due.org, due.by).await?;
        let asker = asker.ok_or(DossierError::NoPerson)?;
        if of != asker.user() && !asker.role.may_administer() {
            return Err(DossierError::Forbidden);
        }
        std::fs::create_dir_all(folder).map_err(unwritten)?;
        let path = Gone(folder.join(id));
        let mut options = std::fs::OpenOptions::new();
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.write(true).create(true).truncate(true).open(&path.0);
        let takes = async |bytes| self.expect_room(due.org, bytes).await;
        sources.write((due.org, of), file.map_err(unwritten)?, takes).await?;
        let archive = OwnFile {
            name: "export.zip",
            path: &path.0,
            kept_ms: KEPT_MS,
            is_for_admins: of != asker.user(),
        };
        let kept = sources.files.keep_own(&asker, archive).await?;
        Ok((kept.id, kept.bytes))
    }

    /// Looks whether an archive with so many bytes of attachments has room, before these are read.
    async fn expect_room(&self, org: OrgId, bytes: u64) -> Result<(), DossierError> {
        let Inner { sources, folder, .. } = &*self.inner;
        sources.files.expect_room(org, bytes).await?;
        let left = fs4::available_space(folder).map_err(unwritten)?;
        if left < bytes.saturating_mul(COPIES) {
            return Err(DossierError::Written("the disk has too little room".to_owned()));
        }
        Ok(())
    }

    async fn over(&self, id: &str) -> Result<(), DossierError> {
        self.inner.shelves.delete(&DUE, SERVER, "", id).await?;
        Ok(())
    }
}

#[allow(clippy::needless_pass_by_value, reason = "what map_err gives")]
fn unwritten(error: std::io::Error) -> DossierError {
    DossierError::Written(error.to_string())
}

/// A file of this node's disk that goes when this is dropped.
struct Gone(PathBuf);

impl Drop for Gone {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, path = %self.0.display(), "an archive is left behind");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::FileError;

    const NOW: Timestamp = Timestamp(1_000);

    fn asked() -> StoredDossier {
        let (of, state) = (UserId::from_u128(1), DossierState::Pending);
        StoredDossier { of, state, at: NOW.0, attempts: 0, file: None, bytes: 0, why: None }
    }

    #[test]
    fn what_a_node_dies_with_is_not_begun_for_ever() {
        let mut dossier = asked();
        for _ in 0..ATTEMPTS_MAX {
            dossier = dossier.begun(NOW);
            assert_eq!(dossier.state, DossierState::Pending);
        }
        let dossier = dossier.begun(NOW);
        assert_eq!(dossier.state, DossierState::Failed, "though no end was ever told");
        assert!(dossier.why.is_some());
    }

    #[test]
    fn what_passes_counts_for_nothing_until_the_time_of_the_export_is_over() {
        let mut dossier = asked();
        for _ in 0..=ATTEMPTS_MAX {
            dossier = dossier.begun(NOW).ended(&Err(FileError::Unavailable.into()));
            assert_eq!(dossier.state, DossierState::Pending);
        }
        assert_eq!(dossier.begun(NOW.plus_ms(KEPT_MS)).state, DossierState::Failed);
    }

    #[test]
    fn what_trying_again_cannot_mend_fails_at_once_and_anything_else_after_some_tries() {
        let no_room = FileError::NoRoom { bytes_max: 1 };
        for error in [DossierError::Forbidden, DossierError::NoPerson, no_room.into()] {
            assert_eq!(asked().begun(NOW).ended(&Err(error)).state, DossierState::Failed);
        }
        let mut dossier = asked();
        for attempt in 1..=ATTEMPTS_MAX {
            let error = DossierError::Written("no disk".to_owned());
            dossier = dossier.begun(NOW).ended(&Err(error));
            assert_eq!(dossier.state == DossierState::Failed, attempt == ATTEMPTS_MAX);
        }
    }
}
