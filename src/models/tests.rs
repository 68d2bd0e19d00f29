//! Whole calls against local servers that speak both ways.

mod answering;
mod calling;
mod failing;
mod server;
