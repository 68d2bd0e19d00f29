//! The suites that every adapter of the ports runs.

use std::sync::Arc;

use starling_actors::ports::{MessageLog, Records};

use super::World;

mod message_log {
    use super::*;

    fn fresh() -> (Arc<dyn MessageLog>, World) {
        let world = World::new();
        (Arc::new(world.store.log()), world)
    }
    starling_actors::message_log_suite!(fresh);
}

mod records {
    use super::*;

    fn fresh() -> (Arc<dyn Records>, World) {
        let world = World::new();
        (Arc::new(world.store.records()), world)
    }
    starling_actors::records_suite!(fresh);
}
