//! What every dialect has under the same name.

#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    // Aggregates and windows.
    "count", "sum", "avg", "min", "max", "row_number", "rank", "dense_rank", "percent_rank",
    "cume_dist", "ntile", "lag", "lead", "first_value", "last_value", "nth_value",
    // Numbers.
    "abs", "sign", "mod", "power", "pow", "sqrt", "exp", "ln", "log", "log10", "degrees", "radians",
    "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "pi",
    "round", "trunc", "ceil", "ceiling", "floor",
    // Text.
    "lower", "upper", "length", "replace", "ltrim", "rtrim", "substr", "concat", "concat_ws",
    "ascii",
];
