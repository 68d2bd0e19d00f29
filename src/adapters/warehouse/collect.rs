//! Rows up to a limit: counts rows and bytes as they come, and says when to stop reading.

use starling_actors::domain::{Cell, ResultColumn, ResultTable};
use starling_actors::ports::RunLimits;

/// Cells of one result: each takes memory beside its bytes, and one without a value hardly counts as
/// any. 10,000 rows of 200 columns.
const CELLS_MAX: usize = 2_000_000;

/// Takes rows until one does not fit.
#[derive(Debug)]
pub(super) struct Collector {
    limits: RunLimits,
    bytes: usize,
    cells: usize,
    table: ResultTable,
}

impl Collector {
    pub(super) fn new(columns: Vec<ResultColumn>, limits: RunLimits) -> Self {
        let table = ResultTable { columns, ..ResultTable::default() };
        Self { limits, bytes: 0, cells: 0, table }
    }

    pub(super) fn columns(&self) -> &[ResultColumn] {
        &self.table.columns
    }

    /// Keeps the row if it fits; `false` when reading should stop.
    #[must_use]
    pub(super) fn push(&mut self, row: Vec<Cell>) -> bool {
        let bytes = self.bytes + row.iter().map(Cell::bytes).sum::<usize>();
        let cells = self.cells + row.len();
        if self.table.rows.len() >= self.limits.rows_max
            || bytes > self.limits.bytes_max
            || cells > CELLS_MAX
        {
            self.table.is_truncated = true;
            return false;
        }
        (self.bytes, self.cells) = (bytes, cells);
        self.table.rows.push(row);
        true
    }

    /// What was taken.
    pub(super) fn finish(self) -> ResultTable {
        self.table
    }

    /// What was taken, where more is known to be.
    pub(super) fn finish_truncated(mut self) -> ResultTable {
        self.table.is_truncated = true;
        self.table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collector(rows_max: usize, bytes_max: usize) -> Collector {
        Collector::new(Vec::new(), RunLimits { rows_max, bytes_max, ..RunLimits::default() })
    }

    #[test]
    fn exactly_the_limit_is_whole_and_one_more_is_said_but_not_given() {
        let mut rows = collector(2, 100);
        assert!(rows.push(vec![Cell::Int(1)]));
        assert!(rows.push(vec![Cell::Int(2)]));
        assert!(!rows.table.is_truncated);
        assert!(!rows.push(vec![Cell::Int(3)]));
        let table = rows.finish();
        assert_eq!((table.rows.len(), table.is_truncated), (2, true));
    }

    #[test]
    fn a_row_that_is_larger_than_all_may_be_is_not_given() {
        let mut rows = collector(10, 100);
        assert!(!rows.push(vec![Cell::Text("x".repeat(101))]));
        let table = rows.finish();
        assert_eq!((table.rows.len(), table.is_truncated), (0, true));
    }

    #[test]
    fn cells_without_a_value_are_counted_too() {
        let limits = RunLimits::default();
        let mut rows = Collector::new(Vec::new(), limits);
        let row = vec![Cell::Null; 2_000];
        let taken = (0..limits.rows_max).take_while(|_| rows.push(row.clone())).count();
        assert_eq!(taken, CELLS_MAX / row.len());
        assert!(rows.finish().is_truncated);
    }
}
