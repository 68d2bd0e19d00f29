//! What goes over the sockets: WebSocket frames, plain HTTP, Starling's JSON and NATS' text.

pub(crate) mod websocket;

pub(crate) mod http;
pub(crate) mod json;
pub(crate) mod nats;
pub(crate) mod stamp;
