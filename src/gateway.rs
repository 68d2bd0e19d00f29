//! The WebSocket gateway: one task a socket, lanes out, frames in.
