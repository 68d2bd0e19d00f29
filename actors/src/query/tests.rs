//! The pool from outside: what a person asks, sees, and can call off.

mod answers;
mod audience;
mod cluster;
mod faults;
mod turns;
mod world;
