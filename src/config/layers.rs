//! One layer over the other: each says where a value came from, so an error can name the place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::Settings;
use super::nearest::nearest;
use super::old_names;
use crate::egress::Network;

/// Where settings come from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The file named by `--config`; it must exist.
    pub file: Option<PathBuf>,
    /// Variables of the environment.
    pub environment: BTreeMap<String, String>,
    /// `key=value` of `--set`, in their order.
    pub flags: Vec<(String, String)>,
}

impl Sources {
    /// The environment of this process, a file and flags.
    pub fn of_process(file: Option<PathBuf>, flags: Vec<(String, String)>) -> Self {
        Self { file, environment: std::env::vars().collect(), flags }
    }
}

/// Settings, and what an operator should know about how they came to be.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// Sentences such as "REDIS_URL is set, but this version has no cluster".
    pub notices: Vec<String>,
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {path}, which the settings name: {cause}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// The file is not TOML.
    #[error("the settings file {path} is not valid TOML: {cause}")]
    Syntax {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        cause: toml::de::Error,
    },
    /// There is no such key.
    #[error("{source_name}: there is no setting \"{key}\"{}", meant(nearest.as_deref()))]
    UnknownKey {
        /// Where the key stands.
        source_name: String,
        /// The key.
        key: String,
        /// The one that may have been meant.
        nearest: Option<String>,
    },
    /// The value does not fit.
    #[error("{source_name}: {message}")]
    Value {
        /// Where the value stands.
        source_name: String,
        /// What is wrong with it.
        message: String,
    },
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |key| format!("; did you mean \"{key}\"?"))
}

/// Values and where each of them came from; a default came from nowhere.
struct Layers {
    table: Table,
    origins: BTreeMap<String, String>,
}

/// Lays all sources over the defaults.
pub fn load(sources: &Sources) -> Result<Loaded, ConfigError> {
    let mut layers = Layers { table: defaults(), origins: BTreeMap::new() };
    if let Some(path) = &sources.file {
        layers.overlay_file(path)?;
    }
    let old = old_names::translate(&sources.environment)?;
    for (name, key, text) in &old.values {
        layers.set(name, key, text)?;
    }
    let mut notices = old.notices;
    notices.extend(layers.overlay_environment(&sources.environment)?);
    for (key, text) in &sources.flags {
        layers.set(&format!("--set {key}"), key, text)?;
    }
    let mut settings = layers.into_settings()?;
    read_public_key(&mut settings)?;
    notices.extend(super::model::adopt(&mut settings.model, &sources.environment)?);
    check_ranges(&settings)?;
    super::federation::check(&settings.outside, &settings.oidc)?;
    super::model::check(&settings)?;
    notices.extend(super::cluster::check(&settings)?);
    notices.extend(super::files::check(&settings)?);
    notices.extend(super::mail::check(&settings)?);
    Ok(Loaded { settings, notices })
}

fn defaults() -> Table {
    match Value::try_from(Settings::default()) {
        Ok(Value::Table(table)) => table,
        Ok(_) | Err(_) => Table::new(),
    }
}

impl Layers {
    fn unknown(&self, source_name: &str, key: &str) -> ConfigError {
        ConfigError::UnknownKey {
            source_name: source_name.to_owned(),
            key: key.to_owned(),
            nearest: nearest(key, &self.keys()).map(str::to_owned),
        }
    }

    fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        collect_keys(&self.table, "", &mut keys);
        // No setting stands outside of all sections.
        keys.retain(|key| key.contains('.'));
        keys
    }

    fn overlay_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|cause| ConfigError::File { path: path.to_owned(), cause })?;
        let file: Table = toml::from_str(&text)
            .map_err(|cause| ConfigError::Syntax { path: path.to_owned(), cause })?;
        let source_name = path.display().to_string();
        for (section, values) in file {
            let Value::Table(values) = values else {
                return Err(self.unknown(&source_name, &section));
            };
            self.overlay_section(&source_name, &section, values)?;
        }
        Ok(())
    }

    fn overlay_section(
        &mut self,
        source_name: &str,
        section: &str,
        values: Table,
    ) -> Result<(), ConfigError> {
        for (name, value) in values {
            let key = format!("{section}.{name}");
            let Some(place) = self.place(&key) else {
                return Err(self.unknown(source_name, &key));
            };
            match (place.is_table(), value) {
                (true, Value::Table(values)) => {
                    self.overlay_section(source_name, &key, values)?;
                }
                (_, value) => {
                    *place = value;
                    self.origins.insert(key, source_name.to_owned());
                }
            }
        }
        Ok(())
    }

    /// The value of a key, which may also be a section within a section.
    fn place(&mut self, key: &str) -> Option<&mut Value> {
        let (sections, name) = key.rsplit_once('.')?;
        let mut table = &mut self.table;
        for section in sections.split('.') {
            table = table.get_mut(section)?.as_table_mut()?;
        }
        table.get_mut(name)
    }

    /// `STARLING_A_B_C` sets `a.b_c`; `STARLING_A_B_C_FILE` names a file that holds the value.
    /// Gives what looks like a slip: other programs may have variables that begin alike, so it is
    /// no error.
    fn overlay_environment(
        &mut self,
        environment: &BTreeMap<String, String>,
    ) -> Result<Vec<String>, ConfigError> {
        let variable = |key: &str| format!("STARLING_{}", key.replace('.', "_").to_uppercase());
        let mut known = Vec::new();
        for key in self.keys() {
            let name = variable(&key);
            let file_name = format!("{name}_FILE");
            if let Some(path) = environment.get(&file_name) {
                let text = std::fs::read_to_string(path)
                    .map_err(|cause| ConfigError::File { path: path.into(), cause })?;
                self.set(&file_name, &key, text.trim_end())?;
            }
            if let Some(text) = environment.get(&name) {
                self.set(&name, &key, text)?;
            }
            known.extend([name, file_name]);
        }
        let unknown = environment
            .keys()
            .filter(|name| name.starts_with("STARLING_") && !known.contains(name))
            .filter_map(|name| Some((name, nearest(name, &known)?)));
        Ok(unknown
            .map(|(name, meant)| format!("{name} is no setting; did you mean {meant}?"))
            .collect())
    }

    /// Sets one key from text; the default's type says how the text is read.
    fn set(&mut self, source_name: &str, key: &str, text: &str) -> Result<(), ConfigError> {
        let place = self.place(key).filter(|place| !place.is_table());
        let Some(place) = place else {
            return Err(self.unknown(source_name, key));
        };
        let wrong = |expected: &str| ConfigError::Value {
            source_name: source_name.to_owned(),
            message: format!("{key}: \"{text}\" is not {expected}"),
        };
        *place = match place {
            Value::Boolean(_) => match text.to_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Value::Boolean(true),
                "false" | "0" | "no" | "off" | "" => Value::Boolean(false),
                _ => return Err(wrong("true or false")),
            },
            Value::Integer(_) => {
                Value::Integer(text.trim().parse().map_err(|_| wrong("a whole number"))?)
            }
            Value::Array(_) => Value::Array(
                text.trim_matches(['[', ']'])
                    .split([',', '\n'])
                    .map(|item| item.trim().trim_matches('"'))
                    .filter(|item| !item.is_empty())
                    .map(|item| Value::String(item.to_owned()))
                    .collect(),
            ),
            Value::Float(_) => Value::Float(text.trim().parse().map_err(|_| wrong("a number"))?),
            Value::String(_) | Value::Datetime(_) | Value::Table(_) => {
                Value::String(text.to_owned())
            }
        };
        self.origins.insert(key.to_owned(), source_name.to_owned());
        Ok(())
    }

    /// The settings, or the key whose value is of the wrong kind and where it came from.
    fn into_settings(self) -> Result<Settings, ConfigError> {
        let Self { table, origins } = self;
        serde_path_to_error::deserialize(Value::Table(table)).map_err(|error| {
            let path = error.path().to_string();
            // A fault inside a list is told of the list.
            let key = path.split('[').next().unwrap_or_default().to_owned();
            let cause: toml::de::Error = error.into_inner();
            let message = format!("{key}: {}", cause.message());
            let source_name = origins.get(&key).cloned().unwrap_or_else(|| "settings".to_owned());
            ConfigError::Value { source_name, message }
        })
    }
}

/// Keys of all values in a table and the tables in it.
fn collect_keys(table: &Table, section: &str, keys: &mut Vec<String>) {
    for (name, value) in table {
        let key = if section.is_empty() { name.clone() } else { format!("{section}.{name}") };
        match value {
            Value::Table(values) => collect_keys(values, &key, keys),
            Value::String(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_)
            | Value::Array(_) => keys.push(key),
        }
    }
}

/// The key that a file holds, so that nobody else reads a file of settings.
fn read_public_key(settings: &mut Settings) -> Result<(), ConfigError> {
    let path = &settings.outside.public_key_file;
    if !path.as_os_str().is_empty() {
        settings.outside.public_key = std::fs::read_to_string(path)
            .map_err(|cause| ConfigError::File { path: path.clone(), cause })?;
    }
    Ok(())
}

/// What a type cannot say: limits that make the server useless when they are 0.
fn check_ranges(settings: &Settings) -> Result<(), ConfigError> {
    let limits = &settings.limits;
    let never_zero = [
        ("limits.content_chars", limits.content_chars),
        ("limits.frame_bytes", limits.frame_bytes),
        ("limits.body_bytes", limits.body_bytes),
        ("limits.lane_bytes", limits.lane_bytes),
    ];
    for (key, value) in never_zero {
        if value == 0 {
            return Err(ConfigError::Value {
                source_name: key.to_owned(),
                message: "must not be 0".to_owned(),
            });
        }
    }
    for entry in &settings.server.trusted_proxies {
        entry.parse::<Network>().map_err(|error| ConfigError::Value {
            source_name: "server.trusted_proxies".to_owned(),
            message: error.to_string(),
        })?;
    }
    if settings.server.heartbeat_ms < 1_000 {
        return Err(ConfigError::Value {
            source_name: "server.heartbeat_ms".to_owned(),
            message: "must be at least 1000".to_owned(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Sources {
        let own = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
        Sources {
            file: None,
            environment: environment.iter().map(own).collect(),
            flags: flags.iter().map(own).collect(),
        }
    }

    #[test]
    fn a_flag_beats_the_environment_and_that_beats_the_default() {
        let key = "limits.messages_per_second";
        let variable = ("STARLING_LIMITS_MESSAGES_PER_SECOND", "7");
        assert_eq!(load(&with(&[], &[])).unwrap().settings.limits.messages_per_second, 3);
        assert_eq!(load(&with(&[variable], &[])).unwrap().settings.limits.messages_per_second, 7);
        let both = load(&with(&[variable], &[(key, "9")])).unwrap();
        assert_eq!(both.settings.limits.messages_per_second, 9);
    }

    #[test]
    fn an_old_name_gives_way_to_the_new_one() {
        let old = ("PORT", "9000");
        assert_eq!(load(&with(&[old], &[])).unwrap().settings.server.listen.port(), 9000);
        let both = with(&[old, ("STARLING_SERVER_LISTEN", "127.0.0.1:7000")], &[]);
        assert_eq!(load(&both).unwrap().settings.server.listen.port(), 7000);
    }

    #[test]
    fn an_unknown_key_and_a_wrong_value_name_their_place() {
        let words = |sources: &Sources| load(sources).unwrap_err().to_string();
        assert_eq!(
            words(&with(&[], &[("server.lisen", "1")])),
            "--set server.lisen: there is no setting \"server.lisen\"; \
             did you mean \"server.listen\"?"
        );
        assert_eq!(
            words(&with(&[], &[("something.else", "1")])),
            "--set something.else: there is no setting \"something.else\""
        );
        assert_eq!(
            words(&with(&[("STARLING_GUESTS_ENABLED", "maybe")], &[])),
            "STARLING_GUESTS_ENABLED: guests.enabled: \"maybe\" is not true or false"
        );
        assert_eq!(
            words(&with(&[("STARLING_REGISTRATION_MODE", "sometimes")], &[])),
            "STARLING_REGISTRATION_MODE: registration.mode: unknown variant `sometimes`, \
             expected one of `open`, `invite`, `closed`"
        );
    }

    #[test]
    fn a_file_with_a_slip_or_a_wrong_kind_is_named_with_the_key() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("starling.toml");
        let words = |text: &str| {
            std::fs::write(&path, text).unwrap();
            let sources = Sources { file: Some(path.clone()), ..Sources::default() };
            let refused = load(&sources).unwrap_err().to_string();
            refused.replace(&path.display().to_string(), "FILE")
        };
        let slip = words("[limits]\nframe_byte = 1");
        assert!(slip.starts_with("FILE: ") && slip.contains("limits.frame_bytes"), "{slip}");
        let kind = words("[limits]\nframe_bytes = \"many\"");
        assert!(kind.starts_with("FILE: limits.frame_bytes: invalid type"), "{kind}");
        let list = words("[server]\ncors_origins = [1]");
        assert!(list.starts_with("FILE: server.cors_origins: invalid type"), "{list}");
    }

    #[test]
    fn a_section_within_a_section_is_set_by_all_ways() {
        let dir = tempfile::tempdir().unwrap();
        let (path, secret) = (dir.path().join("starling.toml"), dir.path().join("secret"));
        std::fs::write(&path, "[files.s3]\nbucket = \"birds\"\nregion = \"x\"").unwrap();
        std::fs::write(&secret, "proof\n").unwrap();
        let named = secret.display().to_string();
        let mut sources = with(
            &[("STARLING_FILES_S3_REGION", "eu"), ("STARLING_FILES_S3_SECRET_KEY_FILE", &named)],
            &[("files.kind", "s3"), ("files.s3.access_key", "name")],
        );
        sources.file = Some(path.clone());
        let s3 = load(&sources).unwrap().settings.files.s3;
        let all = [s3.bucket, s3.region, s3.access_key, s3.secret_key];
        assert_eq!(all, ["birds", "eu", "name", "proof"]);

        let words = |sources: &Sources| load(sources).unwrap_err().to_string();
        std::fs::write(&path, "[files.s3]\nbuckt = \"birds\"").unwrap();
        let slip = words(&Sources { file: Some(path), ..Sources::default() });
        assert!(slip.contains("did you mean \"files.s3.bucket\"?"), "{slip}");
        let whole = words(&with(&[], &[("files.s3", "birds")]));
        assert!(whole.contains("there is no setting \"files.s3\""), "{whole}");
    }

    #[test]
    fn a_variable_that_looks_like_a_slip_is_told() {
        let loaded = load(&with(
            &[("STARLING_SERVER_LISTN", "1"), ("STARLING_BIN", "x"), ("STARLING_DATA_DIR", "d")],
            &[],
        ));
        let notices = loaded.unwrap().notices;
        let expected = "STARLING_SERVER_LISTN is no setting; did you mean STARLING_SERVER_LISTEN?";
        assert_eq!(notices, [expected]);
    }

    #[test]
    fn what_has_no_use_on_one_machine_is_told_and_half_a_cluster_is_refused() {
        let key = [("cluster.node", "a"), ("redis.url", "redis://r"), ("storage.kind", "sqlite")];
        let notices = load(&with(&[], &key)).unwrap().notices;
        assert_eq!(notices.len(), 2, "{notices:?}");
        let refused = load(&with(&[], &[("storage.kind", "scylla")])).unwrap_err();
        assert!(refused.to_string().starts_with("storage.kind: \"scylla\""), "{refused}");
        let refused = load(&with(&[], &[("storage.kind", "postgres")])).unwrap_err();
        assert!(refused.to_string().contains("unknown variant `postgres`"), "{refused}");
    }

    #[test]
    fn a_list_is_read_from_commas_and_brackets() {
        let origins = "[\"https://a.example\", \"https://b.example\"]";
        let loaded = load(&with(&[("CORS_ORIGINS", origins)], &[])).unwrap();
        assert_eq!(loaded.settings.server.cors_origins, ["https://a.example", "https://b.example"]);
    }

    #[test]
    fn a_database_that_is_not_sqlite_is_refused_with_the_reason() {
        let refused = load(&with(&[("DATABASE_URL", "postgresql://db/chat")], &[])).unwrap_err();
        assert!(refused.to_string().contains("SQLite"), "{refused}");
    }
}
