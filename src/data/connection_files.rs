//! Files of connections: below the operator's folder, among the uploads, or where all nodes find them.

use std::path::{Path, PathBuf};

use starling_actors::domain::{ConnectionId, ConnectionKind, OrgId};

use super::shared_files::LocalFile;
use super::stored::connection::StoredFile;
use super::{By, Data, DataError};

impl Data {
    /// Looks where a file is, which must be below the operator's folder even when links are followed.
    pub(super) async fn import(
        &self,
        by: &By,
        kind: ConnectionKind,
        path: &str,
    ) -> Result<StoredFile, DataError> {
        let fault = |text: &str| DataError::field("file_path", text);
        if !by.caller.is_superuser {
            return Err(DataError::Forbidden("only a superuser names files of the server"));
        }
        if kind != ConnectionKind::Sqlite {
            return Err(fault("is only for sqlite; upload csv and excel files"));
        }
        if self.inner.import_dir.as_os_str().is_empty() {
            return Err(fault("the operator has set no import folder (import.dir)"));
        }
        let found = below(&self.inner.import_dir, Path::new(path)).await;
        let found = found.ok_or_else(|| fault("is no file below the import folder"))?;
        found
            .to_str()
            .map(|text| StoredFile::Import(text.to_owned()))
            .ok_or_else(|| fault("must be UTF-8"))
    }

    /// Where a file of a connection is now; looked at again each time, since links can be changed.
    /// `None` when it is not there; the sentence when it cannot be fetched.
    pub(super) async fn locate(
        &self,
        org: OrgId,
        file: &StoredFile,
    ) -> Result<Option<LocalFile>, &'static str> {
        let (dir, name) = match file {
            StoredFile::Import(name) => (&self.inner.import_dir, name),
            StoredFile::Upload(name) => (&self.inner.uploads_dir, name),
            StoredFile::Shared(shared) => return self.open_shared(org, shared).await.map(Some),
        };
        let Some(inside) = below(dir, Path::new(name)).await else { return Ok(None) };
        let path = tokio::fs::canonicalize(dir).await.ok().map(|dir| dir.join(inside));
        Ok(path.map(|path| LocalFile { path, hold: None }))
    }

    /// Removes the file of a connection that is deleted, unless it is the operator's.
    pub(super) async fn remove_file(&self, org: OrgId, id: ConnectionId, file: &StoredFile) {
        match file {
            StoredFile::Import(_) => {}
            StoredFile::Upload(name) => {
                let path = self.inner.uploads_dir.join(name);
                if let Err(error) = tokio::fs::remove_file(&path).await {
                    tracing::warn!(%error, connection = %id, "an upload's file is left behind");
                }
            }
            StoredFile::Shared(_) => self.settle_file(org, file, false).await,
        }
    }
}

/// A file's path from `dir` on, if it really is a file in there.
async fn below(dir: &Path, path: &Path) -> Option<PathBuf> {
    let dir = tokio::fs::canonicalize(dir).await.ok()?;
    let found = tokio::fs::canonicalize(dir.join(path)).await.ok()?;
    let inside = found.strip_prefix(&dir).ok()?.to_owned();
    tokio::fs::metadata(&found).await.ok()?.is_file().then_some(inside)
}
