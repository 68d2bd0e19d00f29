//! Lying bars: names at the left, the value at each bar's end.

use super::data::Plot;
use super::figures;
use super::frame::{EDGE, Frame, GAP, Sign, plain};
use super::paper::{Anchor, Label, SMALL};
use super::scale::{Scale, Zero};
use super::words;

/// Height of a bar where nothing else is asked for, with the space around it.
const ROW: f64 = 28.0;
/// The same for each bar of several at one place.
const ROW_OF_SEVERAL: f64 = 16.0;
/// Part of a place that its bars take.
const FILLED: f64 = 0.66;
/// Thickest bar.
const BAR_MAX: f64 = 26.0;
/// Thinnest bar that still has its value in writing.
const WRITTEN_MIN: f64 = 9.0;
/// Lines of title, caption and edges.
const AROUND: f64 = 2.0 * EDGE + 54.0;

/// The height that all bars need to be read.
pub(super) fn height(plot: &Plot) -> f64 {
    let row = match plot.series.len() {
        0 | 1 => ROW,
        several => ROW_OF_SEVERAL * several as f64 + GAP,
    };
    AROUND + row * plot.places.len() as f64
}

/// Draws a plot that has values.
pub(super) fn draw(mut frame: Frame, plot: &Plot) -> String {
    if plot.series.len() > 1 {
        let names: Vec<&str> = plot.series.iter().map(|series| series.name.as_str()).collect();
        frame.legend(&names, Sign::Square);
    } else {
        frame.caption(&plot.y_name);
    }
    let Some(scale) = Scale::over(plot.values(), Zero::Shown, 5.0) else {
        return frame.nothing();
    };
    let slot = frame.area.height() / plot.places.len().max(1) as f64;
    let bar = (slot * FILLED / plot.series.len() as f64).min(BAR_MAX);
    let names_room = names(&mut frame, plot, slot);
    frame.area.left += names_room + GAP;
    let is_written = bar >= WRITTEN_MIN;
    // The longest bar ends where its value still has room. Bars are compared with each other, so
    // the scale ends at the longest of them and not at the next step.
    let widest =
        plot.values().map(|value| words::width(&figures::short(value), SMALL)).fold(0.0, f64::max);
    let room = if is_written { (widest + GAP).min(frame.area.width() / 3.0) } else { 0.0 };
    let (low, high) = plot
        .values()
        .fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let scale = if low < high { Scale { low, high, ..scale } } else { scale };
    let (start, end) =
        (frame.area.left + if low < 0.0 { room } else { 0.0 }, frame.area.right - room);
    let base = scale.place(0.0, start, end);
    for (number, series) in plot.series.iter().enumerate() {
        for (place, value) in series.values.iter().enumerate() {
            let Some(value) = *value else { continue };
            let tip = scale.place(value, start, end);
            let all = bar * plot.series.len() as f64;
            let top =
                frame.area.top + slot * (place as f64 + 0.5) - all / 2.0 + bar * number as f64;
            let ink = frame.paper.ink;
            let sides = [
                ("x", tip.min(base).into()),
                ("y", top.into()),
                ("width", (tip - base).abs().max(0.5).into()),
                ("height", (bar - if bar > 4.0 { 1.0 } else { 0.0 }).max(0.5).into()),
                ("rx", if bar > 6.0 { 2.0 } else { 0.0 }.into()),
                ("fill", ink.series(number).into()),
                ("fill-opacity", ink.fullness(number).into()),
            ];
            frame.paper.mark("rect", &sides, Some(&plot.says(number, place)));
            if is_written {
                let (x, anchor) =
                    if value < 0.0 { (tip - 6.0, Anchor::End) } else { (tip + 6.0, Anchor::Start) };
                let size = SMALL.min(bar + 1.0);
                let at = (x, top + bar / 2.0 + size * 0.35);
                let text = figures::short(value);
                frame.paper.text(Label { anchor, size, fill: ink.text, ..plain(at, &text, room) });
            }
        }
    }
    if low < 0.0 {
        let stroke = frame.paper.ink.base;
        frame.paper.line((base, frame.area.top), (base, frame.area.bottom), stroke);
    }
    frame.paper.close()
}

/// The names at the left, and how much room they take.
fn names(frame: &mut Frame, plot: &Plot, slot: f64) -> f64 {
    let (area, fill) = (frame.area, frame.paper.ink.text_2);
    let widest =
        plot.places.iter().map(|place| words::width(&place.name, SMALL)).fold(0.0, f64::max);
    let room = widest.min(area.width() * 0.36);
    // Where rows are lower than letters, only some have their name.
    let every = (1..=plot.places.len()).find(|every| slot * *every as f64 >= SMALL + 2.0);
    for (number, place) in plot.places.iter().enumerate().step_by(every.unwrap_or(1)) {
        let y = area.top + slot * (number as f64 + 0.5) + SMALL * 0.35;
        frame.paper.text(Label { fill, ..plain((area.left, y), &place.name, room + 0.5) });
    }
    room
}
