//! The server of a run: started for it, or found at an address, with the accounts and channels that
//! the run needs.
//!
//! **Invariant:** what a world started it also stops, and its data folder goes with it.

mod accounts;
mod launch;
mod population;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

pub(crate) use self::accounts::User;
pub(crate) use self::launch::{Folder, SETTINGS, Server};
use crate::link::Dial;
use crate::options::{self, Common, check_connections};
use crate::process;
use crate::seat::{Seat, Target};

/// A ready server with its accounts and channels.
pub(crate) struct World {
    pub(crate) target: Target,
    pub(crate) address: SocketAddr,
    /// Nodes of a cluster; empty where there is one server.
    pub(crate) nodes: Arc<[SocketAddr]>,
    pub(crate) pid: Option<u32>,
    /// Present when this run started it.
    pub(crate) server: Option<Server>,
    pub(crate) users: Vec<User>,
    pub(crate) channels: Vec<String>,
    /// Whether every socket has an account of its own.
    apart: bool,
    generations: Vec<Arc<Mutex<Value>>>,
}

impl World {
    /// Starts or finds the server, and makes `channels` that `subscribers` sockets each will join.
    pub(crate) async fn open(common: &Common, channels: usize, subscribers: usize) -> Result<Self> {
        check_connections(channels.saturating_mul(subscribers))?;
        process::raise_descriptors(channels * subscribers)?;
        let server = launch::start(common).await?;
        let address = match (&server, &common.url) {
            (Some(server), _) => server.address,
            (None, Some(url)) => options::loopback(url)?,
            (None, None) => anyhow::bail!("name a server: --server <binary> or --url <address>"),
        };
        let mut world = Self {
            target: common.target,
            address,
            nodes: Arc::default(),
            pid: server.as_ref().and_then(Server::pid).or(common.pid),
            server,
            users: Vec::new(),
            apart: false,
            channels: (0..channels).map(|index| format!("load{index}")).collect(),
            generations: (0..channels).map(|_| Arc::default()).collect(),
        };
        if world.target == Target::Starling {
            let users = usize::try_from(common.users)?;
            world.users = accounts::register(address, users).await.context("registering")?;
            let members = users.min(subscribers.max(1));
            world.channels =
                accounts::make_channels(address, &world.users, members, channels).await?;
        }
        Ok(world)
    }

    /// Starts a server in which each of the channels' sockets has an account of its own. The
    /// accounts are kept in, or taken from, the folder.
    pub(crate) async fn open_apart(
        common: &Common,
        channels: usize,
        subscribers: usize,
        keep: Option<&Path>,
    ) -> Result<Self> {
        check_connections(channels.saturating_mul(subscribers))?;
        process::raise_descriptors(channels * subscribers)?;
        let (server, population) = population::start(common, channels, subscribers, keep).await?;
        Ok(Self {
            target: common.target,
            address: server.address,
            nodes: Arc::default(),
            pid: server.pid(),
            server: Some(server),
            users: population.users,
            channels: population.channels,
            apart: true,
            generations: (0..channels).map(|_| Arc::default()).collect(),
        })
    }

    /// A world on the nodes of a cluster that runs: `users` accounts, of which the first `members` are in
    /// each of the channels.
    pub(crate) async fn among(
        nodes: &[SocketAddr],
        users: usize,
        members: usize,
        channels: usize,
    ) -> Result<Self> {
        let address = *nodes.first().context("no node")?;
        process::raise_descriptors(options::CONNECTIONS_OF_A_CLUSTER)?;
        let users = accounts::register(address, users).await.context("registering")?;
        let channels = accounts::make_channels(address, &users, members, channels).await?;
        Ok(Self {
            target: Target::Starling,
            address,
            nodes: nodes.into(),
            pid: None,
            server: None,
            users,
            apart: false,
            generations: channels.iter().map(|_| Arc::default()).collect(),
            channels,
        })
    }

    /// The place of subscriber `index` of a channel; `serial` numbers all sockets of the run.
    pub(crate) fn seat(&self, channel: usize, index: usize, serial: usize) -> Seat {
        let number = if self.apart { serial } else { index };
        let user = self.users.get(number % self.users.len().max(1));
        let token = user.map(|user| user.token.clone()).unwrap_or_default();
        let name = &self.channels[channel];
        let path = match self.target {
            Target::Starling => format!("/ws?token={token}&subscribe=none"),
            Target::Floor | Target::Axum | Target::AxumJoined => format!("/{name}"),
            Target::Nats => "/".to_owned(),
        };
        let source = options::source_of(serial);
        Seat {
            target: self.target,
            dial: Dial { address: self.address, source, path, stalls: false },
            nodes: Arc::clone(&self.nodes),
            token,
            channel: name.clone(),
            generation: Arc::clone(&self.generations[channel]),
        }
    }

    /// A connection that only sends, as the owner of all channels.
    pub(crate) fn sender(&self) -> Dial {
        let path = match (self.target, self.users.first()) {
            (Target::Starling, Some(user)) => {
                format!("/ws?token={}&subscribe=none", user.token)
            }
            _ => "/".to_owned(),
        };
        Dial { address: self.address, source: None, path, stalls: false }
    }

    /// CPU time of the server so far, where its process is known.
    pub(crate) fn cpu(&self) -> Option<Duration> {
        self.pid.and_then(|pid| process::cpu_time(pid).ok())
    }

    pub(crate) fn memory(&self) -> Option<u64> {
        self.pid.and_then(|pid| process::resident_bytes(pid).ok())
    }

    /// Stops what this run started.
    pub(crate) async fn close(self) -> Result<()> {
        match self.server {
            Some(server) => server.stop().await,
            None => Ok(()),
        }
    }
}
