//! How far what is not chat stands back when the processor is wanted by all.

use std::io;

use rustix::process::{getpriority_process, setpriority_process};

/// The furthest there is: where chat wants the same core, it gets nearly all of it. Where nobody does,
/// it makes no difference.
const NICENESS: i32 = 19;

/// Lets the calling thread (Linux: the thread alone; elsewhere: the process) and what it starts stand
/// back. One that stands further back already stays there.
pub(crate) fn stand_back() -> io::Result<()> {
    if getpriority_process(None)? < NICENESS {
        setpriority_process(None, NICENESS)?;
    }
    Ok(())
}
