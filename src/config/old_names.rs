//! The variables that operators of the replaced systems know, translated to settings.

use std::collections::BTreeMap;

use super::ConfigError;

/// Old variables as settings: `(variable, key, value)`, and what to tell the operator.
pub(super) struct Translated {
    pub(super) values: Vec<(String, String, String)>,
    pub(super) notices: Vec<String>,
}

/// Variables whose value is taken as it is.
const SAME_VALUE: [(&str, &str); 8] = [
    ("SECRET_KEY", "tokens.access_secret"),
    ("JWT_SECRET", "tokens.access_secret"),
    ("JWT_SECRET_KEY", "tokens.access_secret"),
    ("JWT_REFRESH_SECRET_KEY", "tokens.refresh_secret"),
    ("CORS_ORIGINS", "server.cors_origins"),
    ("APP_ENV", "server.environment"),
    ("LOG_LEVEL", "telemetry.log_level"),
    ("HTTPS_ONLY", "server.https_only"),
];

/// Variables that are understood, but whose part of the product is not in this version.
const NOT_YET: [&str; 14] = [
    "REDIS_URL",
    "ENCRYPTION_KEY",
    "SNOWFLAKE_ACCOUNT",
    "SNOWFLAKE_USER",
    "SNOWFLAKE_PASSWORD",
    "OPENAI_API_KEY",
    "OPENAI_MODEL",
    "ANTHROPIC_API_KEY",
    "LLM_PROVIDER",
    "LLM_MODEL",
    "R2_ACCOUNT_ID",
    "ACCESS_KEY_ID",
    "SECRET_ACCESS_KEY",
    "CLOUDFLARE_R2_BASE_URL",
];

pub(super) fn translate(environment: &BTreeMap<String, String>) -> Result<Translated, ConfigError> {
    let mut values = Vec::new();
    let mut put = |name: &str, key: &str, value: String| {
        values.push((name.to_owned(), key.to_owned(), value));
    };
    for (name, key) in SAME_VALUE {
        if let Some(value) = environment.get(name) {
            put(name, key, value.clone());
        }
    }
    if environment.get("DEBUG").is_some_and(|value| matches!(value.as_str(), "1" | "true" | "True"))
    {
        put("DEBUG", "telemetry.log_level", "debug".to_owned());
    }
    for (name, key, seconds) in [
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "tokens.access_seconds", 60),
        ("REFRESH_TOKEN_EXPIRE_DAYS", "tokens.refresh_seconds", 24 * 3600),
    ] {
        if let Some(value) = environment.get(name) {
            put(name, key, (number(name, value)? * seconds).to_string());
        }
    }
    if let Some(value) = environment.get("RATE_LIMIT_REQUESTS") {
        let requests = number("RATE_LIMIT_REQUESTS", value)?;
        let window = environment
            .get("RATE_LIMIT_WINDOW")
            .map_or(Ok(60), |window| number("RATE_LIMIT_WINDOW", window))?;
        let per_minute = (requests * 60).div_ceil(window.max(1));
        put("RATE_LIMIT_REQUESTS", "limits.rest_per_minute", per_minute.to_string());
    }
    if let Some(listen) = listen(environment)? {
        put("HOST and PORT", "server.listen", listen);
    }
    if let Some(url) = environment.get("DATABASE_URL") {
        put("DATABASE_URL", "data.dir", folder_of(url)?);
    }
    Ok(Translated { values, notices: notices(environment) })
}

fn notices(environment: &BTreeMap<String, String>) -> Vec<String> {
    NOT_YET
        .iter()
        .filter(|name| environment.get(**name).is_some_and(|value| !value.is_empty()))
        .map(|name| format!("{name} is set, but this version has no use for it yet"))
        .collect()
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
