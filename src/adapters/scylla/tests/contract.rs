//! The suites that every adapter of the ports runs.

use std::sync::Arc;

use starling_actors::contract::history::Adapter;
use starling_actors::ports::MessageLog;

use super::salted::Salted;
use super::shared_store;

mod message_log {
    use super::*;

    fn fresh() -> (Arc<dyn MessageLog>, ()) {
        (Arc::new(Salted::new(shared_store().log())), ())
    }
    starling_actors::message_log_suite!(fresh);
}

mod history {
    use super::*;

    fn fresh() -> (Adapter, ()) {
        let log = Arc::new(Salted::new(shared_store().log()));
        ((Arc::clone(&log) as _, log), ())
    }
    starling_actors::history_suite!(fresh);
}
