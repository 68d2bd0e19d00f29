//! Limits that the kernel holds, which the process cannot lift again.

use std::io;

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::niceness::stand_back;

/// Open files: the pipes, the database, what lies beside it.
const OPEN_FILES: u64 = 24;

/// Takes away what the child does not need.
pub(super) fn confine(cpu_seconds: u64, memory_bytes: u64, file_bytes: u64) -> io::Result<()> {
    let limits = [
        (Resource::Cpu, cpu_seconds),
        (Resource::As, memory_bytes),
        (Resource::Fsize, file_bytes),
        (Resource::Nofile, OPEN_FILES),
        // A core file would hold somebody's rows.
        (Resource::Core, 0),
    ];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    stand_back()
}
