//! The HTTP API: routes, extractors, errors, headers.

pub mod problem;
