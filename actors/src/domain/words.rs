//! The words by which values are known outside; storage and wire use the same ones.

use std::fmt;
use std::str::FromStr;

/// The word is none of those that the value can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownWord;

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown word")
    }
}

impl std::error::Error for UnknownWord {}

/// Gives an enum the words by which it is known outside; storage and wire use the same ones.
macro_rules! words {
    ($name:ty { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $name {
            /// The word for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word { $($word => Ok(Self::$variant),)* _ => Err(UnknownWord) }
            }
        }
    };
}

words!(super::ChannelKind { Public = "public", Private = "private", Direct = "direct", Group = "group" });
words!(super::ChannelRole { Owner = "owner", Admin = "admin", Member = "member", Guest = "guest" });
words!(super::NotificationLevel { All = "all", Mentions = "mentions", None = "none" });
words!(super::OrgRole { Admin = "admin", Analyst = "analyst", Viewer = "viewer", Guest = "guest" });
words!(super::Presence {
    Online = "online",
    Away = "away",
    DoNotDisturb = "dnd",
    Offline = "offline",
});
words!(super::MessageKind {
    Text = "text",
    Answer = "llm_response",
    System = "system",
    File = "file",
});
words!(super::Dialect {
    PostgreSql = "postgresql",
    MySql = "mysql",
    Sqlite = "sqlite",
    Snowflake = "snowflake",
});
words!(super::ColumnType {
    Boolean = "boolean",
    Integer = "integer",
    Float = "float",
    Decimal = "decimal",
    Text = "text",
    Date = "date",
    Time = "time",
    Timestamp = "timestamp",
    Json = "json",
    Bytes = "bytes",
    Other = "other",
});
words!(super::TableKind { Table = "table", View = "view" });
words!(super::ConnectionKind {
    PostgreSql = "postgresql",
    MySql = "mysql",
    Sqlite = "sqlite",
    Csv = "csv",
    Excel = "excel",
    Snowflake = "snowflake",
});
words!(super::ChartKind {
    Bar = "bar",
    HorizontalBar = "horizontal_bar",
    Line = "line",
    Area = "area",
    Pie = "pie",
    Scatter = "scatter",
    Kpi = "kpi",
    Table = "table",
});
words!(super::JobState {
    Queued = "queued",
    AwaitingApproval = "awaiting_approval",
    ReadingSchema = "reading_schema",
    WritingSql = "writing_sql",
    Checking = "checking",
    Running = "running",
    Retrying = "retrying",
    Explaining = "explaining",
    Done = "done",
    Failed = "failed",
    Rejected = "rejected",
    Cancelled = "cancelled",
});
words!(super::Priority { Person = "person", Schedule = "schedule" });
words!(super::Audience {
    Organization = "organization",
    Listed = "listed",
    Restricted = "restricted",
});
