//! `starling doctor`: looks at everything that a server needs, and says a line about each.
//!
//! ```text
//!   ok    data folder  data can be written to
//!   warn  free space   1.2 GiB are left: make room soon
//! ```

use crate::app::{Finding, State, checkup};
use crate::config::{ConfigError, Loaded, check_secrets};
use crate::terminal::{Failure, say};

use super::health::{HealthError, health_of};

/// As wide as the longest name of what is looked at.
const NAME_WIDTH: usize = 11;

/// Says how everything stands; fails when a server would not work with it.
pub fn doctor(loaded: Result<Loaded, ConfigError>) -> Result<(), Failure> {
    let findings = match loaded {
        Ok(loaded) => look(&loaded)?,
        Err(error) => vec![Finding::bad("settings", error.to_string())],
    };
    for Finding { about, state, words } in &findings {
        say(&format!("{state:<4}  {about:<NAME_WIDTH$}  {words}"));
    }
    let count = |state| findings.iter().filter(|found| found.state == state).count();
    let (bad, doubtful) = (count(State::Bad), count(State::Doubtful));
    if bad > 0 {
        return Err(format!("{bad} of {} things do not work", findings.len()).into());
    }
    say(&match doubtful {
        0 => "Everything is as it should be.".to_owned(),
        few => format!("It works; {few} of {} things should be looked at.", findings.len()),
    });
    Ok(())
}

fn look(loaded: &Loaded) -> Result<Vec<Finding>, Failure> {
    let Loaded { settings, notices } = loaded;
    let mut findings: Vec<Finding> =
        notices.iter().map(|notice| Finding::doubtful("settings", notice)).collect();
    match check_secrets(settings) {
        Err(error) => findings.push(Finding::bad("settings", error.to_string())),
        Ok(()) if findings.is_empty() => findings.push(Finding::good("settings", "are usable")),
        Ok(()) => {}
    }
    findings.extend(checkup(settings)?);
    let listen = settings.server.listen;
    findings.push(match health_of(listen) {
        Ok(()) => Finding::good("server", format!("serves at {listen}, and is ready")),
        // Somebody else's program answers there, or a server that lacks something.
        Err(error @ HealthError::NotReady(_)) => {
            Finding::bad("server", format!("at {listen} is {error}"))
        }
        Err(HealthError::Silent { .. }) => {
            Finding::doubtful("server", format!("does not serve at {listen}: starling serve"))
        }
    });
    Ok(findings)
}
