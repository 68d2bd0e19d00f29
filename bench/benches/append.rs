//! Durable appends to SQLite, one batch after the other.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use starling::adapters::sqlite::{SqliteLog, Store};
use starling::app::SystemClock;
use starling_actors::domain::{BUCKET_ENTRIES, Bucket, ChannelId, Epoch, Seq};
use starling_actors::ports::{Append, AppendOutcome, Claim, ClaimOutcome, MessageLog};

/// Writes channel after channel, each up to the end of its first bucket.
struct Writer {
    log: SqliteLog,
    channel: u128,
    last: u64,
}

impl Writer {
    fn bound(&self) -> (ChannelId, Bucket, Epoch) {
        (ChannelId::from_u128(self.channel), Bucket(0), Epoch(1))
    }

    async fn open_next_channel(&mut self) {
        self.channel += 1;
        self.last = 0;
        let (channel, bucket, epoch) = self.bound();
        let claim = Claim { channel, bucket, expected: None, epoch, opening_seq: Seq(0) };
        assert_eq!(self.log.claim(claim).await, Ok(ClaimOutcome::Applied));
    }

    async fn append(&mut self, batch: u64) {
        if self.channel == 0 || self.last + batch > BUCKET_ENTRIES {
            self.open_next_channel().await;
        }
        let (channel, bucket, epoch) = self.bound();
        let entries =
            (1..=batch).map(|next| starling_bench::entry(channel, self.last + next)).collect();
        let last_seq = Seq(self.last);
        let append = Append { channel, bucket, epoch, last_seq, entries };
        assert_eq!(self.log.append(append).await, Ok(AppendOutcome::Applied));
        self.last += batch;
    }
}

fn append(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // Beside the build, as a temporary folder may be in memory, where a commit costs nothing.
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let store = Store::open(dir.path(), &SystemClock).expect("a store");
    let mut writer = Writer { log: store.log(), channel: 0, last: 0 };
    let mut group = criterion.benchmark_group("append to SQLite, synchronous=FULL");
    for batch in [1_u64, 8, 64] {
        group.throughput(Throughput::Elements(batch));
        group.bench_function(format!("{batch} messages in a batch"), |bench| {
            bench.iter(|| runtime.block_on(writer.append(batch)));
        });
    }
    group.finish();
}

criterion_group!(benches, append);
criterion_main!(benches);
