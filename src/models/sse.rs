//! Events of a stream (`text/event-stream`), out of bytes that come in pieces of any size.
//!
//! Only what models use is read: lines `event:` and `data:`; an empty line ends an event.

/// Longest line or event. One event of a model is a few words; an error with all its details a few
/// KiB.
const EVENT_BYTES_MAX: usize = 256 * 1024;

/// A line or an event is longer than any of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// Collects bytes until an event is whole.
#[derive(Debug, Default)]
pub(super) struct EventReader {
    line: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    ended_by_return: bool,
}

impl EventReader {
    /// Takes the next bytes and gives the data of every event that they complete.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<Vec<String>, TooLong> {
        let mut events = Vec::new();
        for byte in bytes {
            let after_return = std::mem::take(&mut self.ended_by_return);
            match byte {
                // The second half of a line's end that has two characters.
                b'\n' if after_return => {}
                b'\n' | b'\r' => {
                    self.ended_by_return = *byte == b'\r';
                    events.extend(self.end_line());
                }
                byte => self.line.push(*byte),
            }
            if self.line.len() + self.data.len() > EVENT_BYTES_MAX {
                return Err(TooLong);
            }
        }
        Ok(events)
    }

    fn end_line(&mut self) -> Option<String> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            let data = std::mem::take(&mut self.data);
            return std::mem::take(&mut self.has_data)
                .then(|| String::from_utf8_lossy(&data).into_owned());
        }
        let rest = line.strip_prefix(b"data:")?;
        if self.has_data {
            self.data.push(b'\n');
        }
        self.data.extend_from_slice(rest.strip_prefix(b" ").unwrap_or(rest));
        self.has_data = true;
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STREAM: &str = "\u{feff}: comment\r\nevent: a\r\ndata: {\"x\": \"é\"}\r\n\r\n\
                          data:one\ndata: two\n\n: ping\n\ndata: [DONE]\n\n";

    #[test]
    fn events_are_read_whatever_ends_their_lines() {
        let events = EventReader::default().take(STREAM.as_bytes()).unwrap();
        assert_eq!(events, ["{\"x\": \"é\"}", "one\ntwo", "[DONE]"]);
    }

    #[test]
    fn an_event_without_an_end_is_refused_before_it_fills_the_memory() {
        let mut reader = EventReader::default();
        let piece = vec![b'x'; 64 * 1024];
        let refused = (0..10).map(|_| reader.take(&piece)).find(Result::is_err);
        assert_eq!(refused, Some(Err(TooLong)));
    }

    proptest! {
        #[test]
        fn the_pieces_in_which_it_comes_make_no_difference(cuts in prop::collection::vec(1_usize..9, 1..60)) {
            let mut reader = EventReader::default();
            let mut rest = STREAM.as_bytes();
            let mut events = Vec::new();
            for cut in cuts.into_iter().cycle() {
                let (piece, after) = rest.split_at(cut.min(rest.len()));
                events.extend(reader.take(piece).unwrap());
                rest = after;
                if rest.is_empty() {
                    break;
                }
            }
            prop_assert_eq!(events.len(), 3);
        }
    }
}
