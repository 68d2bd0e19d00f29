//! Parts of a whole: a ring, and beside it each part's name, value and share.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use super::data::Plot;
use super::figures;
use super::frame::{Frame, GAP, Sign, plain};
use super::paper::{Anchor, Label, SMALL, number, step};

/// Parts that can be told apart; the smallest of more become one, "Other".
const PARTS_MAX: usize = 8;
/// Part of the radius that is left open.
const OPEN: f64 = 0.58;
/// The line of one part beside the ring.
const LINE: f64 = 22.0;
/// The same where there are many parts.
const LINE_MIN: f64 = 15.0;
/// Room of a value and of a share.
const VALUE_ROOM: f64 = 64.0;
const SHARE_ROOM: f64 = 48.0;
/// Space between the ring and the names.
const BESIDE: f64 = 28.0;

struct Part {
    name: String,
    value: f64,
    share: f64,
}

/// Draws a plot that has values.
pub(super) fn draw(mut frame: Frame, plot: &Plot) -> String {
    let parts = parts(plot);
    if parts.is_empty() {
        return frame.nothing();
    }
    frame.caption(&plot.y_name);
    let area = frame.area;
    let is_wide = area.width() > area.height() * 1.4;
    let side = area.height().min(area.width() * if is_wide { 0.45 } else { 0.6 });
    let radius = side / 2.0;
    let middle = (area.left + radius, area.top + area.height() / 2.0);
    ring(&mut frame, &parts, middle, radius);
    beside(&mut frame, &parts, area.left + side + BESIDE);
    frame.paper.close()
}

/// What is above zero, as parts of their sum; the rest is no part of a whole.
fn parts(plot: &Plot) -> Vec<Part> {
    let Some(series) = plot.series.first() else { return Vec::new() };
    let values = plot.places.iter().zip(&series.values);
    let mut found: Vec<(String, f64)> = values
        .filter_map(|(place, value)| {
            Some((place.name.clone(), value.filter(|value| *value > 0.0)?))
        })
        .collect();
    if found.len() > PARTS_MAX {
        found.sort_by(|one, other| other.1.total_cmp(&one.1));
        let rest = found.split_off(PARTS_MAX - 1);
        let name = format!("Other ({})", rest.len());
        found.push((name, rest.iter().map(|(_, value)| value).sum()));
    }
    // Divided by the largest first: a sum of very large values is not finite.
    let largest = found.iter().fold(0.0_f64, |largest, (_, value)| largest.max(*value));
    let sum: f64 = found.iter().map(|(_, value)| value / largest).sum();
    let part = |(name, value)| Part { name, value, share: value / largest / sum };
    found.into_iter().map(part).filter(|part| part.share.is_finite()).collect()
}

fn ring(frame: &mut Frame, parts: &[Part], (x, y): (f64, f64), radius: f64) {
    let ink = frame.paper.ink;
    let at = |angle: f64, radius: f64| (x + angle.cos() * radius, y + angle.sin() * radius);
    let inner = radius * OPEN;
    let mut angle = -FRAC_PI_2;
    for (place, part) in parts.iter().enumerate() {
        let says = format!("{}: {} ({})", part.name, super::data::exact(part.value), share(part));
        let turn = part.share * TAU;
        let mut path = String::new();
        // An arc that ends where it begins is none: a whole ring is drawn as two halves.
        let halves = if turn > TAU - 0.001 { 2 } else { 1 };
        for half in 0..halves {
            let from = angle + turn / f64::from(halves) * f64::from(half);
            let to = from + turn / f64::from(halves);
            let is_long = if to - from > PI { 1 } else { 0 };
            step(&mut path, 'M', at(from, radius));
            arc(&mut path, radius, (is_long, 1), at(to, radius));
            step(&mut path, 'L', at(to, inner));
            arc(&mut path, inner, (is_long, 0), at(from, inner));
            path.push('Z');
        }
        let look = [
            ("d", path.as_str().into()),
            ("fill", ink.series(place).into()),
            ("stroke", ink.canvas.into()),
            ("stroke-width", if halves == 2 { 0.0 } else { 1.5 }.into()),
        ];
        frame.paper.mark("path", &look, Some(&says));
        angle += turn;
    }
}

fn arc(path: &mut String, radius: f64, (is_long, is_clockwise): (u8, u8), to: (f64, f64)) {
    let radius = number(radius);
    path.push_str(&format!("A{radius} {radius} 0 {is_long} {is_clockwise} "));
    path.push_str(&format!("{} {}", number(to.0), number(to.1)));
}

/// Sign, name, value and share of each part, as many as have room.
fn beside(frame: &mut Frame, parts: &[Part], left: f64) {
    let (area, ink) = (frame.area, frame.paper.ink);
    let one = (area.height() / parts.len() as f64).clamp(LINE_MIN, LINE);
    let height = one * parts.len() as f64;
    let top = area.top + ((area.height() - height) / 2.0).max(0.0);
    let room = area.right - left;
    let has_values = room > 2.2 * (VALUE_ROOM + SHARE_ROOM);
    let numbers = if has_values { VALUE_ROOM + SHARE_ROOM } else { SHARE_ROOM };
    // Numbers stay near their names, however wide the picture is.
    let right = area.right.min(left + 300.0);
    for (place, part) in parts.iter().enumerate() {
        let y = top + one * place as f64;
        if y + one > area.bottom + 1.0 {
            break;
        }
        frame.sign((left, y + 3.0), place, Sign::Square);
        let line = y + SMALL + 1.0;
        let name_room = right - left - 18.0 - numbers - GAP;
        frame
            .paper
            .text(Label { fill: ink.text_2, ..plain((left + 18.0, line), &part.name, name_room) });
        if has_values {
            frame.paper.text(Label {
                fill: ink.text,
                anchor: Anchor::End,
                ..plain((right - SHARE_ROOM, line), &figures::short(part.value), VALUE_ROOM)
            });
        }
        frame.paper.text(Label {
            fill: ink.text_3,
            anchor: Anchor::End,
            ..plain((right, line), &share(part), SHARE_ROOM)
        });
    }
}

fn share(part: &Part) -> String {
    let percent = part.share * 100.0;
    if percent < 0.1 { "< 0.1%".to_owned() } else { format!("{percent:.1}%") }
}
