//! What is drawn of odd data, and the parts: steps, numbers, moments, texts.

use super::super::moments::{Moment, names};
use super::super::scale::{Scale, Zero};
use super::super::{figures, words};
use super::*;

fn moments(texts: &[&str]) -> Vec<String> {
    names(&texts.iter().map(|text| Moment::read(text).unwrap()).collect::<Vec<_>>())
}

fn scale(values: &[f64], zero: Zero) -> Vec<String> {
    let scale = Scale::over(values.iter().copied(), zero, 5.0).unwrap();
    scale.texts().into_iter().map(|(_, text)| text).collect()
}

#[test]
fn numbers_are_as_short_as_people_write_them() {
    let cases = [
        (0.0, "0"),
        (-0.0, "0"),
        (7.0, "7"),
        (-1840.0, "−1,840"),
        (12.5, "12.5"),
        (0.125, "0.125"),
        (12_345.0, "12.3k"),
        (999_999.0, "1M"),
        (3_400_000.0, "3.4M"),
        (2.5e9, "2.5B"),
        (7e12, "7T"),
        (1e18, "1e18"),
        (-2.5e-7, "−2.5e−7"),
        (0.005, "0.005"),
    ];
    for (value, text) in cases {
        assert_eq!(figures::short(value), text);
    }
    assert_eq!(figures::digits_grouped("-1234567.80"), "−1,234,567.80");
    assert_eq!(figures::digits_grouped("NaN"), "NaN");
}

#[test]
fn steps_are_one_two_or_five() {
    assert_eq!(scale(&[0.0, 9.0], Zero::Shown), ["0", "2", "4", "6", "8", "10"]);
    assert_eq!(
        scale(&[4381.0, 6655.0], Zero::Near),
        ["4k", "4.5k", "5k", "5.5k", "6k", "6.5k", "7k"]
    );
    assert_eq!(
        scale(&[5760.0, 6655.0], Zero::Near),
        ["5.6k", "5.8k", "6k", "6.2k", "6.4k", "6.6k", "6.8k"]
    );
    assert_eq!(scale(&[-3.0, 4.0], Zero::Shown), ["−4", "−2", "0", "2", "4"]);
    // Counts have no halves.
    assert_eq!(scale(&[1.0, 2.0], Zero::Shown), ["0", "1", "2"]);
    assert_eq!(scale(&[0.25, 0.75], Zero::Shown), ["0", "0.2", "0.4", "0.6", "0.8"]);
    assert_eq!(scale(&[0.0, 1200.0], Zero::Shown), ["0", "500", "1k", "1.5k"]);
    assert_eq!(
        scale(&[1_000_000.0, 1_000_003.0], Zero::Near),
        ["1,000,000", "1,000,001", "1,000,002", "1,000,003"]
    );
}

#[test]
fn values_that_are_all_the_same_have_an_axis() {
    assert_eq!(scale(&[5.0, 5.0], Zero::Near), ["0", "1", "2", "3", "4", "5"]);
    assert_eq!(scale(&[0.0], Zero::Shown), ["0", "1"]);
    assert_eq!(scale(&[-5.0], Zero::Near).first().unwrap(), "−5");
}

#[test]
fn the_largest_and_the_smallest_numbers_have_an_axis() {
    for values in [
        [-1e300, 1e300],
        [0.0, 1e-290],
        [1e300, 1e300],
        [1e15, 1e15 + 1.0],
        [1.0, 1.0 + f64::EPSILON],
    ] {
        for zero in [Zero::Near, Zero::Shown] {
            let texts = scale(&values, zero);
            assert!((2..=13).contains(&texts.len()), "{values:?}: {texts:?}");
        }
    }
}

#[test]
fn moments_are_named_as_exactly_as_needed() {
    assert_eq!(moments(&["2025", "2026"]), ["2025", "2026"]);
    assert_eq!(moments(&["2026-Q1", "2026-Q2"]), ["Q1 2026", "Q2 2026"]);
    assert_eq!(moments(&["2026-01", "2026-02"]), ["Jan 2026", "Feb 2026"]);
    assert_eq!(moments(&["2026-01-01", "2026-02-01T00:00:00Z"]), ["Jan 2026", "Feb 2026"]);
    assert_eq!(moments(&["2025-01-01 00:00:00", "2026-01-01 00:00:00"]), ["2025", "2026"]);
    assert_eq!(moments(&["2026-02-23", "2026-03-02"]), ["23 Feb", "2 Mar"]);
    assert_eq!(moments(&["2026-05-04"]), ["4 May 2026"]);
    assert_eq!(moments(&["2025-12-31", "2026-01-01"]), ["31 Dec 2025", "1 Jan 2026"]);
    assert_eq!(moments(&["2026-05-04T09:30:00+00:00", "2026-05-04 14:02"]), ["09:30", "14:02"]);
    for text in
        ["", "20", "12-12-2026", "2026-13", "2026-02-30", "2026-Q5", "2026-05-04Tnoon", "９９９９"]
    {
        assert_eq!(Moment::read(text), None, "{text}");
    }
}

#[test]
fn texts_lose_what_misleads() {
    assert_eq!(words::clean(" a\u{202e}b\u{0}\n\t c\u{feff}\u{7f}\u{2066} "), "ab c");
    assert_eq!(words::clean(&"x".repeat(5000)).chars().count(), 200);
    assert_eq!(words::fitted("a long name of a thing", 12.0, 60.0).unwrap(), "a long n…");
    assert_eq!(words::fitted("W", 12.0, 2.0), None);
}

#[test]
fn a_text_that_is_cut_is_whole_in_its_title() {
    let name = "The Complete Works of Somebody, Volume One, Remastered and Extended";
    let table =
        table(&["name", "n"], vec![vec![text(name), Cell::Int(1)], vec![text("b"), Cell::Int(2)]]);
    let svg = draw(&chart(ChartKind::HorizontalBar, "name", &["n"]), &table);
    assert!(!shown(&svg).iter().any(|text| text == name));
    assert!(shown(&svg).iter().any(|text| text.starts_with("The Complete") && text.ends_with('…')));
    assert!(svg.contains(&format!("<title>{name}</title>The Complete")));
}

#[test]
fn what_is_no_number_is_a_gap() {
    let rows =
        [Cell::Float(f64::NAN), Cell::Null, Cell::Float(f64::INFINITY), Cell::Int(3), text("4")];
    let rows = rows.into_iter().map(|cell| vec![text("a"), cell]).collect();
    let svg = draw(&chart(ChartKind::Bar, "a", &["n"]), &table(&["a", "n"], rows));
    // The paper and one bar.
    assert_eq!(count(&svg, "rect"), 2);
}

#[test]
fn a_chart_of_no_numbers_says_so() {
    for kind in [
        ChartKind::Bar,
        ChartKind::HorizontalBar,
        ChartKind::Line,
        ChartKind::Area,
        ChartKind::Pie,
        ChartKind::Scatter,
    ] {
        for rows in [vec![], vec![vec![text("a"), Cell::Null]]] {
            let svg = draw(&chart(kind, "a", &["n"]), &table(&["a", "n"], rows));
            assert!(shown(&svg).contains(&"There are no numbers to draw.".to_owned()), "{kind:?}");
        }
    }
}

#[test]
fn a_table_and_columns_that_are_not_there_give_no_picture() {
    let table = table(&["a", "n"], vec![vec![text("x"), Cell::Int(1)]]);
    assert_eq!(picture(&chart(ChartKind::Table, "a", &["n"]), &table).svg(), None);
    for kind in [ChartKind::Bar, ChartKind::Scatter, ChartKind::Kpi] {
        assert_eq!(picture(&chart(kind, "a", &["other"]), &table).svg(), None);
    }
    assert_eq!(picture(&chart(ChartKind::Bar, "other", &["n"]), &table).svg(), None);
    assert_eq!(picture(&chart(ChartKind::Bar, "a", &[]), &table).svg(), None);
}

#[test]
fn rows_that_are_not_drawn_are_counted() {
    let rows: Vec<_> = (0..5000).map(|n| vec![Cell::Int(n), Cell::Int(n)]).collect();
    let svg = draw(&chart(ChartKind::Line, "x", &["n"]), &table(&["x", "n"], rows.clone()));
    assert!(shown(&svg).contains(&"500 of 5,000 rows drawn".to_owned()));
    let svg = draw(&chart(ChartKind::Scatter, "x", &["n"]), &table(&["x", "n"], rows));
    assert!(shown(&svg).contains(&"500 of 5,000 rows drawn".to_owned()));
}

#[test]
fn the_smallest_parts_of_a_pie_are_one() {
    let rows = (1..=12).map(|n| vec![text(&format!("p{n}")), Cell::Int(n)]).collect();
    let svg = draw(&chart(ChartKind::Pie, "a", &["n"]), &table(&["a", "n"], rows));
    assert_eq!(count(&svg, "path"), 8);
    assert!(shown(&svg).contains(&"Other (5)".to_owned()));
}

#[test]
fn a_pie_of_one_part_is_a_whole_ring() {
    let rows =
        vec![vec![text("all"), Cell::Float(1e300)], vec![text("less than none"), Cell::Int(-4)]];
    let svg = draw(&chart(ChartKind::Pie, "a", &["n"]), &table(&["a", "n"], rows));
    assert!(shown(&svg).contains(&"100.0%".to_owned()));
}

#[test]
fn a_name_of_a_series_goes_with_its_values() {
    let mut chart = chart(ChartKind::Bar, "month", &["n"]);
    chart.series_column = Some("who".to_owned());
    let row = |month: &str, who: &str, n: i64| vec![text(month), text(who), Cell::Int(n)];
    let rows = vec![
        row("2026-01", "a", 1),
        row("2026-01", "b", 2),
        row("2026-02", "b", 3),
        row("2026-02", "b", 9),
    ];
    let svg = draw(&chart, &table(&["month", "who", "n"], rows));
    assert!(svg.contains("<title>Feb 2026, b: 3</title>"));
    assert!(shown(&svg).contains(&"3 of 4 rows drawn".to_owned()));
}

#[test]
fn a_number_of_any_size_is_shown() {
    let of = |cell| {
        shown(&draw(&chart(ChartKind::Kpi, "n", &["n"]), &table(&["n"], vec![vec![cell]])))
            .pop()
            .unwrap()
    };
    assert_eq!(of(Cell::Int(1_234_567)), "1,234,567");
    assert_eq!(of(Cell::Int(i64::MIN)), "−9.22e18");
    assert_eq!(of(Cell::Float(0.1 + 0.2)), "0.3");
    assert_eq!(of(Cell::Float(1234.567)), "1,234.57");
    assert_eq!(of(Cell::Null), "(none)");
    assert_eq!(of(Cell::Float(f64::NAN)), "NaN");
}
