//! Puts everything together: settings, stores, actors, routes.
