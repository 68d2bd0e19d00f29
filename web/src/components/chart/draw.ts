/** The chart library and nothing else: only the kinds of charts and parts that answers use. */

import { BarChart, LineChart, PieChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendScrollComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { optionOf, type Chartable } from "./option";
import { paletteOf } from "./palette";

use([BarChart, LineChart, PieChart, ScatterChart, GridComponent, LegendScrollComponent, TooltipComponent, LabelLayout, CanvasRenderer]);

export interface Drawing {
  resize(): void;
  end(): void;
}

export function draw(element: HTMLElement, chartable: Chartable): Drawing {
  const palette = paletteOf(element);
  const chart = init(element, null, { renderer: "canvas" });
  let drawn = 0;
  const paint = (): void => {
    const width = element.clientWidth;
    if (width === drawn) return;
    drawn = width;
    // How names stand depends on the room that they have.
    chart.setOption(optionOf(chartable, palette, width), { notMerge: true });
  };
  paint();
  const resize = (): void => {
    chart.resize();
    paint();
  };
  return { resize, end: () => chart.dispose() };
}
