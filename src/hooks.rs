//! Webhooks: other programs write into a channel, and are told what happens there.
//!
//! Reading order: `incoming` (who may have one, and what comes by it) with its formats (`slack`, `github`,
//! `alerts`); `outgoing` (what is told, signed and tried again).
//!
//! **Invariants:** what comes by a webhook is shown as a program's, never as a person's; the secret of an
//! incoming one is kept as a hash, that of an outgoing one sealed; the server calls no address that
//! `crate::egress` refuses.

mod incoming;
mod markdown;
mod outgoing;

pub use self::incoming::{
    Delivered, Incoming, IncomingChange, IncomingHook, NewIncoming, ReceiveError, Request,
};
pub use self::outgoing::{
    Delivery, DeliveryState, EVENTS, Hints, Outgoing, OutgoingForm, OutgoingHook, OutgoingPorts,
    Payload, SWEPT, event_of,
};
