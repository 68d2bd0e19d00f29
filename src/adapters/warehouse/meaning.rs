//! What SQLSTATEs mean, in our words, and names out of an engine's text.

/// What a SQLSTATE means: the code where it has words of its own, or else its class.
pub(super) fn sqlstate(code: &str) -> &'static str {
    match code {
        "42601" => "the statement has a syntax error",
        "42501" => "the role may not read that",
        "42703" => "there is no such column",
        "42P01" => "there is no such table",
        "42702" => "a column name is ambiguous",
        "42712" => "a table alias is used twice",
        "42803" => "a column must be grouped or aggregated",
        "42804" => "types do not fit together",
        "42883" => "there is no such function or operator for these types",
        "42846" => "a value of this type cannot be converted to that type",
        "42725" => "which function or operator is meant is ambiguous",
        "42P10" => "a column reference in ORDER BY, GROUP BY or DISTINCT is not valid",
        "42P18" | "42P22" => "a type or collation cannot be determined",
        "42P20" => "a window function is used in a wrong way",
        "42P19" => "a recursive query is not written in a valid way",
        "22012" => "division by zero",
        "22003" => "a number is out of range",
        "22007" | "22008" => "a date or time is not valid or out of range",
        "22P02" | "22018" => "a value cannot be read as that type",
        "22001" => "a text is too long for its type",
        "22023" => "a function was given a value that it does not take",
        "2201B" => "a regular expression is not valid",
        "21000" => "a subquery used as a value gave more than one row",
        "25006" => "the statement would write, and only reading is allowed",
        "53100" => "its disk is full",
        "53200" => "its server ran out of memory",
        "53400" | "54000" | "54001" => "the statement is too large or too complex for the server",
        "55P03" => "a table is locked by somebody else",
        "40001" | "40P01" => "somebody else was in the way; try again",
        "0A000" => "the server does not support this",
        _ => class(code),
    }
}

fn class(code: &str) -> &'static str {
    match code.get(..2).unwrap_or_default() {
        "08" => "the connection failed",
        "0A" => "the server does not support this",
        "21" | "22" => "a value does not fit what is done with it",
        "23" => "a constraint would be broken",
        "25" => "the transaction does not allow this",
        "28" => "the server did not let us in",
        "40" => "somebody else was in the way; try again",
        "42" => "the statement is not valid, or not allowed",
        "53" => "the server lacks resources",
        "54" => "the statement is too large or too complex for the server",
        "55" => "something is in use or not in the right state",
        "57" => "somebody stopped the statement",
        "58" | "XX" => "the server has an error of its own",
        _ => "the server gave an error",
    }
}

/// What stands between quotation marks in an engine's text, with dotted names taken apart.
pub(super) fn quoted(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut inside = None;
    for (place, letter) in text.char_indices() {
        if !matches!(letter, '"' | '\'' | '`' | '«' | '»' | '„' | '“' | '”') {
            continue;
        }
        match inside.take() {
            None => inside = Some(place + letter.len_utf8()),
            Some(start) => {
                for word in text[start..place].split('.') {
                    if !word.is_empty() && !words.iter().any(|known| known == word) {
                        words.push(word.to_owned());
                    }
                }
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_between_quotation_marks_of_any_kind() {
        let text = "column t.nme does not exist; perhaps \"track.name\" or «album»";
        assert_eq!(quoted(text), ["track", "name", "album"]);
        assert_eq!(quoted("Unknown column 'a.b' in 'field list'"), ["a", "b", "field list"]);
        assert!(quoted("an open \"quotation").is_empty());
    }

    #[test]
    fn every_code_has_words() {
        assert_eq!(sqlstate("42P01"), "there is no such table");
        assert_eq!(sqlstate("42XXX"), "the statement is not valid, or not allowed");
        assert_eq!(sqlstate(""), "the server gave an error");
    }
}
