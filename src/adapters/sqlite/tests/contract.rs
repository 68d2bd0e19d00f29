//! The suites that every adapter of the ports runs.

use std::sync::Arc;

use starling_actors::contract::history::Adapter;
use starling_actors::ports::{AuditLog, Directory, MessageLog, Records};

use super::World;

mod message_log {
    use super::*;

    fn fresh() -> (Arc<dyn MessageLog>, World) {
        let world = World::new();
        (Arc::new(world.store.log()), world)
    }
    starling_actors::message_log_suite!(fresh);
}

mod history {
    use super::*;

    fn fresh() -> (Adapter, World) {
        let world = World::new();
        let log = Arc::new(world.store.log());
        ((Arc::clone(&log) as _, log), world)
    }
    starling_actors::history_suite!(fresh);
}

mod directory {
    use super::*;

    fn fresh() -> (Arc<dyn Directory>, World) {
        let world = World::new();
        (Arc::new(world.store.directory()), world)
    }
    starling_actors::directory_suite!(fresh);
}

mod records {
    use super::*;

    fn fresh() -> (Arc<dyn Records>, World) {
        let world = World::new();
        (Arc::new(world.store.records()), world)
    }
    starling_actors::records_suite!(fresh);
}

mod audit_log {
    use super::*;

    fn fresh() -> (Arc<dyn AuditLog>, World) {
        let world = World::new();
        (Arc::new(world.store.audit_log()), world)
    }
    starling_actors::audit_log_suite!(fresh);
}
