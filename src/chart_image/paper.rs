//! The SVG as it is written: the only place that makes a tag, an attribute or a text.

use std::fmt::Write as _;

use super::palette::Palette;
use super::words::{clean, escape_into, fitted};

/// The faces of the page, by names that a viewer may have.
const FACES: &str = "Inter, system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif";

/// Size of names and steps, in pixels.
pub(super) const SMALL: f64 = 12.0;

/// How much wider bold letters are.
pub(super) const BOLD: f64 = 1.18;

/// An attribute's value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    /// A coordinate or a length; what is not finite becomes 0.
    Number(f64),
    /// Anything else.
    Word(&'a str),
}

impl From<f64> for Value<'_> {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Word(value)
    }
}

/// Where a text stands at its `x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// A text and its look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label<'a> {
    pub(super) x: f64,
    /// The line that letters stand on.
    pub(super) y: f64,
    pub(super) words: &'a str,
    /// How wide it may be; what is longer is cut, and whole in its title.
    pub(super) room: f64,
    pub(super) size: f64,
    pub(super) is_bold: bool,
    pub(super) fill: &'a str,
    pub(super) anchor: Anchor,
}

/// A picture that is being written.
#[derive(Debug)]
pub(super) struct Paper {
    out: String,
    pub(super) ink: &'static Palette,
    pub(super) width: f64,
}

impl Paper {
    /// An empty picture that says what it shows.
    pub(super) fn new(
        (width, height): (f64, f64),
        ink: &'static Palette,
        title: &str,
        sentence: &str,
    ) -> Self {
        let mut paper = Self { out: String::with_capacity(8 * 1024), ink, width };
        let view = format!("0 0 {} {}", number(width), number(height));
        paper.tag(
            "svg",
            &[
                ("xmlns", "http://www.w3.org/2000/svg".into()),
                ("width", width.into()),
                ("height", height.into()),
                ("viewBox", view.as_str().into()),
                ("role", "img".into()),
                ("font-family", FACES.into()),
            ],
        );
        paper.out.push('>');
        paper.wrapped("title", title);
        paper.wrapped("desc", sentence);
        let all = [("width", width.into()), ("height", height.into()), ("fill", ink.canvas.into())];
        paper.mark("rect", &all, None);
        paper
    }

    /// A shape, with what a pointer on it says.
    pub(super) fn mark(
        &mut self,
        name: &'static str,
        attributes: &[(&'static str, Value<'_>)],
        title: Option<&str>,
    ) {
        self.tag(name, attributes);
        match title {
            None => self.out.push_str("/>\n"),
            Some(title) => {
                self.out.push('>');
                self.wrapped("title", title);
                _ = writeln!(self.out, "</{name}>");
            }
        }
    }

    /// A straight line.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: &str) {
        let ends = [
            ("x1", from.0.into()),
            ("y1", from.1.into()),
            ("x2", to.0.into()),
            ("y2", to.1.into()),
            ("stroke", stroke.into()),
        ];
        self.mark("line", &ends, None);
    }

    /// A text; nothing when it has no room for one letter.
    pub(super) fn text(&mut self, label: Label<'_>) {
        let whole = clean(label.words);
        let letters = if label.is_bold { label.size * BOLD } else { label.size };
        let Some(shown) = fitted(&whole, letters, label.room) else { return };
        let anchor = match label.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.tag(
            "text",
            &[
                ("x", label.x.into()),
                ("y", label.y.into()),
                ("font-size", label.size.into()),
                ("font-weight", if label.is_bold { "600" } else { "400" }.into()),
                ("fill", label.fill.into()),
                ("text-anchor", anchor.into()),
            ],
        );
        self.out.push('>');
        if shown != whole {
            self.wrapped("title", &whole);
        }
        escape_into(&mut self.out, &shown);
        self.out.push_str("</text>\n");
    }

    /// The whole picture.
    pub(super) fn close(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }

    fn wrapped(&mut self, name: &'static str, text: &str) {
        _ = write!(self.out, "<{name}>");
        escape_into(&mut self.out, &clean(text));
        _ = write!(self.out, "</{name}>");
    }

    fn tag(&mut self, name: &'static str, attributes: &[(&'static str, Value<'_>)]) {
        _ = write!(self.out, "<{name}");
        for (name, value) in attributes {
            _ = write!(self.out, " {name}=\"");
            match value {
                Value::Number(value) => self.out.push_str(&number(*value)),
                Value::Word(word) => escape_into(&mut self.out, word),
            }
            self.out.push('"');
        }
    }
}

/// A coordinate, to a tenth of a pixel.
pub(super) fn number(value: f64) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// One step of a path: its letter and a point.
pub(super) fn step(path: &mut String, letter: char, (x, y): (f64, f64)) {
    _ = write!(path, "{letter}{} {}", number(x), number(y));
}
