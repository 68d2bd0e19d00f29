//! Starling's JSON frames, as far as the harness needs them.
//!
//! A broadcast has the same bytes for every receiver, so the last few frames are remembered per
//! thread: 10,000 receivers of one message cost one parse and 10,000 comparisons.

use std::cell::RefCell;
use std::rc::Rc;

use anyhow::Result;
use serde::Deserialize;
use serde_json::Value;

use super::stamp::Stamp;

/// Frames remembered per thread; a window of 16 messages on two channels fits.
const REMEMBERED: usize = 32;

/// Fields of any server frame; absent ones are empty.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Incoming {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) id: Value,
    pub(crate) channel_id: Option<String>,
    pub(crate) seq: Option<u64>,
    pub(crate) head_seq: Option<u64>,
    #[serde(default, rename = "gen")]
    pub(crate) generation: Value,
    pub(crate) message: Option<Body>,
    pub(crate) message_id: Option<String>,
    pub(crate) user_id: Option<String>,
    pub(crate) is_typing: Option<bool>,
    pub(crate) status: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) retry: Option<bool>,
    pub(crate) retry_after_ms: Option<u64>,
    /// In what is told of a question.
    pub(crate) job_id: Option<String>,
}

/// `message` is an object in entries and a sentence in errors.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Body {
    Sentence(String),
    Message(Message),
}

/// The parts of a Message that identify it.
#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) content: String,
    pub(crate) author_id: Option<String>,
    pub(crate) client_message_id: Option<String>,
}

impl Incoming {
    /// Whether the frame is an entry of a channel's log: these, and only these, are contiguous.
    pub(crate) fn is_entry(&self) -> bool {
        matches!(
            self.kind.as_str(),
            "new_message"
                | "message_edited"
                | "message_deleted"
                | "reaction"
                | "member_joined"
                | "member_left"
                | "llm_response"
        )
    }

    pub(crate) fn message(&self) -> Option<&Message> {
        match &self.message {
            Some(Body::Message(message)) => Some(message),
            Some(Body::Sentence(_)) | None => None,
        }
    }

    /// `code: sentence` of an error frame.
    pub(crate) fn complaint(&self) -> String {
        let code = self.code.as_deref().unwrap_or("no code");
        match &self.message {
            Some(Body::Sentence(sentence)) => format!("{code}: {sentence}"),
            Some(Body::Message(_)) | None => code.to_owned(),
        }
    }
}

/// A parsed frame and the stamp of its content, if a load message is in it.
pub(crate) struct Parsed {
    pub(crate) frame: Incoming,
    pub(crate) stamp: Option<Stamp>,
}

struct Memory {
    entries: Vec<(Vec<u8>, Rc<Parsed>)>,
    /// The next place to overwrite.
    next: usize,
}

thread_local! {
    static MEMORY: RefCell<Memory> = const { RefCell::new(Memory { entries: Vec::new(), next: 0 }) };
}

/// Parses a text frame, or finds it among those parsed a moment ago.
pub(crate) fn parse(bytes: &[u8]) -> Result<Rc<Parsed>> {
    MEMORY.with_borrow_mut(|memory| {
        if let Some((_, parsed)) = memory.entries.iter().find(|(known, _)| known == bytes) {
            return Ok(Rc::clone(parsed));
        }
        let frame: Incoming = serde_json::from_slice(bytes)?;
        let stamp = frame.message().and_then(|message| Stamp::parse(&message.content));
        let parsed = Rc::new(Parsed { frame, stamp });
        let entry = (bytes.to_vec(), Rc::clone(&parsed));
        if memory.entries.len() < REMEMBERED {
            memory.entries.push(entry);
        } else {
            let place = memory.next % REMEMBERED;
            memory.entries[place] = entry;
            memory.next = place + 1;
        }
        Ok(parsed)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_and_a_message_are_told_apart() {
        let error =
            br#"{"type":"error","id":4,"code":"rate_limited","message":"slow down","retry":true}"#;
        assert_eq!(parse(error).unwrap().frame.complaint(), "rate_limited: slow down");

        let entry = br#"{"type":"new_message","channel_id":"c","seq":9,"gen":"g",
            "message":{"id":"m","content":"3:55:xx","author_id":"a"}}"#;
        let parsed = parse(entry).unwrap();
        assert!(parsed.frame.is_entry());
        assert_eq!(parsed.stamp, Some(Stamp { number: 3, sent_nanos: 55 }));
        assert!(Rc::ptr_eq(&parsed, &parse(entry).unwrap()), "the second time it is remembered");
    }

    #[test]
    fn a_read_receipt_has_a_seq_but_is_no_entry() {
        let receipt = br#"{"type":"read_receipt","channel_id":"c","user_id":"u","seq":3}"#;
        assert!(!parse(receipt).unwrap().frame.is_entry());
    }
}
