//! Charts as pictures: a closed description and rows in, one self-contained SVG out.
//!
//! [`Picture::svg`] reads the rows into a [`Plot`](data::Plot), and the drawer of its kind puts marks
//! on a [`Paper`](paper::Paper). It waits for nothing and reads nothing else.
//!
//! **Invariants.** Cells are hostile: every text is written by `Paper` alone, which cleans and escapes
//! it. A picture names no other file, holds no script and no style sheet, and its coordinates are
//! finite. The work is bounded by the limits in `data`, whatever the table holds.

mod bars;
mod data;
mod figures;
mod frame;
mod kpi;
mod lines;
mod moments;
mod palette;
mod paper;
mod pie;
mod scale;
mod scatter;
mod side_bars;
mod words;

#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use starling_actors::domain::{Chart, ChartKind, ResultTable};

use self::data::Plot;
use self::frame::Frame;
pub use self::palette::Theme;

/// Widths that can be drawn: below, labels have no room; above, no screen has.
pub const WIDTHS: RangeInclusive<u32> = 240..=1600;
/// Heights that can be drawn.
pub const HEIGHTS: RangeInclusive<u32> = 160..=1200;

/// Width and height when nothing is said: an answer's card, and one number.
const SIZE: (u32, u32) = (640, 360);
const SIZE_KPI: (u32, u32) = (320, 160);

/// What is to be drawn, and how large.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// Which columns, and how.
    pub chart: &'a Chart,
    /// The rows.
    pub table: &'a ResultTable,
    /// How many rows there were, where `table` holds the first of them only.
    pub rows: u64,
    /// For which background.
    pub theme: Theme,
    /// In pixels; brought into [`WIDTHS`].
    pub width: Option<u32>,
    /// In pixels; brought into [`HEIGHTS`]. Lying bars ask for what they need when it is missing.
    pub height: Option<u32>,
}

impl Picture<'_> {
    /// The picture; `None` for a chart that is a table, or that names columns the table has not.
    pub fn svg(&self) -> Option<String> {
        let plot = match self.chart.kind {
            ChartKind::Table => return None,
            ChartKind::Kpi => return kpi::draw(self),
            ChartKind::Bar
            | ChartKind::HorizontalBar
            | ChartKind::Line
            | ChartKind::Area
            | ChartKind::Pie => Plot::of(self.chart, self.table)?,
            ChartKind::Scatter => return scatter::draw(self),
        };
        let (width, mut height) = self.size(SIZE);
        if self.chart.kind == ChartKind::HorizontalBar && self.height.is_none() {
            height = side_bars::height(&plot).min(f64::from(*HEIGHTS.end()));
        }
        let missing = plot.missing(self.rows, self.table.is_truncated);
        let frame = Frame::new(self, (width, height), plot.sentence(self.chart), missing);
        if plot.is_empty() {
            return Some(frame.nothing());
        }
        Some(match self.chart.kind {
            ChartKind::HorizontalBar => side_bars::draw(frame, &plot),
            ChartKind::Line => lines::draw(frame, plot, false),
            ChartKind::Area => lines::draw(frame, plot, true),
            ChartKind::Pie => pie::draw(frame, &plot),
            ChartKind::Bar | ChartKind::Scatter | ChartKind::Kpi | ChartKind::Table => {
                bars::draw(frame, &plot)
            }
        })
    }

    fn size(&self, (width, height): (u32, u32)) -> (f64, f64) {
        let within = |value: u32, range: RangeInclusive<u32>| {
            f64::from(value.clamp(*range.start(), *range.end()))
        };
        (
            within(self.width.unwrap_or(width), WIDTHS),
            within(self.height.unwrap_or(height), HEIGHTS),
        )
    }
}
