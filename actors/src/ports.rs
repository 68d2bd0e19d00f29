//! What the core needs from the outside, as traits. Each carries its contract as a list, and the
//! suite in `contract/` checks every adapter against the same words.

mod analyst;
mod audit_log;
mod bus;
mod clock;
mod cluster;
mod directory;
mod files;
mod history;
mod message_log;
mod order;
mod questions;
mod records;
mod search_index;
mod shared_limits;
mod tapped_log;
mod warehouse;

pub use analyst::{
    Analyst, AnalystError, DescribeTask, Described, Draft, DraftTask, Drafted, Example,
    ExplainTask, Explained, FailedDraft, Metric, Turn,
};
pub use audit_log::{AuditFilter, AuditLog, AuditLogError, AuditRow};
pub use bus::{Aside, Bus, BusError, BusEvent, BusSink, OwnNews, Progress, Subscription, Topic};
pub use clock::Clock;
pub use cluster::{
    Answering, Member, Members, Membership, Orders, Peers, RemoteOrder, RemoteReply,
};
pub use directory::{ChannelChange, Directory, DirectoryError, NewChannel};
pub use files::FileKey;
pub use history::{Around, History, Page, ThreadCounts, Unread};
pub use message_log::{
    Append, AppendOutcome, BucketState, Claim, ClaimOutcome, Head, IdempotencyKey, LogError,
    MessageLog, SoughtKey, StoredKey,
};
pub use order::{Amend, AmendError, Amended, Change, MemberChange, Post, PostError, Receipt};
pub use questions::{
    Answers, AuditEvent, AuditTrail, Catalog, Jobs, OrgQueryLimits, QuestionsError, ResultCache,
    ResultKey, Roles, SchemaChange,
};
pub use records::{Precondition, Record, RecordKey, Records, RecordsError};
pub use search_index::{
    Frequencies, IndexBatch, IndexChange, IndexPosition, IndexedMessage, Match, MatchPlace,
    SearchIndex, SearchIndexError, Sought, Trait, Words,
};
pub use shared_limits::{LimitsUnavailable, SharedLimit, SharedLimits};
pub use tapped_log::{LogTap, TappedLog};
pub use warehouse::{Discovery, Estimate, RunLimits, Tested, Warehouse, WarehouseError};
