//! Files that all nodes find: storage that speaks S3, for the data side.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use starling_actors::ports::FileKey;
use tokio_util::task::AbortOnDropHandle;

use super::StartError;
use crate::adapters::files::{
    CopyError, Databases, KeptDatabase, ObjectFiles, S3Settings, Storage,
};
use crate::config::{FilesKind, S3, Settings};
use crate::data::{FileContent, LocalFile, SharedDatabases};
use crate::http::health::Watched;

/// The storage of files, looked at while this is held.
pub(super) struct SharedFiles {
    databases: Databases,
    attachments: ObjectFiles,
    _looking: AbortOnDropHandle<()>,
}

impl SharedFiles {
    /// Opens the storage that the settings name, and sees whether it works; `None` when files are in a
    /// folder.
    pub(super) async fn open(settings: &Settings) -> Result<Option<Self>, StartError> {
        if settings.files.kind == FilesKind::Folder {
            return Ok(None);
        }
        let storage = Storage::s3(&s3(&settings.files.s3))?;
        storage.prove().await?;
        let attachments = storage.files();
        let path = settings.uploads_dir();
        let opened = Databases::open(storage, &path, settings.files.cache_bytes);
        let databases = opened.map_err(|cause| StartError::FilesFolder { path, cause })?;
        let runs = databases.clone();
        let looking = tokio::spawn(async move { match runs.run().await {} });
        Ok(Some(Self { databases, attachments, _looking: AbortOnDropHandle::new(looking) }))
    }

    /// Whether the storage that the settings name gives back what is stored there.
    pub(super) async fn prove(settings: &Settings) -> Result<(), StartError> {
        Ok(Storage::s3(&s3(&settings.files.s3))?.prove().await?)
    }

    /// For the data side.
    pub(super) fn databases(&self) -> Arc<dyn SharedDatabases> {
        Arc::new(Uploaded(self.databases.clone()))
    }

    /// For what people attach.
    pub(super) fn attachments(&self) -> ObjectFiles {
        self.attachments.clone()
    }

    /// The storage, as `/ready` tells of it.
    pub(super) fn dependency(&self) -> Watched {
        Watched {
            name: "files",
            works: self.databases.works(),
            without: "nothing can be uploaded or opened, and of tables only those are asked that were of late",
        }
    }
}

fn s3(settings: &S3) -> S3Settings {
    S3Settings {
        endpoint: settings.endpoint.clone(),
        bucket: settings.bucket.clone(),
        region: settings.region.clone(),
        access_key: settings.access_key.clone(),
        secret_key: settings.secret_key.clone(),
        path_style: settings.path_style,
        prefix: settings.prefix.clone(),
    }
}

/// Databases of uploads in that storage.
struct Uploaded(Databases);

#[async_trait]
impl SharedDatabases for Uploaded {
    async fn keep(&self, key: FileKey, made: &Path) -> Option<FileContent> {
        let kept = self.0.keep(key, made).await.ok()?;
        Some(FileContent { sha256: kept.hash.to_string(), bytes: kept.bytes })
    }

    async fn open(&self, key: FileKey, content: &FileContent) -> Result<LocalFile, &'static str> {
        let hash = content.sha256.parse().map_err(|_| words(CopyError::Damaged))?;
        let kept = KeptDatabase { hash, bytes: content.bytes };
        let copy = self.0.copy(key, kept).await.map_err(words)?;
        Ok(LocalFile { path: copy.path().to_owned(), hold: Some(copy) })
    }

    async fn remove(&self, key: FileKey, content: Option<&FileContent>) -> bool {
        let hash = content.and_then(|content| content.sha256.parse().ok());
        self.0.remove(key, hash).await.is_ok()
    }
}

/// For the person who asks.
const fn words(error: CopyError) -> &'static str {
    match error {
        CopyError::Missing => "its file is not in the storage of files",
        CopyError::Damaged => "its file in the storage of files is damaged",
        CopyError::NoRoom => "other files take all the room of this server; try again",
        CopyError::Unavailable => "its file cannot be fetched from the storage of files; try again",
    }
}
