//! Points over two measures.

use std::collections::HashMap;

use super::data::{SERIES_MAX, exact, missing, named, value};
use super::frame::{Frame, NAMES_HEIGHT, Sign, plain};
use super::paper::{Anchor, Label, SMALL};
use super::scale::{Scale, Zero};
use super::{Picture, SIZE, words};

/// Points of one picture.
const POINTS_MAX: usize = 500;
/// Pixels between two steps of the upright axis, and of the lying one.
const STEP_UP: f64 = 52.0;
const STEP_ALONG: f64 = 90.0;
/// Radius of a point.
const RADIUS: f64 = 4.0;

struct Point {
    x: f64,
    y: f64,
    series: usize,
}

/// The picture; `None` when the table has not the chart's columns.
pub(super) fn draw(picture: &Picture<'_>) -> Option<String> {
    let (chart, table) = (picture.chart, picture.table);
    let x = table.column(&chart.x_column)?;
    let y = table.column(chart.y_column.as_ref().or(chart.y_columns.first())?)?;
    let by = match &chart.series_column {
        Some(name) => Some(table.column(name)?),
        None => None,
    };
    let (mut of, mut names, mut points) = (HashMap::new(), Vec::new(), Vec::new());
    for row in table.rows.iter().take(POINTS_MAX) {
        let (Some(x), Some(y)) = (value(row.get(x)), value(row.get(y))) else { continue };
        let name = by.and_then(|by| row.get(by)).map(|cell| named(&cell.to_string()));
        let name = name.unwrap_or_default();
        if names.len() == SERIES_MAX && !of.contains_key(&name) {
            continue;
        }
        let series = *of.entry(name.clone()).or_insert_with(|| {
            names.push(name);
            names.len() - 1
        });
        points.push(Point { x, y, series });
    }
    let rows = picture.rows.max(table.rows.len() as u64);
    let remark = missing(points.len() as u64, rows, table.is_truncated);
    let (x_name, y_name) =
        (words::column(&table.columns[x].name), words::column(&table.columns[y].name));
    let sentence = format!("Scatter chart of {y_name} over {x_name}, {} points.", points.len());
    let mut frame = Frame::new(picture, picture.size(SIZE), sentence, remark);
    if names.len() > 1 {
        frame.legend(&names.iter().map(String::as_str).collect::<Vec<_>>(), Sign::Square);
    }
    frame.caption(&y_name);
    Some(marks(frame, &points, &names, (&x_name, &y_name)))
}

fn marks(mut frame: Frame, points: &[Point], names: &[String], axes: (&str, &str)) -> String {
    // Below: the steps, and under them what they measure.
    frame.area.bottom -= NAMES_HEIGHT + SMALL + 4.0;
    let (high, wide) = (frame.area.height() / STEP_UP, frame.area.width() / STEP_ALONG);
    let ys = Scale::over(points.iter().map(|point| point.y), Zero::Near, high);
    let xs = Scale::over(points.iter().map(|point| point.x), Zero::Near, wide);
    let (Some(ys), Some(xs)) = (ys, xs) else { return frame.nothing() };
    frame.upright(&ys);
    frame.area.right -= RADIUS;
    let (area, ink) = (frame.area, frame.paper.ink);
    let texts = xs.texts();
    let steps: Vec<(f64, &str)> = texts
        .iter()
        .map(|(tick, text)| (xs.place(*tick, area.left, area.right), text.as_str()))
        .collect();
    for (x, _) in &steps {
        frame.paper.line((*x, area.top), (*x, area.bottom), ink.grid);
    }
    frame.names_below(&steps, STEP_ALONG);
    let below = (area.right, area.bottom + NAMES_HEIGHT + SMALL + 2.0);
    frame.paper.text(Label {
        anchor: Anchor::End,
        fill: ink.text_3,
        ..plain(below, axes.0, area.width())
    });
    for point in points {
        let look = [
            ("cx", xs.place(point.x, area.left, area.right).into()),
            ("cy", ys.place(point.y, area.bottom, area.top).into()),
            ("r", RADIUS.into()),
            ("fill", ink.series(point.series).into()),
            ("fill-opacity", if ink.fullness(point.series) == "1" { "0.75" } else { "0.4" }.into()),
            ("stroke", ink.canvas.into()),
            ("stroke-width", 0.5.into()),
        ];
        let (x, y) = (exact(point.x), exact(point.y));
        let mut says = format!("{} {x}, {} {y}", axes.0, axes.1);
        if let Some(name) = names.get(point.series).filter(|name| !name.is_empty()) {
            says = format!("{name}: {says}");
        }
        frame.paper.mark("circle", &look, Some(&says));
    }
    frame.paper.close()
}
