//! The ports' contracts as suites that every adapter runs: one function per line of a contract.
//!
//! An adapter runs a suite by naming a factory: a function that gives a fresh, empty adapter and
//! whatever must stay alive beside it, as in `message_log_suite!(|| (Arc::new(log), ()))`.

pub mod message_log;
pub mod records;

/// Turns lines of a contract into tests of one adapter.
#[macro_export]
macro_rules! contract_tests {
    ($suite:path, $factory:expr, $($line:ident),* $(,)?) => {$(
        #[tokio::test]
        async fn $line() {
            use $suite as suite;
            let (adapter, _guard) = $factory();
            suite::$line(adapter).await;
        }
    )*};
}

/// The contract of the message log. The factory gives an `Arc<dyn MessageLog>` and a guard.
#[macro_export]
macro_rules! message_log_suite {
    ($factory:expr) => {
        $crate::contract_tests!(
            $crate::contract::message_log,
            $factory,
            a_bucket_is_opened_once,
            an_epoch_is_taken_only_from_the_expected_one,
            an_append_under_the_right_fence_is_stored_and_moves_it,
            an_append_under_another_epoch_changes_nothing,
            an_append_under_another_position_changes_nothing,
            an_append_to_a_missing_bucket_changes_nothing,
            appending_twice_stores_once,
            a_key_is_found_with_its_entry_and_only_above_the_position_asked_for,
            the_head_is_the_newest_entry,
            a_deleted_message_reads_back_without_words,
        );
    };
}

/// The contract of the records. The factory gives an `Arc<dyn Records>` and a guard.
#[macro_export]
macro_rules! records_suite {
    ($factory:expr) => {
        $crate::contract_tests!(
            $crate::contract::records,
            $factory,
            a_record_is_stored_only_under_its_precondition,
            a_list_is_in_the_order_of_ids_and_of_one_parent,
            a_record_of_another_organization_is_not_found,
            a_key_belongs_to_one_owner_until_that_one_frees_it,
        );
    };
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::memory::{MemoryLog, MemoryRecords};
    use crate::ports::{MessageLog, Records};

    mod memory_log {
        use super::*;
        fn fresh() -> (Arc<dyn MessageLog>, ()) {
            (Arc::new(MemoryLog::default()), ())
        }
        crate::message_log_suite!(fresh);
    }

    mod memory_records {
        use super::*;
        fn fresh() -> (Arc<dyn Records>, ()) {
            (Arc::new(MemoryRecords::default()), ())
        }
        crate::records_suite!(fresh);
    }
}
