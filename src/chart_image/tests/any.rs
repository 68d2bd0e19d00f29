//! Any table and any chart: the picture is XML that holds shapes, and of the data only harmless text.

use proptest::prelude::*;

use super::*;

/// What a hostile table would hold.
const ATTACKS: [&str; 10] = [
    "<script>alert(1)</script>",
    "]]><svg onload=\"x()\">",
    "\" onload=\"x()",
    "' href='javascript:x()",
    "&lt;b&gt; &#60;script&#62; &unknown;",
    "<!-- <!DOCTYPE x [<!ENTITY a \"b\">]> <?xml?>",
    "\u{202e}gpj.exe\u{2066}\u{0}\u{1b}[31m\u{85}",
    "\u{fffe}\u{ffff}\u{d}\u{b}\u{9f}\u{10ffff}",
    "url(https://example.com/x)",
    "e\u{301}\u{301}\u{301}👩‍👩‍👧‍👦 العربية 漢字",
];

/// All that a picture may be made of.
const TAGS: [&str; 8] = ["svg", "title", "desc", "rect", "line", "text", "path", "circle"];

fn cells() -> impl Strategy<Value = Cell> {
    prop_oneof![
        1 => Just(Cell::Null),
        1 => any::<bool>().prop_map(Cell::Bool),
        3 => any::<i64>().prop_map(Cell::Int),
        4 => (-50..5000_i64).prop_map(Cell::Int),
        3 => any::<f64>().prop_map(Cell::Float),
        2 => "-?[0-9]{1,30}(\\.[0-9]{1,10})?".prop_map(Cell::Decimal),
        1 => Just(Cell::Decimal("NaN".to_owned())),
        2 => "[12][0-9]{3}-[01][0-9]-[0-3][0-9]( [0-2][0-9]:[0-5][0-9])?".prop_map(Cell::Text),
        2 => ".{0,40}".prop_map(Cell::Text),
        2 => proptest::sample::select(&ATTACKS[..]).prop_map(text),
    ]
}

fn kinds() -> impl Strategy<Value = ChartKind> {
    use ChartKind::{Area, Bar, HorizontalBar, Kpi, Line, Pie, Scatter};
    proptest::sample::select(vec![Bar, HorizontalBar, Line, Area, Pie, Scatter, Kpi])
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(&ATTACKS[..]).prop_map(str::to_owned),
        ".{0,20}",
        "[a-z_]{1,12}",
    ]
}

prop_compose! {
    fn tables()(columns in proptest::collection::vec(names(), 1..5))
        (rows in proptest::collection::vec(
            proptest::collection::vec(cells(), columns.len()), 0..40), columns in Just(columns))
        -> ResultTable {
        table(&columns.iter().map(String::as_str).collect::<Vec<_>>(), rows)
    }
}

fn check(svg: &str) {
    let document = roxmltree::Document::parse(svg).unwrap();
    for node in document.descendants() {
        if node.is_element() {
            assert!(TAGS.contains(&node.tag_name().name()), "{node:?}");
            assert_eq!(node.tag_name().namespace(), Some("http://www.w3.org/2000/svg"));
        }
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            assert!(!name.starts_with("on") && !name.contains("href") && name != "style", "{name}");
            assert!(!value.contains("NaN") && !value.contains("inf"), "{name}={value}");
            assert!(!value.contains("url("), "{name}={value}");
        }
        if node.is_text() && !node.text().unwrap().trim().is_empty() {
            let parent = node.parent().unwrap().tag_name().name();
            assert!(["title", "desc", "text"].contains(&parent), "{parent}");
        }
    }
    let is_hidden = |letter: &char| {
        (letter.is_control() && *letter != '\n')
            || matches!(*letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert_eq!(svg.chars().find(is_hidden), None);
    for attack in ["<script", "<!", "<?", "]]>", "onload=\"", "href='"] {
        assert!(!svg.contains(attack), "{attack}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn any_table_gives_well_formed_xml_without_its_own_tags(
        table in tables(),
        kind in kinds(),
        (x, y, also, series) in (0..5_usize, 0..5_usize, any::<Option<u8>>(), any::<Option<u8>>()),
        title in names(),
        (width, height) in (any::<Option<u16>>(), any::<Option<u16>>()),
        dark in any::<bool>(),
    ) {
        let name = |place: usize| table.columns[place % table.columns.len()].name.clone();
        let chart = Chart {
            kind,
            x_column: name(x),
            y_column: Some(name(y)),
            y_columns: also.map(|also| vec![name(y), name(usize::from(also))]).unwrap_or_default(),
            series_column: series.map(|series| name(usize::from(series))),
            title,
        };
        let picture = Picture {
            chart: &chart,
            table: &table,
            rows: 7,
            theme: if dark { Theme::Dark } else { Theme::Light },
            width: width.map(u32::from),
            height: height.map(u32::from),
        };
        check(&picture.svg().unwrap());
    }
}

#[test]
fn the_largest_table_gives_a_picture_of_bounded_size() {
    let names: Vec<String> = (0..20).map(|n| format!("column_{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let row = |n: i64| {
        let mut row = vec![text(&"<".repeat(10_000))];
        row.extend((1..20).map(|m| Cell::Int(n * m)));
        row
    };
    let table = table(&names, (0..3000).map(row).collect());
    for kind in [ChartKind::Bar, ChartKind::HorizontalBar, ChartKind::Line, ChartKind::Area] {
        let svg = draw(&chart(kind, "column_0", &names[1..]), &table);
        check(&svg);
        // 2,000 marks whose titles hold 200 characters, each written as four.
        assert!(svg.len() < 3 << 20, "{kind:?}: {}", svg.len());
    }
}
