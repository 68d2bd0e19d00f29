//! Opens a socket to a database's server, where the operator lets us.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use starling_actors::ports::WarehouseError;
use tokio::net::TcpStream;

use crate::egress::is_metadata;

/// For name, way and answer of one server: a dead host must not hold a worker.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(8);
/// Addresses of one name that are tried.
const ADDRESSES_MAX: usize = 4;

type Rule = dyn Fn(&str, IpAddr) -> bool + Send + Sync;

/// Which addresses a connection may lead to. A cloud's metadata service, which gives away the
/// machine's own credentials, never.
#[derive(Clone)]
pub struct Reach(Arc<Rule>);

impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reach")
    }
}

impl Reach {
    /// Everywhere but to metadata services.
    pub fn open() -> Self {
        Self::only(|_, _| true)
    }

    /// Only to what `rule` says of a host and its address, and never to metadata services.
    pub fn only(rule: impl Fn(&str, IpAddr) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(rule))
    }

    /// Whether we may go there.
    pub fn allows(&self, host: &str, address: IpAddr) -> bool {
        let address = address.to_canonical();
        !is_metadata(address) && (self.0)(host, address)
    }

    /// The addresses of a host that we may go to.
    pub(super) async fn resolve(
        &self,
        host: &str,
        port: u16,
    ) -> Result<Vec<SocketAddr>, WarehouseError> {
        let unknown = || WarehouseError::Unreachable("its host name is not known".to_owned());
        let found = tokio::time::timeout(CONNECT_TIMEOUT, tokio::net::lookup_host((host, port)));
        let found: Vec<SocketAddr> =
            found.await.map_err(|_| unknown())?.map_err(|_| unknown())?.collect();
        if found.is_empty() {
            return Err(unknown());
        }
        let allowed: Vec<_> = found
            .into_iter()
            .filter(|address| self.allows(host, address.ip()))
            .take(ADDRESSES_MAX)
            .collect();
        if allowed.is_empty() {
            let words = "this server may not connect to that address (its operator's egress.allow)";
            return Err(WarehouseError::Unreachable(words.to_owned()));
        }
        Ok(allowed)
    }
}

/// A socket to the first address that answers.
pub(super) async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, WarehouseError> {
    let attempt = tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect(addresses));
    let unreachable = |words: &str| WarehouseError::Unreachable(words.to_owned());
    let stream = attempt
        .await
        .map_err(|_| unreachable("its host does not answer"))?
        .map_err(|_| unreachable("nothing listens at its host and port"))?;
    // Small packets are the rule; without Nagle's algorithm each takes one way less.
    stream.set_nodelay(true).map_err(|_| unreachable("the connection was lost"))?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metadata_service_is_out_of_reach_however_it_is_written() {
        let reach = Reach::open();
        for text in [
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "fe80::1",
            "fd00:ec2::254",
            "fd20:ce::254",
            "168.63.129.16",
        ] {
            assert!(!reach.allows("db", text.parse().unwrap()), "{text}");
        }
        for text in ["127.0.0.1", "10.0.0.7", "2001:db8::1"] {
            assert!(reach.allows("db", text.parse().unwrap()), "{text}");
        }
    }

    #[tokio::test]
    async fn a_server_is_reached_only_where_the_rule_lets_us() {
        let reach = Reach::only(|host, address| host == "127.0.0.1" && address.is_loopback());

        assert!(reach.resolve("127.0.0.1", 5432).await.is_ok());
        let refused = reach.resolve("127.0.0.2", 5432).await;

        let Err(WarehouseError::Unreachable(words)) = refused else { panic!("{refused:?}") };
        assert!(words.contains("egress.allow"), "{words}");
    }
}
