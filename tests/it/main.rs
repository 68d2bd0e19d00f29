//! The server from outside: a real process, its API and its sockets.

#![allow(clippy::unwrap_used, reason = "what fails in a test's helper fails the test")]

mod accounts;
mod accounts_outside;
mod any_input;
mod asking;
mod asking_faults;
mod attachments;
mod bots;
mod chat;
mod cluster;
mod commands;
mod data;
mod doctor;
mod engines;
mod exports;
mod faults;
mod files;
mod first_starts;
mod groups;
mod guarded;
mod guests;
mod imports;
mod incoming_hooks;
mod issuer;
mod later;
mod mailbox;
mod notifications;
mod operating;
mod outgoing_hooks;
mod pins;
mod previews;
mod pushes;
mod questions;
mod raw;
mod retention;
mod s3;
mod search;
mod secured;
mod socket_entry;
mod socket_frames;
mod socket_orders;
mod traces;
mod warehouse;
mod world;
