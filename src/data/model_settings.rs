//! Which model an organization asks, and its key.

use serde::{Deserialize, Serialize};
use starling_actors::domain::{OrgId, Timestamp};
use starling_actors::ports::{Precondition, QuestionsError};

use super::connection_form::SecretText;
use super::stored::text::{At, Id};
use super::vault::{Place, Sealed, VaultError};
use super::{By, Data, DataError};
use crate::records::{SERVER, Shelf};

/// One record below its organization, under [`ID`].
pub(super) const MODELS: Shelf<StoredModel> = Shelf::new("model_settings");
/// Organizations that have one, for rotating keys.
pub(super) const MODEL_INDEX: Shelf<Id<OrgId>> = Shelf::new("model_index");
/// The only id there is.
pub(super) const ID: &str = "model";
/// What the key is bound to.
const RECORD: &str = "model_settings";
/// The key's field.
const FIELD: &str = "api_key";

const PROVIDERS: [&str; 3] = ["built_in", "openai", "anthropic"];
const URL_BYTES_MAX: usize = 500;
const MODEL_CHARS_MAX: usize = 200;
const KEY_BYTES_MAX: usize = 4 * 1024;
/// What the largest models write at most.
const TOKENS_MAX: u32 = 64_000;
/// A person waits for the answer.
const TIMEOUT_SECONDS_MAX: u32 = 300;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredModel {
    provider: String,
    base_url: String,
    model: String,
    pub(super) api_key: Option<Sealed>,
    temperature: f64,
    sql_tokens: u32,
    insight_tokens: u32,
    timeout_seconds: u32,
    #[serde(default)]
    api_version: String,
    updated_at: At,
}

/// What is written about the model; what is missing stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct ModelForm {
    /// `built_in` (the assistant without key and network), `openai` (any compatible server) or
    /// `anthropic`.
    pub provider: Option<String>,
    /// Where; the provider's own address when empty.
    pub base_url: Option<String>,
    /// The model's name.
    pub model: Option<String>,
    /// Write-only; an empty one is taken away.
    pub api_key: Option<SecretText>,
    /// 0 to 2; 0.1 at first.
    pub temperature: Option<f64>,
    /// Most tokens of SQL; 2,000 at first.
    pub max_tokens_sql: Option<u32>,
    /// Most tokens of an insight; 1,500 at first.
    pub max_tokens_insight: Option<u32>,
    /// For one question to it; 30 at first.
    pub timeout_seconds: Option<u32>,
    /// Azure's `api-version`.
    pub api_version: Option<String>,
}

/// The model without its key.
#[derive(Clone, Debug)]
pub struct ModelDetails {
    /// `built_in`, `openai` or `anthropic`; empty: the operator's choice.
    pub provider: String,
    /// Where.
    pub base_url: String,
    /// Its name.
    pub model: String,
    /// Whether a key is kept.
    pub has_api_key: bool,
    /// How freely it writes.
    pub temperature: f64,
    /// Most tokens of SQL.
    pub sql_tokens: u32,
    /// Most tokens of an insight.
    pub insight_tokens: u32,
    /// For one question to it.
    pub timeout_seconds: u32,
    /// Azure's `api-version`.
    pub api_version: String,
    /// When it was last changed; absent when never.
    pub updated_at: Option<Timestamp>,
}

/// The model with its key, for whoever calls it. Never printed.
pub struct ModelLogin {
    /// All but the key.
    pub details: ModelDetails,
    /// The key; empty where none is needed.
    pub api_key: String,
}

impl std::fmt::Debug for ModelLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModelLogin").field("details", &self.details).finish_non_exhaustive()
    }
}

impl Data {
    /// The organization's model; only admins look.
    pub async fn show_model(&self, by: &By) -> Result<ModelDetails, DataError> {
        check_admin(by)?;
        let found = self.inner.shelves.get(&MODELS, by.org(), "", ID).await?;
        Ok(match found {
            Some(found) => found.value.details(),
            None => StoredModel::first().details_unset(),
        })
    }

    /// Changes the organization's model; only admins may.
    pub async fn change_model(&self, by: &By, form: &ModelForm) -> Result<ModelDetails, DataError> {
        check_admin(by)?;
        let shelves = &self.inner.shelves;
        let found = shelves.get(&MODELS, by.org(), "", ID).await?;
        let when = found
            .as_ref()
            .map_or(Precondition::Absent, |found| Precondition::Version(found.version));
        let mut model = found.map_or_else(StoredModel::first, |found| found.value);
        form.apply(&mut model)?;
        if let Some(key) = &form.api_key {
            model.api_key = match key.reveal().trim() {
                "" => None,
                key => Some(self.inner.vault.seal(place(by.org()), key)?),
            };
        }
        model.updated_at = self.now().into();
        let org = by.org().to_string();
        let place = (SERVER, "", org.as_str());
        shelves.put(&MODEL_INDEX, place, &Id(by.org()), Precondition::Any).await?;
        shelves.put(&MODELS, (by.org(), "", ID), &model, when).await?;
        let details = vec![("provider", model.provider.clone()), ("model", model.model.clone())];
        self.note(by.did("model_settings.update", ("model_settings", org), details)).await;
        Ok(model.details())
    }

    /// The model that an organization has chosen, with its key; `None`: the operator's choice.
    pub async fn model_login(&self, org: OrgId) -> Result<Option<ModelLogin>, DataError> {
        let Some(found) = self.inner.shelves.get(&MODELS, org, "", ID).await? else {
            return Ok(None);
        };
        let api_key = match &found.value.api_key {
            Some(sealed) => self.inner.vault.open(place(org), sealed)?,
            None => String::new(),
        };
        Ok(Some(ModelLogin { details: found.value.details(), api_key }))
    }

    /// The same settings with the key under the newest master key; `None` when it is.
    pub(super) fn renewed_model(
        &self,
        org: OrgId,
        model: &StoredModel,
    ) -> Result<Option<StoredModel>, VaultError> {
        let Some(sealed) = &model.api_key else { return Ok(None) };
        let renewed = self.inner.vault.renew(place(org), sealed)?;
        Ok(renewed.map(|sealed| StoredModel { api_key: Some(sealed), ..model.clone() }))
    }

    /// Whether the organization may try its model now.
    pub fn check_model_tester(&self, by: &By) -> Result<(), DataError> {
        check_admin(by)
    }
}

const fn place(org: OrgId) -> Place<'static> {
    Place { org, record: RECORD, field: FIELD }
}

fn check_admin(by: &By) -> Result<(), DataError> {
    if by.caller.role.may_administer() {
        return Ok(());
    }
    Err(DataError::Forbidden("only admins choose the model"))
}

impl StoredModel {
    /// What holds before anyone chose (product.md).
    fn first() -> Self {
        Self {
            provider: "built_in".to_owned(),
            base_url: String::new(),
            model: String::new(),
            api_key: None,
            temperature: 0.1,
            sql_tokens: 2_000,
            insight_tokens: 1_500,
            timeout_seconds: 30,
            api_version: String::new(),
            updated_at: At::default(),
        }
    }

    fn details(&self) -> ModelDetails {
        ModelDetails {
            provider: self.provider.clone(),
            base_url: self.base_url.clone(),
            model: self.model.clone(),
            has_api_key: self.api_key.is_some(),
            temperature: self.temperature,
            sql_tokens: self.sql_tokens,
            insight_tokens: self.insight_tokens,
            timeout_seconds: self.timeout_seconds,
            api_version: self.api_version.clone(),
            updated_at: Some(self.updated_at.into()),
        }
    }

    fn details_unset(&self) -> ModelDetails {
        ModelDetails { provider: String::new(), updated_at: None, ..self.details() }
    }
}

impl ModelForm {
    fn apply(&self, model: &mut StoredModel) -> Result<(), DataError> {
        if let Some(provider) = &self.provider {
            if !PROVIDERS.contains(&provider.as_str()) {
                return Err(DataError::field("provider", "must be built_in, openai or anthropic"));
            }
            self.check_move(model.provider != *provider, model)?;
            provider.clone_into(&mut model.provider);
        }
        if let Some(url) = &self.base_url {
            let url = url.trim().trim_end_matches('/');
            let is_url =
                url.is_empty() || url.starts_with("https://") || url.starts_with("http://");
            if !is_url || url.len() > URL_BYTES_MAX || url.contains(char::is_whitespace) {
                return Err(DataError::field("base_url", "must be an http or https address"));
            }
            self.check_move(model.base_url != url, model)?;
            url.clone_into(&mut model.base_url);
        }
        let words = [
            ("model", &self.model, &mut model.model),
            ("api_version", &self.api_version, &mut model.api_version),
        ];
        for (field, given, kept) in words {
            let Some(given) = given else { continue };
            let given = given.trim();
            if given.chars().nth(MODEL_CHARS_MAX).is_some() || given.contains(char::is_control) {
                return Err(DataError::field(field, "must have at most 200 printable characters"));
            }
            given.clone_into(kept);
        }
        if model.provider != "built_in" && model.model.is_empty() {
            return Err(DataError::field("model", "is required"));
        }
        if self.api_key.as_ref().is_some_and(|key| key.reveal().len() > KEY_BYTES_MAX) {
            return Err(DataError::field("api_key", "may have at most 4096 bytes"));
        }
        self.apply_numbers(model)
    }

    fn apply_numbers(&self, model: &mut StoredModel) -> Result<(), DataError> {
        if let Some(temperature) = self.temperature {
            if !(0.0..=2.0).contains(&temperature) {
                return Err(DataError::field("temperature", "must be from 0 to 2"));
            }
            model.temperature = temperature;
        }
        let numbers = [
            ("max_tokens_sql", self.max_tokens_sql, &mut model.sql_tokens, TOKENS_MAX),
            ("max_tokens_insight", self.max_tokens_insight, &mut model.insight_tokens, TOKENS_MAX),
            (
                "timeout_seconds",
                self.timeout_seconds,
                &mut model.timeout_seconds,
                TIMEOUT_SECONDS_MAX,
            ),
        ];
        for (field, given, kept, max) in numbers {
            let Some(given) = given else { continue };
            if given == 0 || given > max {
                return Err(DataError::field(field, format!("must be from 1 to {max}")));
            }
            *kept = given;
        }
        Ok(())
    }

    /// A key goes only to the server that it was given for.
    fn check_move(&self, is_moved: bool, model: &StoredModel) -> Result<(), DataError> {
        if is_moved && model.api_key.is_some() && self.api_key.is_none() {
            return Err(DataError::field("api_key", "must be given again when the server changes"));
        }
        Ok(())
    }
}

impl From<VaultError> for QuestionsError {
    fn from(_: VaultError) -> Self {
        Self::Unavailable
    }
}
