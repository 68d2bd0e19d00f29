//! What is printed for the person at the terminal; everything else goes to the logs.

/// Why a command failed, said in one sentence.
pub(crate) type Failure = Box<dyn std::error::Error>;

/// Prints to standard output.
#[allow(clippy::print_stdout, reason = "the command line's own output")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

/// Prints why a command failed to standard error.
#[allow(clippy::print_stderr, reason = "errors before and outside of logging")]
pub(crate) fn complain(error: &Failure) {
    eprintln!("starling: {error}");
}
