/** A chart beside its table: drawn by a part of the page that is loaded when the first one is seen. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { asNumber, writerOf } from "../../state/ask/cells";
import { measuresOf, sentenceOf } from "../../state/ask/plot";
import { theme } from "../../state/theme";
import type { Cell, ChartConfig, Column } from "../../wire/data/types";
import { askWords as words } from "../../words/ask";
import type { Drawing } from "../chart/draw";

interface ChartProps {
  config: ChartConfig;
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
}

/** A lying bar needs room for its name. */
const LYING_ROW_PX = 26;
const LYING_ROWS_MAX = 20;
const HEIGHT_PX = 220;
/** In sight for this long before it is drawn. */
const SETTLED_MS = 100;

export function Chart({ config, columns, rows }: ChartProps): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  const look = theme.value;
  const height = config.chart_type === "horizontal_bar" ? 40 + LYING_ROW_PX * Math.min(LYING_ROWS_MAX, rows.length) : HEIGHT_PX;
  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    let drawing: Drawing | null = null;
    let gone = false;
    const draw = async (): Promise<void> => {
      try {
        const module = await import("../chart/draw");
        if (gone) return;
        drawing?.end();
        drawing = module.draw(element, { config, columns, rows });
        setFailed(false);
      } catch {
        if (!gone) setFailed(true);
      }
    };
    // Whoever scrolls past quickly does not wait for charts that nobody looks at.
    let settled: ReturnType<typeof setTimeout> | undefined;
    const sight = new IntersectionObserver(([entry]) => {
      clearTimeout(settled);
      if (entry?.isIntersecting !== true) return;
      settled = setTimeout(() => {
        sight.disconnect();
        void draw();
      }, SETTLED_MS);
    });
    sight.observe(element);
    // The system's own light and dark change the colours behind a "system" theme.
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const again = (): void => void (drawing !== null && draw());
    dark.addEventListener("change", again);
    const observer = new ResizeObserver(() => drawing?.resize());
    observer.observe(element);
    return () => {
      gone = true;
      clearTimeout(settled);
      sight.disconnect();
      observer.disconnect();
      dark.removeEventListener("change", again);
      drawing?.end();
    };
  }, [config, columns, rows, look]);
  return (
    <figure class="chart">
      <figcaption class="cap"><span class="cut">{config.title}</span></figcaption>
      {failed ? <p class="t3">{words.chart.failed}</p> : <div class="plot" style={{ height: `${height}px` }} ref={holder} role="img" aria-label={sentenceOf(config, columns, rows)} />}
    </figure>
  );
}

/** The chart that can be drawn of these rows; null where the table alone says it better. */
export function drawable(config: ChartConfig | null, columns: readonly Column[], rows: readonly (readonly Cell[])[]): ChartConfig | null {
  if (config === null || config.chart_type === "table" || config.chart_type === "kpi" || rows.length < 2) return null;
  const known = columns.some((column) => column.name === config.x_column) && measuresOf(config, columns).length > 0;
  return known ? config : null;
}

/** One number is its own picture. */
export function isFigure(config: ChartConfig | null, rows: readonly (readonly Cell[])[]): config is ChartConfig {
  return config?.chart_type === "kpi" && rows.length === 1;
}

export function Figure({ config, columns, rows }: ChartProps): JSX.Element {
  const named = config.y_column ?? config.x_column;
  const at = Math.max(0, columns.findIndex((column) => column.name === named));
  const column = columns[at];
  const value = rows[0]?.[at] ?? null;
  const written = column === undefined ? "" : writerOf(column, [value])(value);
  return (
    <div class="kpi">
      <b class="num">{asNumber(value) === null && value === null ? words.answer.empty : written}</b>
      <span class="t3">{config.title || column?.name}</span>
    </div>
  );
}
