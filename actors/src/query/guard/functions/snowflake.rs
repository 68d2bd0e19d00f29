//! Snowflake's functions. Not here, among others: SYSTEM$…, IDENTIFIER, RESULT_SCAN, GENERATOR,
//! stages and presigned URLs, GET_DDL, sequences, CURRENT_USER and its kin, and all that is AI.

use super::{Form, Lists};

#[rustfmt::skip]
pub(super) const LISTS: Lists = &[
    (Form::Bare, &[
        "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
    ]),
    (Form::Named, &["flatten"]),
    (Form::Unit, &[
        "datediff", "timediff", "timestampdiff", "dateadd", "timeadd", "timestampadd", "date_trunc",
        "date_part", "trunc", "last_day", "next_day", "previous_day", "time_slice",
    ]),
    (Form::Plain, &[
        "iff", "ifnull", "nvl", "nvl2", "nullif", "nullifzero", "zeroifnull", "coalesce", "decode",
        "greatest", "least", "greatest_ignore_nulls", "least_ignore_nulls", "equal_null", "grouping",
        "grouping_id", "div0", "div0null",
        // Aggregates.
        "count_if", "listagg", "array_agg", "array_unique_agg", "object_agg", "any_value", "median",
        "mode", "stddev", "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp", "corr",
        "covar_pop", "covar_samp", "percentile_cont", "percentile_disc", "approx_count_distinct",
        "approx_percentile", "approx_top_k", "hll", "booland_agg", "boolor_agg", "kurtosis", "skew",
        "max_by", "min_by", "ratio_to_report", "regr_slope", "regr_intercept", "regr_r2",
        "conditional_true_event", "conditional_change_event", "width_bucket",
        // Numbers.
        "truncate", "square", "cbrt", "random", "uniform", "to_number", "to_decimal", "to_numeric",
        "to_double", "try_to_number", "try_to_decimal", "try_to_numeric", "try_to_double", "bitand",
        "bitor", "bitxor",
        // Text.
        "len", "left", "right", "substring", "trim", "split", "split_part", "position", "charindex",
        "contains", "startswith", "endswith", "initcap", "reverse", "lpad", "rpad", "repeat", "space",
        "translate", "chr", "md5", "sha2", "regexp_like", "regexp_replace", "regexp_substr",
        "regexp_count", "regexp_instr", "rlike", "to_char", "to_varchar", "soundex", "editdistance",
        "strtok", "ilike", "like", 
        // Moments.
        "getdate", "sysdate", "to_date", "to_time", "to_timestamp", "to_timestamp_ntz",
        "to_timestamp_ltz", "to_timestamp_tz", "try_to_date", "try_to_timestamp",
        "try_to_timestamp_ntz", "date", "time", "timestamp", "date_from_parts", "datefromparts",
        "time_from_parts", "timestamp_from_parts", "timestamp_ntz_from_parts", "year", "quarter",
        "month", "monthname", "week", "weekofyear", "weekiso", "day", "dayname", "dayofmonth",
        "dayofweek", "dayofweekiso", "dayofyear", "yearofweek", "yearofweekiso", "hour", "minute",
        "second", "add_months", "months_between", "convert_timezone", "extract",
        // Semi-structured.
        "parse_json", "try_parse_json", "to_json", "to_variant", "to_array", "to_object", "get",
        "get_path", "array_size", "array_contains", "array_construct", "array_to_string",
        "array_distinct", "array_position", "object_construct", "object_keys", "typeof", "as_varchar",
        "as_integer", "is_null_value", "to_boolean", "try_to_boolean",
    ]),
];

#[rustfmt::skip]
pub(super) const ROWS: &[(&str, &[&str])] = &[
    ("flatten", &["SEQ", "KEY", "PATH", "INDEX", "VALUE", "THIS"]),
    ("split_to_table", &["SEQ", "INDEX", "VALUE"]),
];
