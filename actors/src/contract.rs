//! The ports' contracts as suites that every adapter runs: one function per line of a contract.
//!
//! An adapter runs a suite by naming a factory: a function that gives a fresh, empty adapter and
//! whatever must stay alive beside it, as in `message_log_suite!(|| (Arc::new(log), ()))`.

#![allow(clippy::unwrap_used, reason = "the suites are tests of whoever runs them")]

pub mod audit_log;
pub mod bus;
pub mod cluster;
pub mod directory;
mod fixtures;
pub mod history;
pub mod message_log;
pub mod records;
pub mod search_index;
pub mod shared_limits;

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

/// The contract of limits over all nodes. The factory gives two nodes, each an `Arc<dyn SharedLimits>`,
/// and a guard.
#[macro_export]
macro_rules! shared_limits_suite {
    ($factory:expr) => {
        $crate::contract_tests!(
            $crate::contract::shared_limits,
            $factory,
            of_many_that_are_taken_at_once_on_several_nodes_only_so_many_get_through,
            a_full_limit_counts_nothing_elsewhere,
            what_is_counted_is_forgotten_with_its_window,
            what_was_taken_back_or_forgotten_can_be_taken_again,
        );
    };
}

/// The contract of the message log. The factory gives an `Arc<dyn MessageLog>` and a guard.
/// Its buckets hold [`BUCKET_ENTRIES`](crate::domain::BUCKET_ENTRIES).
#[macro_export]
macro_rules! message_log_suite {
    ($factory:expr) => {
        $crate::contract_tests!(
            $crate::contract::message_log,
            $factory,
            a_bucket_is_opened_once,
            an_epoch_is_taken_only_from_the_expected_one,
            of_two_claims_of_one_epoch_at_once_one_applies,
            an_epoch_is_taken_without_moving_the_last_position,
            an_append_under_the_right_fence_is_stored_and_moves_it,
            an_append_under_another_epoch_changes_nothing,
            an_append_under_another_position_changes_nothing,
            an_append_to_a_missing_bucket_changes_nothing,
            an_append_that_leaves_a_place_out_changes_nothing,
            an_append_over_a_buckets_end_changes_nothing,
            a_full_bucket_is_followed_by_the_next_one,
            the_next_bucket_is_opened_by_one_of_two,
            an_empty_bucket_has_the_end_of_the_one_before,
            entries_are_read_over_a_buckets_end,
            appending_twice_stores_once,
            of_two_appends_at_once_one_is_stored_whole,
            a_key_is_found_with_its_entry_and_only_above_the_position_asked_for,
            each_key_is_found_above_its_own_position_in_however_many_buckets,
            a_refused_append_leaves_no_key,
            the_head_is_the_newest_entry,
            heads_come_in_the_order_asked_for,
            channels_do_not_see_each_other,
            an_append_with_another_channels_entry_changes_nothing,
            an_edited_message_reads_back_with_its_current_words,
            a_deleted_message_reads_back_without_words,
            what_somebody_did_is_shown_under_another_name_and_nothing_else_changes,
        );
    };
}

/// The contract of the history. The factory gives a pair of `Arc<dyn MessageLog>` and
/// `Arc<dyn History>` over one store, and a guard.
#[macro_export]
macro_rules! history_suite {
    ($factory:expr) => {
        $crate::contract_tests!(
            $crate::contract::history,
            $factory,
            a_message_is_there_as_it_was_written,
            a_page_is_in_the_order_of_the_log_and_holds_messages_only,
            a_page_says_whether_there_is_more_in_its_direction,
            messages_of_threads_are_left_out_unless_asked_for,
            an_edit_is_visible_at_once_and_keeps_the_earlier_text,
            reactions_keep_the_order_of_their_first_use,
            a_deleted_message_keeps_its_place_and_nothing_else,
            nothing_changes_a_deleted_message,
            an_entry_changes_no_message_of_another_channel,
            unread_counts_messages_of_others_above_a_position,
            unread_of_several_channels_comes_in_the_order_asked_for,
            an_edit_moves_mentions_to_whom_the_new_words_name,
            a_thread_counts_its_writers_and_messages,
            a_thread_names_who_wrote_last,
            the_author_stays_as_they_were_when_they_wrote,
        );
    };
}

/// The contract of the search index. The factory gives an `Arc<dyn SearchIndex>` and a guard.
#[macro_export]
macro_rules! search_index_suite {
    ($factory:expr) => {
        $crate::contract_tests!(
            $crate::contract::search_index,
            $factory,
            a_batch_applies_only_where_the_channel_stands,
            another_life_of_the_log_begins_anew,
            words_are_found_whatever_their_case_and_accents,
            phrases_stand_together_and_all_are_needed,
            a_beginning_finds_all_that_begin_with_it,
            an_edit_replaces_and_a_removal_takes_away,
            a_reaction_counts_until_the_last_is_taken_away,
            filters_narrow_what_is_found,
            nothing_outside_the_channels_asked_for_is_found,
            answers_over_data_that_is_not_open_are_not_found,
            pages_go_through_all_matches_in_one_order,
            a_match_tells_what_is_needed_to_rank_it,
            frequencies_count_messages_that_hold_words,
            no_text_is_an_error,
        );
    };
}

/// The contract of the directory. The factory gives an `Arc<dyn Directory>` and a guard.
#[macro_export]
macro_rules! directory_suite {
    ($factory:expr) => {
        $crate::contract_tests!(
            $crate::contract::directory,
            $factory,
            a_channel_reads_back_as_it_was_made,
            a_pair_has_one_direct_channel,
            a_direct_channel_stays_its_pairs,
            a_name_is_unique_whatever_its_case,
            a_change_takes_no_other_channels_name,
            a_change_leaves_what_it_does_not_name,
            what_belongs_to_another_organization_is_not_found,
            a_removed_channel_leaves_nothing_behind,
            nothing_is_added_to_a_channel_that_is_not_there,
            members_come_and_go_in_the_order_of_joining,
            a_members_role_and_level_change_apart,
            a_read_position_never_moves_backwards,
            channels_of_a_person_come_with_their_place,
            public_channels_are_listed_by_name,
            companions_share_a_small_channel,
            a_thread_reads_back_as_it_was_stored,
            threads_are_listed_newest_first,
            a_root_message_has_one_thread,
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
            many_records_come_in_the_order_of_their_keys,
            a_record_of_another_organization_is_not_found,
            a_key_belongs_to_one_owner_until_that_one_frees_it,
        );
    };
}

/// The contract of the membership. The factory gives a [`Meeting`](cluster::Meeting) and a guard.
#[macro_export]
macro_rules! membership_suite {
    ($factory:expr) => {
        $crate::contract_tests!(
            $crate::contract::cluster,
            $factory,
            nodes_that_come_see_each_other,
            every_node_has_its_own_id,
            a_node_that_leaves_is_gone_and_does_not_come_back,
            a_node_that_dies_is_gone,
        );
    };
}

/// The contract of the way to other nodes. The factory gives a [`Way`](cluster::Way) and a guard.
#[macro_export]
macro_rules! peers_suite {
    ($factory:expr) => {
        $crate::contract_tests!(
            $crate::contract::cluster,
            $factory,
            every_order_arrives_as_it_was_given,
            every_answer_arrives_as_it_was_given,
            orders_arrive_in_the_order_in_which_they_were_given,
            answers_come_as_they_are_ready,
            a_node_that_is_not_there_is_unreachable,
            an_order_whose_node_dies_is_not_answered,
            more_orders_than_may_wait_are_refused,
        );
    };
}

/// The contract of the audit log. The factory gives an `Arc<dyn AuditLog>` and a guard.
#[macro_export]
macro_rules! audit_log_suite {
    ($factory:expr) => {
        $crate::contract_tests!(
            $crate::contract::audit_log,
            $factory,
            a_row_is_stored_only_after_the_newest_one,
            of_two_rows_at_one_place_one_is_stored,
            the_newest_row_is_the_last_one,
            a_page_counts_all_and_shows_the_newest_first,
            rows_are_read_in_the_order_of_their_places,
            organizations_do_not_see_each_other,
        );
    };
}

/// The contract of the bus. The factory gives two ends of one bus and a guard.
#[macro_export]
macro_rules! bus_suite {
    ($factory:expr) => {
        $crate::contract_tests!(
            $crate::contract::bus,
            $factory,
            every_sink_hears_what_is_said_at_either_end_once_and_in_order,
            what_is_said_here_is_heard_here_at_once,
            each_of_many_topics_hears_its_own_events,
            a_dropped_subscription_hears_nothing_until_there_is_another,
            every_kind_of_event_is_heard_as_it_was_said,
        );
    };
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::memory::{
        LocalBus, MemoryAuditLog, MemoryDirectory, MemoryLog, MemoryRecords, MemorySearchIndex,
    };
    use crate::ports::{AuditLog, Directory, MessageLog, Records, SearchIndex};

    mod memory_log {
        use super::*;
        fn fresh() -> (Arc<dyn MessageLog>, ()) {
            (Arc::new(MemoryLog::default()), ())
        }
        crate::message_log_suite!(fresh);
    }

    mod memory_history {
        use super::*;
        fn fresh() -> (crate::contract::history::Adapter, ()) {
            let log = Arc::new(MemoryLog::default());
            ((Arc::clone(&log) as _, log), ())
        }
        crate::history_suite!(fresh);
    }

    mod memory_directory {
        use super::*;
        fn fresh() -> (Arc<dyn Directory>, ()) {
            (Arc::new(MemoryDirectory::default()), ())
        }
        crate::directory_suite!(fresh);
    }

    mod memory_audit_log {
        use super::*;
        fn fresh() -> (Arc<dyn AuditLog>, ()) {
            (Arc::new(MemoryAuditLog::default()), ())
        }
        crate::audit_log_suite!(fresh);
    }

    mod local_limits {
        use super::*;
        use crate::memory::LocalLimits;

        fn fresh() -> (crate::contract::shared_limits::Nodes, ()) {
            let limits = Arc::new(LocalLimits::default());
            ([Arc::clone(&limits) as _, limits], ())
        }
        crate::shared_limits_suite!(fresh);
    }

    mod local_bus {
        use super::*;
        fn fresh() -> (crate::contract::bus::Ends, ()) {
            let bus = Arc::new(LocalBus::new());
            ((Arc::clone(&bus) as _, bus), ())
        }
        crate::bus_suite!(fresh);
    }

    mod local_membership {
        use async_trait::async_trait;

        use super::*;
        use crate::contract::cluster::Meeting;
        use crate::domain::NodeId;
        use crate::memory::LocalCluster;
        use crate::ports::Membership;

        struct Room {
            cluster: LocalCluster,
            joined: std::sync::atomic::AtomicU64,
        }

        #[async_trait]
        impl Meeting for Room {
            async fn join(&self) -> Arc<dyn Membership> {
                let number = self.joined.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                Arc::new(self.cluster.join(NodeId::from_u128(number.into())).0)
            }

            async fn kill(&self, node: Arc<dyn Membership>) {
                self.cluster.kill(node.me().id);
                self.cluster.hide(node.me().id);
            }
        }

        fn fresh() -> (Room, ()) {
            (Room { cluster: LocalCluster::new(1), joined: Default::default() }, ())
        }
        crate::membership_suite!(fresh);
    }

    mod local_peers {
        use async_trait::async_trait;

        use super::*;
        use crate::contract::cluster::Way;
        use crate::domain::NodeId;
        use crate::memory::LocalCluster;
        use crate::ports::{Member, Membership, Orders, Peers};

        struct Street(LocalCluster);

        const FROM: NodeId = NodeId::from_u128(1);
        const TO: NodeId = NodeId::from_u128(2);

        #[async_trait]
        impl Way for Street {
            fn from(&self) -> NodeId {
                FROM
            }

            async fn open(&self, orders: Arc<dyn Orders>) -> (Arc<dyn Peers>, Member) {
                let (_, peers) = self.0.join(FROM);
                let (other, _) = self.0.join(TO);
                self.0.serve(TO, orders);
                (Arc::new(peers), other.me())
            }

            async fn kill(&self) {
                self.0.kill(TO);
            }
        }

        fn fresh() -> (Street, ()) {
            (Street(LocalCluster::new(1)), ())
        }
        crate::peers_suite!(fresh);
    }

    mod memory_search_index {
        use super::*;
        fn fresh() -> (Arc<dyn SearchIndex>, ()) {
            (Arc::new(MemorySearchIndex::default()), ())
        }
        crate::search_index_suite!(fresh);
    }

    mod memory_records {
        use super::*;
        fn fresh() -> (Arc<dyn Records>, ()) {
            (Arc::new(MemoryRecords::default()), ())
        }
        crate::records_suite!(fresh);
    }
}
