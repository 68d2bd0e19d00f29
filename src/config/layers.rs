//! One layer over the other: each says where a value came from, so an error can name the place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::Settings;
use super::old_names;

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
    #[error("{source_name}: there is no setting \"{key}\"")]
    UnknownKey {
        /// Where the key stands.
        source_name: String,
        /// The key.
        key: String,
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

/// Lays all sources over the defaults.
pub fn load(sources: &Sources) -> Result<Loaded, ConfigError> {
    let mut table = defaults();
    if let Some(path) = &sources.file {
        overlay_file(&mut table, path)?;
    }
    let old = old_names::translate(&sources.environment)?;
    for (name, key, text) in &old.values {
        set(&mut table, name, key, text)?;
    }
    overlay_environment(&mut table, &sources.environment)?;
    for (key, text) in &sources.flags {
        set(&mut table, &format!("--set {key}"), key, text)?;
    }
    let mut settings = Settings::deserialize_from(table)?;
    read_public_key(&mut settings)?;
    check_ranges(&settings)?;
    super::federation::check(&settings.outside, &settings.oidc)?;
    Ok(Loaded { settings, notices: old.notices })
}

fn defaults() -> Table {
    match Value::try_from(Settings::default()) {
        Ok(Value::Table(table)) => table,
        Ok(_) | Err(_) => Table::new(),
    }
}

fn overlay_file(table: &mut Table, path: &Path) -> Result<(), ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|cause| ConfigError::File { path: path.to_owned(), cause })?;
    let file: Table = toml::from_str(&text)
        .map_err(|cause| ConfigError::Syntax { path: path.to_owned(), cause })?;
    let source_name = path.display().to_string();
    for (section, values) in file {
        let unknown =
            |key: String| ConfigError::UnknownKey { source_name: source_name.clone(), key };
        let Some(Value::Table(known)) = table.get_mut(&section) else {
            return Err(unknown(section));
        };
        let Value::Table(values) = values else { return Err(unknown(section)) };
        for (key, value) in values {
            if !known.contains_key(&key) {
                return Err(unknown(format!("{section}.{key}")));
            }
            known.insert(key, value);
        }
    }
    Ok(())
}

/// `STARLING_A_B_C` sets `a.b_c`; `STARLING_A_B_C_FILE` names a file that holds the value.
fn overlay_environment(
    table: &mut Table,
    environment: &BTreeMap<String, String>,
) -> Result<(), ConfigError> {
    for key in keys(table) {
        let name = format!("STARLING_{}", key.replace('.', "_").to_uppercase());
        let file_name = format!("{name}_FILE");
        if let Some(path) = environment.get(&file_name) {
            let text = std::fs::read_to_string(path)
                .map_err(|cause| ConfigError::File { path: path.into(), cause })?;
            set(table, &file_name, &key, text.trim_end())?;
        }
        if let Some(text) = environment.get(&name) {
            set(table, &name, &key, text)?;
        }
    }
    Ok(())
}

fn keys(table: &Table) -> Vec<String> {
    let mut keys = Vec::new();
    for (section, values) in table {
        if let Value::Table(values) = values {
            keys.extend(values.keys().map(|key| format!("{section}.{key}")));
        }
    }
    keys
}

/// Sets one key from text; the default's type says how the text is read.
fn set(table: &mut Table, source_name: &str, key: &str, text: &str) -> Result<(), ConfigError> {
    let unknown =
        || ConfigError::UnknownKey { source_name: source_name.to_owned(), key: key.to_owned() };
    let (section, name) = key.split_once('.').ok_or_else(unknown)?;
    let place = match table.get_mut(section) {
        Some(Value::Table(values)) => values.get_mut(name).ok_or_else(unknown)?,
        Some(_) | None => return Err(unknown()),
    };
    let wrong = |expected: &str| ConfigError::Value {
        source_name: source_name.to_owned(),
        message: format!("\"{text}\" is not {expected}"),
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
        Value::String(_) | Value::Float(_) | Value::Datetime(_) | Value::Table(_) => {
            Value::String(text.to_owned())
        }
    };
    Ok(())
}

impl Settings {
    fn deserialize_from(table: Table) -> Result<Self, ConfigError> {
        Value::Table(table).try_into().map_err(|cause: toml::de::Error| ConfigError::Value {
            source_name: "settings".to_owned(),
            message: cause.message().to_owned(),
        })
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
        let unknown = load(&with(&[], &[("server.nothing", "1")])).unwrap_err().to_string();
        assert_eq!(unknown, "--set server.nothing: there is no setting \"server.nothing\"");
        let wrong = load(&with(&[("STARLING_GUESTS_ENABLED", "maybe")], &[])).unwrap_err();
        assert_eq!(wrong.to_string(), "STARLING_GUESTS_ENABLED: \"maybe\" is not true or false");
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
