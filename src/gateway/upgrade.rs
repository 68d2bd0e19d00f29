//! How a socket begins: the handshake, who opens it, and whether there is room.
//!
//! A refused or absent credential upgrades and then closes, so that browsers see the code. Who opens
//! a socket is looked at once it is upgraded; only guests are known before, since the answer
//! carries their cookie.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{ConnectInfo, FromRequestParts, Path, Query, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use starling_actors::session::Follow;

use super::backend::{Admitted, Credential, Denied};
use super::census::Place;
use super::close::{self, Close};
use super::decoder::Decoder;
use super::guest_cookie;
use super::handshake::{Handshake, Upgrading};
use super::lane::Encoding;
use super::pipe::Pipe;
use super::reader::Reader;
use super::socket::{self, Opened};
use super::{Gateway, Inner};
use crate::http::AppState;
use crate::http::problem::Problem;

const JSON_PROTOCOL: &str = "starling.v1.json";
const MSGPACK_PROTOCOL: &str = "starling.v1.msgpack";
const BEARER_PROTOCOL: &str = "bearer.";

/// The routes of the gateway.
pub fn routes() -> Router<AppState> {
    Router::new().route("/ws", get(open)).route("/ws/{token}", get(open_with_token))
}

#[derive(Debug, Default, Deserialize)]
struct Wishes {
    token: Option<String>,
    ticket: Option<String>,
    username: Option<String>,
    subscribe: Option<String>,
}

async fn open(
    State(state): State<AppState>,
    wishes: Result<Query<Wishes>, QueryRejection>,
    request: Request,
) -> Response {
    upgrade(state.gateway, wishes_of(wishes), request).await
}

async fn open_with_token(
    State(state): State<AppState>,
    token: Result<Path<String>, PathRejection>,
    wishes: Result<Query<Wishes>, QueryRejection>,
    request: Request,
) -> Response {
    let token = Some(token.map_or_else(|_| String::new(), |Path(token)| token));
    upgrade(state.gateway, Wishes { token, ..wishes_of(wishes) }, request).await
}

/// An address that cannot be read brings no credential, and is closed as such.
fn wishes_of(query: Result<Query<Wishes>, QueryRejection>) -> Wishes {
    query.map_or_else(|_| Wishes::default(), |Query(wishes)| wishes)
}

async fn upgrade(gateway: Gateway, wishes: Wishes, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let handshake = match Handshake::read(&mut parts) {
        Ok(handshake) => handshake,
        Err(lack) => return Problem::malformed(lack).into_response(),
    };
    let peer = ConnectInfo::<SocketAddr>::from_request_parts(&mut parts, &())
        .await
        .map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip());
    let inner = &gateway.inner;
    let mut asked = Asked::new(inner, wishes, &parts.headers, peer);
    let protocol = asked.protocol;
    let mut guest = None;
    let mut cookie = None;
    if matches!(asked.credential, Some(Credential::Guest { .. })) {
        let entry = Box::pin(admit(inner, &mut asked)).await;
        if let Ok(Entered { admitted: Admitted { resume_token: Some(token), .. }, .. }) = &entry {
            cookie = guest_cookie::keep(token, inner.settings.server.is_secure());
        }
        guest = Some(entry);
    }
    let (mut response, upgrading) = handshake.answer(protocol);
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    tokio::spawn(Box::pin(begin(gateway, asked, guest, upgrading)));
    response
}

/// Who came in, with the places they take.
struct Entered {
    admitted: Admitted,
    places: Vec<Place>,
}

/// What the request asks for, kept while the connection is upgraded.
struct Asked {
    credential: Option<Credential>,
    follow: Follow,
    protocol: Option<&'static str>,
    is_origin_allowed: bool,
    peer: IpAddr,
}

impl Asked {
    fn new(inner: &Inner, wishes: Wishes, headers: &HeaderMap, peer: IpAddr) -> Self {
        let offered = offered_protocols(headers);
        let protocol = offered.iter().find_map(|offer| match *offer {
            JSON_PROTOCOL => Some(JSON_PROTOCOL),
            MSGPACK_PROTOCOL => Some(MSGPACK_PROTOCOL),
            _ => None,
        });
        let bearer = offered.iter().find_map(|offer| offer.strip_prefix(BEARER_PROTOCOL));
        let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let header = header.and_then(|value| value.strip_prefix("Bearer "));
        let token = wishes.token.as_deref().or(bearer).or(header).map(str::to_owned);
        let credential =
            token.map(Credential::Token).or(wishes.ticket.map(Credential::Ticket)).or_else(|| {
                let resume_token = guest_cookie::read(headers);
                wishes.username.map(|name| Credential::Guest { name, resume_token })
            });
        let follow =
            if wishes.subscribe.as_deref() == Some("none") { Follow::Nothing } else { Follow::All };
        let is_origin_allowed = is_origin_allowed(headers, &inner.settings.server.cors_origins);
        Self { credential, follow, protocol, is_origin_allowed, peer }
    }

    fn encoding(&self) -> Encoding {
        if self.protocol == Some(MSGPACK_PROTOCOL) { Encoding::MessagePack } else { Encoding::Json }
    }
}

fn offered_protocols(headers: &HeaderMap) -> Vec<&str> {
    headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect()
}

/// Pages of this host and of the listed origins may open sockets; programs send no origin.
fn is_origin_allowed(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let is_own = origin.split_once("://").is_some_and(|(_, authority)| Some(authority) == host);
    is_own || allowed.iter().any(|listed| listed == "*" || listed == origin)
}

/// Takes the connection over, checks who opens it if that is not known, and starts its task.
async fn begin(
    gateway: Gateway,
    mut asked: Asked,
    guest: Option<Result<Entered, Close>>,
    upgrading: Upgrading,
) {
    let Some((stream, leftover)) = upgrading.finish().await else { return };
    let inner = &gateway.inner;
    let pipe = Pipe::new(stream, inner.settings.limits.lane_bytes);
    let decoder = Decoder::new(inner.settings.limits.frame_bytes);
    let reader = Reader::new(Arc::clone(&pipe), decoder, &leftover);
    drop(leftover);
    inner.common.meters.opened.increment(1);
    let encoding = asked.encoding();
    let follow = asked.follow;
    let entry = match guest {
        Some(entry) => entry,
        None => admit(inner, &mut asked).await,
    };
    match entry {
        Ok(Entered { admitted, places }) => {
            inner.common.meters.active.increment(1.0);
            let opened = Opened { pipe, reader, encoding, follow, places };
            Box::pin(socket::run(gateway, opened, admitted)).await;
        }
        Err(end) => {
            inner.common.meters.closed(end.code);
            pipe.end(end);
            reader.goodbye().await;
        }
    }
}

/// Lets someone in who may come; takes the credential.
async fn admit(inner: &Inner, asked: &mut Asked) -> Result<Entered, Close> {
    if !asked.is_origin_allowed {
        return Err(close::BAD_ORIGIN);
    }
    let of_address = inner.census.place_for_address(asked.peer).ok_or(close::TOO_MANY)?;
    let credential = asked.credential.take().ok_or(close::UNAUTHENTICATED)?;
    let admitted =
        inner.backend.admit(credential, asked.peer).await.map_err(|denied| match denied {
            Denied::Credential => close::UNAUTHENTICATED,
            Denied::Name => close::BAD_NAME,
            Denied::TooManyGuests => close::TOO_MANY_GUESTS,
            Denied::Unavailable => close::RESTARTING,
        })?;
    let user = admitted.caller.user();
    let of_user = inner.census.place_for_user(user).ok_or(close::TOO_MANY)?;
    Ok(Entered { admitted, places: vec![of_address, of_user] })
}

#[cfg(test)]
#[path = "upgrade_tests.rs"]
mod tests;
