//! What people attach: the store, the picture reader and the scanner behind the ports of the files.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use starling_actors::ports::{Clock, FileKey, History, MessageLog, Records};

use super::StartError;
use super::files::SharedFiles;
use crate::adapters::files::{self as stores, ObjectFiles};
use crate::adapters::{pictures, scanner};
use crate::config::Settings;
use crate::files::{
    FilePart, FileStore, Files, FilesPorts, FilesSettings, LookedAt, Pictures, Scanner, StoreError,
    Verdict,
};

/// Where uploads on their way are, below the data folder: this node's own disk.
const COMING_FOLDER: &str = "coming";

/// What the stores of this node know of messages.
type Stored<'a> =
    (&'a Arc<dyn Records>, &'a Arc<dyn Clock>, &'a Arc<dyn MessageLog>, &'a Arc<dyn History>);

/// Opens the files of messages, where the settings say.
pub(super) fn open(
    settings: &Settings,
    shared: Option<&SharedFiles>,
    (records, clock, log, history): Stored<'_>,
) -> Result<Files, StartError> {
    let unusable = |path: std::path::PathBuf| {
        move |cause| StartError::FilesFolder { path: path.clone(), cause }
    };
    let store = match shared {
        Some(shared) => shared.attachments(),
        None => {
            let folder = settings.uploads_dir();
            ObjectFiles::in_folder(&folder).map_err(unusable(folder.clone()))?
        }
    };
    let scanner: Option<Arc<dyn Scanner>> = match settings.files.scanner.as_str() {
        "" => None,
        setting => {
            let scanner = scanner::Scanner::of_setting(setting);
            let scanner = scanner.map_err(|error| StartError::Scanner(error.to_string()))?;
            Some(Arc::new(Scanning(scanner)))
        }
    };
    let coming_dir = settings.data.dir.join(COMING_FOLDER);
    let ports = FilesPorts {
        records: Arc::clone(records),
        clock: Arc::clone(clock),
        log: Arc::clone(log),
        history: Arc::clone(history),
        store: Arc::new(Attached(store)),
        pictures: Arc::new(Looking(pictures::Pictures::default())),
        scanner,
    };
    let limits = FilesSettings {
        upload_bytes_max: settings.files.upload_max_bytes,
        org_bytes_max: settings.files.bytes_per_org,
        blocked: settings.files.blocked_types.clone(),
        coming_dir: coming_dir.clone(),
    };
    Files::open(ports, limits).map_err(unusable(coming_dir))
}

/// Files in a store of objects.
struct Attached(ObjectFiles);

const fn part(part: FilePart) -> stores::FilePart {
    match part {
        FilePart::Whole => stores::FilePart::Whole,
        FilePart::Thumbnail => stores::FilePart::Thumbnail,
    }
}

#[async_trait]
impl FileStore for Attached {
    async fn put(&self, key: FileKey, of: FilePart, from: &Path) -> Result<(), StoreError> {
        self.0.put(key, part(of), from).await.map_err(|_| StoreError)
    }

    async fn read(
        &self,
        key: FileKey,
        of: FilePart,
        range: Range<u64>,
    ) -> Result<Option<Bytes>, StoreError> {
        self.0.read(key, part(of), range).await.map_err(|_| StoreError)
    }

    async fn remove(&self, key: FileKey) -> Result<(), StoreError> {
        self.0.remove(key).await.map_err(|_| StoreError)
    }
}

/// Pictures in child processes.
struct Looking(pictures::Pictures);

#[async_trait]
impl Pictures for Looking {
    async fn look(&self, file: &Path) -> Option<LookedAt> {
        let pictures::Picture { width, height, thumbnail, thumbnail_type } =
            self.0.look(file).await?;
        Some(LookedAt { pixels: (width, height), thumbnail, thumbnail_type })
    }
}

/// The operator's scanner.
struct Scanning(scanner::Scanner);

#[async_trait]
impl Scanner for Scanning {
    async fn ask(&self, file: &Path) -> Verdict {
        match self.0.ask(file).await {
            scanner::Verdict::Harmless => Verdict::Harmless,
            scanner::Verdict::Refused => Verdict::Refused,
            scanner::Verdict::Unknown => Verdict::Unknown,
        }
    }
}
