//! SQLite's functions. Not here, among others: load_extension, readfile, writefile, edit,
//! fts3_tokenizer, zeroblob, randomblob, sqlite_*, changes, and last_insert_rowid.

use super::{Form, Lists};

#[rustfmt::skip]
pub(super) const LISTS: Lists = &[
    (Form::Bare, &["current_date", "current_time", "current_timestamp"]),
    (Form::Plain, &[
        "ifnull", "nullif", "coalesce", "iif", "if", "likely", "unlikely", "typeof",
        // Aggregates.
        "total", "group_concat", "string_agg", "median", "percentile", "percentile_cont",
        "percentile_disc", "json_group_array", "json_group_object",
        // Numbers.
        "random", "log2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
        // Text.
        "substring", "instr", "trim", "printf", "format", "hex", "char", "unicode", "quote",
        "octet_length", "glob", "like", "concat", "concat_ws", "soundex",
        // Moments.
        "date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff",
        // JSON.
        "json", "json_extract", "json_type", "json_valid", "json_array_length", "json_array",
        "json_object", "json_quote", "json_each", "json_tree",
    ]),
];

#[rustfmt::skip]
const JSON: &[&str] = &["key", "value", "type", "atom", "id", "parent", "fullkey", "path"];

pub(super) const ROWS: &[(&str, &[&str])] = &[("json_each", JSON), ("json_tree", JSON)];
