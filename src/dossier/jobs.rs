//! Exports that somebody asked for: gathered by one node, kept for a week, given to who asked.
//!
//! ```text
//!   asked ─▶ record below who asked, entry among what is due ─▶ its node: gather, keep as their file ─▶ done
//! ```
//!
//! **Invariant:** the archive is a file of who asked and of nobody else; it goes with its time, whatever
//! becomes of the record.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use starling_actors::chat::Caller;
use starling_actors::cluster::Placement;
use starling_actors::domain::{FileId, OrgId, Timestamp, UserId};
use starling_actors::ports::{Precondition, Records, RecordsError};
use tokio::sync::Notify;
use tokio_util::task::AbortOnDropHandle;

use super::{DossierError, Sources};
use crate::data::By;
use crate::records::{SERVER, Shelf, Shelves, Versioned, optional_text, text};

/// Exports, below who asked.
const DOSSIERS: Shelf<StoredDossier> = Shelf::new("dossier");
/// Those that are not done.
const DUE: Shelf<StoredDue> = Shelf::new("dossier_due");
/// How long an archive is kept.
const KEPT_MS: i64 = 7 * 24 * 3600 * 1000;
/// Exports of one asker at a time: an admin answers for several people a week, not for hundreds.
const DOSSIERS_MAX: usize = 50;
/// Exports that wait on the whole server.
const DUE_MAX: usize = 10_000;
/// Times that one is begun; a node that dies with each of them would do so for ever.
const ATTEMPTS_MAX: u32 = 3;
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
        let (shelves, asked) = (Shelves::new(records), Notify::new());
        Self { inner: Arc::new(Inner { shelves, sources, placement, folder, asked }) }
    }

    /// Where all that is kept of people is.
    pub fn sources(&self) -> &Sources {
        &self.inner.sources
    }

    /// Asks for all that is kept of a person: oneself, or as an admin anyone.
    pub async fn ask(&self, by: &By, of: UserId) -> Result<Dossier, DossierError> {
        if of != by.user() && !by.caller.role.may_administer() {
            return Err(DossierError::Forbidden);
        }
        let Inner { sources, shelves, .. } = &*self.inner;
        sources.accounts.profile(by.org(), of).await?.ok_or(DossierError::NoPerson)?;
        if self.list(&by.caller).await?.len() >= DOSSIERS_MAX {
            return Err(DossierError::TooMany);
        }
        let id = FileId::from_u128(sources.clock.fresh_id()).to_string();
        let at = sources.clock.now().0;
        let state = DossierState::Pending;
        let value = StoredDossier { of, state, at, attempts: 0, file: None, bytes: 0, why: None };
        let asker = by.user().to_string();
        let place = (by.org(), asker.as_str(), id.as_str());
        let version = shelves.put(&DOSSIERS, place, &value, Precondition::Absent).await?;
        let due = StoredDue { org: by.org(), by: by.user() };
        shelves.put(&DUE, (SERVER, "", &id), &due, Precondition::Any).await?;
        let person = ("user", of.to_string());
        sources.data.note(by.did("person.export", person, Vec::new())).await;
        self.inner.asked.notify_one();
        Ok(Dossier::of(Versioned { id, version, value }))
    }

    /// What the caller has asked for, oldest first. What is past its time goes.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<Dossier>, DossierError> {
        let (shelves, asker) = (&self.inner.shelves, caller.user().to_string());
        let found = shelves.list(&DOSSIERS, caller.org, &asker, DOSSIERS_MAX * 2).await?;
        let now = self.inner.sources.clock.now();
        let mut kept = Vec::with_capacity(found.len());
        for dossier in found.into_iter().map(Dossier::of) {
            if dossier.until <= now {
                shelves.delete(&DOSSIERS, caller.org, &asker, &dossier.id).await?;
            } else {
                kept.push(dossier);
            }
        }
        Ok(kept)
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
        let mut dossier = found.value;
        if dossier.state != DossierState::Pending {
            return self.over(id).await;
        }
        dossier.attempts += 1;
        let place = (due.org, asker.as_str(), id);
        let when = Precondition::Version(found.version);
        let version = shelves.put(&DOSSIERS, place, &dossier, when).await?;
        match self.gather(id, due, dossier.of).await {
            Ok((file, bytes)) => {
                dossier.state = DossierState::Done;
                (dossier.file, dossier.bytes) = (Some(file), bytes);
            }
            Err(error) if dossier.attempts >= ATTEMPTS_MAX => {
                dossier.state = DossierState::Failed;
                dossier.why = Some(error.to_string());
            }
            Err(error) => return Err(error),
        }
        let put = shelves.put(&DOSSIERS, place, &dossier, Precondition::Version(version)).await;
        if let (Err(RecordsError::Conflict), Some(file)) = (&put, dossier.file) {
            // Who asked was erased meanwhile.
            self.inner.sources.files.drop_own(due.org, file).await?;
        }
        put?;
        self.over(id).await
    }

    /// Takes away what a person has asked for, with its archives. Doing it again is harmless.
    pub async fn forget(&self, org: OrgId, user: UserId) -> Result<(), DossierError> {
        let (shelves, asker) = (&self.inner.shelves, user.to_string());
        for found in shelves.list(&DOSSIERS, org, &asker, DOSSIERS_MAX * 2).await? {
            if let Some(file) = found.value.file {
                self.inner.sources.files.drop_own(org, file).await?;
            }
            shelves.delete(&DOSSIERS, org, &asker, &found.id).await?;
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
        let unwritten = |error: std::io::Error| DossierError::Written(error.to_string());
        std::fs::create_dir_all(folder).map_err(unwritten)?;
        let path = Gone(folder.join(id));
        let mut options = std::fs::OpenOptions::new();
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.write(true).create(true).truncate(true).open(&path.0);
        sources.write(due.org, of, file.map_err(unwritten)?).await?;
        let kept = sources.files.keep_own(&asker, "export.zip", &path.0, KEPT_MS).await?;
        Ok((kept.id, kept.bytes))
    }

    async fn over(&self, id: &str) -> Result<(), DossierError> {
        self.inner.shelves.delete(&DUE, SERVER, "", id).await?;
        Ok(())
    }
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
