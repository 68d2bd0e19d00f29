//! The accounts and channels of a run in which every connection has an account of its own. A password
//! hash costs tens of milliseconds of a core, so thousands of accounts take minutes: they can be kept
//! in a folder, and each run starts on a copy of it.
//!
//! **Invariant:** the server is started anew after the accounts were made, so a run finds nothing of
//! them in its memory, whether they are new or kept.

use std::fs;
use std::io::{Write, stderr};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::accounts::{self, User};
use super::launch::{self, Server};
use crate::options::Common;

/// The list of accounts beside the data.
const LIST: &str = "population.json";
/// The server's data in a kept folder.
const DATA: &str = "data";
/// Access tokens live for a day in servers of this harness; older lists are made again.
const KEPT_MAX: Duration = Duration::from_secs(20 * 3_600);

/// Who there is, and where they are members.
#[derive(Serialize, Deserialize)]
pub(super) struct Population {
    /// The members of each channel follow those of the one before.
    pub(super) users: Vec<User>,
    pub(super) channels: Vec<String>,
}

/// Starts a server with `channels` channels of `members` people each, nobody in two of them.
pub(super) async fn start(
    common: &Common,
    channels: usize,
    members: usize,
    keep: Option<&Path>,
) -> Result<(Server, Population)> {
    if let Some(folder) = keep
        && let Some(population) = kept(folder, channels, members)
    {
        let data = folder.join(DATA);
        let server = launch::start_on(common, Some(&data)).await?;
        return Ok((server.context("accounts are kept for --server only")?, population));
    }
    let server = launch::start_on(common, None).await?;
    let mut server = server.context("an account each needs a server of its own: --server")?;
    let population = make(&server, channels, members).await?;
    server.halt().await?;
    if let Some(folder) = keep {
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        copy(&server.data(), &folder.join(DATA))?;
        fs::write(folder.join(LIST), serde_json::to_vec(&population)?)?;
    }
    server.restart().await?;
    Ok((server, population))
}

/// What an earlier run left, if it fits.
fn kept(folder: &Path, channels: usize, members: usize) -> Option<Population> {
    let list = folder.join(LIST);
    let made = fs::metadata(&list).ok()?.modified().ok()?;
    if made.elapsed().ok()? > KEPT_MAX {
        return None;
    }
    let population: Population = serde_json::from_slice(&fs::read(list).ok()?).ok()?;
    let fits =
        population.channels.len() == channels && population.users.len() == channels * members;
    fits.then_some(population)
}

async fn make(server: &Server, channels: usize, members: usize) -> Result<Population> {
    let count = channels * members;
    writeln!(stderr(), "registering {count} accounts, about 50 a second and core …")?;
    let users = accounts::register(server.address, count).await.context("registering")?;
    let channels = accounts::make_rooms(server.address, &users, members).await?;
    Ok(Population { users, channels })
}

/// Copies a folder with what is in it.
pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("creating {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)
                .with_context(|| format!("copying {}", target.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_list_of_the_same_shape_is_used_again() {
        let folder = std::env::temp_dir().join(format!("population-{}", uuid::Uuid::now_v7()));
        fs::create_dir_all(&folder).unwrap();
        let user = User { id: "u".to_owned(), token: "t".to_owned() };
        let channels = vec!["a".to_owned(), "b".to_owned()];
        let population = Population { users: vec![user; 6], channels };
        fs::write(folder.join(LIST), serde_json::to_vec(&population).unwrap()).unwrap();

        let fits = |channels, members| kept(&folder, channels, members).is_some();
        assert_eq!([fits(2, 3), fits(3, 2), fits(2, 4)], [true, false, false]);

        fs::remove_dir_all(&folder).unwrap();
        assert!(!fits(2, 3));
    }
}
