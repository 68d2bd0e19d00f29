//! Passes for files: what the page puts into a picture's address, since a browser sends no token for it.
//!
//! A pass says who reads which file, and until when. It gives no right: whoever shows it is asked for as
//! the person it was made for, and that person's sign-in and rights are looked at each time. Whoever finds
//! it in a log or a copied address reads one file for some minutes.
//!
//! **Invariant:** the same reader and file have the same pass for [`STEP_MS`], so that a browser knows the
//! picture again.

use starling_actors::chat::Caller;
use starling_actors::domain::{FileId, Timestamp};

use super::passes::Pass;
use super::{Accounts, Admission, TokenError};

/// How long passes stay the same; each counts for one to two of these.
const STEP_MS: i64 = 10 * 60 * 1000;

impl Accounts {
    /// Until when a pass that is made now counts.
    pub fn file_passes_until(&self, admission: &Admission) -> Timestamp {
        let step = self.now().0.div_euclid(STEP_MS) + 2;
        let until = Timestamp(step.saturating_mul(STEP_MS));
        admission.expires_at.map_or(until, |ends| ends.min(until))
    }

    /// Makes a pass of one file for the caller.
    pub fn make_file_pass(
        &self,
        admission: &Admission,
        file: FileId,
    ) -> Result<String, TokenError> {
        let caller = &admission.caller;
        self.inner.file_passes.sign(&Pass {
            org: caller.org.to_string(),
            sub: caller.user().to_string(),
            sid: caller.login.map(|login| login.to_string()),
            token: caller.token.map(|token| token.to_string()),
            ends: None,
            until: self.file_passes_until(admission).0,
            jti: file.to_string(),
        })
    }

    /// Who shows a pass, if they may still come in, and the file that it is for.
    pub async fn show_file_pass(&self, pass: &str) -> Result<(Caller, FileId), TokenError> {
        let pass = self.inner.file_passes.show(pass, self.now())?;
        let (org, user) = pass.person()?;
        let login = pass.sid.as_deref().map(str::parse).transpose();
        let token = pass.token.as_deref().map(str::parse).transpose();
        let login = login.map_err(|_| TokenError::Invalid)?;
        let token = token.map_err(|_| TokenError::Invalid)?;
        let file = pass.jti.parse().map_err(|_| TokenError::Invalid)?;
        Ok((self.person_behind(org, user, (login, token)).await?, file))
    }
}
