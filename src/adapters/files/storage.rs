//! Storage that speaks S3: how it is reached, and whether it works.
//!
//! A start writes a small mark and reads it back, which tells a wrong key, a missing bucket and a wrong
//! region apart while somebody is looking. Afterwards the mark is read every few seconds.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::path::Path as Place;
use object_store::{
    BackoffConfig, ClientOptions, Error, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
};

use super::ObjectFiles;

/// What the mark is called, and what is in it.
const MARK: &str = "starling.txt";
const MARK_WORDS: &str =
    "Starling keeps files here. It reads this one to see whether it still can.\n";
/// How long a start tries: storage that starts at the same time may need a moment.
const PROOF_TIMEOUT: Duration = Duration::from_secs(20);
/// How long one look may take; `/ready` tells of it.
const LOOK_TIMEOUT: Duration = Duration::from_secs(4);
/// For one request: a piece of a few MiB on a slow line.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
/// To reach it at all.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Tries after the first one, of what may be asked again: somebody waits for the answer.
const RETRIES: usize = 3;
/// For all tries of one request together.
const RETRY_TIMEOUT: Duration = Duration::from_secs(60);
/// Longest pause between two of them.
const PAUSE_MAX: Duration = Duration::from_secs(2);

/// How storage is reached that speaks S3.
#[derive(Clone)]
pub struct S3Settings {
    /// Its address; empty: Amazon's of the region.
    pub endpoint: String,
    /// The bucket.
    pub bucket: String,
    /// The region.
    pub region: String,
    /// As whom the server comes.
    pub access_key: String,
    /// What it signs with.
    pub secret_key: String,
    /// Whether the bucket stands in the path.
    pub path_style: bool,
    /// What all names begin with.
    pub prefix: String,
}

impl fmt::Debug for S3Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("S3Settings")
    }
}

/// Why storage cannot be used, in a sentence for the operator that names the setting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {words}")]
pub struct StorageError {
    setting: &'static str,
    words: String,
}

/// A store of objects, below one place in it. Cheap to clone.
#[derive(Clone)]
pub struct Storage {
    pub(super) store: Arc<dyn ObjectStore>,
    below: Place,
    bucket: String,
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Storage")
    }
}

impl Storage {
    /// Storage that speaks S3; nothing is asked of it yet.
    pub fn s3(settings: &S3Settings) -> Result<Self, StorageError> {
        let retry = RetryConfig {
            backoff: BackoffConfig { max_backoff: PAUSE_MAX, ..BackoffConfig::default() },
            max_retries: RETRIES,
            retry_timeout: RETRY_TIMEOUT,
        };
        let client = ClientOptions::new()
            .with_timeout(REQUEST_TIMEOUT)
            .with_connect_timeout(CONNECT_TIMEOUT)
            .with_allow_http(settings.endpoint.starts_with("http://"));
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(&settings.access_key)
            .with_secret_access_key(&settings.secret_key)
            .with_virtual_hosted_style_request(!settings.path_style)
            .with_client_options(client)
            .with_retry(retry);
        if !settings.endpoint.is_empty() {
            builder = builder.with_endpoint(settings.endpoint.trim_end_matches('/'));
        }
        let wrong = |error: &dyn fmt::Display| StorageError {
            setting: "files.s3",
            words: error.to_string(),
        };
        let below = Place::parse(&settings.prefix).map_err(|error| wrong(&error))?;
        let store = builder.build().map_err(|error| wrong(&error))?;
        Ok(Self { store: Arc::new(store), below, bucket: settings.bucket.clone() })
    }

    /// A store of a test.
    #[cfg(test)]
    pub(super) fn of(store: Arc<dyn ObjectStore>) -> Self {
        Self { store, below: Place::from("tests"), bucket: "tests".to_owned() }
    }

    /// What people attach.
    pub fn files(&self) -> ObjectFiles {
        ObjectFiles { store: Arc::clone(&self.store), below: self.below.clone() }
    }

    /// A place for one kind of files.
    pub(super) fn below(&self, kind: &'static str) -> Place {
        self.below.clone().join(kind)
    }

    /// Whether what is written here can be read again; if not, what the operator can do.
    pub async fn prove(&self) -> Result<(), StorageError> {
        let place = self.below(MARK);
        let proof = async {
            self.store.put(&place, PutPayload::from(MARK_WORDS)).await?;
            self.store.get(&place).await?.bytes().await
        };
        match tokio::time::timeout(PROOF_TIMEOUT, proof).await {
            Ok(Ok(bytes)) if *bytes == *MARK_WORDS.as_bytes() => Ok(()),
            Ok(Ok(_)) => Err(StorageError {
                setting: "files.s3.endpoint",
                words: "gives back something else than what was stored".to_owned(),
            }),
            Ok(Err(error)) => Err(self.meaning(&error)),
            Err(_) => Err(StorageError {
                setting: "files.s3.endpoint",
                words: format!("did not answer within {} seconds", PROOF_TIMEOUT.as_secs()),
            }),
        }
    }

    /// Whether it still answers as it should.
    pub(super) async fn works(&self) -> bool {
        let place = self.below(MARK);
        let look = async { self.store.get(&place).await?.bytes().await };
        match tokio::time::timeout(LOOK_TIMEOUT, look).await {
            Ok(Ok(_)) => true,
            Ok(Err(error)) => {
                tracing::debug!(%error, "the storage of files does not work");
                false
            }
            Err(_) => false,
        }
    }

    fn meaning(&self, error: &Error) -> StorageError {
        let text = chain(error);
        let code = code_in(&text);
        let bucket = &self.bucket;
        let (setting, words) = match (error, code) {
            (_, Some("InvalidAccessKeyId")) => {
                ("files.s3.access_key", "is not known to the storage".to_owned())
            }
            (_, Some("SignatureDoesNotMatch")) => {
                let words = "is not the secret of files.s3.access_key (or a clock is wrong)";
                ("files.s3.secret_key", words.to_owned())
            }
            (Error::NotFound { .. }, _) | (_, Some("NoSuchBucket")) => {
                ("files.s3.bucket", format!("there is no bucket \"{bucket}\"; make it first"))
            }
            (Error::PermissionDenied { .. } | Error::Unauthenticated { .. }, code) => {
                let said = code.map_or_else(String::new, |code| format!(" ({code})"));
                let words = format!(
                    "may not read and write in the bucket \"{bucket}\", or files.s3.secret_key is wrong{said}"
                );
                ("files.s3.access_key", words)
            }
            (_, Some(code @ ("AuthorizationHeaderMalformed" | "PermanentRedirect"))) => {
                ("files.s3.region", format!("is not the region of the bucket ({code})"))
            }
            _ => ("files.s3.endpoint", format!("does not serve files: {text}")),
        };
        StorageError { setting, words }
    }
}

/// An error and what it came from, each once.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let words = error.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        cause = error.source();
    }
    text
}

/// The code of S3's answer, as it stands in XML.
fn code_in(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    code.chars().all(|c| c.is_ascii_alphanumeric()).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_found_in_what_s3_says() {
        let said = "403: <?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>";
        assert_eq!(code_in(said), Some("AccessDenied"));
        assert_eq!(code_in("<Code>not a <b>word</b></Code>"), None);
        assert_eq!(code_in("nothing"), None);
    }
}
