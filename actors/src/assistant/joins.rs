//! Ways from table to table along foreign keys.
//!
//! **Invariant:** going up, from a child to its parent, never multiplies rows; going down may. So
//! what is added up is only ever joined upwards, and what lies below is asked with `IN (SELECT …)`.

use std::collections::VecDeque;

use super::schema_map::{Edge, SchemaMap};
use super::trouble::Trouble;

/// A distance that stands for "no way".
pub(super) const NO_WAY: u32 = 50;

/// The keys from a table up to another, nearest first; none where there is no way up. Two equally
/// short ways are trouble: they mean different things.
pub(super) fn up(
    map: &SchemaMap<'_>,
    from: usize,
    to: usize,
) -> Result<Option<Vec<Edge>>, Trouble> {
    let mut ways: Vec<Option<Vec<Edge>>> = vec![None; map.tables().len()];
    let mut doubled = vec![false; map.tables().len()];
    ways[from] = Some(Vec::new());
    let mut queue = VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        let way = ways[at].clone().unwrap_or_default();
        for edge in map.edges.iter().filter(|edge| edge.child.table == at && !edge.is_own()) {
            let next = edge.parent.table;
            match &ways[next] {
                None => {
                    let mut longer = way.clone();
                    longer.push(*edge);
                    ways[next] = Some(longer);
                    doubled[next] = doubled[at];
                    queue.push_back(next);
                }
                Some(known) if known.len() == way.len() + 1 => doubled[next] = true,
                Some(_) => {}
            }
        }
    }
    if doubled[to] {
        let names = map.edges.iter().filter(|edge| edge.parent.table == to);
        let names = names.map(|edge| {
            format!("{}.{}", map.table(edge.child.table).name, map.column(edge.child).name)
        });
        return Err(Trouble::Ambiguous(map.table(to).name.clone(), names.collect()));
    }
    Ok(ways.swap_remove(to))
}

/// Whether a table can be reached from another by going up.
pub(super) fn is_above(map: &SchemaMap<'_>, from: usize, to: usize) -> bool {
    heights(map, from)[to] < NO_WAY
}

/// How many keys up every table is from one.
pub(super) fn heights(map: &SchemaMap<'_>, from: usize) -> Vec<u32> {
    spread(map, &[from], |edge, at| (edge.child.table == at).then_some(edge.parent.table))
}

/// How many keys every table is away from the nearest of some, up or down.
pub(super) fn distances(map: &SchemaMap<'_>, from: &[usize]) -> Vec<u32> {
    spread(map, from, |edge, at| {
        if edge.child.table == at {
            Some(edge.parent.table)
        } else {
            (edge.parent.table == at).then_some(edge.child.table)
        }
    })
}

fn spread(
    map: &SchemaMap<'_>,
    from: &[usize],
    next: impl Fn(&Edge, usize) -> Option<usize>,
) -> Vec<u32> {
    let mut steps = vec![NO_WAY; map.tables().len()];
    let mut queue: VecDeque<usize> = from.iter().copied().collect();
    from.iter().for_each(|&at| steps[at] = 0);
    while let Some(at) = queue.pop_front() {
        for edge in map.edges.iter().filter(|edge| !edge.is_own()) {
            if let Some(other) = next(edge, at).filter(|other| steps[*other] == NO_WAY) {
                steps[other] = steps[at] + 1;
                queue.push_back(other);
            }
        }
    }
    steps
}

/// The nearest table from which all of some are above it; none where there is none, trouble where
/// two are equally near.
pub(super) fn meeting(map: &SchemaMap<'_>, tables: &[usize]) -> Result<Option<usize>, Trouble> {
    let mut best: Option<(u32, usize)> = None;
    let mut rival = None;
    for at in 0..map.tables().len() {
        let heights = heights(map, at);
        if tables.iter().any(|table| heights[*table] >= NO_WAY) {
            continue;
        }
        let total = tables.iter().map(|table| heights[*table]).sum();
        match best {
            Some((least, _)) if total > least => {}
            Some((least, first)) if total == least => rival = Some((first, at)),
            _ => {
                best = Some((total, at));
                rival = None;
            }
        }
    }
    if let Some((one, other)) = rival {
        let names = [one, other].map(|at| map.table(at).name.clone());
        return Err(Trouble::Ambiguous(String::from("the connection"), names.to_vec()));
    }
    Ok(best.map(|(_, at)| at))
}
