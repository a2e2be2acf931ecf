import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { SERVICE } from './contenders.js';
import { type Goal, isReached } from './goals.js';
import { mediansOf, type Row } from './rows.js';

/** The first line names the columns. */
type Table = readonly (readonly string[])[];

const NODE_PACKAGES = ['@nestjs/core', '@nestjs/platform-express', 'express', 'pino', 'onnxruntime-node'];
/** With more metrics, contenders stand below each other instead of side by side. */
const MOST_METRICS_SIDE_BY_SIDE = 2;

/** Medians of all rounds. Cases in which the same was measured share a table. */
export function renderRows(rows: readonly Row[]): string {
  const cases = [...Map.groupBy(rows, (row) => row.case).values()];
  const groups = [...Map.groupBy(cases, (ofCase) => metricsOf(ofCase).join()).values()];
  return groups
    .flatMap((group) => toTables(group.flat()))
    .map(renderTable)
    .join('\n\n');
}

export function renderGoals(goals: readonly Goal[], rows: readonly Row[]): string {
  const medians = mediansOf(rows);
  const lines = goals.map((goal) => {
    const value = goal.figure(medians);
    const [comparison, limit, unit] = goal.bound;
    const verdict = isReached(goal, value) ? 'yes' : 'NO';
    return [
      goal.what,
      `${comparison} ${limit}${unit}`,
      ...(Number.isNaN(value) ? ['not measured', '-'] : [figure(value) + unit, verdict]),
    ];
  });
  return renderTable([['Goal', 'Bound', 'Measured', 'Reached'], ...lines]);
}

/** Where and with what the results were measured. @param otherVersions of what else took part */
export function renderMachine(otherVersions: Readonly<Record<string, string>> = {}): string {
  const cores = cpus();
  return renderTable([
    ['What', 'Value'],
    ['date', new Date().toISOString().slice(0, 10)],
    ['CPU', `${cores[0]?.model.trim() ?? 'unknown'}, ${cores.length} cores`],
    ['RAM', `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ['kernel', `${type()} ${release()}`],
    ['node', process.versions.node],
    ...NODE_PACKAGES.map((name) => [name, versionOf(name)]),
    ...Object.entries(otherVersions),
  ]);
}

export function renderTable(table: Table): string {
  const [header = [], ...lines] = table;
  const widths = header.map((_, column) => Math.max(3, ...table.map((line) => line[column]?.length ?? 0)));
  const render = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [render(header), render(widths.map((width) => '-'.repeat(width))), ...lines.map(render)].join('\n');
}

/** With three significant figures, and commas between thousands. */
export function figure(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return Number.isNaN(value) ? '-' : rounded.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

function toTables(rows: readonly Row[]): Table[] {
  const medians = mediansOf(rows);
  const cases = [...new Set(rows.map((row) => row.case))];
  const contenders = [...new Set(rows.map(({ contender }) => contender))];
  const metrics = metricsOf(rows);
  if (contenders.length > 1 && metrics.length <= MOST_METRICS_SIDE_BY_SIDE) {
    return metrics.map((metric) => [
      [metric, ...contenders],
      ...cases.map((name) => {
        const ours = medians(name, SERVICE.name, metric);
        const values = contenders.map((contender) => medians(name, contender, metric));
        return [name, ...values.map((value) => (value === ours ? figure(value) : beside(value, ours)))];
      }),
    ]);
  }
  const lines = contenders.flatMap((contender) =>
    cases.map((name) => [
      contenders.length > 1 ? `${contender}, ${name}` : name,
      ...metrics.map((metric) => figure(medians(name, contender, metric))),
    ]),
  );
  return [[['', ...metrics], ...lines]];
}

/** Another contender's figure, and in brackets this service's over it. */
function beside(value: number, ours: number): string {
  return Number.isNaN(ours / value) ? figure(value) : `${figure(value)} (${(ours / value).toFixed(2)}x)`;
}

function metricsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.map(({ metric }) => metric))];
}

function versionOf(packageName: string): string {
  const manifest = readFileSync(`node_modules/${packageName}/package.json`, 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
