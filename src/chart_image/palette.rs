//! The colours of the page (`web/src/styles/tokens.css`), as numbers that every viewer of SVG knows.

/// Which background a picture is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on white.
    #[default]
    Light,
    /// Light on near-black.
    Dark,
}

/// One theme's colours.
#[derive(Debug)]
pub(super) struct Palette {
    /// Behind everything.
    pub(super) canvas: &'static str,
    /// Lines of the axes' steps.
    pub(super) grid: &'static str,
    /// The line at zero.
    pub(super) base: &'static str,
    /// Titles and values.
    pub(super) text: &'static str,
    /// Names.
    pub(super) text_2: &'static str,
    /// Steps of an axis, remarks.
    pub(super) text_3: &'static str,
    series: [&'static str; 8],
}

static LIGHT: Palette = Palette {
    canvas: "#ffffff",
    grid: "#e6e8e9",
    base: "#8a9094",
    text: "#1a2226",
    text_2: "#4b5459",
    text_3: "#5e676c",
    series: [
        "#007782", "#cd8217", "#1c489f", "#b43c4d", "#60a06e", "#956ed1", "#682500", "#8c9399",
    ],
};

static DARK: Palette = Palette {
    canvas: "#121618",
    grid: "#292f32",
    base: "#6d767b",
    text: "#e4e9eb",
    text_2: "#b2b9bc",
    text_3: "#959da1",
    series: [
        "#51ccc7", "#ebae45", "#4171cb", "#e26272", "#b5e8a9", "#b995e6", "#a85336", "#767c88",
    ],
};

impl Palette {
    /// The colours of a theme.
    pub(super) fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }

    /// A series' colour. The order is fixed; after the eighth it begins again.
    pub(super) fn series(&self, place: usize) -> &'static str {
        self.series[place % self.series.len()]
    }

    /// How full a series' marks are: those whose colour was used before are paler.
    pub(super) fn fullness(&self, place: usize) -> &'static str {
        if place < self.series.len() { "1" } else { "0.5" }
    }
}

/// The dashes of a series' line: from the fifth on, colour alone does not tell lines apart.
pub(super) const fn dashes(place: usize) -> &'static str {
    match place {
        0..4 => "none",
        4..8 => "6 3",
        _ => "2 3",
    }
}
