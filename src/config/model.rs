//! The language model of organizations that have none of their own, and what may be called.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ConfigError, Settings};
use crate::egress::Policy;

/// Whose way of talking is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelProvider {
    /// No model: the built-in assistant, which needs no key and no network.
    #[default]
    #[serde(alias = "built_in")]
    BuiltIn,
    /// Chat completions as OpenAI has them: also Azure, Ollama, vLLM and many others.
    #[serde(alias = "azure", alias = "ollama", alias = "vllm")]
    OpenAi,
    /// Anthropic's messages.
    Anthropic,
}

impl ModelProvider {
    /// The word for it in settings and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BuiltIn => "builtin",
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
        }
    }
}

/// The operator's model.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelDefaults {
    /// Whose way of talking, or the built-in assistant.
    pub provider: ModelProvider,
    /// Where it is reached; empty: the provider's own address.
    pub base_url: String,
    /// The model's name.
    pub name: String,
    /// Shown to the provider.
    pub api_key: String,
    /// Azure's `api-version`; empty anywhere else.
    pub api_version: String,
    /// How freely it writes.
    pub temperature: f64,
    /// Most tokens of an answer with SQL.
    pub sql_tokens: u32,
    /// Most tokens of words about a result.
    pub insight_tokens: u32,
    /// How long one question to it may take, all tries together, in milliseconds.
    pub timeout_ms: u64,
}

impl Default for ModelDefaults {
    fn default() -> Self {
        Self {
            provider: ModelProvider::BuiltIn,
            base_url: String::new(),
            name: String::new(),
            api_key: String::new(),
            api_version: String::new(),
            temperature: 0.1,
            sql_tokens: 2_000,
            insight_tokens: 1_500,
            timeout_ms: 30_000,
        }
    }
}

/// What tenants may make the server call.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EgressSettings {
    /// Hosts, networks, `open` or `public`; empty: `open` on a laptop, `public` in production.
    pub allow: Vec<String>,
    /// The same for webhooks; empty: public addresses, on a laptop too.
    pub webhooks: Vec<String>,
    /// The same for pages that messages link to; empty: public addresses, on a laptop too.
    pub previews: Vec<String>,
    /// The same for push services of browsers; empty: public addresses, on a laptop too.
    pub pushes: Vec<String>,
}

/// What must be there together.
pub(super) fn check(settings: &Settings) -> Result<(), ConfigError> {
    let wrong = |key: &str, message: String| {
        Err(ConfigError::Value { source_name: key.to_owned(), message })
    };
    let model = &settings.model;
    if model.provider != ModelProvider::BuiltIn && model.name.is_empty() {
        return wrong("model.name", "is needed with model.provider".to_owned());
    }
    if !(0.0..=2.0).contains(&model.temperature) {
        return wrong("model.temperature", "must be between 0 and 2".to_owned());
    }
    if model.sql_tokens == 0 || model.insight_tokens == 0 {
        return wrong("model.sql_tokens and model.insight_tokens", "must not be 0".to_owned());
    }
    if model.timeout_ms < 1_000 {
        return wrong("model.timeout_ms", "must be at least 1000".to_owned());
    }
    let rules = Policy::of_settings(&settings.egress.allow, false);
    rules.map(|_| ()).or_else(|error| wrong("egress.allow", error.to_string()))?;
    let rules = Policy::of_settings(&settings.egress.webhooks, true);
    rules.map(|_| ()).or_else(|error| wrong("egress.webhooks", error.to_string()))?;
    let rules = Policy::of_settings(&settings.egress.previews, true);
    rules.map(|_| ()).or_else(|error| wrong("egress.previews", error.to_string()))?;
    let rules = Policy::of_settings(&settings.egress.pushes, true);
    rules.map(|_| ()).or_else(|error| wrong("egress.pushes", error.to_string()))
}

/// Old names of a provider's own: (variable, what it is).
const OPENAI: [(&str, Field); 5] = [
    ("OPENAI_API_KEY", Field::Key),
    ("OPENAI_BASE_URL", Field::BaseUrl),
    ("OPENAI_API_BASE", Field::BaseUrl),
    ("OPENAI_MODEL", Field::Name),
    ("OPENAI_API_VERSION", Field::ApiVersion),
];
const ANTHROPIC: [(&str, Field); 3] = [
    ("ANTHROPIC_API_KEY", Field::Key),
    ("ANTHROPIC_BASE_URL", Field::BaseUrl),
    ("ANTHROPIC_MODEL", Field::Name),
];

#[derive(Clone, Copy)]
enum Field {
    Key,
    BaseUrl,
    Name,
    ApiVersion,
}

/// Fills what is not set from the variables that the chosen provider's own programs read, a `*_FILE`
/// for the key among them. A key alone chooses nobody: it is in many a shell for something else, and
/// no data leaves because of it; the operator is told.
pub(super) fn adopt(
    model: &mut ModelDefaults,
    environment: &BTreeMap<String, String>,
) -> Result<Vec<String>, ConfigError> {
    let names: &[(&str, Field)] = match model.provider {
        ModelProvider::OpenAi => &OPENAI,
        ModelProvider::Anthropic => &ANTHROPIC,
        ModelProvider::BuiltIn => {
            let keys = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY"];
            let set = keys
                .into_iter()
                .filter(|name| environment.get(*name).is_some_and(|value| !value.is_empty()));
            return Ok(set
                .map(|name| {
                    format!("{name} is set, but not used: set model.provider and model.name, too")
                })
                .collect());
        }
    };
    for (name, field) in names {
        let place = match field {
            Field::Key => &mut model.api_key,
            Field::BaseUrl => &mut model.base_url,
            Field::Name => &mut model.name,
            Field::ApiVersion => &mut model.api_version,
        };
        if !place.is_empty() {
            continue;
        }
        if let Some(value) = environment.get(*name) {
            value.clone_into(place);
        } else if let Some(path) = environment.get(&format!("{name}_FILE")) {
            let text = std::fs::read_to_string(path)
                .map_err(|cause| ConfigError::File { path: path.into(), cause })?;
            text.trim_end().clone_into(place);
        }
    }
    Ok(Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Loaded, Sources, load};

    fn loaded(environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
        let own = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
        load(&Sources {
            file: None,
            environment: environment.iter().map(own).collect(),
            flags: flags.iter().map(own).collect(),
        })
    }

    const CHOSEN: [(&str, &str); 2] = [("model.provider", "openai"), ("model.name", "m")];

    #[test]
    fn the_key_of_the_chosen_provider_is_taken_from_its_own_variable() {
        let environment = [("OPENAI_API_KEY", "o"), ("ANTHROPIC_API_KEY", "a")];
        let model = loaded(&environment, &CHOSEN).unwrap().settings.model;
        assert_eq!(model.api_key, "o");
        let old = [("LLM_PROVIDER", "anthropic"), ("LLM_MODEL", "m"), ("LLM_TIMEOUT", "20")];
        let model = loaded(&[&old[..], &environment].concat(), &[]).unwrap().settings.model;
        assert_eq!((model.api_key.as_str(), model.timeout_ms), ("a", 20_000));
        let new = ("STARLING_MODEL_API_KEY", "new");
        let model = loaded(&[environment[0], new], &CHOSEN).unwrap().settings.model;
        assert_eq!(model.api_key, "new");
    }

    #[test]
    fn a_key_alone_sends_nothing_anywhere_and_is_told() {
        let loaded = loaded(&[("OPENAI_API_KEY", "o")], &[]).unwrap();
        assert_eq!(loaded.settings.model.provider, ModelProvider::BuiltIn);
        assert!(loaded.settings.model.api_key.is_empty());
        assert!(loaded.notices[0].starts_with("OPENAI_API_KEY is set, but not used"));
    }

    #[test]
    fn what_cannot_work_is_refused_with_its_key() {
        for (flags, key) in [
            (&CHOSEN[..1], "model.name"),
            (&[("model.provider", "somebody")], "--set model.provider"),
            (&[("model.temperature", "3")], "model.temperature"),
            (&[("model.temperature", "warm")], "--set model.temperature"),
            (&[("model.timeout_ms", "10")], "model.timeout_ms"),
            (&[("egress.allow", "http://host")], "egress.allow"),
        ] {
            let refused = loaded(&[], flags).unwrap_err().to_string();
            assert!(refused.starts_with(key), "{refused}");
        }
    }

    #[test]
    fn the_key_is_hidden_where_settings_are_shown() {
        let flags = [CHOSEN[0], CHOSEN[1], ("model.api_key", "very secret")];
        let shown = loaded(&[], &flags).unwrap().settings.shown().unwrap();
        assert!(!shown.contains("very secret") && shown.contains("api_key = \"(set)\""), "{shown}");
    }
}
