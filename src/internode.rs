//! What nodes say to each other: MessagePack behind one byte that says which version it is.
//!
//! ```text
//!   event:  version ─ origin (16 bytes) ─ event      over the bus, to whoever follows the topic
//!   life:   version ─ origin (16 bytes)              each second, to all nodes
//!   order:  version ─ channel, order                 to the node that is thought to own a channel
//!   reply:  version ─ reply                          back
//! ```
//!
//! These types are a promise between the versions of a cluster that is being renewed node by node,
//! and no one else's: domain, stores and wire may change without them. Fields go by place, so new ones
//! are added at the end, with a default: a newer node understands an older one. What an older node
//! does not understand it refuses with an error, and finds it in the log. Anything else takes a new
//! version byte.

mod aside;
mod event;
mod order;
mod values;

#[cfg(test)]
mod tests;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::event::{Heard, decode_event, encode_event, encode_sign_of_life, origin};
pub use self::order::{decode_order, decode_reply, encode_order, encode_reply};

/// The version that is spoken.
const VERSION: u8 = 1;

/// Something another node said that this version cannot understand.
#[derive(Debug, thiserror::Error)]
pub enum SpeechError {
    /// Said by another version.
    #[error("said in version {0:?}, this program understands version {VERSION}")]
    Version(Option<u8>),
    /// Damaged, or more than this version knows.
    #[error("it cannot be read: {0}")]
    Damaged(#[from] rmp_serde::decode::Error),
    /// It ends too early.
    #[error("it ends too early")]
    Short,
    /// A word in it is not known.
    #[error("it has an unknown word")]
    Word,
    /// It cannot be said at all.
    #[error("it cannot be said: {0}")]
    Unsayable(#[from] rmp_serde::encode::Error),
}

/// Writes `body` behind the version byte and `head`.
fn write<T: Serialize>(head: &[u8], body: &T) -> Result<Vec<u8>, SpeechError> {
    /// Most of what is said fits.
    const BYTES_USUAL: usize = 512;
    let mut bytes = Vec::with_capacity(BYTES_USUAL);
    bytes.push(VERSION);
    bytes.extend_from_slice(head);
    rmp_serde::encode::write(&mut bytes, body)?;
    Ok(bytes)
}

/// What stands behind the version byte.
fn unversioned(bytes: &[u8]) -> Result<&[u8], SpeechError> {
    match bytes.split_first() {
        Some((&VERSION, rest)) => Ok(rest),
        other => Err(SpeechError::Version(other.map(|(version, _)| *version))),
    }
}

/// Reads a body whose version byte was taken off.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, SpeechError> {
    Ok(rmp_serde::from_slice(body)?)
}
