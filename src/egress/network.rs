//! A network of addresses: one of them, and how many of its bits count.

use std::net::IpAddr;
use std::str::FromStr;

/// An address alone, or all that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

/// A text that means no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is neither an address nor a network (10.0.0.0/8)")]
pub struct NetworkError(String);

impl Network {
    /// Whether `address` is one of it. The two ways to write IPv4 are two kinds here: see
    /// `IpAddr::to_canonical`.
    pub fn holds(self, address: IpAddr) -> bool {
        match (address, self.address) {
            (IpAddr::V4(address), IpAddr::V4(network)) => {
                let differing = address.to_bits() ^ network.to_bits();
                differing.checked_shr(32 - self.bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(address), IpAddr::V6(network)) => {
                let differing = address.to_bits() ^ network.to_bits();
                differing.checked_shr(128 - self.bits).unwrap_or(0) == 0
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let wrong = || NetworkError(text.to_owned());
        let (head, bits) = match text.split_once('/') {
            None => (text, None),
            Some((head, bits)) => (head, Some(bits.parse().map_err(|_| wrong())?)),
        };
        let address: IpAddr = head.parse().map_err(|_| wrong())?;
        let bits_max = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(bits_max);
        if bits <= bits_max { Ok(Self { address, bits }) } else { Err(wrong()) }
    }
}
