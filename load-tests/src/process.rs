//! The server's processes as the kernel sees them: CPU time of the tree, resident memory, limits.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::time::clock_getcpuclockid;
use nix::unistd::Pid;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors for what is not a client: logs, epoll, the server's own files.
const DESCRIPTORS_SPARE: u64 = 200;

/// CPU time of a process and its descendants, in nanoseconds, threads that ended included.
///
/// The kernel's clock of a process sums what the scheduler counted for all its threads. The ticks
/// in `/proc/<pid>/stat` come from the same sum, rounded to 10 ms.
pub(crate) fn cpu_time(root: u32) -> Result<Duration> {
    let tree = tree(root, &table()?);
    if tree.is_empty() {
        bail!("process {root} is gone");
    }
    // A helper that ended between the two looks has no clock any more.
    Ok(tree.into_iter().filter_map(|pid| clock_of(pid).ok()).sum())
}

fn clock_of(pid: u32) -> Result<Duration> {
    let clock = clock_getcpuclockid(Pid::from_raw(i32::try_from(pid)?))?;
    Ok(Duration::from(clock.now()?))
}

/// Resident memory of the tree in bytes.
pub(crate) fn resident_bytes(root: u32) -> Result<u64> {
    let mut bytes = 0;
    for pid in tree(root, &table()?) {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        let kib: u64 = line.trim().trim_end_matches(" kB").trim().parse().unwrap_or(0);
        bytes += kib * 1024;
    }
    Ok(bytes)
}

/// The parent of every process.
fn table() -> Result<BTreeMap<u32, u32>> {
    let mut parents = BTreeMap::new();
    for entry in fs::read_dir("/proc").context("reading /proc")? {
        let name = entry?.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
        // A process may end between the two reads.
        let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
        if let Some(parent) = parse_parent(&stat) {
            parents.insert(pid, parent);
        }
    }
    Ok(parents)
}

/// proc_pid_stat(5): field 4 is the parent. The name in field 2 may hold spaces and brackets, so
/// fields are counted from its end.
fn parse_parent(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(1)?.parse().ok()
}

fn tree(root: u32, parents: &BTreeMap<u32, u32>) -> Vec<u32> {
    let mut members = Vec::new();
    if parents.contains_key(&root) {
        members.push(root);
    }
    let mut index = 0;
    while let Some(&parent) = members.get(index) {
        let children = parents.iter().filter(|(_, of)| **of == parent);
        members.extend(children.map(|(pid, _)| *pid));
        index += 1;
    }
    members
}

/// Raises the soft limit of open files to the hard one and refuses a run that cannot fit. The
/// server inherits it, as it is started from here.
pub(crate) fn raise_descriptors(connections: usize) -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    let needed = connections as u64 + DESCRIPTORS_SPARE;
    let wanted = limit.maximum.unwrap_or(needed.max(1 << 20));
    if limit.current.is_some_and(|current| current < wanted) {
        setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum })
            .context("raising the limit of open files")?;
    }
    if wanted < needed {
        bail!(
            "{connections} connections need {needed} open files, but the hard limit is {wanted}: \
             raise it (`ulimit -Hn`, LimitNOFILE or limits.conf) or ask for fewer"
        );
    }
    Ok(())
}

/// Connections the kernel dropped because a listen queue was full, since boot.
pub(crate) fn listen_overflows() -> u64 {
    let text = fs::read_to_string("/proc/net/netstat").unwrap_or_default();
    let mut lines = text.lines().filter(|line| line.starts_with("TcpExt:"));
    let (Some(names), Some(values)) = (lines.next(), lines.next()) else { return 0 };
    let pairs = names.split_ascii_whitespace().zip(values.split_ascii_whitespace());
    let found = pairs.into_iter().find(|(name, _)| *name == "ListenOverflows");
    found.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_and_brackets_does_not_shift_the_fields() {
        let stat = "42 (a) b (c)) S 7 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 4 0 1 1 1";
        assert_eq!(parse_parent(stat), Some(7));
    }

    #[test]
    fn this_process_has_memory_and_a_tree() {
        let pid = std::process::id();
        assert!(resident_bytes(pid).unwrap() > 100_000);
    }

    #[test]
    fn cpu_time_keeps_what_ended_threads_used() {
        let pid = std::process::id();
        let before = cpu_time(pid).unwrap();
        let worker = std::thread::spawn(|| {
            let begin = clock_of(std::process::id()).unwrap();
            while clock_of(std::process::id()).unwrap() - begin < Duration::from_millis(3) {}
        });
        worker.join().unwrap();
        assert!(cpu_time(pid).unwrap() - before >= Duration::from_millis(3));
    }
}
