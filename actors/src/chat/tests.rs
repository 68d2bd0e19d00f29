//! The chat's rules, over the in-memory adapters.

mod bringing;
mod erasing;
mod files;
mod isolation;
mod retiring;
mod rules;
mod world;
mod writing;
