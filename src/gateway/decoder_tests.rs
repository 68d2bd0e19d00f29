use proptest::prelude::*;

use super::*;

const MAX: usize = 1024;

fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = sealed(0, payload);
    frame[0] = first;
    frame[1] |= 0x80;
    let mask = [1, 2, 3, 4];
    let at = frame.len() - payload.len();
    fastwebsockets::unmask(&mut frame[at..], mask);
    frame.splice(at..at, mask);
    frame
}

fn fed(frames: &[Vec<u8>]) -> Result<Vec<Received>, Close> {
    let mut decoder = Decoder::new(MAX);
    let mut all = Vec::new();
    for frame in frames {
        decoder.feed(frame);
        while let Some(received) = decoder.take()? {
            all.push(received);
        }
    }
    Ok(all)
}

#[test]
fn a_message_that_comes_byte_by_byte_is_whole_in_the_end() {
    let frame = masked(0x81, "grüße".as_bytes());
    let bytes: Vec<Vec<u8>> = frame.iter().map(|byte| vec![*byte]).collect();
    assert_eq!(fed(&bytes), Ok(vec![Received::Text("grüße".into())]));
}

#[test]
fn control_frames_come_between_fragments() {
    let frames = [masked(0x01, b"a"), masked(0x89, b"p"), masked(0x80, b"b")];
    assert_eq!(fed(&frames), Ok(vec![Received::Ping(b"p".into()), Received::Text(b"ab".into())]));
}

#[test]
fn an_unmasked_frame_is_refused() {
    assert_eq!(fed(&[sealed(TEXT, b"hi")]), Err(close::PROTOCOL));
}

#[test]
fn two_opening_fragments_and_a_stray_continuation_are_refused() {
    assert_eq!(fed(&[masked(0x01, b"a"), masked(0x01, b"b")]), Err(close::PROTOCOL));
    assert_eq!(fed(&[masked(0x80, b"a")]), Err(close::PROTOCOL));
}

#[test]
fn control_frames_are_short_and_whole() {
    assert_eq!(fed(&[masked(0x89, &[0; 126])]), Err(close::PROTOCOL));
    assert_eq!(fed(&[masked(0x09, b"")]), Err(close::PROTOCOL));
    assert_eq!(fed(&[masked(0x89, &[0; 125])]), Ok(vec![Received::Ping(vec![0; 125])]));
}

#[test]
fn reserved_bits_and_opcodes_are_refused() {
    for first in [0xc1, 0xa1, 0x91, 0x83, 0x87, 0x8b, 0x8f] {
        assert_eq!(fed(&[masked(first, b"")]), Err(close::PROTOCOL), "{first:x}");
    }
}

#[test]
fn endless_fragments_end_by_count_and_by_bytes() {
    let empty = std::iter::once(masked(0x01, b"")).chain((0..200).map(|_| masked(0x00, b"")));
    assert_eq!(fed(&empty.collect::<Vec<_>>()), Err(close::TOO_LARGE));
    let large = [masked(0x01, &[b'a'; MAX]), masked(0x00, b"b")];
    assert_eq!(fed(&large), Err(close::TOO_LARGE));
}

#[test]
fn a_header_that_announces_too_much_is_refused_before_its_payload() {
    let mut header = vec![0x82, 0xff];
    header.extend_from_slice(&(1_u64 << 40).to_be_bytes());
    header.extend_from_slice(&[0; 4]);
    assert_eq!(fed(&[header]), Err(close::TOO_LARGE));
}

#[test]
fn text_is_utf8_even_when_a_character_is_cut_by_fragments() {
    let bytes = "ü".as_bytes();
    let whole = [masked(0x01, &bytes[..1]), masked(0x80, &bytes[1..])];
    assert_eq!(fed(&whole), Ok(vec![Received::Text(bytes.into())]));
    assert_eq!(fed(&[masked(0x81, &bytes[..1])]), Err(close::NOT_UTF8));
}

#[test]
fn a_text_that_cannot_become_utf8_is_refused_before_its_last_fragment() {
    let hopeless = [masked(0x01, "ü".as_bytes()), masked(0x00, b"a\xff")];
    assert_eq!(fed(&hopeless), Err(close::NOT_UTF8));
    // A cut character is not continued by the next fragment.
    assert_eq!(fed(&[masked(0x01, b"\xc3"), masked(0x00, b"a")]), Err(close::NOT_UTF8));
}

#[test]
fn a_close_frame_has_a_code_that_may_travel() {
    let payload = |code: u16| code.to_be_bytes().to_vec();
    assert_eq!(fed(&[masked(0x88, b"")]), Ok(vec![Received::Close(None)]));
    assert_eq!(fed(&[masked(0x88, &payload(1000))]), Ok(vec![Received::Close(Some(1000))]));
    assert_eq!(fed(&[masked(0x88, &payload(1005))]), Err(close::PROTOCOL));
    assert_eq!(fed(&[masked(0x88, b"\x03")]), Err(close::PROTOCOL));
    assert_eq!(fed(&[masked(0x88, b"\x03\xe8\xff")]), Err(close::NOT_UTF8));
}

#[test]
fn nothing_is_held_between_messages() {
    let mut decoder = Decoder::new(MAX);
    decoder.feed(&masked(0x81, &[b'a'; 500]));
    assert!(matches!(decoder.take(), Ok(Some(_))));
    assert_eq!(decoder.take(), Ok(None));
    assert_eq!((decoder.buffer.capacity(), decoder.is_waiting()), (0, false));
}

/// What comes out of chunks: messages up to the end, and the end if there is one.
fn outcome(chunks: &[&[u8]]) -> (Vec<Received>, Option<Close>) {
    let mut decoder = Decoder::new(MAX);
    let mut all = Vec::new();
    for chunk in chunks {
        decoder.feed(chunk);
        loop {
            match decoder.take() {
                Ok(Some(received)) => all.push(received),
                Ok(None) => break,
                Err(end) => return (all, Some(end)),
            }
        }
    }
    (all, None)
}

/// Frames as a hostile peer may send them: mostly well made, with any first byte.
fn frames() -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![
        4 => prop::sample::select(vec![0x81_u8, 0x82, 0x89, 0x8a]),
        3 => prop::sample::select(vec![0x01_u8, 0x02, 0x00, 0x80]),
        1 => any::<u8>(),
    ];
    let payload = prop_oneof![
        4 => "\\PC{0,30}".prop_map(String::into_bytes),
        2 => proptest::collection::vec(any::<u8>(), 0..140),
        1 => (0_usize..1_200).prop_map(|length| vec![b'a'; length]),
    ];
    let frame = prop_oneof![
        12 => (first, payload).prop_map(|(first, payload)| masked(first, &payload)),
        1 => proptest::collection::vec(any::<u8>(), 0..20),
    ];
    proptest::collection::vec(frame, 0..8).prop_map(|frames| frames.concat())
}

proptest! {
    #[test]
    fn how_a_stream_is_cut_changes_neither_its_messages_nor_its_end(
        bytes in frames(), cuts in proptest::collection::vec(1_usize..200, 1..40),
    ) {
        let mut rest = bytes.as_slice();
        let mut chunks = Vec::new();
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (chunk, after) = rest.split_at((*cut).min(rest.len()));
            chunks.push(chunk);
            rest = after;
        }
        prop_assert_eq!(outcome(&chunks), outcome(&[&bytes]));
    }

    #[test]
    fn no_bytes_make_the_decoder_panic_or_grow(
        chunks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..20)
    ) {
        drop(fed(&chunks));
    }

    #[test]
    fn fragments_and_chunks_of_any_size_give_the_same_messages(
        payloads in proptest::collection::vec("\\PC{0,40}", 1..6),
        fragment in 1_usize..9,
        cut in 1_usize..50,
    ) {
        let mut bytes = Vec::new();
        for payload in &payloads {
            let mut pieces = payload.as_bytes().chunks(fragment).peekable();
            let mut opcode = TEXT;
            while let Some(piece) = pieces.next() {
                let last = if pieces.peek().is_none() { 0x80 } else { 0 };
                bytes.extend(masked(opcode | last, piece));
                bytes.extend(masked(0x80 | PING, b"between"));
                opcode = CONTINUATION;
            }
        }
        let chunks: Vec<Vec<u8>> = bytes.chunks(cut).map(<[u8]>::to_vec).collect();
        let mut received = fed(&chunks).unwrap();
        received.retain(|one| !matches!(one, Received::Ping(_)));
        let spoken = payloads.into_iter().filter(|payload| !payload.is_empty());
        let expected: Vec<_> = spoken.map(|p| Received::Text(p.into_bytes())).collect();
        prop_assert_eq!(received, expected);
    }

    #[test]
    fn messages_survive_any_cutting(
        payloads in proptest::collection::vec("\\PC{0,40}", 1..6), cut in 1_usize..50,
    ) {
        let bytes: Vec<u8> = payloads.iter().flat_map(|p| masked(0x81, p.as_bytes())).collect();
        let chunks: Vec<Vec<u8>> = bytes.chunks(cut).map(<[u8]>::to_vec).collect();
        let expected = payloads.into_iter().map(|p| Received::Text(p.into_bytes())).collect();
        prop_assert_eq!(fed(&chunks), Ok(expected));
    }
}
