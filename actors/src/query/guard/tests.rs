//! The guard's rules, one sentence each. What analysts and attackers write is in the corpora.

mod names;
mod refusals;
mod rendering;
mod threads;
mod world;
