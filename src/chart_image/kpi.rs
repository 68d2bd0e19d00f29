//! One number, large.

use starling_actors::domain::Cell;

use super::data::{missing, named, value};
use super::frame::{Frame, plain};
use super::paper::{BOLD, Label};
use super::{Picture, SIZE_KPI, figures, words};

/// Largest and smallest size of the number.
const SIZE_MAX: f64 = 56.0;
const SIZE_MIN: f64 = 18.0;
/// Longest number that is written in full, in characters.
const FULL_CHARS_MAX: usize = 13;

/// The picture; `None` when the table has not the chart's column.
pub(super) fn draw(picture: &Picture<'_>) -> Option<String> {
    let (chart, table) = (picture.chart, picture.table);
    let column = table.column(chart.y_column.as_ref().unwrap_or(&chart.x_column))?;
    let cell = table.rows.first().and_then(|row| row.get(column)).unwrap_or(&Cell::Null);
    let (name, full) = (words::column(&table.columns[column].name), in_full(cell));
    let rows = picture.rows.max(table.rows.len() as u64);
    let remark = missing(rows.min(1), rows, table.is_truncated);
    let sentence = format!("{name}: {full}.");
    let mut frame = Frame::new(picture, picture.size(SIZE_KPI), sentence, remark);
    frame.caption(&name);
    let (area, ink) = (frame.area, frame.paper.ink);
    let is_short = full.chars().count() <= FULL_CHARS_MAX;
    let shown = match value(Some(cell)) {
        Some(value) if !is_short => figures::short(value),
        Some(_) | None => full,
    };
    let by_width = area.width() / words::width(&shown, BOLD).max(0.1);
    let size = by_width.min(area.height() * 0.8).clamp(SIZE_MIN, SIZE_MAX);
    let y = f64::midpoint(area.top, area.bottom) + size * 0.36;
    frame.paper.text(Label {
        size,
        is_bold: true,
        fill: ink.text,
        ..plain((area.left, y), &shown, area.width())
    });
    Some(frame.paper.close())
}

/// An exact number with all its digits, a binary fraction to hundredths.
fn in_full(cell: &Cell) -> String {
    match cell {
        Cell::Float(number) if value(Some(cell)).is_some() => figures::to_hundredths(*number),
        Cell::Int(_) | Cell::Decimal(_) => figures::digits_grouped(&cell.to_string()),
        Cell::Null | Cell::Bool(_) | Cell::Float(_) | Cell::Text(_) => named(&cell.to_string()),
    }
}
