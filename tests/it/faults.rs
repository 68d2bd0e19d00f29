//! What happens when things break: kills, disks that take nothing, panics.

#![allow(clippy::print_stdout, reason = "a seed, or a way around, belongs into a test's output")]

pub(crate) mod clients;
mod crash;
mod disk;
#[cfg(feature = "testing")]
mod panics;
