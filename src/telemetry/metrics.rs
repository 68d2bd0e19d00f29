//! Metrics in Prometheus' text format, under the names of docs/protocol.md.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{Histogram, Unit};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use starling_actors::domain::JobState;
use starling_actors::query::QueryMeter;
use starling_actors::relay::Meter;

/// Bounds of histogram buckets in seconds, from a local delivery to a slow warehouse.
const SECONDS: [f64; 16] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
    15.0, 30.0,
];

static INSTALLED: OnceLock<PrometheusHandle> = OnceLock::new();

/// Handles of the metrics that hot paths touch: looking one up costs ten times a kept handle.
#[derive(Clone, Debug)]
pub struct Meters {
    handle: PrometheusHandle,
    /// From stored to handed to the last socket.
    pub delivery_seconds: Histogram,
}

impl Meters {
    /// Everything as text for `/metrics`.
    pub fn render(&self) -> String {
        self.handle.run_upkeep();
        self.handle.render()
    }
}

impl Meter for Meters {
    /// Lanes count their own deliveries, replays with them; here only the lateness is new.
    fn delivered(&self, _count: u64, late_ms: u64) {
        #[allow(clippy::cast_precision_loss, reason = "milliseconds of lateness are below 2^52")]
        self.delivery_seconds.record(late_ms as f64 / 1_000.0);
    }
}

impl QueryMeter for Meters {
    fn ended(&self, state: JobState) {
        metrics::counter!("starling_query_jobs_total", "state" => state.as_str()).increment(1);
    }

    fn stage(&self, state: JobState, time: Duration) {
        metrics::histogram!("starling_query_stage_seconds", "stage" => state.as_str())
            .record(time.as_secs_f64());
    }

    fn cannot_answer(&self) {
        metrics::counter!("starling_cannot_answer_total").increment(1);
    }
}

/// Installs the recorder of the process, once; later calls get the same one.
pub fn install() -> Meters {
    let handle = INSTALLED.get_or_init(|| {
        let recorder = builder().build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another recorder of metrics was installed before");
        }
        describe();
        begin_at_zero();
        handle
    });
    Meters {
        handle: handle.clone(),
        delivery_seconds: metrics::histogram!("starling_delivery_seconds"),
    }
}

fn builder() -> PrometheusBuilder {
    let matcher = Matcher::Suffix("_seconds".to_owned());
    match PrometheusBuilder::new().set_buckets_for_metric(matcher, &SECONDS) {
        Ok(builder) => builder,
        Err(error) => {
            tracing::error!(%error, "histograms fall back to summaries");
            PrometheusBuilder::new()
        }
    }
}

/// Counters of what is rare: one that is not there yet cannot be watched.
fn begin_at_zero() {
    metrics::counter!("starling_cannot_answer_total").increment(0);
    for way in ["email", "push"] {
        for outcome in ["told", "put_off", "failed"] {
            metrics::counter!("starling_notifications_total", "way" => way, "outcome" => outcome)
                .increment(0);
        }
    }
    for direction in ["input", "output"] {
        metrics::counter!("starling_llm_tokens_total", "direction" => direction).increment(0);
    }
}

fn describe() {
    let counters = [
        ("starling_websocket_connections_total", "WebSocket connections ever accepted"),
        ("starling_messages_sent_total", "Messages stored"),
        ("starling_deliveries_total", "Frames handed to sockets"),
        ("starling_ws_closes_total", "Sockets closed, by close code"),
        ("starling_actor_restarts_total", "Actors that failed and were rebuilt, by kind"),
        ("starling_llm_tokens_total", "Tokens that models read and wrote, by direction"),
        ("starling_http_requests_total", "API requests, by route and status"),
        ("starling_query_jobs_total", "Questions that came to an end, by state"),
        ("starling_cannot_answer_total", "Questions that the data could not answer"),
        ("starling_notifications_total", "What came of telling people who are away, by way"),
        ("starling_bus_published_total", "Events sent to other nodes"),
        ("starling_bus_received_total", "Events that came from other nodes"),
        (
            "starling_bus_dropped_total",
            "Events for other nodes that did not get through, by reason",
        ),
        ("starling_handover_total", "Channels that this node gave up for another one"),
        ("starling_forwarded_orders_total", "Orders given to other nodes, by what came of them"),
        ("starling_peers_refused_total", "Callers refused at the port of nodes, by reason"),
        ("starling_bus_refused_total", "Events of other nodes in words this version does not know"),
    ];
    for (name, text) in counters {
        metrics::describe_counter!(name, text);
    }
    let gauges = [
        ("starling_channels_owned", "Channels that are open on this node"),
        ("starling_websocket_connections_active", "WebSocket connections open now"),
        ("starling_messages_per_second", "Messages stored during the last second"),
        ("starling_actors", "Actors alive, by kind"),
        ("starling_bus_connected", "Whether events come from and go to other nodes (Redis)"),
        ("starling_cluster_members", "Nodes that this one knows to be alive, itself with them"),
        ("starling_notifications_due", "Letters and pushes due at the last look, by way"),
        (
            "starling_queue_depth",
            "What waits in a bounded queue, by queue: its name tells the unit",
        ),
    ];
    for (name, text) in gauges {
        metrics::describe_gauge!(name, text);
    }
    let histograms = [
        ("starling_delivery_seconds", "From stored to handed to the sockets"),
        ("starling_append_seconds", "One append to the message log"),
        ("starling_store_request_seconds", "One request to the cluster's database, by operation"),
        ("starling_http_request_seconds", "One API request, by route"),
        ("starling_query_stage_seconds", "How long questions stayed in a state, by stage"),
    ];
    for (name, text) in histograms {
        metrics::describe_histogram!(name, Unit::Seconds, text);
    }
}
