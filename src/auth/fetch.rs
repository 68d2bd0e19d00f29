//! Small documents of an issuer, over HTTP with limits: an issuer that hangs or babbles holds up
//! only those who need it, and not for long.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, redirect};
use serde::de::DeserializeOwned;

/// How long a whole exchange may take: someone waits for it.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Longest document. Key sets and discovery documents have a few KiB.
const DOCUMENT_BYTES_MAX: usize = 256 * 1024;

/// Why there is no document. The address is in the words, a secret never.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    /// Not reached, not in time, or not a good status.
    #[error("{0}")]
    Http(String),
    /// More than is taken.
    #[error("the document is longer than {DOCUMENT_BYTES_MAX} bytes")]
    TooLong,
    /// Not JSON of the shape that is expected.
    #[error("the document is not as expected: {0}")]
    Shape(#[from] serde_json::Error),
}

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        use std::error::Error;

        let mut words = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            words = format!("{words}: {inner}");
            cause = inner.source();
        }
        Self::Http(words)
    }
}

/// A client for issuers. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Fetcher {
    client: Client,
}

impl Fetcher {
    /// Fails when the machine has no usable certificates.
    pub(super) fn new() -> Result<Self, FetchError> {
        let client = Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            // The address is the operator's choice; a redirect would be someone else's.
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Self { client })
    }

    /// Gets a JSON document.
    pub(super) async fn get<T: DeserializeOwned>(&self, url: &str) -> Result<T, FetchError> {
        read(self.client.get(url)).await
    }

    /// Sends a form and reads a JSON answer. `basic` is a client's id and secret.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        url: &str,
        form: &[(&str, &str)],
        basic: Option<(&str, &str)>,
    ) -> Result<T, FetchError> {
        let request = self.client.post(url).form(form);
        let request = match basic {
            Some((id, secret)) => request.basic_auth(id, Some(secret)),
            None => request,
        };
        read(request).await
    }
}

async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, FetchError> {
    let mut response = request.header("accept", "application/json").send().await?;
    response.error_for_status_ref()?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > DOCUMENT_BYTES_MAX {
            return Err(FetchError::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(serde_json::from_slice(&bytes)?)
}
