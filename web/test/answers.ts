/** An answer for tests: only what a test names differs from the plain one. */

import type { Answer } from "../src/wire/data/types";

export function answer(change: Partial<Answer> = {}): Answer {
  return {
    job_id: "j1",
    query: "Top products by revenue?",
    sql: "SELECT name, revenue FROM products",
    columns: [
      { name: "name", type: "text" },
      { name: "revenue", type: "decimal" },
    ],
    query_result_preview: {
      columns: ["name", "revenue"],
      rows: [
        ["Strings", 1840.5],
        ["Reissue LPs", 1612],
        ["Cables", null],
      ],
    },
    full_result_row_count: 3,
    truncated: false,
    chart_config: { chart_type: "bar", x_column: "name", y_column: "revenue", title: "Revenue by product" },
    content: "Strings led with 1,840.50.",
    unchecked_numbers: [],
    execution_time_ms: 410,
    token_usage: { input_tokens: 0, output_tokens: 0 },
    model: "built-in",
    cached: false,
    connection_id: "db",
    error_message: null,
    ...change,
  };
}
