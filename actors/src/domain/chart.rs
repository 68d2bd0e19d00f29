//! Charts as a closed description. Nothing in one can be executed.

/// How values are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChartKind {
    /// Upright bars.
    Bar,
    /// Lying bars, for long names.
    HorizontalBar,
    /// A line over an ordered axis.
    Line,
    /// A line with its area.
    Area,
    /// Parts of a whole.
    Pie,
    /// Points over two measures.
    Scatter,
    /// One number, large.
    Kpi,
    /// No picture: the table is the best one.
    Table,
}

/// Which columns are drawn, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// How.
    pub kind: ChartKind,
    /// The column along the axis; the number itself for [`ChartKind::Kpi`].
    pub x_column: String,
    /// The first measure.
    pub y_column: Option<String>,
    /// All measures, where there are several.
    pub y_columns: Vec<String>,
    /// The column that splits the measure into series.
    pub series_column: Option<String>,
    /// What is written above it.
    pub title: String,
}
