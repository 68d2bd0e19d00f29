//! Any text as a query, in any dialect: the first byte says which, the rest is the text.
//!
//! Whatever comes, the guard does not panic. What it accepts is one query, parses back to what was
//! written, reads allowed tables only, and is accepted again as it stands. Judges of tables and
//! functions other than the guard itself are the parser's own visitor and, for SQLite, SQLite.

#![no_main]

mod engine;
mod judge;
#[path = "../../tests/corpus/shop.rs"]
mod shop;

use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use libfuzzer_sys::{Corpus, fuzz_target};
use parking_lot::Mutex;
use starling_actors::query::guard::{Grounds, STACK_BYTES};

/// A thread with the stack that the guard's own threads have, and the way to it.
struct Deep {
    texts: SyncSender<(usize, String)>,
    done: Receiver<()>,
}

static DEEP: LazyLock<Mutex<Deep>> = LazyLock::new(|| {
    let (texts, queue) = sync_channel::<(usize, String)>(0);
    let (tell, done) = sync_channel(0);
    let work = move || {
        let grounds: Vec<Grounds> =
            shop::DIALECTS.iter().map(|(dialect, _)| shop::grounds(*dialect)).collect();
        let sqlite = engine::Sqlite::new();
        while let Ok((number, text)) = queue.recv() {
            judge::judge(&text, &grounds[number], &sqlite);
            if tell.send(()).is_err() {
                return;
            }
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work);
    drop(thread.expect("the system gives a thread"));
    Mutex::new(Deep { texts, done })
});

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((number, text)) = data.split_first() else { return Corpus::Reject };
    let Ok(text) = std::str::from_utf8(text) else { return Corpus::Reject };
    let deep = DEEP.lock();
    let number = usize::from(*number) % shop::DIALECTS.len();
    deep.texts.send((number, text.to_owned())).expect("the thread waits for texts");
    deep.done.recv().expect("a panic of the thread ends the process");
    Corpus::Keep
});
