import { init } from 'echarts';

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

export interface DrawnPanel {
  readonly title: string;
  /** Grafana's name of it. */
  readonly unit: string;
  /** Bars by probability instead of lines over time. */
  readonly isDistribution: boolean;
  readonly lines: readonly Line[];
}

const COLUMNS = 3;
const PANEL = { width: 400, height: 260 };

/** An SVG with all panels, on a ground of its own, so that it can be read on dark pages too. */
export function drawPage(panels: readonly DrawnPanel[]): string {
  const width = COLUMNS * PANEL.width;
  const height = Math.ceil(panels.length / COLUMNS) * PANEL.height;
  const drawn = panels.map((panel, index) => {
    const x = (index % COLUMNS) * PANEL.width;
    const y = Math.floor(index / COLUMNS) * PANEL.height;
    return `<g transform="translate(${x} ${y})">${draw(panel)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    '<title>The main panels of the dashboard</title>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

function draw({ title, unit, isDistribution, lines }: DrawnPanel): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...PANEL });
  chart.setOption({
    animation: false,
    title: {
      text: title,
      left: 8,
      top: 4,
      textStyle: { fontSize: 11, width: PANEL.width - 16, overflow: 'truncate' },
    },
    legend: {
      bottom: 2,
      left: 8,
      right: 8,
      type: 'plain',
      itemWidth: 12,
      itemGap: 20,
      itemHeight: 8,
      textStyle: { fontSize: 10 },
    },
    grid: { left: 56, right: 12, top: 32, bottom: 76 },
    xAxis: {
      type: 'value',
      min: 0,
      max: isDistribution ? 1 : 'dataMax',
      axisLabel: { fontSize: 10, formatter: isDistribution ? '≤ {value}' : '{value} s', hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: { type: 'value', axisLabel: { fontSize: 10, formatter: (value: number) => inUnit(value, unit) } },
    series: lines.map(({ name, points }) => ({
      name,
      type: isDistribution ? 'bar' : 'line',
      showSymbol: false,
      lineStyle: { width: 1.5 },
      data: points.filter(([, value]) => Number.isFinite(value)).map((point) => [...point]),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function inUnit(value: number, unit: string): string {
  switch (unit) {
    case 's':
      return `${Number((value * 1000).toPrecision(3))} ms`;
    case 'percentunit':
      return `${Math.round(value * 100)} %`;
    case 'bytes':
      return `${Math.round(value / 2 ** 20)} MiB`;
    default:
      return String(value);
  }
}
