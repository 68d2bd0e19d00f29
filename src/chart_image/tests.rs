//! Every kind as it is written, and what holds for any table.

mod any;
mod kinds;
mod parts;

use starling_actors::domain::{Cell, Chart, ChartKind, ColumnType, ResultColumn, ResultTable};

use super::{Picture, Theme};

fn table(names: &[&str], rows: Vec<Vec<Cell>>) -> ResultTable {
    let column = |name: &&str| ResultColumn { name: (*name).to_owned(), kind: ColumnType::Other };
    ResultTable { columns: names.iter().map(column).collect(), rows, is_truncated: false }
}

fn chart(kind: ChartKind, x: &str, measures: &[&str]) -> Chart {
    let y_columns: Vec<String> = measures.iter().map(|name| (*name).to_owned()).collect();
    Chart {
        kind,
        x_column: x.to_owned(),
        y_column: y_columns.first().cloned(),
        y_columns: if y_columns.len() > 1 { y_columns } else { Vec::new() },
        series_column: None,
        title: "What came in".to_owned(),
    }
}

fn picture<'a>(chart: &'a Chart, table: &'a ResultTable) -> Picture<'a> {
    let rows = table.rows.len() as u64;
    Picture { chart, table, rows, theme: Theme::Light, width: None, height: None }
}

fn draw(chart: &Chart, table: &ResultTable) -> String {
    picture(chart, table).svg().unwrap()
}

fn text(words: &str) -> Cell {
    Cell::Text(words.to_owned())
}

/// Texts of a picture's own, without those that a pointer brings up.
fn shown(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    let own = |node: roxmltree::Node<'_, '_>| {
        node.children().filter(roxmltree::Node::is_text).filter_map(|text| text.text()).collect()
    };
    texts.map(own).collect()
}

/// How many marks of a name there are.
fn count(svg: &str, name: &str) -> usize {
    let document = roxmltree::Document::parse(svg).unwrap();
    document.descendants().filter(|node| node.has_tag_name(name)).count()
}
