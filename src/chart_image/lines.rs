//! Lines over an ordered axis, with or without their area. A gap in the data is a gap in the line.

use super::data::Plot;
use super::frame::{Area, EDGE, Frame, GAP, NAMES_HEIGHT, Sign, plain};
use super::palette::dashes;
use super::paper::{BOLD, Label, SMALL, step};
use super::scale::{Scale, Zero};
use super::words;

/// Pixels between two steps of the axis.
const STEP: f64 = 52.0;
/// Lines that have their names at their ends; more would touch.
const NAMED_MAX: usize = 6;
/// Narrowest picture with names at the ends of its lines.
const NAMED_WIDTH_MIN: f64 = 420.0;
/// Widest name there.
const NAME_ROOM: f64 = 110.0;
/// Least distance between two of those names.
const NAME_HEIGHT: f64 = 15.0;
/// Places up to which each has its point.
const POINTS_MAX: usize = 31;
/// Widest name below.
const BELOW_ROOM: f64 = 110.0;

/// Draws a plot that has values.
pub(super) fn draw(mut frame: Frame, plot: Plot, is_filled: bool) -> String {
    let plot = plot.in_order();
    let several = plot.series.len() > 1;
    let is_named =
        several && plot.series.len() <= NAMED_MAX && frame.area.width() >= NAMED_WIDTH_MIN;
    if several && !is_named {
        let names: Vec<&str> = plot.series.iter().map(|series| series.name.as_str()).collect();
        frame.legend(&names, Sign::Line);
    } else {
        frame.caption(&plot.y_name);
    }
    frame.area.bottom -= NAMES_HEIGHT;
    if is_named {
        let widest = plot.series.iter().map(|series| words::width(&series.name, SMALL));
        frame.area.right -= (widest.fold(0.0, f64::max) * BOLD).min(NAME_ROOM) + GAP;
    }
    let zero = if is_filled { Zero::Shown } else { Zero::Near };
    let Some(scale) = Scale::over(plot.values(), zero, frame.area.height() / STEP) else {
        return frame.nothing();
    };
    frame.upright(&scale);
    // The last point and its mark lie within the picture.
    frame.area.right -= 4.0;
    let xs = across(&plot, frame.area);
    let names: Vec<(f64, &str)> =
        xs.iter().zip(&plot.places).map(|(x, place)| (*x, place.name.as_str())).collect();
    frame.names_below(&names, BELOW_ROOM);
    let mut ends = Vec::new();
    // The first series is the uppermost.
    for number in (0..plot.series.len()).rev() {
        ends.push((number, one(&mut frame, &plot, number, &xs, &scale, is_filled)));
    }
    if is_named {
        names_at_ends(&mut frame, &plot, ends);
    }
    frame.paper.close()
}

/// Where each place lies: by what it measures, or evenly.
fn across(plot: &Plot, area: Area) -> Vec<f64> {
    let count = plot.places.len();
    let at: Option<Vec<f64>> = plot.places.iter().map(|place| place.at).collect();
    let at = at.unwrap_or_else(|| (0..count).map(|place| place as f64).collect());
    let (first, last) =
        (at.first().copied().unwrap_or_default(), at.last().copied().unwrap_or_default());
    let span = last - first;
    let part = |value: f64| if span > 0.0 { (value - first) / span } else { 0.5 };
    at.into_iter().map(|value| area.left + part(value) * area.width()).collect()
}

/// Draws one series and gives the height of its last point.
fn one(
    frame: &mut Frame,
    plot: &Plot,
    number: usize,
    xs: &[f64],
    scale: &Scale,
    is_filled: bool,
) -> f64 {
    let (area, ink) = (frame.area, frame.paper.ink);
    let colour = ink.series(number);
    let runs = runs(&plot.series[number].values, |place, value| {
        (place, (xs[place], scale.place(value, area.bottom, area.top)))
    });
    let base = scale.place(0.0, area.bottom, area.top);
    let mut line = String::new();
    for run in &runs {
        let mut fill = String::new();
        for (count, (_, point)) in run.iter().enumerate() {
            let letter = if count == 0 { 'M' } else { 'L' };
            step(&mut line, letter, *point);
            step(&mut fill, letter, *point);
        }
        if let ([(_, first), .., (_, last)], true) = (&run[..], is_filled) {
            step(&mut fill, 'L', (last.0, base));
            step(&mut fill, 'L', (first.0, base));
            fill.push('Z');
            let look = [
                ("d", fill.as_str().into()),
                ("fill", colour.into()),
                ("fill-opacity", "0.14".into()),
            ];
            frame.paper.mark("path", &look, None);
        }
    }
    let look = [
        ("d", line.as_str().into()),
        ("fill", "none".into()),
        ("stroke", colour.into()),
        ("stroke-width", 2.0.into()),
        ("stroke-linejoin", "round".into()),
        ("stroke-linecap", "round".into()),
        ("stroke-dasharray", dashes(number).into()),
    ];
    frame.paper.mark("path", &look, Some(&plot.series[number].name));
    let is_pointed = plot.places.len() <= POINTS_MAX;
    let last = runs.last().and_then(|run| run.last()).copied();
    for run in &runs {
        for (place, (x, y)) in run {
            let is_last = last.is_some_and(|(last, _)| last == *place);
            // A value between two gaps has no line to be seen by.
            if is_pointed || is_last || run.len() == 1 {
                let look = [
                    ("cx", (*x).into()),
                    ("cy", (*y).into()),
                    ("r", if is_last { 4.0 } else { 2.5 }.into()),
                    ("fill", colour.into()),
                    ("stroke", ink.canvas.into()),
                    ("stroke-width", 1.0.into()),
                ];
                frame.paper.mark("circle", &look, Some(&plot.says(number, *place)));
            }
        }
    }
    last.map_or(base, |(_, (_, y))| y)
}

/// Stretches without a gap.
fn runs<T>(values: &[Option<f64>], at: impl Fn(usize, f64) -> T) -> Vec<Vec<T>> {
    let mut runs = vec![Vec::new()];
    for (place, value) in values.iter().enumerate() {
        match (value, runs.last_mut()) {
            (Some(value), Some(run)) => run.push(at(place, *value)),
            (None, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
            (_, _) => {}
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// The lines' names beside their last points, moved apart where they would touch.
fn names_at_ends(frame: &mut Frame, plot: &Plot, mut ends: Vec<(usize, f64)>) {
    ends.sort_by(|one, other| one.1.total_cmp(&other.1));
    let (area, ink) = (frame.area, frame.paper.ink);
    let room = frame.paper.width - EDGE - area.right;
    let mut above = f64::NEG_INFINITY;
    for (_, y) in &mut ends {
        *y = y.max(above + NAME_HEIGHT);
        above = *y;
    }
    // What was pushed out below comes back up.
    let mut below = area.bottom + NAME_HEIGHT;
    for (_, y) in ends.iter_mut().rev() {
        *y = y.min(below - NAME_HEIGHT);
        below = *y;
    }
    for (number, y) in ends {
        let at = (area.right + GAP, y + 4.0);
        let fill = ink.series(number);
        let name = &plot.series[number].name;
        frame.paper.text(Label { is_bold: true, fill, ..plain(at, name, room) });
    }
}
