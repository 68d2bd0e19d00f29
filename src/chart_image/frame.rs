//! What is around the marks: title, names of the series, steps of the axes, and a remark.

use super::Picture;
use super::palette::{Palette, dashes};
use super::paper::{Anchor, Label, Paper, SMALL};
use super::scale::Scale;
use super::words;

/// Free space at the picture's edges.
pub(super) const EDGE: f64 = 16.0;
/// The line of a title.
const TITLE: f64 = 14.0;
const TITLE_HEIGHT: f64 = 26.0;
/// The line of names, and of a remark.
const LINE_HEIGHT: f64 = 20.0;
/// Below this height every line is for the marks.
const CAPTIONED_MIN: f64 = 90.0;
/// Side of a series' sign before its name.
const SIGN: f64 = 10.0;
/// Widest name of a series above the marks.
const NAME_ROOM: f64 = 140.0;
/// Space between what is above the marks and the first step's line: half of its text, and some air.
const AIR: f64 = 8.0;
/// Space between a text and what it belongs to.
pub(super) const GAP: f64 = 8.0;

/// Where marks go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

/// What stands for a series before its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// A piece of its line.
    Line,
    /// Its colour.
    Square,
}

/// A picture that has its title, and the area that is left.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) paper: Paper,
    pub(super) area: Area,
}

impl Frame {
    /// Paper with a title and a remark.
    pub(super) fn new(
        picture: &Picture<'_>,
        (width, height): (f64, f64),
        sentence: String,
        remark: Option<String>,
    ) -> Self {
        let ink = Palette::of(picture.theme);
        let said = remark.iter().fold(sentence, |said, remark| format!("{said} {remark}."));
        let title = &picture.chart.title;
        let mut paper = Paper::new((width, height), ink, title, &said);
        let mut area = Area { left: EDGE, top: EDGE, right: width - EDGE, bottom: height - EDGE };
        if !words::clean(title).is_empty() {
            paper.text(Label {
                x: area.left,
                y: area.top + TITLE - 2.0,
                words: title,
                room: area.width(),
                size: TITLE,
                is_bold: true,
                fill: ink.text,
                anchor: Anchor::Start,
            });
            area.top += TITLE_HEIGHT;
        }
        if let Some(remark) = remark {
            let place = (area.left, area.bottom);
            paper.text(Label {
                fill: ink.text_3,
                size: 11.0,
                ..plain(place, &remark, area.width())
            });
            area.bottom -= LINE_HEIGHT;
        }
        Self { paper, area }
    }

    /// The picture of no numbers.
    pub(super) fn nothing(mut self) -> String {
        let (area, ink) = (self.area, self.paper.ink);
        let middle = (f64::midpoint(area.left, area.right), f64::midpoint(area.top, area.bottom));
        let words = "There are no numbers to draw.";
        self.paper.text(Label {
            anchor: Anchor::Middle,
            fill: ink.text_3,
            ..plain(middle, words, area.width())
        });
        self.paper.close()
    }

    /// A line above the marks that says what they measure, where there is room for both.
    pub(super) fn caption(&mut self, words: &str) {
        if self.area.height() < CAPTIONED_MIN {
            return;
        }
        let place = (self.area.left, self.area.top + SMALL - 2.0);
        let fill = self.paper.ink.text_3;
        self.paper.text(Label { fill, ..plain(place, words, self.area.width()) });
        self.area.top += LINE_HEIGHT;
    }

    /// The names of the series with their signs, in as many lines as they need.
    pub(super) fn legend(&mut self, names: &[&str], sign: Sign) {
        let ink = self.paper.ink;
        let (mut x, area) = (self.area.left, self.area);
        let mut y = area.top;
        for (place, name) in names.iter().enumerate() {
            let room = NAME_ROOM.min(area.width() - SIGN - GAP);
            let width = words::width(name, SMALL).min(room);
            if x > area.left && x + SIGN + GAP + width > area.right {
                (x, y) = (area.left, y + LINE_HEIGHT);
            }
            self.sign((x, y), place, sign);
            let at = (x + SIGN + 6.0, y + SMALL - 2.0);
            self.paper.text(Label { fill: ink.text_2, ..plain(at, name, room) });
            x += SIGN + 6.0 + width + 2.0 * GAP;
        }
        self.area.top = y + LINE_HEIGHT + 2.0;
    }

    /// A series' sign: its colour, and the dashes of its line.
    pub(super) fn sign(&mut self, (x, y): (f64, f64), place: usize, sign: Sign) {
        let ink = self.paper.ink;
        let colour = ink.series(place);
        match sign {
            Sign::Line => {
                let middle = y + 1.0 + SIGN / 2.0;
                let look = [
                    ("x1", (x - 3.0).into()),
                    ("y1", middle.into()),
                    ("x2", (x + SIGN + 3.0).into()),
                    ("y2", middle.into()),
                    ("stroke", colour.into()),
                    ("stroke-width", 2.0.into()),
                    ("stroke-dasharray", dashes(place).into()),
                ];
                self.paper.mark("line", &look, None);
            }
            Sign::Square => {
                let look = [
                    ("x", x.into()),
                    ("y", (y + 1.0).into()),
                    ("width", SIGN.into()),
                    ("height", SIGN.into()),
                    ("rx", 2.0.into()),
                    ("fill", colour.into()),
                    ("fill-opacity", ink.fullness(place).into()),
                ];
                self.paper.mark("rect", &look, None);
            }
        }
    }

    /// The upright axis: its texts at the left, a line across at each step. The area shrinks to what
    /// is right of the texts.
    pub(super) fn upright(&mut self, scale: &Scale) {
        self.area.top += AIR;
        let ink = self.paper.ink;
        let texts = scale.texts();
        let widest = texts.iter().map(|(_, text)| words::width(text, SMALL)).fold(0.0, f64::max);
        let room = widest.min(self.area.width() / 3.0);
        self.area.left += room + GAP;
        let area = self.area;
        for (tick, text) in &texts {
            let y = scale.place(*tick, area.bottom, area.top);
            let is_base = *tick == 0.0;
            let stroke = if is_base { ink.base } else { ink.grid };
            self.paper.line((area.left, y), (area.right, y), stroke);
            let place = (area.left - GAP, y + 4.0);
            self.paper.text(Label {
                anchor: Anchor::End,
                fill: ink.text_3,
                ..plain(place, text, room + 1.0)
            });
        }
    }

    /// Names below the marks: every one, or each second, third …, so that none touches another.
    /// `places` are the middles, with what stands there, from left to right.
    pub(super) fn names_below(&mut self, places: &[(f64, &str)], room: f64) {
        let (area, fill) = (self.area, self.paper.ink.text_3);
        let width = |text: &str| words::width(text, SMALL).min(room);
        // A name at an edge is moved in, so that it is not cut off.
        let middle = |x: f64, text: &str| {
            let half = width(text) / 2.0;
            x.min(self.paper.width - half - 4.0).max(half + 4.0)
        };
        let fits = |every: usize| {
            let mut end = f64::NEG_INFINITY;
            places.iter().step_by(every).all(|(x, text)| {
                let (x, half) = (middle(*x, text), width(text) / 2.0);
                let is_free = x - half >= end;
                end = x + half + GAP;
                is_free
            })
        };
        let every = (1..places.len()).find(|every| fits(*every)).unwrap_or(places.len().max(1));
        let shown: Vec<(f64, &str)> =
            places.iter().step_by(every).map(|(x, text)| (middle(*x, text), *text)).collect();
        for (x, text) in shown {
            let place = (x, area.bottom + SMALL + 6.0);
            self.paper.text(Label { anchor: Anchor::Middle, fill, ..plain(place, text, room) });
        }
    }
}

/// Space below the marks for names.
pub(super) const NAMES_HEIGHT: f64 = 20.0;

/// A text of the usual size that begins at a place.
pub(super) const fn plain((x, y): (f64, f64), words: &str, room: f64) -> Label<'_> {
    Label { x, y, words, room, size: SMALL, is_bold: false, fill: "none", anchor: Anchor::Start }
}
