//! Every setting, with its default and the reason for it.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{
    Cluster, EgressSettings, Files, Import, ModelDefaults, Oidc, Outside, PushSettings, Redis,
    Scylla, Smtp, Storage,
};

/// All settings. A key `a.b_c` is the variable `STARLING_A_B_C` and the flag `--set a.b_c=…`; a section
/// may have sections of its own.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where and how the server listens.
    pub server: Server,
    /// Where data is kept.
    pub data: Data,
    /// Who may sign up.
    pub registration: Registration,
    /// Who may come in by a name alone.
    pub guests: Guests,
    /// What one person or address may use.
    pub limits: Limits,
    /// Lifetimes and secrets of tokens.
    pub tokens: TokenSettings,
    /// What encrypts the secrets of connections and models.
    pub vault: VaultSettings,
    /// Access tokens of an outside issuer.
    pub outside: Outside,
    /// Sign-in in the browser with OpenID Connect.
    pub oidc: Oidc,
    /// The language model of organizations that have none of their own.
    pub model: ModelDefaults,
    /// What tenants may make the server call.
    pub egress: EgressSettings,
    /// How mail leaves.
    pub smtp: Smtp,
    /// How notifications reach browsers that are closed.
    pub push: PushSettings,
    /// Logs and traces.
    pub telemetry: TelemetrySettings,
    /// Where messages are kept.
    pub storage: Storage,
    /// Where what people upload is kept.
    pub files: Files,
    /// The folder from which files may be connected.
    pub import: Import,
    /// The database of a cluster.
    pub scylla: Scylla,
    /// What carries messages between nodes.
    pub redis: Redis,
    /// This node among others.
    pub cluster: Cluster,
}

impl Settings {
    /// The folder of search indexes: this node's own, also in a cluster.
    pub fn search_dir(&self) -> PathBuf {
        self.data.dir.join("search")
    }

    /// All settings as TOML, secrets hidden.
    pub fn shown(&self) -> Result<String, toml::ser::Error> {
        let mut copy = self.clone();
        for secret in [&mut copy.tokens.access_secret, &mut copy.tokens.refresh_secret] {
            *secret =
                if secret.is_empty() { "(made on the first run)" } else { "(set)" }.to_owned();
        }
        // An address of Redis may hold a password, here and in `bus_urls`.
        for secret in [
            &mut copy.oidc.client_secret,
            &mut copy.cluster.secret,
            &mut copy.redis.url,
            &mut copy.scylla.password,
            &mut copy.files.s3.secret_key,
            &mut copy.vault.master_key,
            &mut copy.model.api_key,
            &mut copy.smtp.password,
            &mut copy.push.private_key,
        ] {
            if !secret.is_empty() {
                "(set)".clone_into(secret);
            }
        }
        let tokens = &mut copy.tokens;
        let previous = tokens
            .previous_access_secrets
            .iter_mut()
            .chain(&mut tokens.previous_refresh_secrets)
            .chain(&mut copy.vault.previous_master_keys)
            .chain(&mut copy.redis.bus_urls);
        previous.for_each(|secret| "(set)".clone_into(secret));
        toml::to_string(&copy)
    }
}

/// Where and how the server listens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port.
    pub listen: SocketAddr,
    /// The address people use, for links; made from `listen` when empty.
    pub public_url: String,
    /// `production` refuses generated secrets; anything else is a laptop.
    pub environment: String,
    /// Origins whose pages may call the API and open sockets, beside the server's own.
    pub cors_origins: Vec<String>,
    /// Addresses and networks of proxies whose `X-Forwarded-For` is believed; empty: nobody's.
    pub trusted_proxies: Vec<String>,
    /// How long a drain may take before what is left is cut, in milliseconds.
    pub drain_ms: u64,
    /// Heartbeat of sockets, in milliseconds: proxies often cut at 30 s of silence.
    pub heartbeat_ms: u64,
    /// Whether the server is only reached by HTTPS (adds HSTS).
    pub https_only: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: String::new(),
            environment: "development".to_owned(),
            cors_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            drain_ms: 10_000,
            heartbeat_ms: 25_000,
            https_only: false,
        }
    }
}

impl Server {
    /// What links to the server begin with, without a slash at the end.
    pub fn address(&self) -> String {
        match self.public_url.trim_end_matches('/') {
            "" => format!("http://{}", self.listen),
            url => url.to_owned(),
        }
    }

    /// Whether browsers come by HTTPS, so that cookies may insist on it.
    pub fn is_secure(&self) -> bool {
        self.https_only || self.public_url.starts_with("https://")
    }
}

/// Where data is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Data {
    /// The folder of database, secrets, files and logs.
    pub dir: PathBuf,
}

impl Default for Data {
    fn default() -> Self {
        Self { dir: PathBuf::from("data") }
    }
}

/// Who may sign up.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Registration {
    /// Of the default organization, and the start value of new ones.
    pub mode: RegistrationMode,
}

/// Whether strangers may sign up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RegistrationMode {
    /// Anyone.
    #[default]
    Open,
    /// Those with an invitation.
    Invite,
    /// Nobody.
    Closed,
}

/// Who may come in by a name alone.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Guests {
    /// Off unless the operator wants it: guests read the whole default channel.
    pub enabled: bool,
}

/// What one person or address may use. 0 is no limit unless said otherwise.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Messages a second and user, over REST and all sockets.
    pub messages_per_second: u32,
    /// How long a user waits after that, in milliseconds.
    pub cooldown_ms: u64,
    /// REST calls a minute, by user or address.
    pub rest_per_minute: u32,
    /// REST calls an hour, by user or address.
    pub rest_per_hour: u32,
    /// Open sockets of one user.
    pub connections_per_user: u32,
    /// Open sockets of one address.
    pub connections_per_address: u32,
    /// Characters of a message (never 0).
    pub content_chars: usize,
    /// Bytes of a socket's incoming message (never 0).
    pub frame_bytes: usize,
    /// Bytes of a REST body (never 0).
    pub body_bytes: usize,
    /// Bytes that may wait for a slow reader before it is sent away (never 0).
    pub lane_bytes: usize,
    /// Failed sign-ins of one account or address in 15 minutes before it must wait.
    pub login_failures: u32,
    /// New guests from one address in 15 minutes: each is an account and a line in the channel's
    /// log for ever. A class that comes in through one router is let in, a loop is not.
    pub new_guests: u32,
    /// Bytes that the uploads of one organization may take on the disk; 0: without a limit.
    pub upload_bytes_per_org: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            messages_per_second: 3,
            cooldown_ms: 2_000,
            rest_per_minute: 60,
            rest_per_hour: 1_000,
            connections_per_user: 0,
            connections_per_address: 0,
            content_chars: 5_000,
            frame_bytes: 64 * 1024,
            body_bytes: 1024 * 1024,
            lane_bytes: 256 * 1024,
            login_failures: 10,
            new_guests: 30,
            // Ten of the largest files: plenty for trying things out, and a small disk holds a few.
            upload_bytes_per_org: 1 << 30,
        }
    }
}

/// Lifetimes and secrets of tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokenSettings {
    /// Lifetime of an access token, in seconds.
    pub access_seconds: u64,
    /// Lifetime of a refresh token, in seconds.
    pub refresh_seconds: u64,
    /// Signs access tokens; made on the first run when empty.
    pub access_secret: String,
    /// Signs refresh tokens; made on the first run when empty.
    pub refresh_secret: String,
    /// Secrets that signed access tokens before: these tokens count until they end.
    pub previous_access_secrets: Vec<String>,
    /// Secrets that signed refresh tokens before.
    pub previous_refresh_secrets: Vec<String>,
    /// Who issues them.
    pub issuer: String,
    /// Whom they are for.
    pub audience: String,
}

impl Default for TokenSettings {
    fn default() -> Self {
        Self {
            access_seconds: 30 * 60,
            refresh_seconds: 7 * 24 * 3600,
            access_secret: String::new(),
            refresh_secret: String::new(),
            previous_access_secrets: Vec::new(),
            previous_refresh_secrets: Vec::new(),
            issuer: "starling".to_owned(),
            audience: "starling".to_owned(),
        }
    }
}

/// What encrypts the secrets that people give: passwords of databases, keys of models.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VaultSettings {
    /// Encrypts; made on the first run when empty.
    pub master_key: String,
    /// Keys that encrypted before: what they closed still opens.
    pub previous_master_keys: Vec<String>,
}

/// Logs and traces.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetrySettings {
    /// Least level that is logged, or a filter as `tracing` reads it.
    pub log_level: String,
    /// Whether logs also go to files below the data folder, a new one each day.
    pub log_files: bool,
    /// Where traces go over OTLP/HTTP; empty: nowhere.
    pub otlp_endpoint: String,
}

impl Default for TelemetrySettings {
    fn default() -> Self {
        Self { log_level: "info".to_owned(), log_files: true, otlp_endpoint: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_secure_by_the_public_address_or_by_the_setting() {
        let secure = |public_url: &str, https_only| {
            let public_url = public_url.to_owned();
            Server { public_url, https_only, ..Server::default() }.is_secure()
        };
        assert!(secure("https://chat.example", false) && secure("", true));
        assert!(!secure("", false) && !secure("http://chat.example", false));
    }
}
