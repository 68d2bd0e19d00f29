//! An answer for tests of what shows one.

use starling_actors::domain::{
    Answer, Audience, Cell, ChannelId, Chart, ChartKind, ColumnType, ConnectionId, JobId, OrgId,
    ResultColumn, ResultTable, Timestamp, TokenUsage,
};

pub(crate) fn of(columns: &[(&str, ColumnType)], rows: Vec<Vec<Cell>>) -> ResultTable {
    let column =
        |(name, kind): &(&str, ColumnType)| ResultColumn { name: (*name).to_owned(), kind: *kind };
    ResultTable { columns: columns.iter().map(column).collect(), rows, is_truncated: false }
}

/// One row.
pub(crate) fn table() -> ResultTable {
    let rows = vec![vec![Cell::Text("Widget".to_owned()), Cell::Decimal("12.50".to_owned())]];
    of(&[("name", ColumnType::Text), ("total", ColumnType::Decimal)], rows)
}

pub(crate) fn answer(preview: ResultTable) -> Answer {
    Answer {
        job: JobId::from_u128(1),
        org: OrgId::from_u128(2),
        channel: ChannelId::from_u128(3),
        question: "top products".to_owned(),
        connection: Some(ConnectionId::from_u128(4)),
        sql: "SELECT 1".to_owned(),
        reasoning: String::new(),
        row_count: preview.rows.len() as u64,
        preview,
        chart: Some(Chart {
            kind: ChartKind::HorizontalBar,
            x_column: "name".to_owned(),
            y_column: Some("total".to_owned()),
            y_columns: Vec::new(),
            series_column: None,
            title: "Revenue".to_owned(),
        }),
        content: "Widgets lead.".to_owned(),
        summary: "Widgets lead.".to_owned(),
        unchecked_numbers: Vec::new(),
        execution_ms: 1250,
        usage: TokenUsage { input: 10, output: 2 },
        model: "built-in".to_owned(),
        cached_at: None,
        follow_ups: Vec::new(),
        intent: None,
        verified_by: None,
        audience: Audience::Organization,
        error: None,
        created_at: Timestamp(0),
    }
}
