/**
 * What the page's main thread did between two moments, from the browser's own trace: how long it computed
 * styles, laid out, painted and ran script, how often script made it lay out in between, and which tasks held
 * up the next frame. Times are of the processor: what else runs on the machine is not in them.
 *
 * `PROFILE=file.json` also writes the whole trace with samples of the running script, to be opened in the
 * performance panel of a browser; such a run is slower and its times are of no use as figures.
 */

import { writeFile } from "node:fs/promises";
import type { CDPSession, Page } from "@playwright/test";

/** Whoever scrolls notices what takes longer than this. */
const LONG_TASK_MS = 50;
const PROFILE = process.env["PROFILE"];
const CATEGORIES = ["devtools.timeline", "toplevel", ...(PROFILE === undefined ? [] : ["v8", "disabled-by-default-v8.cpu_profiler"])];

/** As the trace names them, by what they are told as. */
const KINDS: Readonly<Record<string, keyof Spent>> = {
  UpdateLayoutTree: "styleMs",
  Layout: "layoutMs",
  FunctionCall: "scriptMs",
  EvaluateScript: "scriptMs",
  RunMicrotasks: "scriptMs",
  FireAnimationFrame: "scriptMs",
  TimerFire: "scriptMs",
  EventDispatch: "scriptMs",
  Paint: "paintMs",
  PrePaint: "paintMs",
  Layerize: "paintMs",
  Commit: "paintMs",
  MinorGC: "collectionMs",
  MajorGC: "collectionMs",
};

interface Spent {
  scriptMs: number;
  styleMs: number;
  layoutMs: number;
  paintMs: number;
  collectionMs: number;
}

export interface Work extends Spent {
  /** Times that styles were computed, and elements that they were computed for. */
  styles: number;
  styledElements: number;
  layouts: number;
  /** Layouts that script asked for by measuring in the middle of its work. */
  forcedLayouts: number;
  busyMs: number;
  longTasks: number;
  longestTaskMs: number;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  /** Of the processor, in which whoever else uses the machine has no part. */
  tdur?: number;
  args?: { elementCount?: number };
}

export class Trace {
  private readonly events: TraceEvent[] = [];

  private constructor(private readonly cdp: CDPSession) {
    cdp.on("Tracing.dataCollected", ({ value }) => void this.events.push(...(value as unknown as TraceEvent[])));
  }

  static async begin(page: Page): Promise<Trace> {
    const trace = new Trace(await page.context().newCDPSession(page));
    await trace.cdp.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: CATEGORIES } });
    return trace;
  }

  async end(): Promise<Work> {
    const whole = new Promise((resolve) => this.cdp.once("Tracing.tracingComplete", resolve));
    await this.cdp.send("Tracing.end");
    await whole;
    await this.cdp.detach();
    if (PROFILE !== undefined) await writeFile(PROFILE, JSON.stringify({ traceEvents: this.events }));
    return workOf(this.events);
  }
}

function workOf(all: readonly TraceEvent[]): Work {
  const events = ofPage(all);
  const work: Work = { scriptMs: 0, styleMs: 0, layoutMs: 0, paintMs: 0, collectionMs: 0, styles: 0, styledElements: 0, layouts: 0, forcedLayouts: 0, busyMs: 0, longTasks: 0, longestTaskMs: 0 };
  for (const { event, ownMs, within } of nested(events)) {
    const kind = KINDS[event.name];
    if (kind !== undefined) work[kind] += ownMs;
    if (event.name === "UpdateLayoutTree") {
      work.styles += 1;
      work.styledElements += event.args?.elementCount ?? 0;
    }
    if (event.name === "Layout") {
      work.layouts += 1;
      if (within.some((outer) => KINDS[outer.name] === "scriptMs")) work.forcedLayouts += 1;
    }
    if (event.name === "ThreadControllerImpl::RunTask" && within.every((outer) => outer.name !== event.name)) {
      const ms = (event.tdur ?? event.dur ?? 0) / 1_000;
      work.busyMs += ms;
      work.longestTaskMs = Math.max(work.longestTaskMs, ms);
      if (ms > LONG_TASK_MS) work.longTasks += 1;
    }
  }
  return work;
}

/** Whole events of the main thread that laid out most: there may be other pages, and their threads. */
function ofPage(all: readonly TraceEvent[]): TraceEvent[] {
  const threadOf = (event: TraceEvent): string => `${event.pid} ${event.tid}`;
  const layouts = new Map<string, number>();
  for (const event of all) if (event.name === "UpdateLayoutTree") layouts.set(threadOf(event), (layouts.get(threadOf(event)) ?? 0) + 1);
  const [main] = [...layouts].sort(([, a], [, b]) => b - a)[0] ?? [];
  return all.filter((event) => event.ph === "X" && threadOf(event) === main).sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
}

interface Nested {
  event: TraceEvent;
  /** Without what began within it, which is counted by itself. */
  ownMs: number;
  within: readonly TraceEvent[];
}

function nested(events: readonly TraceEvent[]): Nested[] {
  const all: Nested[] = [];
  const open: Nested[] = [];
  const endOf = ({ ts, dur = 0 }: TraceEvent): number => ts + dur;
  for (const event of events) {
    let outer = open.at(-1);
    while (outer !== undefined && endOf(outer.event) <= event.ts) {
      open.pop();
      outer = open.at(-1);
    }
    const ownMs = (event.tdur ?? event.dur ?? 0) / 1_000;
    if (outer !== undefined) outer.ownMs -= ownMs;
    const one = { event, ownMs, within: open.map((held) => held.event) };
    all.push(one);
    open.push(one);
  }
  return all;
}
