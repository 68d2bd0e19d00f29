//! Each kind with data of a shop, held by a snapshot.

use super::*;

/// Cut the head off a snapshot's file to look at the picture.
fn hold(name: &str, picture: &Picture<'_>) {
    let svg = picture.svg().unwrap();
    roxmltree::Document::parse(&svg).unwrap();
    insta::with_settings!({prepend_module_to_snapshot => false, snapshot_path => "snapshots"}, {
        insta::assert_snapshot!(name, svg);
    });
}

fn genres() -> ResultTable {
    let rows = [
        ("Rock", "826.65", 835),
        ("Latin", "382.14", 386),
        ("Metal", "261.36", 264),
        ("Alternative & Punk", "241.56", 244),
        ("TV Shows", "93.53", 47),
        ("Jazz", "79.20", 80),
    ];
    let row = |(name, total, sold): (&str, &str, i64)| {
        vec![text(name), Cell::Decimal(total.to_owned()), Cell::Int(sold)]
    };
    table(&["genre", "total_revenue", "tracks_sold"], rows.into_iter().map(row).collect())
}

fn weeks() -> ResultTable {
    let counter = [6480, 6310, 6655, 6240, 6390, 6120, 6502, 5988, 6044, 5873, 5760];
    let web = [4490, 4605, 4381, 4897, 5110, 5044, 5377, 5590, 5812, 6214, 6530];
    let first = chrono::NaiveDate::from_ymd_opt(2026, 2, 23).unwrap();
    let row = |week: usize| {
        let day = first + chrono::Days::new(7 * week as u64);
        vec![text(&day.to_string()), Cell::Int(counter[week]), Cell::Int(web[week])]
    };
    table(&["week", "counter", "web"], (0..11).map(row).collect())
}

#[test]
fn bars() {
    let (chart, table) = (chart(ChartKind::Bar, "genre", &["total_revenue"]), genres());
    hold("bar", &picture(&chart, &table));
}

#[test]
fn bars_below_zero_beside_others() {
    let chart = chart(ChartKind::Bar, "month", &["won", "lost"]);
    let row =
        |(month, won, lost): (&str, i64, i64)| vec![text(month), Cell::Int(won), Cell::Int(lost)];
    let rows = [("2026-01", 12_400, -3100), ("2026-02", 9800, -7450), ("2026-03", 15_050, -1200)];
    let table = table(&["month", "won", "lost"], rows.into_iter().map(row).collect());
    hold("bar_several", &picture(&chart, &table));
}

#[test]
fn lying_bars() {
    let chart = chart(ChartKind::HorizontalBar, "genre", &["total_revenue"]);
    let table = genres();
    hold("horizontal_bar", &picture(&chart, &table));
}

#[test]
fn lines_with_a_gap() {
    let chart = chart(ChartKind::Line, "week", &["counter", "web"]);
    let mut table = weeks();
    table.rows[4][2] = Cell::Null;
    hold("line", &picture(&chart, &table));
}

#[test]
fn lines_of_many_series() {
    let mut chart = chart(ChartKind::Line, "year", &["total"]);
    chart.series_column = Some("country".to_owned());
    let mut rows = Vec::new();
    for (number, country) in [
        "Brazil",
        "Canada",
        "Chile",
        "France",
        "Germany",
        "India",
        "Norway",
        "Spain",
        "United Kingdom",
    ]
    .iter()
    .enumerate()
    {
        for year in 2021..=2026_i64 {
            let total =
                40.0 + ((number * 37) % 60) as f64 + ((year * (number as i64 + 3)) % 17) as f64;
            rows.push(vec![Cell::Int(year), text(country), Cell::Float(total)]);
        }
    }
    let table = table(&["year", "country", "total"], rows);
    hold("line_many", &picture(&chart, &table));
}

#[test]
fn an_area() {
    let (chart, mut table) = (chart(ChartKind::Area, "week", &["web"]), weeks());
    // The order of a query is not the order of time.
    table.rows.reverse();
    hold("area", &picture(&chart, &table));
}

#[test]
fn a_pie() {
    let (chart, table) = (chart(ChartKind::Pie, "genre", &["total_revenue"]), genres());
    hold("pie", &picture(&chart, &table));
}

#[test]
fn a_scatter() {
    let mut chart = chart(ChartKind::Scatter, "milliseconds", &["bytes"]);
    chart.series_column = Some("kind".to_owned());
    let row = |place: i64| {
        let length = 120_000 + (place * 7919) % 300_000;
        let size = length * 33 + (place * 104_729) % 2_000_000;
        vec![Cell::Int(length), Cell::Int(size), text(if place % 3 == 0 { "AAC" } else { "MPEG" })]
    };
    let table = table(&["milliseconds", "bytes", "kind"], (0..60).map(row).collect());
    hold("scatter", &picture(&chart, &table));
}

#[test]
fn the_other_theme_has_other_colours_and_the_same_shapes() {
    let (chart, table) = (chart(ChartKind::Bar, "genre", &["total_revenue"]), genres());
    let light = picture(&chart, &table).svg().unwrap();
    let dark = Picture { theme: Theme::Dark, ..picture(&chart, &table) }.svg().unwrap();
    assert!(light.contains("#007782") && !dark.contains("#007782"));
    assert_eq!(count(&light, "rect"), count(&dark, "rect"));
    assert_eq!(light.len(), dark.len());
}

#[test]
fn one_number() {
    let chart = chart(ChartKind::Kpi, "total_revenue", &["total_revenue"]);
    let table = table(&["total_revenue"], vec![vec![Cell::Decimal("2328.60".to_owned())]]);
    hold("kpi", &picture(&chart, &table));
}
