//! What a person may do: each function checks who asks, and then gives the order.

mod caller;
mod people;

pub use caller::Caller;
pub use people::{People, PeopleError};
