//! What is promised, as figures of a part's rows: the right side of `docs/performance.md`.

use super::figure;
use crate::options::Part;
use crate::report::{Cell, Row};

const CPU: &str = "cpu_us_per_delivery";
const P99: &str = "p99_ms";

/// One promise: a figure of one repeat that must not be above `most`.
pub(super) struct Promise {
    what: &'static str,
    most: f64,
    of: fn(&[Row]) -> Option<f64>,
}

impl Promise {
    /// The median over the repeats beside what is promised.
    pub(super) fn judge(&self, runs: &[Vec<Row>], is_void: bool) -> Row {
        let mut seen: Vec<f64> = runs.iter().filter_map(|rows| (self.of)(rows)).collect();
        seen.sort_by(f64::total_cmp);
        let middle = seen.get(seen.len() / 2).copied();
        let mut row = Row::new(self.what);
        row.put("goal_at_most", self.most);
        row.put("seen", middle);
        row.put("lowest", seen.first().copied());
        row.put("highest", seen.last().copied());
        row.put("repeats", seen.len());
        let met = match middle {
            _ if is_void => "void",
            Some(middle) if middle <= self.most => "yes",
            Some(_) => "NO",
            None => "not measured",
        };
        row.put("met", met);
        row
    }
}

/// What, at most, and the figure.
type Line = (&'static str, f64, fn(&[Row]) -> Option<f64>);

/// What a part is judged by.
pub(super) fn promises(part: Part) -> Vec<Promise> {
    let lines: Vec<Line> = match part {
        Part::P1 => vec![
            ("P1 KiB per idle connection, own account each", 12.0, |rows| {
                figure(rows, "starling", "kib_per_connection")
            }),
            ("P11 idle CPU, us per second and connection", 2.5, |rows| {
                figure(rows, "starling", "cpu_us_per_s_and_connection")
            }),
        ],
        Part::P2 => alone(),
        Part::P3 => queued(),
        Part::P4 => vec![
            ("P4 p99 at half the capacity / nats", 0.5, |rows| {
                ratio(rows, "starling", "nats", P99)
            }),
            ("P4 p99 at half the capacity / own p50", 2.5, |rows| {
                Some(figure(rows, "starling", P99)? / figure(rows, "starling", "p50_ms")?)
            }),
        ],
        Part::P5 => vec![
            ("P5 jitter: percent not delivered", 0.0, |rows| {
                Some(100.0 - figure(rows, "starling", "delivered_percent")?)
            }),
            ("P5 jitter: replay p99, ms", 3_000.0, |rows| {
                figure(rows, "starling", "replay_p99_ms")
            }),
        ],
        Part::P6 => vec![
            ("P6 avalanche: back / cold connect", 2.0, |rows| {
                figure(rows, "starling", "back_over_cold")
            }),
            ("P6 avalanche: listen overflows", 0.0, |rows| {
                let cold = figure(rows, "starling", "listen_overflows_cold")?;
                Some(cold + figure(rows, "starling", "listen_overflows_back")?)
            }),
        ],
        Part::P7 => vec![
            ("P7 1 % stalled: the others' p99 / without", 1.2, |rows| {
                figure(rows, STALLED, "p99_ratio")
            }),
            ("P7 1 % stalled: memory growth, MiB per stalled reader", 1.0, |rows| {
                Some(
                    figure(rows, STALLED, "memory_growth_mib")? / figure(rows, STALLED, "stalled")?,
                )
            }),
        ],
        Part::P8 => {
            vec![("P8 durable send p99, ms", 10.0, |rows| figure(rows, "starling", "ack_p99_ms"))]
        }
        Part::P9 => vec![
            ("P9 CPU per delivery, subscribers: furthest from the mean, %", 15.0, |rows| {
                off_mean(rows, "subscribers", CPU)
            }),
            ("P9 the same without the message's own cost, %", 15.0, |rows| {
                off_mean(rows, "subscribers", "net_us_per_delivery")
            }),
            ("P9 CPU per delivery, channels: furthest from the mean, %", 15.0, |rows| {
                off_mean(rows, "channels", CPU)
            }),
        ],
        Part::P12 => stall(),
        Part::A1 => question(),
        Part::A2 => crowd(),
    };
    lines.into_iter().map(|(what, most, of)| Promise { what, most, of }).collect()
}

/// P2: one message at a time.
fn alone() -> Vec<Line> {
    vec![
        ("P2 CPU per delivery / floor, 1,000", 1.2, |rows| to(rows, "1000", CPU, "floor")),
        ("P2 CPU per delivery / nats, 1,000", 0.6, |rows| to(rows, "1000", CPU, "nats")),
        ("P2 CPU per delivery / floor, 10,000", 1.2, |rows| to(rows, "10000", CPU, "floor")),
        ("P2 CPU per delivery / nats, 10,000", 0.6, |rows| to(rows, "10000", CPU, "nats")),
    ]
}

/// P3: messages queue.
fn queued() -> Vec<Line> {
    vec![
        ("P3 CPU per delivery, window 16 / nats", 0.35, |rows| to(rows, "1000", CPU, "nats")),
        ("P3 CPU per delivery, window 16 / axum", 0.7, |rows| to(rows, "1000", CPU, "axum")),
        ("P3 CPU per delivery, window 16 / axum with joined writes", 0.7, |rows| {
            to(rows, "1000", CPU, "axum-joined")
        }),
    ]
}

/// P12: the storage stands still.
fn stall() -> Vec<Line> {
    vec![
        ("P12 storage stalled: typing p99 / before", 1.1, |rows| {
            figure(rows, "during", "typing_p99_ratio")
        }),
        ("P12 storage stalled: presence p99 / before", 1.1, |rows| {
            figure(rows, "during", "presence_p99_ratio")
        }),
        ("P12 storage stalled: read of the hot tail p99 / before", 1.1, |rows| {
            figure(rows, "during", "tail_p99_ratio")
        }),
        ("P12 storage stalled: memory growth, MiB", 32.0, |rows| {
            figure(rows, "during", "memory_growth_mib")
        }),
    ]
}

/// A1: one question at a time.
fn question() -> Vec<Line> {
    vec![
        ("A1 a question without model and database, p50 ms", 15.0, |rows| {
            figure(rows, "model", "overhead_p50_ms")
        }),
        ("A1 the same, the built-in assistant's work in it", 15.0, |rows| {
            figure(rows, "built-in assistant", "overhead_p50_ms")
        }),
    ]
}

/// A2: two hundred questions at once beside chat.
fn crowd() -> Vec<Line> {
    vec![
        ("A2 200 questions at once: delivery p99 / before", 1.2, |rows| {
            figure(rows, BESIDE, "p99_ratio")
        }),
        ("A2 most questions that waited", 400.0, |rows| figure(rows, BESIDE, "waiting_most")),
        ("A2 questions without exactly one answer", 0.0, |rows| {
            figure(rows, BESIDE, "not_answered_once")
        }),
    ]
}

/// The row of the half of A2 in which questions are asked.
const BESIDE: &str = "chat beside questions";

/// The row of the half of P7 in which readers stall.
const STALLED: &str = "starling: some stalled";

fn ratio(rows: &[Row], one: &str, other: &str, name: &str) -> Option<f64> {
    Some(figure(rows, one, name)? / figure(rows, other, name)?)
}

/// Starling's figure at a number of subscribers over that of another target.
fn to(rows: &[Row], subscribers: &str, name: &str, other: &str) -> Option<f64> {
    ratio(rows, &format!("starling {subscribers}"), &format!("{other} {subscribers}"), name)
}

/// How far, in percent, a figure of a series' steps is from their mean at most.
fn off_mean(rows: &[Row], series: &str, name: &str) -> Option<f64> {
    let in_series = |row: &&Row| match row.get("run") {
        Some(Cell::Text(label)) => label.ends_with(series),
        _ => false,
    };
    let steps: Vec<f64> =
        rows.iter().filter(in_series).filter_map(|row| row.get(name)?.real()).collect();
    let mean = steps.iter().sum::<f64>() / steps.len() as f64;
    steps.into_iter().map(|step| 100.0 * (step / mean - 1.0).abs()).max_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(label: &str, name: &'static str, value: f64) -> Row {
        let mut row = Row::new(label);
        row.put(name, value);
        row
    }

    fn met(part: Part, runs: &[Vec<Row>], is_void: bool) -> Vec<Cell> {
        let told = promises(part).into_iter().map(|promise| promise.judge(runs, is_void));
        told.map(|row| row.get("met").cloned().unwrap()).collect()
    }

    #[test]
    fn a_ratio_is_of_one_repeat_and_the_median_counts() {
        let run = |own, nats| vec![row("starling 1000", CPU, own), row("nats 1000", CPU, nats)];
        let runs = [run(1.0, 10.0), run(3.0, 10.0), run(90.0, 100.0)];
        let told = promises(Part::P3)[0].judge(&runs, false);
        assert_eq!(told.get("seen"), Some(&Cell::Real(0.3)));
        assert_eq!(told.get("met"), Some(&"yes".into()));
    }

    #[test]
    fn what_is_above_void_or_absent_is_not_met() {
        let slow = [vec![row("starling", "ack_p99_ms", 10.5)]];
        assert_eq!(met(Part::P8, &slow, false), ["NO".into()]);
        let fast = [vec![row("starling", "ack_p99_ms", 2.0)]];
        assert_eq!(met(Part::P8, &fast, false), ["yes".into()]);
        assert_eq!(met(Part::P8, &fast, true), ["void".into()]);
        assert_eq!(met(Part::P8, &[], false), ["not measured".into()]);
    }

    #[test]
    fn flat_means_that_no_step_is_far_from_the_mean() {
        let rows = [
            row("100 subscribers", CPU, 9.0),
            row("1000 subscribers", CPU, 10.0),
            row("10000 subscribers", CPU, 11.0),
            row("10 channels", CPU, 50.0),
        ];
        assert!((off_mean(&rows, "subscribers", CPU).unwrap() - 10.0).abs() < 1e-9);
        assert_eq!(off_mean(&rows, "channels", CPU), Some(0.0));
        assert_eq!(off_mean(&[], "channels", CPU), None);
    }
}
