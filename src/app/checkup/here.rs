//! What can be seen on this machine alone.

use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use starling_actors::domain::Timestamp;
use starling_actors::ports::Clock;

use super::{Finding, SECRETS_FILE, takes_files};
use crate::adapters::sqlite::DATABASE_FILE;
use crate::app::SystemClock;
use crate::config::{FilesKind, Settings};
use crate::http::page;

/// Below this a database cannot grow for long, and one that cannot write ends chat.
const ROOM_BAD: u64 = 256 << 20;
/// Below this somebody should make room: some uploads, or a backup beside the data, and it is full.
const ROOM_FEW: u64 = 2 << 30;
/// A gibibyte, for words.
const GIB: u64 = 1 << 30;
/// Before this (the beginning of 2025) there was no Starling, so it is not now.
const FIRST: Timestamp = Timestamp(1_735_689_600_000);
/// How far what was written last may lie ahead: file systems of other machines have clocks of their own.
const AHEAD_MAX: Duration = Duration::from_secs(60);
/// The bits of a file's mode by which others than its owner get at it.
const OTHERS: u32 = 0o077;

/// Looks at all of it.
pub(super) fn look(settings: &Settings) -> Vec<Finding> {
    let dir = &settings.data.dir;
    let mut findings = vec![folder(dir), secrets(dir), room("free space", dir)];
    let uploads = settings.uploads_dir();
    if settings.files.kind == FilesKind::Folder && !uploads.starts_with(dir) {
        findings.push(room("room of files", &uploads));
    }
    findings.extend([clock(dir, SystemClock.now()), page()]);
    findings
}

fn folder(dir: &Path) -> Finding {
    const ABOUT: &str = "data folder";
    let shown = dir.display();
    match std::fs::metadata(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Finding::doubtful(ABOUT, format!("{shown} is not there: the first start makes it"))
        }
        Err(error) => Finding::bad(ABOUT, format!("{shown} cannot be looked at: {error}")),
        Ok(found) if !found.is_dir() => {
            Finding::bad(ABOUT, format!("{shown} is no folder: set data.dir to one"))
        }
        Ok(_) => match takes_files(dir) {
            Ok(()) => Finding::good(ABOUT, format!("{shown} can be written to")),
            Err(error) => Finding::bad(
                ABOUT,
                format!("{shown} cannot be written to ({error}): give it to the user that serves"),
            ),
        },
    }
}

fn secrets(dir: &Path) -> Finding {
    const ABOUT: &str = "secrets";
    let path = dir.join(SECRETS_FILE);
    match std::fs::metadata(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Finding::good(ABOUT, "none are kept in the data folder")
        }
        Err(error) => Finding::bad(ABOUT, format!("{} cannot be seen: {error}", path.display())),
        Ok(found) if found.permissions().mode() & OTHERS != 0 => {
            let words = format!("{0} can be read by others: chmod 600 {0}", path.display());
            Finding::doubtful(ABOUT, words)
        }
        Ok(_) => Finding::good(ABOUT, format!("{} is its owner's alone", path.display())),
    }
}

/// Room on the disk of a folder, or of what it will be made in.
fn room(about: &'static str, dir: &Path) -> Finding {
    let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let there = dir.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    let left = match fs4::available_space(there) {
        Ok(left) => left,
        Err(error) => return Finding::doubtful(about, format!("cannot be told: {error}")),
    };
    judged(about, left)
}

fn judged(about: &'static str, left: u64) -> Finding {
    let tenths = left / (GIB / 10);
    let words = format!("{}.{} GiB are left", tenths / 10, tenths % 10);
    match left {
        ..ROOM_BAD => {
            Finding::bad(about, format!("{words}: make room, or move it to another disk"))
        }
        ROOM_BAD..ROOM_FEW => Finding::doubtful(about, format!("{words}: make room soon")),
        ROOM_FEW.. => Finding::good(about, words),
    }
}

/// The time of day against what is known of it: tokens, ids and the order of messages go by it.
fn clock(dir: &Path, now: Timestamp) -> Finding {
    const ABOUT: &str = "clock";
    if now < FIRST {
        return Finding::bad(ABOUT, "is years behind: set it, and keep it by NTP");
    }
    let written = std::fs::metadata(dir.join(DATABASE_FILE)).and_then(|found| found.modified());
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(now.0.unsigned_abs());
    let ahead = written.ok().and_then(|at| at.duration_since(now).ok()).unwrap_or_default();
    if ahead > AHEAD_MAX {
        let words = format!(
            "is {} s behind what the database was written at: set it, and keep it by NTP",
            ahead.as_secs()
        );
        return Finding::bad(ABOUT, words);
    }
    Finding::good(ABOUT, "is not behind what was written last")
}

/// The page, with what it names.
fn page() -> Finding {
    const ABOUT: &str = "page";
    match page::missing_files() {
        None => {
            let words = "this binary was built without the page: take one that has it, or run \
                         `make web` and build again";
            Finding::doubtful(ABOUT, words)
        }
        Some(missing) if missing.is_empty() => Finding::good(ABOUT, "is in this binary"),
        Some(missing) => {
            let words = format!("lacks {}: build it again", missing.join(", "));
            Finding::bad(ABOUT, words)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::checkup::State;

    #[test]
    fn a_folder_that_is_none_is_told_from_one_that_is_not_there_yet() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(folder(dir.path()).state, State::Good);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is left");
        assert_eq!(folder(&dir.path().join("new")).state, State::Doubtful);
        let file = dir.path().join("file");
        std::fs::write(&file, "x").unwrap();
        assert_eq!(folder(&file).state, State::Bad);
    }

    #[test]
    fn secrets_that_others_can_read_are_told() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(secrets(dir.path()).state, State::Good);
        let path = dir.path().join(SECRETS_FILE);
        std::fs::write(&path, "").unwrap();
        for (mode, state) in [(0o644, State::Doubtful), (0o600, State::Good)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(secrets(dir.path()).state, state, "{mode:o}");
        }
    }

    #[test]
    fn a_disk_that_is_nearly_full_is_told_before_it_is() {
        let state = |left| judged("free space", left).state;
        let states = [state(GIB / 10), state(GIB), state(40 * GIB)];
        assert_eq!(states, [State::Bad, State::Doubtful, State::Good]);
        assert_eq!(judged("free space", GIB + GIB / 2).words, "1.5 GiB are left: make room soon");
    }

    #[test]
    fn a_clock_that_was_set_back_is_seen_by_what_was_written() {
        let dir = tempfile::tempdir().unwrap();
        let now = SystemClock.now();
        assert_eq!(clock(dir.path(), now).state, State::Good);
        std::fs::write(dir.path().join(DATABASE_FILE), "").unwrap();
        assert_eq!(clock(dir.path(), now).state, State::Good);
        assert_eq!(clock(dir.path(), now.plus_ms(-3_600_000)).state, State::Bad);
        assert_eq!(clock(dir.path(), Timestamp(0)).state, State::Bad);
    }
}
