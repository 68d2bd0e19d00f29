//! What the runs on a cluster are told.

use std::path::PathBuf;

use clap::{Args, value_parser};

use super::Flow;

#[derive(Args, Clone)]
pub(crate) struct Chaos {
    /// Server binary of all nodes.
    #[arg(long)]
    pub(crate) server: PathBuf,
    #[arg(long, default_value_t = 3, value_parser = value_parser!(u16).range(2..=9))]
    pub(crate) nodes: u16,
    /// Repeats the faults of an earlier run.
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// How long faults go on.
    #[arg(long, default_value_t = 60, value_parser = value_parser!(u16).range(1..=7200))]
    pub(crate) seconds: u16,
    /// Which: `all`, `processes` (those that need no network namespaces), or names.
    #[arg(long, value_delimiter = ',', default_value = "all")]
    pub(crate) faults: Vec<String>,
    #[arg(long, default_value_t = 5, value_parser = value_parser!(u16).range(1..=100))]
    pub(crate) channels: u16,
    /// Authors of each channel, beside a guest.
    #[arg(long, default_value_t = 4, value_parser = value_parser!(u16).range(1..=100))]
    pub(crate) writers: u16,
    /// Readers of each channel.
    #[arg(long, default_value_t = 3, value_parser = value_parser!(u16).range(1..=100))]
    pub(crate) readers: u16,
    /// Accounts at most; authors and readers share them in turn.
    #[arg(long, default_value_t = 8, value_parser = value_parser!(u16).range(1..=100))]
    pub(crate) users: u16,
    /// Where the history goes; by default into the temporary folder, where it stays if it is bad.
    #[arg(long)]
    pub(crate) history: Option<PathBuf>,
}

#[derive(Args, Clone)]
pub(crate) struct Rolling {
    /// Server binary of all nodes.
    #[arg(long)]
    pub(crate) server: PathBuf,
    #[arg(long, default_value_t = 3, value_parser = value_parser!(u16).range(2..=9))]
    pub(crate) nodes: u16,
    /// Messages per second over all channels.
    #[arg(long, default_value_t = 500, value_parser = value_parser!(u32).range(1..=10_000))]
    pub(crate) rate: u32,
    /// How long messages flow; restarts go on until then, each node once at least.
    #[arg(long, default_value_t = 30, value_parser = value_parser!(u16).range(1..=600))]
    pub(crate) seconds: u16,
    #[arg(long, default_value_t = 20, value_parser = value_parser!(u16).range(1..=1000))]
    pub(crate) channels: u16,
    /// Where the history goes; by default into the temporary folder, where it stays if it is bad.
    #[arg(long)]
    pub(crate) history: Option<PathBuf>,
}

#[derive(Args, Clone)]
pub(crate) struct Beside {
    /// Server binary of all nodes.
    #[arg(long)]
    pub(crate) server: PathBuf,
    #[command(flatten)]
    pub(crate) flow: Flow,
    #[arg(long, default_value_t = 4, value_parser = value_parser!(u16).range(1..=100))]
    pub(crate) channels: u16,
    /// Readers of each channel, over all nodes.
    #[arg(long, default_value_t = 1_000, value_parser = value_parser!(u16).range(2..=10_000))]
    pub(crate) subscribers: u16,
    #[arg(long, default_value_t = 3, value_parser = value_parser!(u8).range(1..=20))]
    pub(crate) repeat: u8,
}
