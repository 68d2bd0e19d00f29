//! Functions of MySQL and MariaDB. Not here, among others: LOAD_FILE, SLEEP, BENCHMARK, locks,
//! waiting for replicas, UUID_SHORT, LAST_INSERT_ID, XML, versions, users, and settings.

use super::{Form, Lists};

#[rustfmt::skip]
pub(super) const LISTS: Lists = &[
    (Form::Bare, &[
        "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
        "utc_date", "utc_time", "utc_timestamp",
    ]),
    (Form::Unit, &["timestampdiff", "timestampadd"]),
    (Form::Plain, &[
        "if", "ifnull", "nullif", "coalesce", "greatest", "least", "isnull", "interval", "grouping",
        "any_value",
        // Aggregates.
        "group_concat", "std", "stddev", "stddev_pop", "stddev_samp", "variance", "var_pop",
        "var_samp", "bit_and", "bit_or", "bit_xor", "json_arrayagg", "json_objectagg",
        "percentile_cont", "percentile_disc", "median",
        // Numbers.
        "truncate", "rand", "log2", "cot", "conv", "bin", "oct", "hex", "crc32", "format",
        // Text.
        "char_length", "character_length", "octet_length", "bit_length", "lcase", "ucase", "left",
        "right", "mid", "substring", "substring_index", "locate", "instr", "position", "field",
        "find_in_set", "elt", "lpad", "rpad", "repeat", "space", "reverse", "strcmp", "trim", "md5",
        "sha1", "sha2", "ord", "regexp_replace", "regexp_like", "regexp_substr", "regexp_instr",
        "quote", "to_base64", "soundex",
        // Moments.
        "now", "curdate", "curtime", "sysdate", "date", "time", "timestamp", "year", "quarter",
        "month", "monthname", "week", "weekofyear", "yearweek", "weekday", "day", "dayname",
        "dayofmonth", "dayofweek", "dayofyear", "hour", "minute", "second", "microsecond",
        "last_day", "date_add", "date_sub", "adddate", "subdate", "addtime", "subtime", "datediff",
        "timediff", "date_format", "time_format", "str_to_date", "from_days", "to_days",
        "to_seconds", "from_unixtime", "unix_timestamp", "makedate", "maketime", "sec_to_time",
        "time_to_sec", "period_add", "period_diff", "convert_tz", "extract",
        // JSON.
        "json_extract", "json_unquote", "json_value", "json_length", "json_keys", "json_contains",
        "json_contains_path", "json_type", "json_valid", "json_depth", "json_array", "json_object",
        "json_quote", "json_search",
    ]),
];
