//! Whether another node may be listening: a node that is alone encodes and sends nothing.
//!
//! Each node says each second that it is there, to all; Redis answers how many heard it. Only after
//! nobody else did twice in a row is a node alone; one word of another ends that.

use std::sync::atomic::{AtomicU8, Ordering};

/// Signs of life that only this node heard, after which it is alone. One could fall between another
/// node's two connections.
const UNHEARD_MAX: u8 = 2;

/// What is known of others. Before anything is known, they may listen.
#[derive(Debug, Default)]
pub(super) struct Company {
    /// Own signs of life in a row that nobody else heard.
    unheard: AtomicU8,
}

impl Company {
    /// Whether an event may have a listener elsewhere.
    pub(super) fn may_listen(&self) -> bool {
        self.unheard.load(Ordering::Relaxed) < UNHEARD_MAX
    }

    /// Another node said something, or a new line begins on which nothing is known.
    pub(super) fn assume(&self) {
        self.unheard.store(0, Ordering::Relaxed);
    }

    /// So many heard the newest sign of life, this node among them.
    pub(super) fn counted(&self, listeners: u64) {
        if listeners > 1 {
            self.assume();
        } else {
            let unheard = self.unheard.load(Ordering::Relaxed);
            self.unheard.store(unheard.saturating_add(1).min(UNHEARD_MAX), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_alone_only_after_nobody_heard_it_twice() {
        let company = Company::default();
        assert!(company.may_listen(), "nothing is known yet");
        company.counted(1);
        assert!(company.may_listen());
        company.counted(1);
        assert!(!company.may_listen());

        company.assume();
        assert!(company.may_listen(), "someone spoke");
        company.counted(1);
        company.counted(2);
        company.counted(1);
        assert!(company.may_listen(), "someone listened in between");
    }
}
