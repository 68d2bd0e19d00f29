//! The server from outside: a real process, its API and its sockets.

mod accounts;
mod chat;
mod faults;
mod operating;
mod world;
