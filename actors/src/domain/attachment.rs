//! A file that hangs on a message, as it was when the message was written.
//!
//! A message keeps what has to be known to show a file, so nobody looks anything up while it is handed
//! out. The bytes are elsewhere.

use super::FileId;

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The file.
    pub id: FileId,
    /// What its sender called it, made harmless.
    pub name: String,
    /// What its first bytes say that it is.
    pub mime_type: String,
    /// How large it is.
    pub bytes: u64,
    /// Of a picture that could be read: width and height in pixels. It has a small picture then.
    pub pixels: Option<(u32, u32)>,
}

impl Attachment {
    /// Bytes of text in it.
    pub fn text_bytes(&self) -> usize {
        self.name.len() + self.mime_type.len()
    }
}
