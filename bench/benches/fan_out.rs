//! One message to many sockets: real lanes on loopback whose peers read all the time.

use std::io::Read;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use starling::gateway::lane::{Encoding, Holder, SocketLane};
use starling::gateway::meters::{Common, Meters};
use starling::gateway::pipe::Pipe;
use starling::gateway::vigil::Doubts;
use starling::wire::ready_answers::ReadyAnswers;
use starling_actors::domain::{SocketId, UserId};
use starling_actors::frame::Lane;
use tokio::net::TcpListener;

const SOCKETS: usize = 100;
const LANE_BYTES: usize = 1 << 20;

/// Opens sockets to ourselves; each peer is a thread that reads and forgets.
async fn lanes() -> Vec<Arc<SocketLane>> {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let common = Arc::new(Common {
        meters: Meters::new(),
        ready: ReadyAnswers::default(),
        doubts: Doubts::default(),
    });
    let mut lanes = Vec::new();
    for number in 0..SOCKETS {
        let peer = std::net::TcpStream::connect(address).expect("a peer");
        std::thread::spawn(move || {
            let (mut peer, mut buffer) = (peer, [0; 65_536]);
            while peer.read(&mut buffer).is_ok_and(|bytes| bytes > 0) {}
        });
        let (stream, _) = listener.accept().await.expect("a connection");
        let pipe = Pipe::new(stream, LANE_BYTES);
        let holder = Holder { user: UserId::from_u128(1), login: None, is_guest: false };
        let socket = SocketId::from_u128(number as u128);
        lanes.push(SocketLane::new(pipe, Encoding::Json, socket, holder, Arc::clone(&common)));
    }
    lanes
}

fn fan_out(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let lanes = runtime.block_on(lanes());
    let _inside = runtime.enter();
    let mut group = criterion.benchmark_group("fan-out to 100 sockets");
    for window in [1_u64, 16] {
        let frames: Vec<_> = (1..=window).map(starling_bench::frame).collect();
        group.throughput(Throughput::Elements(window * SOCKETS as u64));
        group.bench_function(format!("{window} messages at once"), |bench| {
            bench.iter(|| lanes.iter().filter(|lane| lane.push(&frames)).count());
        });
    }
    group.finish();
}

criterion_group!(benches, fan_out);
criterion_main!(benches);
