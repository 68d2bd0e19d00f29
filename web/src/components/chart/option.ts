/** A plot as the chart library's option: a value made of values, no function of the data's own. */

import type { EChartsCoreOption } from "echarts/core";
import { shortNumber, writerOf } from "../../state/ask/cells";
import { readable } from "../../state/ask/names";
import { measuresOf, plotOf, slicesOf, type Series } from "../../state/ask/plot";
import type { Cell, ChartConfig, Column } from "../../wire/data/types";
import { lookOf } from "./names";
import type { Palette } from "./palette";

export interface Chartable {
  config: ChartConfig;
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
}

/** From the fifth series on a dash helps the colour. */
const DASHES = ["solid", "solid", "solid", "solid", "dashed", "dotted", [9, 3, 2, 3], [4, 4]] as const;
/** So many lines are named at their ends; more of them get a legend. */
const END_LABELS_MAX = 4;
const END_ROOM_PX = 84;
const LETTER_PX = 7;
/** The last name of an axis stands half beyond its end. */
const LAST_LABEL_PX = 28;

export function optionOf(chartable: Chartable, palette: Palette, width: number): EChartsCoreOption {
  const base = {
    animation: false,
    color: palette.series,
    textStyle: { fontFamily: palette.font, fontSize: 11, color: palette.text3 },
    tooltip: tooltip(palette),
  };
  switch (chartable.config.chart_type) {
    case "pie":
      return { ...base, ...pie(chartable, palette) };
    case "scatter":
      return { ...base, ...scatter(chartable, palette) };
    default:
      return { ...base, ...bars(chartable, palette, width) };
  }
}

/** Drawn on the canvas: markup with styles of its own would be refused by the page's policy. */
function tooltip(palette: Palette): Record<string, unknown> {
  return {
    renderMode: "richText",
    confine: true,
    backgroundColor: palette.overlay,
    borderColor: palette.line,
    textStyle: { color: palette.text, fontSize: 12, fontFamily: palette.font },
  };
}

function bars({ config, columns, rows }: Chartable, palette: Palette, width: number): Record<string, unknown> {
  const plot = plotOf(config, columns, rows);
  const lined = config.chart_type === "line" || config.chart_type === "area";
  const look = lined ? null : lookOf(plot.names, config.chart_type === "horizontal_bar", width);
  const lying = look?.lying === true;
  const ends = lined && plot.series.length > 1 && plot.series.length <= END_LABELS_MAX;
  const legend = plot.series.length > 1 && !ends;
  const names = {
    type: "category",
    data: plot.names,
    boundaryGap: !lined,
    inverse: lying,
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { show: false },
    axisLabel: { color: palette.text3, hideOverlap: look?.all !== true, ...(look?.all === true ? { interval: 0, rotate: look.lean } : {}), ...(look?.widthMax == null ? {} : { width: look.widthMax, overflow: "truncate" }) },
  };
  const values = {
    type: "value",
    // Bars stand on zero; a line may begin where its values are.
    scale: config.chart_type === "line",
    splitNumber: 4,
    splitLine: { lineStyle: { color: palette.grid } },
    axisLabel: { color: palette.text3, formatter: (value: number) => shortNumber(value) },
  };
  const measure = columns[measuresOf(config, columns)[0] ?? -1];
  const write = measure === undefined ? String : writerOf(measure, plot.series.flatMap((series) => series.values));
  return {
    grid: { left: 4, right: ends ? endRoom(plot.series) : lined ? LAST_LABEL_PX : 12, top: legend ? 34 : 10, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: { show: legend, type: "scroll", top: 0, left: 0, itemWidth: 12, itemHeight: 6, textStyle: { color: palette.text3 }, pageTextStyle: { color: palette.text3 } },
    tooltip: { ...tooltip(palette), trigger: "axis", valueFormatter: (value: unknown) => (typeof value === "number" ? write(value) : "") },
    xAxis: lying ? values : names,
    yAxis: lying ? names : values,
    series: plot.series.map((series, index) => (lined ? lineOf(series, index, config, ends, palette) : barOf(series, index, palette))),
  };
}

/** Room for the names at the ends, by their letters. */
function endRoom(series: readonly Series[]): number {
  const letters = Math.max(...series.map((one) => one.name.length));
  return Math.min(END_ROOM_PX, 14 + letters * LETTER_PX);
}

function lineOf(series: Series, index: number, config: ChartConfig, named: boolean, palette: Palette): Record<string, unknown> {
  return {
    type: "line",
    name: series.name,
    data: series.values,
    symbolSize: 6,
    showSymbol: series.values.length <= 2,
    lineStyle: { width: 2, type: DASHES[index] ?? "solid" },
    ...(config.chart_type === "area" ? { areaStyle: { opacity: 0.14 } } : {}),
    endLabel: { show: named, formatter: "{a}", color: palette.text, fontWeight: 600, fontSize: 11, width: END_ROOM_PX - 10, overflow: "truncate" },
    labelLayout: { moveOverlap: "shiftY" },
  };
}

function barOf(series: Series, index: number, palette: Palette): Record<string, unknown> {
  return {
    type: "bar",
    name: series.name,
    data: series.values,
    barMaxWidth: 36,
    itemStyle: { borderRadius: 2, borderColor: palette.raised, borderWidth: index > 0 ? 1 : 0 },
  };
}

function pie({ config, columns, rows }: Chartable, palette: Palette): Record<string, unknown> {
  return {
    tooltip: { ...tooltip(palette), trigger: "item" },
    series: [
      {
        type: "pie",
        radius: ["46%", "74%"],
        data: slicesOf(plotOf(config, columns, rows)),
        itemStyle: { borderColor: palette.raised, borderWidth: 1 },
        label: { color: palette.text, formatter: shareOf, fontSize: 11 },
        labelLine: { length: 8, length2: 6, lineStyle: { color: palette.line } },
      },
    ],
  };
}

function shareOf({ name = "", percent = 0 }: { name?: string; percent?: number }): string {
  return `${name} ${percent.toFixed(1)}%`;
}

function scatter({ config, columns, rows }: Chartable, palette: Palette): Record<string, unknown> {
  const x = columns.findIndex((column) => column.name === config.x_column);
  const [y = -1] = measuresOf(config, columns);
  const axis = (name: string, end: boolean): Record<string, unknown> => ({
    type: "value",
    name,
    nameLocation: end ? "end" : "middle",
    nameGap: end ? 10 : 22,
    nameTextStyle: { color: palette.text3, align: end ? "left" : "center" },
    scale: true,
    splitNumber: 4,
    splitLine: { lineStyle: { color: palette.grid } },
    axisLabel: { color: palette.text3, formatter: (value: number) => shortNumber(value) },
  });
  return {
    grid: { left: 4, right: 12, top: 26, bottom: 22, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: { ...tooltip(palette), trigger: "item" },
    xAxis: axis(readable(columns[x]?.name ?? ""), false),
    yAxis: axis(readable(columns[y]?.name ?? ""), true),
    series: [{ type: "scatter", symbolSize: 8, itemStyle: { opacity: 0.75 }, data: rows.map((row) => [Number(row[x]), Number(row[y])]) }],
  };
}
