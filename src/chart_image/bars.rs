//! Upright bars, side by side where there are several series.

use super::data::Plot;
use super::figures;
use super::frame::{Frame, GAP, NAMES_HEIGHT, Sign, plain};
use super::paper::{Anchor, Label, SMALL};
use super::scale::{Scale, Zero};
use super::words;

/// Widest bar: wider ones are slabs.
const BAR_MAX: f64 = 56.0;
/// Part of a place that its bars take.
const FILLED: f64 = 0.68;
/// Pixels between two steps of the axis.
const STEP: f64 = 52.0;
/// Names narrower than this say nothing: then some are left out instead.
const NAME_MIN: f64 = 44.0;
/// Size of the value above a bar.
const VALUE: f64 = 11.0;

/// Draws a plot that has values.
pub(super) fn draw(mut frame: Frame, plot: &Plot) -> String {
    if plot.series.len() > 1 {
        let names: Vec<&str> = plot.series.iter().map(|series| series.name.as_str()).collect();
        frame.legend(&names, Sign::Square);
    } else {
        frame.caption(&plot.y_name);
    }
    frame.area.bottom -= NAMES_HEIGHT;
    // Room for the value above the highest bar.
    frame.area.top += GAP;
    let wanted = frame.area.height() / STEP;
    let Some(scale) = Scale::over(plot.values(), Zero::Shown, wanted) else {
        return frame.nothing();
    };
    frame.upright(&scale);
    let slot = frame.area.width() / plot.places.len().max(1) as f64;
    let bar = (slot * FILLED / plot.series.len() as f64).min(BAR_MAX);
    let middle = |place: usize| frame.area.left + slot * (place as f64 + 0.5);
    let names: Vec<(f64, &str)> =
        plot.places.iter().enumerate().map(|(n, place)| (middle(n), place.name.as_str())).collect();
    frame.names_below(&names, if slot >= NAME_MIN { slot - GAP / 2.0 } else { 2.0 * NAME_MIN });
    let has_values = plot.values().all(|value| {
        words::width(&figures::short(value), VALUE)
            <= if plot.series.len() > 1 { bar } else { slot }
    });
    let base = scale.place(0.0, frame.area.bottom, frame.area.top);
    for (number, series) in plot.series.iter().enumerate() {
        for (place, value) in series.values.iter().enumerate() {
            let Some(value) = *value else { continue };
            let end = scale.place(value, frame.area.bottom, frame.area.top);
            let all = bar * plot.series.len() as f64;
            let left =
                frame.area.left + slot * (place as f64 + 0.5) - all / 2.0 + bar * number as f64;
            let ink = frame.paper.ink;
            let sides = [
                ("x", left.into()),
                ("y", end.min(base).into()),
                // A hair's breadth between neighbours.
                ("width", (bar - if bar > 4.0 { 1.0 } else { 0.0 }).max(0.5).into()),
                ("height", (base - end).abs().max(0.5).into()),
                ("rx", if bar > 6.0 { 2.0 } else { 0.0 }.into()),
                ("fill", ink.series(number).into()),
                ("fill-opacity", ink.fullness(number).into()),
            ];
            frame.paper.mark("rect", &sides, Some(&plot.says(number, place)));
            if has_values {
                let y = if value < 0.0 { end + SMALL } else { end - 4.0 };
                frame.paper.text(Label {
                    anchor: Anchor::Middle,
                    size: VALUE,
                    fill: ink.text_2,
                    ..plain((left + bar / 2.0, y), &figures::short(value), slot)
                });
            }
        }
    }
    frame.paper.close()
}
