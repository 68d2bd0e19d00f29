//! What can be seen by asking others: the database, Redis, the storage of files, the mail server, the model.
//!
//! **Invariant:** only what the settings name is called, nothing is sent to anybody, and nothing is written but
//! the mark in the bucket that each start writes.

use std::future::Future;
use std::time::Duration;

use starling_actors::ports::Clock;

use super::{Finding, SECRETS_FILE, takes_files};
use crate::adapters::redis::Redis;
use crate::adapters::smtp::SmtpMailer;
use crate::adapters::sqlite::OpenError;
use crate::adapters::{scylla, sqlite};
use crate::app::SystemClock;
use crate::app::files::SharedFiles;
use crate::app::programs::mailer_of;
use crate::app::stores::database;
use crate::config::{FilesKind, ModelProvider, Settings, StorageKind};
use crate::egress::{Egress, EgressError, Policy};
use crate::models::ModelConfig;

/// How long each may take: none of them takes a tenth of it when it works.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a model's machine may take to take a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How far clocks of nodes may lie apart before messages seem to come from tomorrow.
const CLOCKS_APART: Duration = Duration::from_secs(1);

/// Looks at all of it.
pub(super) async fn look(settings: &Settings) -> Vec<Finding> {
    let mut findings = vec![within("database", database_of(settings)).await];
    if settings.is_cluster() {
        let urls = std::iter::once(&settings.redis.url).chain(&settings.redis.bus_urls);
        for url in urls {
            findings.push(within("redis", redis(settings, url)).await);
        }
    }
    findings.push(within("files", files(settings)).await);
    findings.push(within("mail", mail(settings)).await);
    findings.push(within("way out", model(settings)).await);
    findings
}

async fn within(about: &'static str, look: impl Future<Output = Finding>) -> Finding {
    let looked = tokio::time::timeout(PATIENCE, look).await;
    looked.unwrap_or_else(|_| {
        Finding::bad(about, format!("does not answer within {} seconds", PATIENCE.as_secs()))
    })
}

async fn database_of(settings: &Settings) -> Finding {
    const ABOUT: &str = "database";
    match settings.storage.kind {
        StorageKind::Sqlite => match sqlite::look(&settings.data.dir) {
            Ok(None) if settings.data.dir.join(SECRETS_FILE).exists() => {
                let words = "is not there, though a server has started here: look at data.dir, and whether \
                             its disk is mounted; the next start makes an empty one";
                Finding::doubtful(ABOUT, words)
            }
            Ok(None) => Finding::good(ABOUT, "is not there: the first start makes it"),
            Ok(Some(sqlite::Look { bytes, is_checked })) => {
                let how = if is_checked { "is whole" } else { "can be read" };
                Finding::good(ABOUT, format!("{how} ({} MiB)", bytes >> 20))
            }
            Err(error) if error.is_damage() => {
                Finding::bad(ABOUT, format!("{error}: restore a backup (starling restore)"))
            }
            // Its words say what to do.
            Err(error @ OpenError::Migration(_)) => Finding::bad(ABOUT, error.to_string()),
            Err(error) => {
                let words =
                    format!("{error}: look at whose the folder is, and at the room on its disk");
                Finding::bad(ABOUT, words)
            }
        },
        StorageKind::Scylla => {
            let opened = match database(&settings.scylla) {
                Ok(database) => scylla::look(&database).await.map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            };
            match opened {
                Ok(true) => Finding::good(ABOUT, "ScyllaDB answers, and has the keyspace"),
                Ok(false) => {
                    let words = "ScyllaDB answers; the keyspace is made by the first start";
                    Finding::good(ABOUT, words)
                }
                Err(error) => {
                    let words = format!("{error}: look at scylla.nodes, user and tls");
                    Finding::bad(ABOUT, words)
                }
            }
        }
    }
}

async fn redis(settings: &Settings, url: &str) -> Finding {
    const ABOUT: &str = "redis";
    let (authority, keyspace) = (&settings.redis.tls_authority, &settings.scylla.keyspace);
    let asked = match Redis::open(url, authority, keyspace) {
        Ok(redis) => redis.time().await,
        Err(error) => Err(error),
    };
    let theirs = match asked {
        Ok(theirs) => theirs,
        Err(error) => {
            let words =
                format!("{error}: look at redis.url; nodes hear of each other late without");
            return Finding::bad(ABOUT, words);
        }
    };
    let ours = Duration::from_millis(SystemClock.now().0.unsigned_abs());
    let apart = ours.abs_diff(theirs);
    if apart > CLOCKS_APART {
        let words = format!(
            "answers, and its clock is {} s from this one: keep both by NTP",
            apart.as_secs()
        );
        return Finding::doubtful(ABOUT, words);
    }
    Finding::good(ABOUT, "answers, and its clock is this one's")
}

async fn files(settings: &Settings) -> Finding {
    const ABOUT: &str = "files";
    if settings.files.kind != FilesKind::Folder {
        return match SharedFiles::prove(settings).await {
            Ok(()) => Finding::good(ABOUT, "what is stored in the bucket can be read again"),
            Err(error) => Finding::bad(ABOUT, error.to_string()),
        };
    }
    let folder = settings.uploads_dir();
    let shown = folder.display();
    if !folder.exists() {
        return Finding::good(ABOUT, format!("{shown} is not there: the first start makes it"));
    }
    match takes_files(&folder) {
        Ok(()) => Finding::good(ABOUT, format!("{shown} can be written to")),
        Err(error) => Finding::bad(
            ABOUT,
            format!("{shown} cannot be written to ({error}): give it to the user that serves"),
        ),
    }
}

async fn mail(settings: &Settings) -> Finding {
    const ABOUT: &str = "mail";
    let mailer: Option<SmtpMailer> = match mailer_of(settings) {
        Ok(mailer) => mailer,
        Err(error) => return Finding::bad(ABOUT, error.to_string()),
    };
    let Some(mailer) = mailer else {
        let words = "none is sent (smtp.url is empty): passwords are reset by an admin";
        return Finding::good(ABOUT, words);
    };
    match mailer.greet().await {
        Ok(()) if settings.server.public_url.is_empty() => {
            let words = "the mail server takes letters; their links lead to this machine alone: set \
                         server.public_url";
            Finding::doubtful(ABOUT, words)
        }
        Ok(()) => Finding::good(ABOUT, "the mail server takes letters"),
        Err(why) => Finding::bad(ABOUT, format!("{why}: look at smtp.url, user and password")),
    }
}

/// Whether the operator's own model can be called, through the guard that every call to it passes.
async fn model(settings: &Settings) -> Finding {
    const ABOUT: &str = "way out";
    let wide = wide_open(settings);
    if settings.model.provider == ModelProvider::BuiltIn {
        return match wide {
            Some(words) => Finding::doubtful(ABOUT, words),
            None => Finding::good(ABOUT, "the built-in assistant needs none"),
        };
    }
    let is_production = settings.server.environment == "production";
    let policy = Policy::of_settings(&settings.egress.allow, is_production);
    let Ok(policy) = policy else { return Finding::bad(ABOUT, "egress.allow means nothing") };
    let model = ModelConfig::operators(&settings.model);
    let url = model.and_then(|model| reqwest::Url::parse(model.address()).ok());
    let Some(url) = url else { return Finding::bad(ABOUT, "model.base_url is no address") };
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default());
    let resolved = Egress::new(policy).resolve(host, port.unwrap_or_default()).await;
    let addresses = match resolved {
        Ok(addresses) => addresses,
        Err(EgressError::Refused) => {
            let words = format!("the guard refuses {host}: name it in egress.allow");
            return Finding::bad(ABOUT, words);
        }
        Err(error) => return Finding::bad(ABOUT, format!("{host}: {error}")),
    };
    let connecting = tokio::net::TcpStream::connect(&*addresses);
    match tokio::time::timeout(CONNECT, connecting).await {
        Ok(Ok(_)) => match wide {
            Some(words) => Finding::doubtful(ABOUT, words),
            None => Finding::good(ABOUT, format!("{host}, where the model is, takes connections")),
        },
        Ok(Err(error)) => Finding::bad(ABOUT, format!("{host}, where the model is: {error}")),
        Err(_) => Finding::bad(ABOUT, format!("{host}, where the model is, does not answer")),
    }
}

/// Settings of the guard that let tenants of a server for others call everything.
fn wide_open(settings: &Settings) -> Option<String> {
    let egress = &settings.egress;
    let lists = [
        ("egress.allow", &egress.allow),
        ("egress.webhooks", &egress.webhooks),
        ("egress.previews", &egress.previews),
        ("egress.pushes", &egress.pushes),
    ];
    let is_open = |list: &Vec<String>| list.iter().any(|entry| entry.trim() == "open");
    let mut open: Vec<&str> =
        lists.into_iter().filter(|(_, list)| is_open(list)).map(|(key, _)| key).collect();
    let server = &settings.server;
    let is_production = server.environment == "production";
    if !is_production && egress.allow.is_empty() {
        // What is for one's own machine is open (see `Policy::of_settings`).
        open.push("server.environment");
    }
    let is_for_others =
        is_production || !server.public_url.is_empty() || !server.listen.ip().is_loopback();
    (is_for_others && !open.is_empty()).then(|| {
        format!(
            "{} lets tenants call every machine of this network: list hosts, and set server.environment to \
             production",
            open.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::checkup::State;

    fn settings(dir: &tempfile::TempDir) -> Settings {
        let mut settings = Settings::default();
        settings.data.dir = dir.path().to_owned();
        settings.files.dir = dir.path().join("files");
        settings
    }

    #[tokio::test]
    async fn a_new_server_lacks_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let findings = look(&settings(&dir)).await;
        assert!(findings.iter().all(|found| found.state == State::Good), "{findings:?}");
    }

    #[tokio::test]
    async fn a_database_that_is_none_is_told() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(sqlite::DATABASE_FILE), vec![b'x'; 8_192]).unwrap();
        let found = database_of(&settings(&dir)).await;
        assert_eq!(found.state, State::Bad, "{found:?}");
    }

    #[tokio::test]
    async fn a_mail_server_that_does_not_answer_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let mut settings = settings(&dir);
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        settings.smtp.url = format!("smtp://{free}");
        settings.smtp.from = "chat@example.org".to_owned();
        let found = mail(&settings).await;
        assert_eq!(found.state, State::Bad, "{found:?}");
        assert!(found.words.contains("smtp.url"), "{found:?}");
    }

    #[tokio::test]
    async fn a_model_that_the_guard_refuses_or_that_is_not_there_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let mut settings = settings(&dir);
        settings.model.provider = ModelProvider::OpenAi;
        settings.model.name = "small".to_owned();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        settings.model.base_url = format!("http://{}", free.local_addr().unwrap());
        assert_eq!(model(&settings).await.state, State::Good);
        settings.egress.allow = vec!["public".to_owned()];
        let refused = model(&settings).await;
        assert!(
            refused.state == State::Bad && refused.words.contains("egress.allow"),
            "{refused:?}"
        );
        settings.egress.allow = vec!["open".to_owned()];
        settings.server.environment = "production".to_owned();
        assert_eq!(model(&settings).await.state, State::Doubtful);
        drop(free);
        assert_eq!(model(&settings).await.state, State::Bad);
    }
}
