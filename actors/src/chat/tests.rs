//! The chat's rules, over the in-memory adapters.

mod isolation;
mod rules;
mod world;
mod writing;
