//! The variables that operators of the replaced systems know, translated to settings.

use std::collections::BTreeMap;

use super::ConfigError;

/// Old variables as settings: `(variable, key, value)`, and what to tell the operator.
pub(super) struct Translated {
    pub(super) values: Vec<(String, String, String)>,
    pub(super) notices: Vec<String>,
}

/// Variables whose value is taken as it is.
const SAME_VALUE: [(&str, &str); 19] = [
    ("SECRET_KEY", "tokens.access_secret"),
    ("JWT_SECRET", "tokens.access_secret"),
    ("JWT_SECRET_KEY", "tokens.access_secret"),
    ("JWT_REFRESH_SECRET", "tokens.refresh_secret"),
    ("JWT_REFRESH_SECRET_KEY", "tokens.refresh_secret"),
    ("ENCRYPTION_KEY", "vault.master_key"),
    ("JWT_PUBLIC_KEY", "outside.public_key"),
    ("JWT_PUBLIC_KEY_PATH", "outside.public_key_file"),
    ("JWT_PUBLIC_KEY_FILE", "outside.public_key_file"),
    ("JWT_JWKS_URL", "outside.jwks_url"),
    ("JWKS_URL", "outside.jwks_url"),
    ("CORS_ORIGINS", "server.cors_origins"),
    ("HTTPS_ONLY", "server.https_only"),
    ("LLM_PROVIDER", "model.provider"),
    ("LLM_MODEL", "model.name"),
    ("LLM_BASE_URL", "model.base_url"),
    ("LLM_API_KEY", "model.api_key"),
    ("LLM_TEMPERATURE", "model.temperature"),
    ("LLM_MAX_TOKENS", "model.sql_tokens"),
];

/// Of these a `*_FILE` is read too.
const SECRETS: [&str; 7] = [
    "SECRET_KEY",
    "JWT_SECRET",
    "JWT_SECRET_KEY",
    "JWT_REFRESH_SECRET",
    "JWT_REFRESH_SECRET_KEY",
    "ENCRYPTION_KEY",
    "LLM_API_KEY",
];

/// Lifetimes: `<name>_<unit>` for each unit.
const LIFETIMES: [(&str, &str); 4] = [
    ("ACCESS_TOKEN_EXPIRE", "tokens.access_seconds"),
    ("JWT_ACCESS_TOKEN_EXPIRE", "tokens.access_seconds"),
    ("REFRESH_TOKEN_EXPIRE", "tokens.refresh_seconds"),
    ("JWT_REFRESH_TOKEN_EXPIRE", "tokens.refresh_seconds"),
];
const UNITS: [(&str, u64); 4] =
    [("SECONDS", 1), ("MINUTES", 60), ("HOURS", 3600), ("DAYS", 24 * 3600)];

/// Variables that are understood, but whose part of the product is not in this version.
const NOT_YET: [&str; 5] =
    ["REDIS_URL", "R2_ACCOUNT_ID", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "CLOUDFLARE_R2_BASE_URL"];
/// The same for all that begin like this.
const NOT_YET_PREFIXES: [&str; 1] = ["SNOWFLAKE_"];

pub(super) fn translate(environment: &BTreeMap<String, String>) -> Result<Translated, ConfigError> {
    let mut values = Vec::new();
    let mut put = |name: &str, key: &str, value: String| {
        values.push((name.to_owned(), key.to_owned(), value));
    };
    for (name, key) in SAME_VALUE {
        if let Some((name, value)) = value_of(environment, name)? {
            put(&name, key, value);
        }
    }
    if let Some(word) = environment.get("APP_ENV") {
        let word = if word.eq_ignore_ascii_case("prod") { "production" } else { word };
        put("APP_ENV", "server.environment", word.to_lowercase());
    }
    if let Some(level) = log_level(environment) {
        put("LOG_LEVEL or DEBUG", "telemetry.log_level", level);
    }
    for (name, key) in LIFETIMES {
        for (unit, seconds) in UNITS {
            let name = format!("{name}_{unit}");
            if let Some(value) = environment.get(&name) {
                put(&name, key, number(&name, value)?.saturating_mul(seconds).to_string());
            }
        }
    }
    for (name, key, value) in issuer(environment)? {
        put(name, key, value);
    }
    if let Some(value) = environment.get("RATE_LIMIT_REQUESTS") {
        let requests = number("RATE_LIMIT_REQUESTS", value)?;
        let window = environment
            .get("RATE_LIMIT_WINDOW")
            .map_or(Ok(60), |window| number("RATE_LIMIT_WINDOW", window))?;
        let per_minute = requests.saturating_mul(60).div_ceil(window.max(1));
        put("RATE_LIMIT_REQUESTS", "limits.rest_per_minute", per_minute.to_string());
    }
    if let Some(seconds) = environment.get("LLM_TIMEOUT") {
        let ms = number("LLM_TIMEOUT", seconds)?.saturating_mul(1_000);
        put("LLM_TIMEOUT", "model.timeout_ms", ms.to_string());
    }
    if let Some(listen) = listen(environment)? {
        put("HOST and PORT", "server.listen", listen);
    }
    if let Some(url) = environment.get("DATABASE_URL") {
        put("DATABASE_URL", "data.dir", folder_of(url)?);
    }
    Ok(Translated { values, notices: notices(environment) })
}

/// A variable's value, or what is in the file of its `*_FILE`; and which of the two it was.
fn value_of(
    environment: &BTreeMap<String, String>,
    name: &str,
) -> Result<Option<(String, String)>, ConfigError> {
    if let Some(value) = environment.get(name) {
        return Ok(Some((name.to_owned(), value.clone())));
    }
    let file_name = format!("{name}_FILE");
    let path = environment.get(&file_name).filter(|_| SECRETS.contains(&name));
    let Some(path) = path else { return Ok(None) };
    let text = std::fs::read_to_string(path)
        .map_err(|cause| ConfigError::File { path: path.into(), cause })?;
    Ok(Some((file_name, text.trim_end().to_owned())))
}

/// `DEBUG` wins; the words of other languages' loggers are taken.
fn log_level(environment: &BTreeMap<String, String>) -> Option<String> {
    let is_debug = environment
        .get("DEBUG")
        .is_some_and(|value| matches!(value.to_lowercase().as_str(), "1" | "true" | "yes" | "on"));
    if is_debug {
        return Some("debug".to_owned());
    }
    let level = environment.get("LOG_LEVEL")?;
    Some(match level.to_lowercase().as_str() {
        "warning" => "warn".to_owned(),
        "critical" | "fatal" => "error".to_owned(),
        _ if level.contains(['=', ',']) => level.clone(),
        lower => lower.to_owned(),
    })
}

/// Issuer, audience and algorithm are those of outside tokens when a public key is named, else
/// those of the server's own.
fn issuer(
    environment: &BTreeMap<String, String>,
) -> Result<Vec<(&'static str, &'static str, String)>, ConfigError> {
    let is_outside = SAME_VALUE
        .iter()
        .any(|(name, key)| key.starts_with("outside.") && environment.contains_key(*name));
    let mut values = Vec::new();
    if let Some(issuer) = environment.get("JWT_ISSUER") {
        let key = if is_outside { "outside.issuer" } else { "tokens.issuer" };
        values.push(("JWT_ISSUER", key, issuer.clone()));
    }
    if let Some(audience) = environment.get("JWT_AUDIENCE") {
        let key = if is_outside { "outside.audience" } else { "tokens.audience" };
        values.push(("JWT_AUDIENCE", key, audience.clone()));
    }
    match environment.get("JWT_ALGORITHM").map(String::as_str) {
        None | Some("HS256") => {}
        Some(word @ ("RS256" | "ES256")) if is_outside => {
            values.push(("JWT_ALGORITHM", "outside.algorithm", word.to_owned()));
        }
        Some(word) => {
            return Err(ConfigError::Value {
                source_name: "JWT_ALGORITHM".to_owned(),
                message: format!(
                    "\"{word}\" is not taken: HS256 for the server's own tokens, RS256 or ES256 \
                     with JWT_PUBLIC_KEY_PATH or JWT_JWKS_URL for those of an outside issuer"
                ),
            });
        }
    }
    Ok(values)
}

fn notices(environment: &BTreeMap<String, String>) -> Vec<String> {
    let set = environment.iter().filter(|(_, value)| !value.is_empty()).map(|(name, _)| name);
    set.filter_map(|name| notice(name)).collect()
}

fn notice(name: &str) -> Option<String> {
    let is_later =
        NOT_YET.contains(&name) || NOT_YET_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    if is_later {
        return Some(format!("{name} is set, but this version has no use for it yet"));
    }
    if name.starts_with("POSTGRES_") || name.ends_with("_DATABASE_URL") {
        return Some(format!(
            "{name} is set, but the PostgreSQL databases of the old document chat have no \
             counterpart: Starling keeps everything in its own store"
        ));
    }
    if name == "SECURE_COOKIES" {
        return Some(
            "SECURE_COOKIES is set: cookies are secure when server.public_url is https or \
             server.https_only is set"
                .to_owned(),
        );
    }
    let is_known = ["JWT_ISSUER", "JWT_AUDIENCE", "JWT_ALGORITHM"].contains(&name)
        || SAME_VALUE.iter().any(|(known, _)| name.strip_suffix("_FILE").unwrap_or(name) == *known)
        || SAME_VALUE.iter().any(|(known, _)| name == *known)
        || LIFETIMES.iter().any(|(known, _)| name.starts_with(known));
    let is_lost = name.starts_with("JWT_") && !is_known;
    is_lost.then(|| format!("{name} is set, but it has no counterpart here"))
}

fn number(name: &str, text: &str) -> Result<u64, ConfigError> {
    text.trim().parse().map_err(|_| ConfigError::Value {
        source_name: name.to_owned(),
        message: format!("\"{text}\" is not a whole number"),
    })
}

fn listen(environment: &BTreeMap<String, String>) -> Result<Option<String>, ConfigError> {
    let host = environment.get("HOST");
    let port = environment.get("PORT");
    if host.is_none() && port.is_none() {
        return Ok(None);
    }
    let host = match host.map(String::as_str) {
        None | Some("localhost" | "") => "127.0.0.1",
        Some(host) => host,
    };
    let port = port.map_or(Ok(8080), |port| number("PORT", port))?;
    // A variable HOST that is a name (as some shells export it) says nothing about listening.
    if host.parse::<std::net::IpAddr>().is_err() {
        return Ok(environment.get("PORT").map(|_| format!("127.0.0.1:{port}")));
    }
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    Ok(Some(format!("{host}:{port}")))
}

/// The folder in which an SQLite URL's file lies: Starling keeps its own files there.
fn folder_of(url: &str) -> Result<String, ConfigError> {
    let Some(path) = url.strip_prefix("sqlite:") else {
        let scheme = url.split(':').next().unwrap_or_default();
        return Err(ConfigError::Value {
            source_name: "DATABASE_URL".to_owned(),
            message: format!(
                "\"{scheme}\" is no store of Starling: one machine uses SQLite \
                 (sqlite:///data/starling.db, or leave the variable out)"
            ),
        });
    };
    let path = path.strip_prefix("///").or_else(|| path.strip_prefix("//")).unwrap_or(path);
    let folder =
        std::path::Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
    Ok(folder.map_or_else(|| ".".to_owned(), |folder| folder.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(variables: &[(&str, &str)]) -> Result<Translated, ConfigError> {
        translate(&variables.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect())
    }

    fn value(variables: &[(&str, &str)], key: &str) -> Option<String> {
        let values = translated(variables).unwrap().values;
        values.into_iter().rev().find(|(_, known, _)| known == key).map(|(_, _, value)| value)
    }

    #[test]
    fn each_old_name_sets_its_key() {
        for (name, old, key, new) in [
            ("SECRET_KEY", "s", "tokens.access_secret", "s"),
            ("JWT_REFRESH_SECRET", "s", "tokens.refresh_secret", "s"),
            ("JWT_ISSUER", "i", "tokens.issuer", "i"),
            ("ACCESS_TOKEN_EXPIRE_MINUTES", "15", "tokens.access_seconds", "900"),
            ("ACCESS_TOKEN_EXPIRE_HOURS", "1", "tokens.access_seconds", "3600"),
            ("REFRESH_TOKEN_EXPIRE_DAYS", "1", "tokens.refresh_seconds", "86400"),
            ("APP_ENV", "prod", "server.environment", "production"),
            ("LOG_LEVEL", "WARNING", "telemetry.log_level", "warn"),
            ("DEBUG", "True", "telemetry.log_level", "debug"),
            ("HTTPS_ONLY", "true", "server.https_only", "true"),
            ("RATE_LIMIT_REQUESTS", "100", "limits.rest_per_minute", "100"),
            ("HOST", "0.0.0.0", "server.listen", "0.0.0.0:8080"),
            ("DATABASE_URL", "sqlite:///data/chat.db", "data.dir", "data"),
        ] {
            assert_eq!(value(&[(name, old)], key).as_deref(), Some(new), "{name}");
        }
    }

    #[test]
    fn an_issuer_with_a_public_key_is_an_outside_one() {
        let variables = [
            ("JWT_ALGORITHM", "RS256"),
            ("JWT_ISSUER", "https://issuer.example"),
            ("JWT_AUDIENCE", "chat"),
            ("JWT_JWKS_URL", "https://issuer.example/keys"),
        ];
        assert_eq!(value(&variables, "outside.audience").as_deref(), Some("chat"));
        assert_eq!(value(&variables, "outside.algorithm").as_deref(), Some("RS256"));
        assert!(translated(&variables[..1]).is_err(), "RS256 without a key signs nothing here");
    }

    #[test]
    fn a_secret_may_be_in_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        std::fs::write(&path, "from a file\n").unwrap();
        let variables = [("SECRET_KEY_FILE", path.to_str().unwrap())];
        assert_eq!(value(&variables, "tokens.access_secret").as_deref(), Some("from a file"));
    }

    #[test]
    fn what_has_no_use_or_no_counterpart_is_told() {
        for name in ["REDIS_URL", "SNOWFLAKE_ROLE"] {
            let notices = translated(&[(name, "x")]).unwrap().notices;
            assert!(notices.len() == 1 && notices[0].contains("no use"), "{name}: {notices:?}");
        }
        for name in ["POSTGRES_HOST", "VECTOR_DATABASE_URL", "JWT_LEEWAY"] {
            let notices = translated(&[(name, "x")]).unwrap().notices;
            assert!(notices[0].contains("no counterpart") || notices[0].contains("counterpart"));
        }
        assert!(translated(&[("PATH", "x"), ("JWT_SECRET_KEY", "s")]).unwrap().notices.is_empty());
    }
}
