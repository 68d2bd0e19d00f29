//! `starling import`: what another program kept, brought here: people, channels, messages with their times,
//! threads, reactions and files.
//!
//! ```text
//!   export (slack, mattermost) ─▶ people ─▶ channels ─▶ messages of each channel, in their order
//!     package, lines: limits       bring: known by what the export calls them, or by their key
//! ```
//!
//! Everything that is made is known again by what the export calls it, so an import that was broken off is
//! run again and goes on, and a newer export of the same program adds what is new.

mod bring;
mod emoji;
mod mattermost;
mod mrkdwn;
mod package;
mod slack;
mod source;
mod trial;
mod write;

use std::path::{Path, PathBuf};

use clap::Subcommand;

use self::bring::{Bringing, Report};
use self::mattermost::Mattermost;
use self::slack::Slack;
use self::source::Export;
use crate::app::with_node;
use crate::config::Loaded;
use crate::terminal::{Failure, say};

/// Sentences of what was left out that are said; an export of years has thousands that are alike.
const NOTES_SAID: usize = 20;

/// From where, and how.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// A ZIP file that Slack exported. Stop the server first.
    Slack(Way),
    /// A bulk export of Mattermost: a file of lines, or the ZIP file with its attachments. Stop the
    /// server first.
    Mattermost(Way),
}

/// What is the same from wherever it comes.
#[derive(Debug, clap::Args)]
pub struct Way {
    /// The export.
    file: PathBuf,
    /// The slug of the organization into which it goes.
    #[arg(long, default_value = "default")]
    org: String,
    /// Read everything and say what would be brought, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write a list (CSV) of the export's people who may sign in, to invite them.
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,
}

/// Brings an export, or says what is in it.
pub fn import(
    from: &Import,
    settings: impl FnOnce() -> Result<Loaded, Failure>,
) -> Result<(), Failure> {
    let (Import::Slack(way) | Import::Mattermost(way)) = from;
    let mut export: Box<dyn Export> = match from {
        Import::Slack(way) => Box::new(Slack::open(&way.file)?),
        Import::Mattermost(way) => Box::new(Mattermost::open(&way.file)?),
    };
    if way.dry_run {
        say(&trial::trial(&mut *export)?);
        return Ok(());
    }
    let report = with_node(settings()?, async |node| {
        let bringing = Bringing::begin(node, &way.org, export.program()).await?;
        bringing.bring(&mut *export).await
    })?;
    if let Some(list) = &way.people {
        report.write_people(list)?;
    }
    tell(&report, way.people.as_deref());
    Ok(())
}

fn tell(report: &Report, list: Option<&Path>) {
    say(&report.counts());
    for note in report.notes.iter().take(NOTES_SAID) {
        say(&format!("note: {note}"));
    }
    if report.notes.len() > NOTES_SAID {
        say(&format!("note: and {} more like these", report.notes.len() - NOTES_SAID));
    }
    if report.new_people == 0 {
        return;
    }
    let who = match list {
        Some(list) => format!("They are listed in {}.", list.display()),
        None => "Run it again with --people FILE for a list.".to_owned(),
    };
    say(&format!(
        "New people have no password: they come in by single sign-on, or by one that \
         `starling admin reset-password E-MAIL` makes. {who}"
    ));
}
