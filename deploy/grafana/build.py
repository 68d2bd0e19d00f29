#!/usr/bin/env python3
"""Writes dashboards/*.json from the lists below: `python3 deploy/grafana/build.py`.

The JSON is what Grafana reads and what is committed; this is what people change. `deploy/check.sh` fails
when the two differ, and when a query names a metric that the server does not have.
"""

import json
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "dashboards"
COLUMNS = 24
# What a query is narrowed to, by the choices at the top of each dashboard.
ONE = 'job="$job", instance=~"$instance"'


def quantiles(metric, by="", where=""):
    """The 50th and 99th percentile of a histogram, maybe for each value of a label."""
    name = f"{{{{{by}}}}} " if by else ""
    labels = f"le, {by}" if by else "le"
    rate = f"sum by ({labels}) (rate({metric}_bucket{{{ONE}{where}}}[$__rate_interval]))"
    return [(f"histogram_quantile({q}, {rate})", f"{name}p{q[2:]}") for q in ("0.50", "0.99")]


def rate(metric, by="", where=""):
    """How often something happens, maybe for each value of a label."""
    labels = f" by ({by})" if by else ""
    name = f"{{{{{by}}}}}" if by else "all"
    return [(f"sum{labels} (rate({metric}{{{ONE}{where}}}[$__rate_interval]))", name)]


def total(metric, by="", where=""):
    labels = f" by ({by})" if by else ""
    return [(f"sum{labels} ({metric}{{{ONE}{where}}})", f"{{{{{by}}}}}" if by else "all")]


# A dashboard: (file, title, what it is for, rows). A row: (title, panels).
# A panel: (title, what it tells, queries, unit[, kind[, options]]).
DASHBOARDS = [
    ("starling-overview", "Starling / Overview", "Is it well? One look.", [
        ("Now", [
            ("Nodes", "Nodes that answer.", [('sum(up{job="$job"})', "up")], "short", "stat"),
            ("Sockets", "WebSockets open now.", total("starling_websocket_connections_active"), "short", "stat"),
            ("Messages/s", "Stored each second.", rate("starling_messages_sent_total"), "short", "stat"),
            ("Storing p99", "Until a message is durable: what a sender waits for.",
             [("starling:append_seconds:p99_5m{job=\"$job\"}", "p99")], "s", "stat", {"warn": 0.05, "bad": 0.25}),
            ("Delivery p99", "From stored to handed to the last socket.",
             [("starling:delivery_seconds:p99_5m{job=\"$job\"}", "p99")], "s", "stat", {"warn": 0.25, "bad": 1}),
            ("Restarts, 1 h", "Actors that failed and were rebuilt: 0 is right.",
             [(f"sum(increase(starling_actor_restarts_total{{{ONE}}}[1h]))", "restarts")], "short", "stat",
             {"warn": 1, "bad": 10}),
        ]),
        ("Load", [
            ("Sockets by node", "Should be alike on all nodes.",
             total("starling_websocket_connections_active", "instance"), "short"),
            ("Messages and deliveries", "A message is delivered once to each reader.",
             [(q, n) for (q, _), n in zip(rate("starling_messages_sent_total") + rate("starling_deliveries_total"),
                                          ("messages", "deliveries"))], "ops"),
            ("API requests by status", "5xx is ours, 4xx is theirs.",
             rate("starling_http_requests_total", "status"), "reqps"),
            ("Alerts", "What fires now.",
             [('count by (alertname) (ALERTS{alertname=~"Starling.*", alertstate="firing"})', "{{alertname}}")], "short"),
        ]),
    ]),
    ("starling-chat", "Starling / Chat and sockets", "Who is connected, what flows, and who is cut off.", [
        ("Sockets", [
            ("Open, by node", "", total("starling_websocket_connections_active", "instance"), "short"),
            ("Opened", "Much more than people explain: something cuts sockets.",
             rate("starling_websocket_connections_total", "instance"), "cps"),
            ("Closed, by code",
             "1000 bye, 1001 gone without a word, 1012 told to come back, 4001 signed out, 4008 too slow, 4029 too many.",
             rate("starling_ws_closes_total", "code"), "cps"),
            ("Waiting in lanes", "Bytes on their way to readers that are slower than what they read.",
             total("starling_queue_depth", "instance", ', queue="lane_bytes"'), "bytes"),
        ]),
        ("Messages", [
            ("Stored", "", rate("starling_messages_sent_total", "instance"), "ops"),
            ("Delivered", "Frames handed to sockets.", rate("starling_deliveries_total", "instance"), "ops"),
            ("From stored to sockets", "", quantiles("starling_delivery_seconds"), "s"),
            ("Readers of a message", "Deliveries for each message.",
             [(f"sum(rate(starling_deliveries_total{{{ONE}}}[$__rate_interval])) / "
               f"sum(rate(starling_messages_sent_total{{{ONE}}}[$__rate_interval]))", "readers")], "short"),
        ]),
        ("API", [
            ("Slowest routes (p99)", "",
             [(f"topk(8, histogram_quantile(0.99, sum by (le, route) (rate(starling_http_request_seconds_bucket"
               f"{{{ONE}}}[$__rate_interval]))))", "{{route}}")], "s"),
            ("Failed requests", "By route and status, 5xx only.",
             [(f"sum by (route, status) (rate(starling_http_requests_total{{{ONE}, status=~\"5..\"}}"
               "[$__rate_interval]))", "{{route}} {{status}}")], "reqps"),
        ]),
    ]),
    ("starling-storage", "Starling / Log and actors", "What a send waits for, and what waits inside.", [
        ("The log", [
            ("One append", "One conditional write of up to 64 messages, durable.",
             quantiles("starling_append_seconds"), "s"),
            ("One append, by node (p99)", "",
             [(f"histogram_quantile(0.99, sum by (le, instance) (rate(starling_append_seconds_bucket{{{ONE}}}"
               "[$__rate_interval])))", "{{instance}}")], "s"),
            ("Messages in an append", "Load makes batches, not queues.",
             [(f"sum(rate(starling_messages_sent_total{{{ONE}}}[$__rate_interval])) / "
               f"sum(rate(starling_append_seconds_count{{{ONE}}}[$__rate_interval]))", "messages")], "short"),
            ("Appends as a heat map", "",
             [(f"sum by (le) (increase(starling_append_seconds_bucket{{{ONE}}}[$__rate_interval]))", "{{le}}")],
             "s", "heatmap"),
        ]),
        ("What waits", [
            ("Orders of channels", "At 512 in one channel a send is refused with `retry`.",
             total("starling_queue_depth", "instance", ', queue="channel_orders"'), "short"),
            ("Writes to SQLite", "At 1,024 a send is refused with `retry`. Only on one machine.",
             total("starling_queue_depth", "instance", ', queue="sqlite_writes"'), "short"),
            ("Events of relays and sessions", "A relay that is behind reads the log.",
             total("starling_queue_depth", "queue", ', queue=~"relay_events|session_events"'), "short"),
            ("Passwords being checked", "Sign-ins wait for a core each.",
             total("starling_queue_depth", "instance", ', queue="password_hashes"'), "short"),
        ]),
        ("Actors", [
            ("Alive", "", total("starling_actors", "actor"), "short"),
            ("Failed and rebuilt", "0 is right.",
             [(f"sum by (actor) (increase(starling_actor_restarts_total{{{ONE}}}[$__rate_interval]))", "{{actor}}")],
             "short"),
        ]),
    ]),
    ("starling-questions", "Starling / Questions", "The pool that answers questions about data.", [
        ("Questions", [
            ("Ended, by state", "", rate("starling_query_jobs_total", "state"), "ops"),
            ("Failed, of all in 30 min", "", [('starling:questions_failed:ratio30m{job="$job"}', "failed")],
             "percentunit"),
            ("Could not be answered", "The data does not hold it, or the assistant did not understand.",
             rate("starling_cannot_answer_total"), "ops"),
            ("Tokens of models", "Read and written, failed tries included: what is paid for.",
             rate("starling_llm_tokens_total", "direction"), "short"),
        ]),
        ("Where the time goes", [
            ("Waiting for a worker", "", quantiles("starling_query_stage_seconds", "", ', stage="queued"'), "s"),
            ("In the model", "Writing SQL, then words about the result.",
             quantiles("starling_query_stage_seconds", "stage", ', stage=~"writing_sql|explaining|retrying"'), "s"),
            ("In the database", "", quantiles("starling_query_stage_seconds", "", ', stage="running"'), "s"),
            ("All stages (p99)", "",
             [(f"histogram_quantile(0.99, sum by (le, stage) (rate(starling_query_stage_seconds_bucket{{{ONE}}}"
               "[$__rate_interval])))", "{{stage}}")], "s"),
        ]),
    ]),
    ("starling-cluster", "Starling / Cluster", "Whether nodes agree, what goes between them, and their stores.", [
        ("Members", [
            ("Members that each node sees", "Should be one line.",
             [(f"starling_cluster_members{{{ONE}}}", "{{instance}}")], "short"),
            ("Channels owned", "By hash: alike on all nodes.",
             [(f"starling_channels_owned{{{ONE}}}", "{{instance}}")], "short"),
            ("Channels handed over", "A burst when a node comes or goes, else nothing.",
             rate("starling_handover_total", "instance"), "ops"),
            ("Redis connected", "1, or what other nodes write arrives late.",
             [(f"min by (instance) (starling_bus_connected{{{ONE}}})", "{{instance}}")], "short"),
        ]),
        ("Between nodes", [
            ("Sends forwarded, by outcome", "With n nodes, (n-1)/n of all sends.",
             rate("starling_forwarded_orders_total", "outcome"), "ops"),
            ("Published", "One for each message that another node wants.",
             rate("starling_bus_published_total", "instance"), "ops"),
            ("Dropped", "Read from the log by the other nodes, later.",
             rate("starling_bus_dropped_total", "instance"), "ops"),
        ]),
        ("ScyllaDB as Starling sees it", [
            ("Requests by operation (p50, p99)", "",
             quantiles("starling_store_request_seconds", "operation"), "s"),
            ("Requests", "", rate("starling_store_request_seconds_count", "operation"), "ops"),
        ]),
        ("ScyllaDB and the proxy by themselves", [
            ("Load of ScyllaDB's shards", "At 100 % everything waits.",
             [("max by (instance) (scylla_reactor_utilization)", "{{instance}}")], "percent"),
            ("Sessions by node, as the proxy sees them", "",
             [('sum by (server) (haproxy_server_current_sessions{proxy="nodes"})', "{{server}}")], "short"),
            ("Nodes that the proxy uses", "",
             [('sum by (server) (haproxy_server_status{proxy="nodes", state="UP"})', "{{server}}")], "short"),
        ]),
    ]),
]

SOURCE = {"type": "prometheus", "uid": "${source}"}


def targets(queries, kind):
    return [
        {"refId": chr(ord("A") + number), "datasource": SOURCE, "expr": query, "legendFormat": name,
         "format": "heatmap" if kind == "heatmap" else "time_series"}
        for number, (query, name) in enumerate(queries)
    ]


def panel(number, place, title, text, queries, unit, kind="timeseries", bounds=None):
    made = {
        "id": number, "type": kind, "title": title, "description": text, "gridPos": place,
        "datasource": SOURCE, "targets": targets(queries, kind),
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
    }
    steps = [{"color": "green", "value": None}]
    if bounds:
        steps += [{"color": "orange", "value": bounds["warn"]}, {"color": "red", "value": bounds["bad"]}]
    if kind == "stat":
        made["fieldConfig"]["defaults"]["thresholds"] = {"mode": "absolute", "steps": steps}
        made["options"] = {"graphMode": "area", "colorMode": "value", "reduceOptions": {"calcs": ["lastNotNull"]}}
    elif kind == "heatmap":
        made["options"] = {"calculate": False, "yAxis": {"unit": unit}, "color": {"scheme": "Spectral"}}
    else:
        made["fieldConfig"]["defaults"]["custom"] = {"lineWidth": 1, "fillOpacity": 8, "showPoints": "never"}
        made["options"] = {"legend": {"displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull", "max"]},
                           "tooltip": {"mode": "multi", "sort": "desc"}}
    return made


def laid_out(rows):
    """Panels with their places: each row's share the width, four to a line at most."""
    panels, top, number = [], 0, 0
    for title, row in rows:
        number += 1
        panels.append({"id": number, "type": "row", "title": title, "collapsed": False, "panels": [],
                       "gridPos": {"x": 0, "y": top, "w": COLUMNS, "h": 1}})
        top += 1
        is_small = all(len(one) > 4 and one[4] == "stat" for one in row)
        a_line, height = (len(row), 4) if is_small else (min(len(row), 2), 8)
        for place, one in enumerate(row):
            number += 1
            width = COLUMNS // a_line
            at = {"x": place % a_line * width, "y": top + place // a_line * height, "w": width, "h": height}
            panels.append(panel(number, at, *one))
        top += -(-len(row) // a_line) * height
    return panels


def variable(name, label, query, multi):
    return {"name": name, "label": label, "type": "query", "datasource": SOURCE, "refresh": 2, "sort": 1,
            "query": {"query": query, "refId": name}, "definition": query, "multi": multi, "includeAll": multi,
            "current": {"text": "All", "value": "$__all"} if multi else {"text": "starling", "value": "starling"}}


def dashboard(name, title, text, rows):
    seen = "starling_websocket_connections_active"
    return {
        "uid": name, "title": title, "description": text, "tags": ["starling"], "schemaVersion": 39, "version": 1,
        "editable": True, "graphTooltip": 1, "refresh": "10s", "time": {"from": "now-1h", "to": "now"},
        "timezone": "browser", "annotations": {"list": []},
        "links": [{"type": "dashboards", "title": "Starling", "tags": ["starling"], "asDropdown": True,
                   "includeVars": True, "keepTime": True}],
        "templating": {"list": [
            {"name": "source", "label": "Source", "type": "datasource", "query": "prometheus",
             "current": {"text": "Prometheus", "value": "prometheus"}},
            variable("job", "Installation", f"label_values({seen}, job)", False),
            variable("instance", "Node", f'label_values({seen}{{job="$job"}}, instance)', True),
        ]},
        "panels": laid_out(rows),
    }


def main():
    stale = []
    for name, title, text, rows in DASHBOARDS:
        path = FOLDER / f"{name}.json"
        made = json.dumps(dashboard(name, title, text, rows), indent=1, ensure_ascii=False) + "\n"
        if not path.exists() or path.read_text() != made:
            stale.append(path.name)
        if "--check" not in sys.argv:
            path.write_text(made)
    if "--check" in sys.argv and stale:
        sys.exit(f"not what build.py makes: {', '.join(stale)}; run python3 deploy/grafana/build.py")


main()
