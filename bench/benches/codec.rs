//! Frames to bytes and back.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use starling::gateway::lane::Encoding;
use starling::wire::client::Incoming;
use starling::wire::frame::ServerFrame;
use starling::wire::ready_answers::ReadyAnswers;

const SEND: &[u8] = br#"{"type":"send_message","id":7,
    "channel_id":"01890000-0000-7000-8000-000000000001","content":"a sentence of chat",
    "client_message_id":"0189-1","after_seq":41}"#;

fn codec(criterion: &mut Criterion) {
    let (frame, ready) = (starling_bench::frame(1), ReadyAnswers::default());
    for (name, encoding) in [("json", Encoding::Json), ("msgpack", Encoding::MessagePack)] {
        criterion.bench_function(&format!("encode new_message as {name}"), |bench| {
            bench.iter(|| {
                encoding.finished(&ServerFrame::from_body(black_box(&frame.body), &ready))
            });
        });
    }
    criterion.bench_function("parse send_message from json", |bench| {
        bench.iter(|| Incoming::from_json(black_box(SEND)).is_ok());
    });
}

criterion_group!(benches, codec);
criterion_main!(benches);
