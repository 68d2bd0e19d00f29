//! Settings: defaults < file < environment < flags.

mod settings;

pub use settings::{
    Guests, Limits, Registration, RegistrationMode, Server, Settings, TokenSettings,
};
