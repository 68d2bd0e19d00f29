use serde_json::{Value, json};
use starling_actors::domain::{
    Byline, Cell, ChannelId, ColumnType, JobError, JobState, MessageId, OrgId, OrgRole, Priority,
    Timestamp, UserId,
};

use super::testing::{answer, of};
use super::*;

#[test]
fn an_answer_carries_the_names_that_clients_know() {
    let rows = vec![vec![Cell::Text("Widget".to_owned()), Cell::Decimal("12.50".to_owned())]];
    let answer = answer(of(&[("name", ColumnType::Text), ("total", ColumnType::Decimal)], rows));

    let value = AnswerView::value(&answer).unwrap();

    let expected = json!({
        "query": "top products", "sql": "SELECT 1", "generated_sql": "SELECT 1",
        "sql_was_executed": true, "full_result_row_count": 1, "truncated": false,
        "columns": [{"name": "name", "type": "text"}, {"name": "total", "type": "decimal"}],
        "results": [{"name": "Widget", "total": 12.5}],
        "query_result_preview": {"columns": ["name", "total"], "rows": [["Widget", 12.5]]},
        "chart_config": {
            "chart_type": "horizontal_bar", "x_column": "name", "y_column": "total",
            "title": "Revenue",
        },
        "content": "Widgets lead.", "context_summary": "Widgets lead.",
        "execution_time": 1.25, "execution_time_ms": 1250,
        "token_usage": {"input_tokens": 10, "output_tokens": 2},
        "model": "built-in", "cached": false, "error_message": null,
        "connection_id": "00000000-0000-0000-0000-000000000004",
    });
    for (name, part) in expected.as_object().unwrap() {
        assert_eq!(&value[name], part, "{name}");
    }
    assert_eq!(value["reasoning"], "");
}

#[test]
fn columns_that_share_a_name_are_all_in_the_objects() {
    let kinds =
        [("id", ColumnType::Integer), ("id", ColumnType::Integer), ("id_2", ColumnType::Text)];
    let row = vec![Cell::Int(1), Cell::Int(2), Cell::Text("x".to_owned())];
    let objects = serde_json::to_value(objects(&of(&kinds, vec![row]))).unwrap();
    assert_eq!(objects, json!([{"id": 1, "id_2": 2, "id_2_2": "x"}]));
}

#[test]
fn numbers_that_a_double_would_change_travel_as_texts() {
    let cases = [
        (Cell::Null, Value::Null),
        (Cell::Int(9_007_199_254_740_991), json!(9_007_199_254_740_991_i64)),
        (Cell::Int(9_007_199_254_740_992), json!("9007199254740992")),
        (Cell::Int(i64::MIN), json!("-9223372036854775808")),
        (Cell::Decimal("-0.10".to_owned()), json!(-0.1)),
        (Cell::Decimal("42".to_owned()), json!(42)),
        (Cell::Decimal("0.1234567890123456789".to_owned()), json!("0.1234567890123456789")),
        (Cell::Decimal("NaN".to_owned()), json!("NaN")),
        (Cell::Float(f64::INFINITY), json!("inf")),
        (Cell::Float(0.5), json!(0.5)),
        (Cell::Bool(true), json!(true)),
        (Cell::Text("2026-01-01".to_owned()), json!("2026-01-01")),
    ];
    for (cell, expected) in cases {
        assert_eq!(serde_json::to_value(CellView::from(&cell)).unwrap(), expected, "{cell:?}");
    }
}

#[test]
fn a_job_sums_the_time_of_a_state_that_it_entered_twice() {
    let asked_by = Byline {
        user: UserId::from_u128(9),
        username: "ann".to_owned(),
        full_name: String::new(),
        avatar_url: String::new(),
    };
    let job = Job {
        id: JobId::from_u128(1),
        org: OrgId::from_u128(2),
        channel: ChannelId::from_u128(3),
        thread: None,
        message: MessageId::from_u128(4),
        asked_by,
        role: OrgRole::Analyst,
        question: "how many".to_owned(),
        context: None,
        connection: None,
        priority: Priority::Person,
        state: JobState::Failed,
        sql: None,
        is_approved: false,
        node: None,
        attempts: 1,
        answer: None,
        error: Some(JobError { code: "query_timeout", message: "it took too long".to_owned() }),
        timings: vec![(JobState::Running, 5), (JobState::Retrying, 1), (JobState::Running, 7)],
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
        finished_at: Some(Timestamp(1)),
    };
    let value = serde_json::to_value(JobView::new(&job)).unwrap();
    assert_eq!(value["timings"], json!({"running": 12, "retrying": 1}));
    assert_eq!(value["error"], "it took too long");
    assert_eq!(value["asked_by"], "00000000-0000-0000-0000-000000000009");
    assert_eq!((&value["thread_id"], &value["answer_message_id"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_stub_says_whose_answer_it_is_and_nothing_else() {
    let stub = RestrictedAnswerView::value(JobId::from_u128(1));
    assert_eq!(stub, json!({"restricted": true, "job_id": "00000000-0000-0000-0000-000000000001"}));
}
