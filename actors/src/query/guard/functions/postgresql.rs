//! PostgreSQL's own functions. Not here, among others: files, `lo_*`, `dblink*`, `*_to_xml`,
//! settings, sequences, sleep, advisory locks, notify, sizes and definitions from the catalog,
//! `query_to_*`, `ts_stat`, and all that tells who or where the session is.

use super::{Form, Lists};

#[rustfmt::skip]
pub(super) const LISTS: Lists = &[
    (Form::Word, &[
        "coalesce", "nullif", "greatest", "least", "grouping", "substring", "trim",
    ]),
    (Form::Bare, &[
        "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
    ]),
    (Form::Array, &["array"]),
    (Form::Named, &["make_interval"]),
    (Form::Plain, &[
        // Aggregates.
        "string_agg", "array_agg", "bool_and", "bool_or", "every", "bit_and", "bit_or", "bit_xor",
        "json_agg", "jsonb_agg", "json_object_agg", "jsonb_object_agg", "any_value",
        "stddev", "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp", "corr",
        "covar_pop", "covar_samp", "regr_avgx", "regr_avgy", "regr_count", "regr_intercept",
        "regr_r2", "regr_slope", "regr_sxx", "regr_sxy", "regr_syy",
        "percentile_cont", "percentile_disc", "mode",
        // Numbers.
        "cbrt", "div", "gcd", "lcm", "scale", "min_scale", "trim_scale", "width_bucket", "random",
        "acosd", "asind", "atand", "cosd", "sind", "tand", "cot", "sinh", "cosh", "tanh",
        "to_number", "isfinite", "to_hex",
        // Text.
        "char_length", "character_length", "octet_length", "bit_length", "initcap", "btrim", "lpad",
        "rpad", "repeat", "reverse", "split_part", "strpos", "left", "right", "translate",
        "starts_with", "chr", "md5", "format", "regexp_replace", "regexp_match", "regexp_matches",
        "regexp_count", "regexp_instr", "regexp_like", "regexp_substr", "regexp_split_to_array",
        "regexp_split_to_table", "string_to_array", "string_to_table", "position",
        "quote_literal", "quote_ident", "quote_nullable", "to_ascii", "normalize", "overlay",
        // Moments.
        "now", "age", "date_trunc", "date_part", "date_bin", "extract", "make_date", "make_time",
        "make_timestamp", "make_timestamptz", "to_char", "to_date", "to_timestamp", "justify_days",
        "justify_hours", "justify_interval", "transaction_timestamp", "statement_timestamp",
        "clock_timestamp", "timezone", "generate_series",
        // Arrays.
        "array_length", "array_position", "array_positions", "array_to_string", "array_append",
        "array_prepend", "array_cat", "array_remove", "array_ndims", "array_upper", "array_lower",
        "cardinality", "unnest",
        // JSON.
        "to_json", "to_jsonb", "json_build_object", "jsonb_build_object", "json_build_array",
        "jsonb_build_array", "json_array_length", "jsonb_array_length", "json_array_elements",
        "jsonb_array_elements", "json_array_elements_text", "jsonb_array_elements_text",
        "json_extract_path", "jsonb_extract_path", "json_extract_path_text",
        "jsonb_extract_path_text", "json_object_keys", "jsonb_object_keys", "json_typeof",
        "jsonb_typeof", "jsonb_pretty", "jsonb_strip_nulls", "json_strip_nulls", "json_each",
        "jsonb_each", "json_each_text", "jsonb_each_text",
        // Kinds.
        "num_nulls", "num_nonnulls",
    ]),
];

#[rustfmt::skip]
pub(super) const ROWS: &[(&str, &[&str])] = &[
    ("generate_series", &["generate_series"]),
    ("unnest", &["unnest"]),
    ("regexp_matches", &["regexp_matches"]),
    ("regexp_split_to_table", &["regexp_split_to_table"]),
    ("string_to_table", &["string_to_table"]),
    ("json_object_keys", &["json_object_keys"]),
    ("jsonb_object_keys", &["jsonb_object_keys"]),
    ("json_array_elements", &["value"]),
    ("jsonb_array_elements", &["value"]),
    ("json_array_elements_text", &["value"]),
    ("jsonb_array_elements_text", &["value"]),
    ("json_each", &["key", "value"]),
    ("jsonb_each", &["key", "value"]),
    ("json_each_text", &["key", "value"]),
    ("jsonb_each_text", &["key", "value"]),
];
