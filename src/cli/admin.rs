//! `starling admin`: for the one who runs the server, when nobody can sign in.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use starling_actors::domain::{OrgId, UserId};

use crate::app::{Node, make_folder, with_node};
use crate::config::{Loaded, renew_master_key};
use crate::terminal::{Failure, say};

/// Gives someone a new random password, shows it once, and ends their sign-ins.
pub fn reset_password(loaded: Loaded, email: &str, org: &str) -> Result<(), Failure> {
    let password =
        with_node(loaded, async |node| Ok(node.accounts.reset_password(email, org).await?))?;
    say(&format!("The new password of {email} is {password}"));
    Ok(())
}

/// Writes all that is kept of somebody into a file.
pub fn export_user(loaded: Loaded, email: &str, file: &Path, org: &str) -> Result<(), Failure> {
    with_node(loaded, async |node| {
        let (found, person) = person_of(node, email, org).await?;
        let mut options = OpenOptions::new();
        let target = options.write(true).create_new(true).mode(0o600).open(file);
        let target = target.map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(node.keeping.dossiers.write_now(found, person, target).await?)
    })?;
    say(&format!("All that is kept of {email} is in {}.", file.display()));
    Ok(())
}

/// Takes away by what somebody is known, and their messages too if that is wanted.
pub fn erase_user(loaded: Loaded, email: &str, org: &str, deletes: bool) -> Result<(), Failure> {
    let is_done = with_node(loaded, async |node| {
        let (found, person) = person_of(node, email, org).await?;
        Ok(node.keeping.erasures.erase_now(found, person, deletes).await?)
    })?;
    say(if is_done {
        "Nothing is left by which they are known."
    } else {
        "Their account is nobody's now. The rest is done when the server runs: a question of theirs may still \
         be on its way."
    });
    Ok(())
}

async fn person_of(node: &Node, email: &str, org: &str) -> Result<(OrgId, UserId), Failure> {
    let found = node.accounts.organization_named(org).await?;
    let found = found.ok_or_else(|| format!("there is no organization {org:?}"))?.id;
    let person = node.accounts.person_with_email(found, email).await?;
    let person = person.ok_or_else(|| format!("nobody of {org:?} has the e-mail {email}"))?;
    Ok((found, person.id))
}

/// Makes a new key for secrets, unless the operator has set theirs, and encrypts every stored password
/// and key anew with the newest one.
pub fn rotate_keys(loaded: Loaded) -> Result<(), Failure> {
    make_folder(&loaded.settings)?;
    let is_new = renew_master_key(&loaded.settings, &mut rand::random)?;
    let rotated = with_node(loaded, async |node| Ok(node.data.rotate_keys().await?))?;
    let key = if is_new { "a new key" } else { "vault.master_key" };
    say(&format!("Encrypted {} records anew with {key}.", rotated.renewed));
    if rotated.unreadable > 0 {
        return Err(format!(
            "{} records do not open with any key of this server and were left as they are",
            rotated.unreadable
        )
        .into());
    }
    Ok(())
}

/// Checks every organization's audit trail and says the first entry of each that is broken.
pub fn verify_audit(loaded: Loaded) -> Result<(), Failure> {
    let trails = with_node(loaded, async |node| Ok(node.data.verify_audit().await?))?;
    let mut broken = 0;
    for trail in &trails {
        match trail.broken {
            None => {
                say(&format!("{}: {} entries, whole. {}", trail.org, trail.entries, trail.hash))
            }
            Some((place, fault)) => {
                broken += 1;
                say(&format!("{}: entry {place} is broken: {fault}", trail.org));
            }
        }
    }
    if broken > 0 {
        return Err(format!("{broken} of {} audit trails are broken", trails.len()).into());
    }
    Ok(())
}
