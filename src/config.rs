//! Settings: defaults < file < environment < flags.
//!
//! ```text
//!   Settings::default ─▶ table ◀─ file ◀─ old names ◀─ STARLING_* ◀─ --set
//!                          └──▶ Settings, or the key that is wrong and where it came from
//! ```
//!
//! **Invariant:** no other folder reads a file of settings or a variable of the environment.

mod cluster;
mod federation;
mod files;
mod layers;
mod mail;
mod model;
mod nearest;
mod old_names;
mod secrets;
mod settings;

pub use cluster::{Cluster, Import, Redis, Scylla, Storage, StorageKind};
pub use federation::{Oidc, Outside, OutsideAlgorithm};
pub use files::{Files, FilesKind, S3};
pub use layers::{ConfigError, Loaded, Sources, load};
pub use mail::{PushSettings, Smtp, SmtpPlace, SmtpTls};
pub use model::{EgressSettings, ModelDefaults, ModelProvider};
pub use secrets::{SecretsError, check_secrets, complete_secrets, renew_master_key};
pub use settings::{
    Data, Guests, Limits, Registration, RegistrationMode, Server, Settings, TelemetrySettings,
    TokenSettings, VaultSettings,
};
