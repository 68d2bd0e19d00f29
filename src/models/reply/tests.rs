use proptest::prelude::*;

use super::*;

fn sql(text: &str) -> String {
    match read(text, false) {
        Ok(Draft::Sql { sql, .. }) => sql,
        other => panic!("{text:?} is read as {other:?}"),
    }
}

#[test]
fn sql_is_found_however_it_is_wrapped() {
    for text in [
        "<reasoning>why</reasoning>\n<sql>SELECT a FROM t;</sql>",
        "<SQL>\nSELECT a FROM t\n</SQL>",
        "<sql>```sql\nSELECT a FROM t\n```</sql>",
        "<sql>SELECT a FROM t",
        "Here you are:\n```sql\nSELECT a FROM t;\n```\nIt lists a.",
        "```postgresql\nSELECT a FROM t\n```",
        "```\nSELECT a FROM t\n```",
        "```SQL\nSELECT a FROM t",
        "{\"sql\": \"SELECT a FROM t\", \"reasoning\": \"why\"}",
        "```json\n{\"query\": \"SELECT a FROM t;\"}\n```",
        "{\"sql\": [\"SELECT a FROM t\"]}",
        "SELECT a FROM t",
        "SELECT a FROM t;\n\nThis lists all of a.",
        "<think>SELECT 1; or <sql>SELECT 2</sql>?</think>SELECT a FROM t",
        "so I answer </think>\n<sql>SELECT a FROM t</sql>",
        "<sql>SELECT a FROM t</sql> or again <sql>SELECT a FROM t;</sql>",
        "<sql>SELECT a -- what was asked\nFROM t</sql>",
    ] {
        let words: Vec<String> = sql(text).split_whitespace().map(str::to_owned).collect();
        assert_eq!(words.join(" "), "SELECT a FROM t", "{text}");
    }
    assert!(sql("with x as (select 1)\n\nselect * from x").ends_with("from x"));
    assert!(sql("```\nWITH x AS (SELECT 1) SELECT * FROM x\n```").starts_with("WITH"));
}

#[test]
fn the_reason_for_the_sql_is_kept() {
    let read = read("<reasoning>Orders hold it.</reasoning><sql>SELECT 1</sql>", false).unwrap();
    let expected =
        Draft::Sql { sql: "SELECT 1".to_owned(), reasoning: "Orders hold it.".to_owned() };
    assert_eq!(read, expected);
}

#[test]
fn the_two_markers_are_heard_with_their_reasons() {
    for text in [
        "CANNOT_ANSWER: no salaries here",
        "**CANNOT_ANSWER** – no salaries here",
        "`cannot_answer`: no salaries here",
        "I looked at all tables.\nCANNOT_ANSWER: no salaries here",
        "<sql>CANNOT_ANSWER: no salaries here</sql>",
        "{\"status\": \"CANNOT_ANSWER\", \"reason\": \"no salaries here\"}",
        "{\"CANNOT_ANSWER\": \"no salaries here\"}",
        "{\"sql\": \"CANNOT_ANSWER: no salaries here\"}",
        "CANNOT_ANSWER: no salaries here",
    ] {
        let expected = Draft::CannotAnswer { reason: "no salaries here".to_owned() };
        assert_eq!(read(text, false), Ok(expected), "{text}");
    }
    let expected = Draft::NotData { reply: "Hello!".to_owned(), intent: None };
    assert_eq!(read("NOT_DATA_QUERY: Hello!", false), Ok(expected));
    for bare in ["CANNOT_ANSWER", "NOT_DATA_QUERY."] {
        let (Ok(Draft::CannotAnswer { reason: words }) | Ok(Draft::NotData { reply: words, .. })) =
            read(bare, false)
        else {
            panic!("{bare} is not read");
        };
        assert!(words.ends_with('.') && words.len() > 20, "{words}");
    }
}

#[test]
fn a_marker_wins_over_sql_that_follows_it() {
    let read = read("CANNOT_ANSWER: perhaps\n<sql>SELECT 1</sql>", false).unwrap();
    assert!(matches!(read, Draft::CannotAnswer { .. }), "{read:?}");
}

#[test]
fn of_several_statements_none_is_taken() {
    for text in [
        "<sql>SELECT 1; SELECT 2; SELECT 3; SELECT 4; SELECT 5</sql>",
        "<sql>SELECT 1</sql> and <sql>SELECT 2</sql>",
        "```sql\nSELECT 1;\nDROP TABLE t;\n```",
        "```sql\nSELECT 1\n```\n```sql\nSELECT 2\n```",
        "SELECT 1; DROP TABLE t",
        "{\"sql\": [\"SELECT 1\", \"SELECT 2\"]}",
        "[{\"sql\": \"SELECT 1\"}, {\"sql\": \"SELECT 2\"}]",
    ] {
        assert_eq!(read(text, false), Err(Unread::Several), "{text}");
    }
}

#[test]
fn prose_nonsense_and_nothing_are_told_apart() {
    for text in ["", " \n", "<think>hm</think>", "<think>endless", "<sql></sql>", "```sql\n;\n```"]
    {
        assert_eq!(read(text, false), Err(Unread::Empty), "{text:?}");
    }
    for text in [
        "The five best customers are Ann and Bob.",
        "With pleasure! There is a table of customers.",
        "Select the customers as you like and select them again.",
        "qwfp zxcv",
        "DROP TABLE customers",
    ] {
        assert_eq!(read(text, false), Err(Unread::Prose(text.to_owned())), "{text}");
    }
    for text in ["{}", "[]", "{\"rows\": [1, 2]}", "{\"sql\": 5}"] {
        assert_eq!(read(text, false), Err(Unread::Nonsense), "{text}");
    }
    let endless = format!("<sql>SELECT '{}'</sql>", "x".repeat(20_000));
    assert_eq!(read(&endless, false), Err(Unread::TooLong));
    let Err(Unread::Prose(words)) = read(&"so on ".repeat(10_000), false) else { panic!() };
    assert!(words.chars().count() <= WORDS_CHARS_MAX + 1);
}

const PIECES: &str = "(<sql>|</sql>|<think>|</think>|<reasoning>|```|```sql\n|SELECT 1|SELECT a FROM t|\
                      ;|--|/\\*|\\*/|'|\"|\\{\"sql\":|\\}|CANNOT_ANSWER|NOT_DATA_QUERY|\n|\n\n|With |é|\\\\|.)";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_answer_whatever_panics_or_proposes_more_than_one_statement(
        pieces in prop::collection::vec(PIECES, 0..25),
        escapes: bool,
    ) {
        match read(&pieces.concat(), escapes) {
            Ok(Draft::Sql { sql, reasoning }) => {
                prop_assert_eq!(statements(&sql, escapes), vec![sql]);
                prop_assert!(reasoning.chars().count() <= WORDS_CHARS_MAX + 1);
            }
            Ok(Draft::NotData { reply: words, .. } | Draft::CannotAnswer { reason: words }) => {
                prop_assert!(!words.is_empty() && words.chars().count() <= WORDS_CHARS_MAX + 1);
            }
            Err(_) => {}
        }
    }
}
