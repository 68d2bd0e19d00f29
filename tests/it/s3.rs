//! Storage that speaks S3 and checks signatures, with what it keeps in a folder of the test.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{S3Result, s3_error};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use walkdir::WalkDir;

use crate::world::PATIENCE;

pub(crate) const BUCKET: &str = "birds";
pub(crate) const ACCESS_KEY: &str = "starling";
pub(crate) const SECRET_KEY: &str = "proof of who comes";
/// What all names of a server begin with.
const PREFIX: &str = "chat/one";

/// A storage on a thread of its own; stopped when dropped.
pub(crate) struct S3 {
    folder: TempDir,
    port: u16,
    runtime: Option<Runtime>,
}

impl S3 {
    /// One with an empty bucket.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let mut storage = Self { folder, port: 0, runtime: None };
        storage.start_again();
        storage
    }

    /// The same again, at the same place.
    pub(crate) fn start_again(&mut self) {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let mut service = S3ServiceBuilder::new(FileSystem::new(self.folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        service.set_access(OwnBucket);
        let listener = listen(&runtime, self.port);
        self.port = listener.local_addr().unwrap().port();
        runtime.spawn(serve(listener, service.build()));
        self.runtime = Some(runtime);
    }

    /// Nobody is answered any more.
    pub(crate) fn stop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What makes a server use it.
    pub(crate) fn settings(&self) -> Vec<(String, String)> {
        let settings = [
            ("files.kind", "s3"),
            ("files.s3.endpoint", &self.endpoint()),
            ("files.s3.bucket", BUCKET),
            ("files.s3.access_key", ACCESS_KEY),
            ("files.s3.secret_key", SECRET_KEY),
            ("files.s3.prefix", PREFIX),
        ];
        settings.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec()
    }

    /// Databases that are in it.
    pub(crate) fn databases(&self) -> Vec<PathBuf> {
        let below = self.folder.path().join(BUCKET).join(PREFIX).join("databases");
        let found = WalkDir::new(below).into_iter().filter_map(Result::ok);
        found
            .filter(|entry| entry.file_type().is_file())
            .map(walkdir::DirEntry::into_path)
            .collect()
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Lets those who signed into the bucket that is there; it would make others as they are named.
struct OwnBucket;

#[async_trait]
impl S3Access for OwnBucket {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        if context.credentials().is_none() {
            return Err(s3_error!(AccessDenied));
        }
        match context.s3_path().get_bucket_name() {
            Some(BUCKET) => Ok(()),
            Some(_) | None => Err(s3_error!(NoSuchBucket)),
        }
    }
}

/// The port is somebody else's until the storage of before is gone.
#[allow(clippy::disallowed_methods, reason = "this is no runtime's thread, and real time passes")]
fn listen(runtime: &Runtime, port: u16) -> TcpListener {
    let _inside = runtime.enter();
    let deadline = Instant::now() + PATIENCE;
    loop {
        let bound = std::net::TcpListener::bind(("127.0.0.1", port));
        match bound {
            Ok(listener) => {
                listener.set_nonblocking(true).unwrap();
                return TcpListener::from_std(listener).unwrap();
            }
            Err(error) => assert!(Instant::now() < deadline, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

async fn serve(listener: TcpListener, service: S3Service) {
    while let Ok((stream, _)) = listener.accept().await {
        let connection =
            http1::Builder::new().serve_connection(TokioIo::new(stream), service.clone());
        tokio::spawn(async move {
            // A server that was killed hangs up.
            connection.await.ok();
        });
    }
}
