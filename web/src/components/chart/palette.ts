/** The tokens as colours that a canvas understands, in the theme that is on now. */

export interface Palette {
  series: string[];
  text: string;
  text3: string;
  grid: string;
  line: string;
  raised: string;
  overlay: string;
  font: string;
}

export function paletteOf(element: HTMLElement): Palette {
  const probe = (color: string): string => {
    // A new element for each: one that changes its colour would pass through the colours between.
    const span = document.createElement("span");
    span.style.color = color;
    element.append(span);
    const found = getComputedStyle(span).color;
    span.remove();
    return asRgb(found);
  };
  const read = (token: string): string => probe(`var(${token})`);
  return {
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((index) => read(`--s${index}`)),
    text: read("--text"),
    text3: read("--text-3"),
    grid: read("--grid"),
    line: read("--line-2"),
    raised: read("--raised"),
    overlay: read("--overlay"),
    font: getComputedStyle(element).fontFamily,
  };
}

/** The page's colours are OKLCH, which the chart's own arithmetic does not know: one painted pixel tells. */
function asRgb(color: string): string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return color;
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${red},${green},${blue})`;
}
