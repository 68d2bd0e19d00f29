//! `starling health`: asks the running server whether it is ready. For health checks of containers, whose
//! image holds nothing else that could ask.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::terminal::say;

/// Longest wait for a connection, and for each piece of the answer: a server that takes longer to say
/// that it is well is not.
const PATIENCE: Duration = Duration::from_secs(3);
/// Longest answer that is read; `/ready` has a line for each thing the server needs.
const ANSWER_BYTES_MAX: u64 = 16 * 1024;

/// Why the server is not ready.
#[derive(Debug, thiserror::Error)]
pub enum HealthError {
    /// Nothing answers.
    #[error("nothing answers on {address}: {cause}")]
    Silent {
        /// Where it was asked.
        address: SocketAddr,
        /// What happened.
        cause: std::io::Error,
    },
    /// It says so itself.
    #[error("not ready: {0}")]
    NotReady(String),
}

/// Asks the server that listens on `listen`, and says that it is ready.
pub fn health(listen: SocketAddr) -> Result<(), HealthError> {
    health_of(listen)?;
    say("The server is ready.");
    Ok(())
}

/// Asks it.
pub(super) fn health_of(listen: SocketAddr) -> Result<(), HealthError> {
    let address = reached(listen);
    let answer = ask(address).map_err(|cause| HealthError::Silent { address, cause })?;
    if !is_ok(&answer) {
        let body = answer.split_once("\r\n\r\n").map_or(answer.as_str(), |(_, body)| body);
        return Err(HealthError::NotReady(body.to_owned()));
    }
    Ok(())
}

/// Where a server that listens everywhere is reached from its own machine.
fn reached(listen: SocketAddr) -> SocketAddr {
    let everywhere = listen.ip().is_unspecified();
    let ip = match listen {
        SocketAddr::V4(_) if everywhere => Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(_) if everywhere => Ipv6Addr::LOCALHOST.into(),
        SocketAddr::V4(_) | SocketAddr::V6(_) => listen.ip(),
    };
    SocketAddr::new(ip, listen.port())
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = format!("GET /ready HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn is_ok(answer: &str) -> bool {
    answer.split(' ').nth(1) == Some("200")
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// A server that gives one answer, and where it is.
    fn server(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let read = stream.read(&mut request).unwrap();
            assert!(request[..read].starts_with(b"GET /ready HTTP/1.1\r\n"));
            stream.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn a_server_that_says_it_is_ready_is_healthy() {
        let mut everywhere = server("HTTP/1.1 200 OK\r\n\r\n{}");
        everywhere.set_ip(Ipv4Addr::UNSPECIFIED.into());
        assert!(health(everywhere).is_ok());
    }

    #[test]
    fn what_a_server_lacks_is_told() {
        let address = server("HTTP/1.1 503 Service Unavailable\r\n\r\nthe disk is full");
        let said = health(address).unwrap_err().to_string();
        assert_eq!(said, "not ready: the disk is full");
    }

    #[test]
    fn silence_is_no_health() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        assert!(matches!(health(address), Err(HealthError::Silent { .. })));
    }
}
