//! `starling admin`: for the one who runs the server, when nobody can sign in.

use crate::app::{make_folder, with_node};
use crate::config::{Loaded, renew_master_key};
use crate::terminal::{Failure, say};

/// Gives someone a new random password, shows it once, and ends their sign-ins.
pub fn reset_password(loaded: Loaded, email: &str, org: &str) -> Result<(), Failure> {
    let password =
        with_node(loaded, async |node| Ok(node.accounts.reset_password(email, org).await?))?;
    say(&format!("The new password of {email} is {password}"));
    Ok(())
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
