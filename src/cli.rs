//! The command line.

pub mod admin;
pub mod backup;
pub mod demo;
pub mod doctor;
pub mod health;
pub mod import;
pub mod migrate;
pub mod restore;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{ConfigError, Loaded, Sources, check_secrets, load};
use crate::terminal::{Failure, complain, say};

/// Team chat whose channels can ask the company's data.
#[derive(Debug, Parser)]
#[command(name = "starling", version, about)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Where settings come from; for every command.
#[derive(Args, Clone, Debug)]
struct Common {
    /// A TOML file of settings.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One setting, as `key=value`; may be given many times.
    #[arg(long = "set", global = true, value_name = "KEY=VALUE", value_parser = key_and_value)]
    set: Vec<(String, String)>,
    /// The data folder (the setting data.dir).
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the chat.
    Serve {
        /// Address and port (the setting server.listen).
        #[arg(long, value_name = "ADDRESS:PORT")]
        listen: Option<String>,
    },
    /// Bring the database to this version's schema without serving.
    Migrate,
    /// What the one who runs the server does: passwords, keys, the audit trail.
    Admin {
        #[command(subcommand)]
        action: AdminAction,
    },
    /// Ask the running server whether it is ready: for health checks of containers.
    Health,
    /// Look at everything that a server needs, and say what to do about what is wrong; also while one serves.
    Doctor,
    /// Fill an organization with people, channels and conversations to look at.
    Demo,
    /// Bring what another chat program kept.
    Import {
        #[command(subcommand)]
        from: import::Import,
    },
    /// Copy the database, also while the server serves.
    Backup {
        /// Where the copy goes.
        file: PathBuf,
    },
    /// Put a backup in place of a stopped server's database.
    Restore {
        /// The backup.
        file: PathBuf,
        /// Replace a database that is there.
        #[arg(long)]
        force: bool,
    },
    /// Ask one SQLite file on behalf of the server that started it.
    #[command(hide = true)]
    SqliteWorker,
    /// Import one uploaded file on behalf of the server that started it.
    #[command(hide = true)]
    ImportWorker,
    /// Look at one attached picture on behalf of the server that started it.
    #[command(hide = true)]
    PictureWorker,
    /// Look at the settings.
    Config {
        #[command(subcommand)]
        action: ConfigAction,
    },
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum ConfigAction {
    /// Say whether the settings are usable, and what they are (secrets hidden).
    Check,
}

#[derive(Debug, Subcommand)]
enum AdminAction {
    /// Give someone a new password, and show it once. Stop the server first.
    ResetPassword {
        /// Their e-mail.
        email: String,
        /// Their organization's slug.
        #[arg(long, default_value = "default")]
        org: String,
    },
    /// Encrypt all stored passwords and keys anew, with a new key. Stop the server first.
    RotateKeys,
    /// Write all that is kept of somebody into a ZIP file. Stop the server first.
    ExportUser {
        /// Their e-mail.
        email: String,
        /// Where to; a file that is not there yet.
        file: PathBuf,
        /// Their organization's slug.
        #[arg(long, default_value = "default")]
        org: String,
    },
    /// Take away by what somebody is known; what they wrote stays under no name. Stop the server first.
    EraseUser {
        /// Their e-mail.
        email: String,
        /// Their organization's slug.
        #[arg(long, default_value = "default")]
        org: String,
        /// Delete what they wrote, too.
        #[arg(long)]
        delete_messages: bool,
    },
    /// Check that no entry of the audit trails was changed or removed. Stop the server first.
    AuditVerify,
}

fn key_and_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

impl Common {
    /// Settings with flags on top; `listen` is the flag of `serve`.
    fn load(&self, listen: Option<&str>) -> Result<Loaded, ConfigError> {
        let mut flags = self.set.clone();
        if let Some(dir) = &self.data {
            flags.push(("data.dir".to_owned(), dir.display().to_string()));
        }
        if let Some(listen) = listen {
            flags.push(("server.listen".to_owned(), listen.to_owned()));
        }
        load(&Sources::of_process(self.config.clone(), flags))
    }
}

/// Runs the command line; what is wrong goes to standard error in one sentence.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// The folder of a database that is a file; a cluster's has tools of its own.
fn in_a_file(loaded: Loaded) -> Result<PathBuf, Failure> {
    if loaded.settings.is_cluster() {
        return Err(
            "a cluster keeps nothing in a file: ScyllaDB's own tools make and restore its \
                    backups"
                .into(),
        );
    }
    Ok(loaded.settings.data.dir)
}

fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Serve { listen } => {
            let loaded = cli.common.load(listen.as_deref())?;
            Ok(crate::app::run(loaded)?)
        }
        Command::Migrate => Ok(migrate::migrate(&cli.common.load(None)?.settings)?),
        Command::Admin { action: AdminAction::ResetPassword { email, org } } => {
            Ok(admin::reset_password(cli.common.load(None)?, &email, &org)?)
        }
        Command::Admin { action: AdminAction::ExportUser { email, file, org } } => {
            Ok(admin::export_user(cli.common.load(None)?, &email, &file, &org)?)
        }
        Command::Admin { action: AdminAction::EraseUser { email, org, delete_messages } } => {
            Ok(admin::erase_user(cli.common.load(None)?, &email, &org, delete_messages)?)
        }
        Command::Admin { action: AdminAction::RotateKeys } => {
            Ok(admin::rotate_keys(cli.common.load(None)?)?)
        }
        Command::Admin { action: AdminAction::AuditVerify } => {
            Ok(admin::verify_audit(cli.common.load(None)?)?)
        }
        Command::Health => Ok(health::health(cli.common.load(None)?.settings.server.listen)?),
        Command::Doctor => doctor::doctor(cli.common.load(None)),
        Command::Demo => Ok(demo::demo(cli.common.load(None)?)?),
        Command::Import { from } => import::import(&from, || Ok(cli.common.load(None)?)),
        Command::Backup { file } => Ok(backup::backup(&in_a_file(cli.common.load(None)?)?, &file)?),
        Command::Restore { file, force } => {
            Ok(restore::restore(&in_a_file(cli.common.load(None)?)?, &file, force)?)
        }
        Command::SqliteWorker => Ok(crate::adapters::warehouse::worker::serve()?),
        Command::ImportWorker => Ok(crate::adapters::warehouse::worker::serve_import()?),
        Command::PictureWorker => Ok(crate::adapters::pictures::worker::serve()?),
        Command::Config { action: ConfigAction::Check } => {
            let loaded = cli.common.load(None)?;
            check_secrets(&loaded.settings)?;
            for notice in &loaded.notices {
                say(&format!("note: {notice}"));
            }
            say(&loaded.settings.shown()?);
            say("The settings are usable.");
            Ok(())
        }
    }
}
