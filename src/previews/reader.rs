//! Reads a page that somebody linked to, through the guard on the way out.
//!
//! **Invariants:** every address, also one that a page leads on to, is checked before it is called, and so is
//! what its name resolves to; a page costs so many bytes, calls and seconds, whatever it does; no cookie, no
//! credential and nothing of the message is sent.

use std::time::Duration;

use reqwest::Url;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, LOCATION};
use starling_actors::domain::LinkPreview;

use super::page;
use crate::egress::Egress;

/// Who asks, for those who look into their logs.
const USER_AGENT: &str = concat!("Starling/", env!("CARGO_PKG_VERSION"), " (link preview)");
/// How long a page may take with all that it leads on to: its readers look at the message now.
const TIMEOUT: Duration = Duration::from_secs(8);
/// How often a page may lead on to another one.
const REDIRECTS_MAX: usize = 4;
/// Bytes of a page that are read: heads are shorter, even of pages full of scripts.
const PAGE_BYTES_MAX: usize = 256 * 1024;
/// What is read. Anything else has no head.
const TYPES: [&str; 2] = ["text/html", "application/xhtml+xml"];

/// Reads pages.
pub(super) struct Reader {
    egress: Egress,
    client: reqwest::Client,
}

impl Reader {
    /// By what the guard lets through. Fails when the machine cannot call by TLS.
    pub(super) fn new(egress: Egress) -> Result<Self, reqwest::Error> {
        let client = egress.client().user_agent(USER_AGENT).build()?;
        Ok(Self { egress, client })
    }

    /// What is shown of a page, if it can be read in time.
    pub(super) async fn read(&self, url: &str) -> Option<LinkPreview> {
        let read = tokio::time::timeout(TIMEOUT, self.follow(url)).await.ok().flatten();
        if read.is_none() {
            tracing::debug!("nothing is shown of a page that was linked to");
        }
        read
    }

    async fn follow(&self, url: &str) -> Option<LinkPreview> {
        let mut address = self.egress.check(url).ok()?;
        let host = address.host_str()?.to_owned();
        for _ in 0..=REDIRECTS_MAX {
            let request = self.client.get(address.clone());
            // Not packed: what a few bytes unpack to would have no bound of its own.
            let request =
                request.header(ACCEPT, TYPES.join(",")).header(ACCEPT_ENCODING, "identity");
            let response = request.send().await.ok()?;
            if response.status().is_redirection() {
                address = self.next(&address, &response)?;
                continue;
            }
            let charset = readable(&response)?;
            let bytes = beginning(response).await?;
            return page::preview(url, &host, &bytes, charset.as_deref());
        }
        None
    }

    /// Where a page leads on to.
    fn next(&self, from: &Url, response: &reqwest::Response) -> Option<Url> {
        let location = response.headers().get(LOCATION)?.to_str().ok()?;
        let next = from.join(location).ok()?;
        self.egress.check(next.as_str()).ok()
    }
}

/// In which letters a page is written, as far as its server says; `None` for what is no page.
#[allow(clippy::option_option, reason = "no page, and a page that says nothing of its letters")]
fn readable(response: &reqwest::Response) -> Option<Option<String>> {
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    let is_packed = header(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity");
    if !response.status().is_success() || is_packed {
        return None;
    }
    let mut parts = header(CONTENT_TYPE)?.split(';');
    let kind = parts.next()?.trim().to_ascii_lowercase();
    if !TYPES.contains(&kind.as_str()) {
        return None;
    }
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches('"').to_owned();
        name.trim().eq_ignore_ascii_case("charset").then_some(value)
    });
    Some(charset)
}

/// The first part of a page; the rest is not waited for.
async fn beginning(mut response: reqwest::Response) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while bytes.len() < PAGE_BYTES_MAX {
        let Some(chunk) = response.chunk().await.ok()? else { break };
        let room = PAGE_BYTES_MAX - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    Some(bytes)
}
