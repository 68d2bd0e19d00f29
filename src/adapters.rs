//! The stores and services behind the ports of the core.
