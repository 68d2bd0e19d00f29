//! Starling, the server: HTTP API, WebSocket gateway, adapters, accounts, configuration, wiring.
//!
//! Reading order: [`app`] puts everything together; [`http`] and [`gateway`] are the two ways in;
//! [`wire`] is what both speak; [`auth`] knows who asks; [`data`] keeps connections and what is asked
//! of them, both as [`records`]; [`chart_image`] draws what came of it; [`adapters`] are the stores
//! behind the core's ports; [`internode`] is what nodes of a cluster say to each other, [`peers`] the
//! way between them.

pub mod adapters;
pub mod agenda;
pub mod app;
pub mod auth;
pub mod chart_image;
pub mod cli;
pub mod commands;
pub mod config;
pub mod data;
pub mod dossier;
pub mod egress;
pub mod erasure;
pub mod files;
pub mod gateway;
pub mod hooks;
pub mod http;
pub mod imported;
pub mod internode;
pub mod later;
pub mod mail;
pub mod models;
mod niceness;
pub mod notify;
pub mod peers;
pub mod pins;
pub mod previews;
pub mod records;
pub mod retention;
pub mod statuses;
pub mod telemetry;
mod terminal;
pub mod wire;
