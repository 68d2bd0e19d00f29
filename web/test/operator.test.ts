import { expect, test } from "vitest";
import { figuresOf, findingsOf, samplesIn, sparkline, type Readiness } from "../src/state/operator";

const TEXT = `# HELP starling_append_seconds One append
# TYPE starling_append_seconds histogram
starling_append_seconds_bucket{le="0.001"} 50
starling_append_seconds_bucket{le="0.01"} 98
starling_append_seconds_bucket{le="0.5"} 100
starling_append_seconds_bucket{le="+Inf"} 100
starling_websocket_connections_active 12
starling_queue_depth{queue="query_jobs"} 3
starling_queue_depth{queue="lane_bytes"} 40
starling_actor_restarts_total{actor="relay"} 2
starling_ws_closes_total{code="4008"} 5
`;

const READY: Readiness = { status: "ready", checks: { database: { ok: true, detail: "ok" } } };

test("the text of metrics is read with its labels", () => {
  expect(samplesIn('a_total{route="/x",status="200"} 7')).toEqual([{ name: "a_total", labels: { route: "/x", status: "200" }, value: 7 }]);
  expect(samplesIn("# HELP a b\n\nnot a line")).toEqual([]);
});

test("quantiles lie within the bucket that holds their rank", () => {
  const { append } = figuresOf(samplesIn(TEXT));
  expect(append.median).toBeCloseTo(0.001);
  expect(append.p99).toBeCloseTo(0.255);
});

test("a histogram that counted nothing says nothing", () => {
  expect(figuresOf([]).append).toEqual({ median: null, p99: null });
});

test("figures since an earlier moment are about the time between", () => {
  const then = samplesIn(TEXT);
  const now = samplesIn(TEXT.replace('"0.001"} 50', '"0.001"} 60').replace('"0.01"} 98', '"0.01"} 108').replace('"0.5"} 100', '"0.5"} 110').replace('"+Inf"} 100', '"+Inf"} 110'));
  expect(figuresOf(now, then).append.p99).toBeLessThan(0.0011);
  expect(figuresOf(now, then).restarts).toEqual([{ actor: "relay", count: 0 }]);
});

test("a server that was restarted counts from nothing again", () => {
  expect(figuresOf(samplesIn('starling_ws_closes_total{code="4008"} 1'), samplesIn(TEXT)).closes).toEqual([{ code: "4008", count: 1 }]);
});

test("what is wrong is named, what is down first", () => {
  const down: Readiness = { status: "not_ready", checks: { database: { ok: false, detail: "disk full" } } };
  expect(findingsOf(down, figuresOf(samplesIn(TEXT))).map(({ kind }) => kind)).toEqual(["down", "slowAppend", "restarts", "slowReaders"]);
  expect(findingsOf(READY, null)).toEqual([]);
});

test("a sparkline fills its box, and a flat one runs through the middle", () => {
  expect(sparkline([0, 5, 10], 100, 20)).toBe("0.0,20.0 50.0,10.0 100.0,0.0");
  expect(sparkline([3, 3], 10, 20)).toBe("0.0,10.0 10.0,10.0");
  expect(sparkline([1], 10, 10)).toBeNull();
});
