import { init } from 'echarts';

type Point = readonly [number, number];

export interface Line {
  readonly name: string;
  /** A value that is no number leaves a gap. */
  readonly points: readonly Point[];
}

export interface Panel {
  readonly title: string;
  readonly kind: 'line' | 'bar';
  readonly lines: readonly Line[];
  /** Parts of the x axis that are shaded. */
  readonly bands?: readonly Point[];
  readonly xMax: number;
  readonly yMax?: number;
  readonly xLabel: (value: number) => string;
  readonly yLabel: (value: number) => string;
}

const WIDTH = 400;
const HEIGHT = 260;
const COLORS = ['#5470c6', '#c23531', '#3ba272', '#fac858', '#73c0de', '#9a60b4', '#fc8452', '#333333'];
const SMALL = { fontSize: 10 };

/** An SVG with all panels, on a ground of its own, so that it can be read on dark pages too. */
export function drawPage(title: string, columns: number, panels: readonly Panel[]): string {
  const width = columns * WIDTH;
  const height = Math.ceil(panels.length / columns) * HEIGHT;
  const drawn = panels.map((panel, index) => {
    const x = (index % columns) * WIDTH;
    const y = Math.floor(index / columns) * HEIGHT;
    return `<g transform="translate(${x} ${y})">${draw(panel)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

function draw({ title, kind, lines, bands = [], xMax, yMax, xLabel, yLabel }: Panel): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  const axis = { type: 'value' as const, min: 0 };
  const shade = {
    itemStyle: { color: '#eaeef2' },
    data: bands.map(([from, to]) => [{ xAxis: from }, { xAxis: to }]),
  };
  chart.setOption({
    animation: false,
    color: COLORS,
    title: { text: title, left: 8, top: 4, textStyle: { fontSize: 11 } },
    legend: { bottom: 2, left: 8, right: 8, itemWidth: 12, itemGap: 20, itemHeight: 8, textStyle: SMALL },
    grid: { left: 56, right: 12, top: 32, bottom: 76 },
    xAxis: {
      ...axis,
      max: xMax,
      axisLabel: { ...SMALL, formatter: xLabel, hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: { ...axis, ...(yMax !== undefined && { max: yMax }), axisLabel: { ...SMALL, formatter: yLabel } },
    series: lines.map(({ name, points }, index) => ({
      name,
      type: kind,
      showSymbol: false,
      lineStyle: { width: 1.5 },
      data: points.map(([x, y]) => [x, Number.isFinite(y) ? y : '-']),
      ...(index === 0 && { markArea: shade }),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
