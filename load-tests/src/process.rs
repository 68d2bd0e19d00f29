//! The server's processes as the kernel sees them: CPU time of the tree, resident memory, limits.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors for what is not a client: logs, epoll, the server's own files.
const DESCRIPTORS_SPARE: u64 = 200;

/// User and system time of a process and its descendants, in ticks of the kernel (10 ms).
pub(crate) fn cpu_time(root: u32) -> Result<Duration> {
    let processes = table()?;
    let tree = tree(root, &processes);
    if tree.is_empty() {
        bail!("process {root} is gone");
    }
    let ticks: u64 = tree.iter().map(|pid| processes[pid].ticks).sum();
    let per_second = rustix::param::clock_ticks_per_second();
    Ok(Duration::from_secs_f64(ticks as f64 / per_second as f64))
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

struct Process {
    parent: u32,
    ticks: u64,
}

fn table() -> Result<BTreeMap<u32, Process>> {
    let mut processes = BTreeMap::new();
    for entry in fs::read_dir("/proc").context("reading /proc")? {
        let name = entry?.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
        // A process may end between the two reads.
        let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
        if let Some(process) = parse_stat(&stat) {
            processes.insert(pid, process);
        }
    }
    Ok(processes)
}

/// proc_pid_stat(5): field 4 is the parent, 14 and 15 are user and system time. The name in field 2
/// may hold spaces and brackets, so fields are counted from its end.
fn parse_stat(stat: &str) -> Option<Process> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let parent = fields.nth(1)?.parse().ok()?;
    let user: u64 = fields.nth(9)?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Process { parent, ticks: user + system })
}

fn tree(root: u32, processes: &BTreeMap<u32, Process>) -> Vec<u32> {
    let mut members = Vec::new();
    if processes.contains_key(&root) {
        members.push(root);
    }
    let mut index = 0;
    while let Some(&parent) = members.get(index) {
        let children = processes.iter().filter(|(_, process)| process.parent == parent);
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
        let process = parse_stat(stat).unwrap();
        assert_eq!((process.parent, process.ticks), (7, 300));
    }

    #[test]
    fn this_process_has_memory_and_a_tree() {
        let pid = std::process::id();
        assert!(resident_bytes(pid).unwrap() > 100_000);
        assert!(cpu_time(pid).is_ok());
    }
}
