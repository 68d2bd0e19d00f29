//! The command line. Everything has a default that runs on a laptop, and every count and time is
//! bounded.

mod cluster;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::cluster::{Beside, Chaos, Rolling};
use crate::seat::Target;
use crate::stall::Extent;

/// More sockets than this need more ports and memory than one machine's loopback should give.
const CONNECTIONS_MAX: usize = 100_000;
/// Sockets of a run on a cluster, and far more.
pub(crate) const CONNECTIONS_OF_A_CLUSTER: usize = 2_000;

#[derive(Parser)]
#[command(name = "starling-load", about = "Measures a Starling server from outside, on loopback.")]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Connect storm: many authenticated sockets at once; time and failures.
    Connect(Connect),
    /// Channels × subscribers × rate: CPU per delivery, latency, completeness.
    Fanout(Fanout),
    /// Memory per idle connection, and CPU per second and connection with pings.
    Idle(Idle),
    /// Clients drop and return while messages flow; nothing may be missing or doubled.
    Jitter(Jitter),
    /// Everyone reconnects at once: time to be back against the cold connect time.
    Avalanche(Connect),
    /// A share of the readers never reads: what the others notice.
    Stalled(Stalled),
    /// Send → durable → acknowledged, at a rate into one channel.
    Send(Send),
    /// Storage stands still for a while: do typing, presence and reads of the tail go on?
    Storage(Storage),
    /// Fan-out over growing numbers of subscribers and channels.
    Growth(Growth),
    /// Questions about data: what a question costs by itself, and chat beside many of them.
    Asking(Asking),
    /// kill -9 and restart under load, then the checker.
    Crash(Crash),
    /// Faults of all kinds in a cluster under load, then the checker. Under tests/cassandra.sh --apart.
    Chaos(Chaos),
    /// A rolling restart of a cluster under load: what do clients notice? Under tests/cassandra.sh.
    Rolling(Rolling),
    /// Two nodes beside one: CPU per delivery, what Redis does, latency. Under tests/cassandra.sh.
    Beside(Beside),
    /// Judges a recorded history.
    Check { history: PathBuf },
    /// The floor server, for runs by hand.
    Floor {
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
    },
    /// A server as people write it, axum and a broadcast channel, for runs by hand.
    AxumBaseline {
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
        /// Write everything that waits at once, instead of one message after the other.
        #[arg(long)]
        joins_writes: bool,
    },
    /// Latency of all targets at half the machine's capacity.
    Pace(Pace),
    /// All that is promised: one table of goals and figures. About 25 minutes with --repeat 5.
    Goals(Goals),
    /// The short set with floor and nats-server in the same run, under four minutes.
    Short(Common),
}

/// What every run needs.
#[derive(Args, Clone)]
pub(crate) struct Common {
    #[arg(long, value_enum, default_value = "starling")]
    pub(crate) target: Target,
    /// Server binary to start for the run, with fresh data and without limits.
    #[arg(long)]
    pub(crate) server: Option<PathBuf>,
    /// A running server instead, such as http://127.0.0.1:8080.
    #[arg(long, conflicts_with = "server")]
    pub(crate) url: Option<String>,
    /// Process of the server at `--url`; without it CPU and memory are left out.
    #[arg(long, requires = "url")]
    pub(crate) pid: Option<u32>,
    /// nats-server binary (see nats.sh).
    #[arg(long, default_value = "load-tests/out/nats-server")]
    pub(crate) nats: PathBuf,
    /// Accounts to register; sockets share them in turn.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub(crate) users: u32,
    /// Sockets opening at the same time.
    #[arg(long, default_value_t = 512)]
    pub(crate) concurrency: usize,
    /// Threads of the harness. One leaves the other cores to the server.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(crate) threads: u16,
    /// Runs of the same; the median is shown below them.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20))]
    pub(crate) repeat: u8,
    /// Seconds to wait for the last deliveries before the run is void.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u16).range(1..=300))]
    pub(crate) settle: u16,
}

#[derive(Args, Clone)]
pub(crate) struct Connect {
    #[command(flatten)]
    pub(crate) common: Common,
    #[arg(long, default_value_t = 5_000)]
    pub(crate) connections: usize,
}

/// The messages of a run.
#[derive(Args, Clone, Copy)]
pub(crate) struct Flow {
    /// Messages per second into each channel.
    #[arg(long, default_value_t = 20.0)]
    pub(crate) rate: f64,
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=600))]
    pub(crate) seconds: u16,
    /// Messages sent at once.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) window: u16,
    /// Bytes of a message's content.
    #[arg(long, default_value_t = 128, value_parser = clap::value_parser!(u32).range(64..=4000))]
    pub(crate) bytes: u32,
    /// Sockets that send; a channel always uses the same one.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) publishers: u16,
}

#[derive(Args, Clone)]
pub(crate) struct Fanout {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(flatten)]
    pub(crate) flow: Flow,
    #[arg(long, default_value_t = 1)]
    pub(crate) channels: usize,
    /// Subscribers of each channel.
    #[arg(long, default_value_t = 1_000)]
    pub(crate) subscribers: usize,
}

#[derive(Args, Clone)]
pub(crate) struct Idle {
    #[command(flatten)]
    pub(crate) common: Common,
    #[arg(long, default_value_t = 5_000)]
    pub(crate) connections: usize,
    #[arg(long, default_value_t = 10)]
    pub(crate) channels: usize,
    /// An account, and so a session, for each connection; `--users` does not count then.
    #[arg(long)]
    pub(crate) own_accounts: bool,
    /// Keeps these accounts in a folder for later runs of the same size.
    #[arg(long, requires = "own_accounts")]
    pub(crate) accounts: Option<PathBuf>,
    /// Waiting before memory is read. Left out: long enough that everybody's coming was told.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=600))]
    pub(crate) rest_seconds: Option<u16>,
    /// How long the CPU is watched; more than two pings' time is best.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=600))]
    pub(crate) seconds: u16,
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u16).range(1..=600))]
    pub(crate) ping_seconds: u16,
}

#[derive(Args, Clone)]
pub(crate) struct Jitter {
    #[command(flatten)]
    pub(crate) fanout: Fanout,
    /// Share of the clients that drop once in every second of the run.
    #[arg(long, default_value_t = 0.1)]
    pub(crate) drop_share: f64,
}

#[derive(Args, Clone)]
pub(crate) struct Stalled {
    #[command(flatten)]
    pub(crate) fanout: Fanout,
    /// Share of the readers that never read.
    #[arg(long, default_value_t = 0.01)]
    pub(crate) stalled_share: f64,
}

#[derive(Args, Clone)]
pub(crate) struct Send {
    #[command(flatten)]
    pub(crate) common: Common,
    #[arg(long, default_value_t = 1_000.0)]
    pub(crate) rate: f64,
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=600))]
    pub(crate) seconds: u16,
    /// Authors' sockets; a server may limit the sends in flight of one.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) authors: u16,
    #[arg(long, default_value_t = 128, value_parser = clap::value_parser!(u32).range(64..=4000))]
    pub(crate) bytes: u32,
}

#[derive(Args, Clone)]
pub(crate) struct Storage {
    #[command(flatten)]
    pub(crate) common: Common,
    /// How long the storage stands still.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=60))]
    pub(crate) stall_seconds: u16,
    /// How long is measured before the stall, and again after it.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=60))]
    pub(crate) seconds: u16,
    /// What stands still.
    #[arg(long, value_enum, default_value = "writes")]
    pub(crate) stall: Extent,
    /// Messages sent per second all the while.
    #[arg(long, default_value_t = 100.0)]
    pub(crate) rate: f64,
    /// Authors' sockets. With fewer, one collects enough refusals to look like a flood.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) authors: u16,
}

#[derive(Args, Clone)]
pub(crate) struct Asking {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Questions asked one after the other, of each analyst; 0 leaves this half out.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub(crate) questions: u32,
    /// Questions asked at once, again as soon as they are answered; 0 leaves this half out.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(0..=400))]
    pub(crate) jobs: u32,
    /// Messages per second into the channel beside them.
    #[arg(long, default_value_t = 20.0)]
    pub(crate) rate: f64,
    /// How long chat is measured alone, and again beside the questions.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=600))]
    pub(crate) seconds: u16,
    /// Subscribers of that channel.
    #[arg(long, default_value_t = 200)]
    pub(crate) subscribers: usize,
}

#[derive(Args, Clone)]
pub(crate) struct Pace {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Messages per second; left out, half of what a ramp finds.
    #[arg(long)]
    pub(crate) rate: Option<f64>,
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=600))]
    pub(crate) seconds: u16,
    /// Subscribers of the one channel.
    #[arg(long, default_value_t = 1_000)]
    pub(crate) subscribers: usize,
}

/// A part of the goals, by the number it has in docs/performance.md. P11 comes with P1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub(crate) enum Part {
    P1,
    P2,
    P3,
    P4,
    P5,
    P6,
    P7,
    P8,
    P9,
    P12,
    A1,
    A2,
}

impl Part {
    pub(crate) const ALL: [Self; 12] = [
        Self::P2,
        Self::P3,
        Self::P4,
        Self::P5,
        Self::P6,
        Self::P7,
        Self::P8,
        Self::P12,
        Self::A1,
        Self::A2,
        Self::P9,
        Self::P1,
    ];
}

#[derive(Args, Clone)]
pub(crate) struct Goals {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Only these parts, such as P2,P3.
    #[arg(long, value_enum, value_delimiter = ',', ignore_case = true)]
    pub(crate) only: Vec<Part>,
    /// Seconds of each run with messages.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u16).range(1..=600))]
    pub(crate) seconds: u16,
    /// Connections of P1, each with its own account.
    #[arg(long, default_value_t = 15_000)]
    pub(crate) connections: usize,
    /// Keeps the accounts of P1 in a folder for later runs.
    #[arg(long)]
    pub(crate) accounts: Option<PathBuf>,
    /// Rate of P4; left out, half of what a ramp finds.
    #[arg(long)]
    pub(crate) rate: Option<f64>,
}

impl Goals {
    pub(crate) fn runs(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

#[derive(Args, Clone)]
pub(crate) struct Growth {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Numbers of subscribers of one channel.
    #[arg(long, value_delimiter = ',', default_value = "100,1000,10000")]
    pub(crate) subscribers: Vec<usize>,
    /// Numbers of channels with ten subscribers each.
    #[arg(long, value_delimiter = ',', default_value = "1,10,100,1000")]
    pub(crate) channels: Vec<usize>,
    /// Deliveries per second, the same for every step.
    #[arg(long, default_value_t = 20_000.0)]
    pub(crate) deliveries: f64,
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=600))]
    pub(crate) seconds: u16,
}

#[derive(Args, Clone)]
pub(crate) struct Crash {
    #[command(flatten)]
    pub(crate) common: Common,
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) rounds: u16,
    /// Repeats the random times of an earlier run.
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(crate) channels: u16,
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u16).range(1..=200))]
    pub(crate) writers: u16,
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) readers: u16,
    /// Where the history goes; by default into the run's temporary folder.
    #[arg(long)]
    pub(crate) history: Option<PathBuf>,
}

/// The address of `--url`; the harness must never load another machine.
pub(crate) fn loopback(url: &str) -> Result<SocketAddr> {
    let rest = url.strip_prefix("http://").unwrap_or(url).trim_end_matches('/');
    let rest = rest.replace("localhost", "127.0.0.1");
    let address: SocketAddr =
        rest.parse().with_context(|| format!("{url} is not http://<address>:<port>"))?;
    check_loopback(address)?;
    Ok(address)
}

/// Only IPv4 loopback: source addresses are taken from 127.0.0.0/8.
pub(crate) fn check_loopback(address: SocketAddr) -> Result<()> {
    let is_ours = matches!(address.ip(), IpAddr::V4(ip) if ip.is_loopback());
    ensure!(is_ours, "{address} is not a loopback address of IPv4; nothing else may be loaded");
    Ok(())
}

/// Refuses a number of sockets that no run should need.
pub(crate) fn check_connections(connections: usize) -> Result<()> {
    ensure!(
        (1..=CONNECTIONS_MAX).contains(&connections),
        "{connections} connections: between 1 and {CONNECTIONS_MAX}, please"
    );
    Ok(())
}

/// Sockets per source address: fewer than the smallest usual range of ephemeral ports (28,232).
const PORTS_PER_ADDRESS: usize = 20_000;

/// The address that client number `index` comes from. The first ones leave it to the kernel, which
/// can then use each port for several destinations.
pub(crate) fn source_of(index: usize) -> Option<Ipv4Addr> {
    let block = u8::try_from(index / PORTS_PER_ADDRESS).unwrap_or(u8::MAX);
    (block > 0).then(|| Ipv4Addr::new(127, 0, 0, block.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_may_be_loaded() {
        for good in ["http://127.0.0.1:8080", "http://localhost:8080/", "127.0.0.2:1"] {
            assert!(loopback(good).is_ok(), "{good}");
        }
        for bad in ["http://10.0.0.1:80", "http://0.0.0.0:80", "http://example.org:80", "[::1]:8"] {
            assert!(loopback(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn source_addresses_change_before_the_ports_run_out() {
        assert_eq!(source_of(19_999), None);
        assert_eq!(source_of(20_000), Some(Ipv4Addr::new(127, 0, 0, 2)));
    }
}
