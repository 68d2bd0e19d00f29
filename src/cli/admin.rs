//! `starling admin`: for the one who runs the server, when nobody can sign in.

use crate::app::with_node;
use crate::config::Loaded;
use crate::terminal::{Failure, say};

/// Gives someone a new random password, shows it once, and ends their sign-ins.
pub fn reset_password(loaded: Loaded, email: &str, org: &str) -> Result<(), Failure> {
    let password =
        with_node(loaded, async |node| Ok(node.accounts.reset_password(email, org).await?))?;
    say(&format!("The new password of {email} is {password}"));
    Ok(())
}
