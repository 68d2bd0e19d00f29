//! What clients see: the shapes of the API and of the sockets, converted at this edge.
//!
//! [`client`] is what sockets send, [`frame`] what they are sent; [`message`], [`channel`], [`ask`] and
//! [`thread`] are the values that both REST and sockets show; [`time`] is how moments are written.

pub mod account;
pub mod ask;
pub mod beside;
pub mod channel;
pub mod client;
pub mod client_schema;
pub mod command;
pub mod data;
pub mod frame;
pub mod guest;
pub mod hooks;
pub mod later;
pub mod message;
pub mod notify;
pub mod ready_answers;
pub mod reply;
pub mod schema;
pub mod thread;
pub mod time;
