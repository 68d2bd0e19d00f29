//! Puts everything together: settings, stores, actors, routes.

mod serve;

pub use serve::{Listener, bind, serve_until};
