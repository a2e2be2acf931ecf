import { html, svg } from './dom.js';
import type { Explanation, Value } from './model.js';

interface Step {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly kind: 'total' | 'more' | 'less';
}

/** A table from the base probability over the contributions to the score, with a bar in each row. */
export function waterfallTable(explanation: Explanation): HTMLTableElement {
  const steps = stepsOf(explanation);
  const ends = steps.flatMap(({ from, to }) => [from, to]);
  const low = Math.min(0, ...ends);
  const span = Math.max(...ends) - low || 1;
  const rows = steps.map((step) => row(step, low, span));
  return html('table', { class: 'waterfall' }, head(explanation), html('tbody', {}, ...rows));
}

function stepsOf({ base_probability, contributions, others }: Explanation): Step[] {
  const steps: Step[] = [{ name: 'Average customer', from: 0, to: base_probability, kind: 'total' }];
  let sum = base_probability;
  const add = (name: string, contribution: number): void => {
    const from = sum;
    sum += contribution;
    steps.push({ name, from, to: sum, kind: contribution < 0 ? 'less' : 'more' });
  };
  for (const { feature, value, contribution } of contributions) {
    add(`${feature} = ${inWords(value)}`, contribution);
  }
  if (others !== undefined && others.features > 0) {
    add(`${others.features} other features`, others.contribution);
  }
  return [...steps, { name: 'This customer', from: 0, to: sum, kind: 'total' }];
}

function head({ method }: Explanation): HTMLTableCaptionElement {
  const exactness = method.kind === 'exact' ? 'Exact Shapley values' : 'Sampled Shapley values';
  return html('caption', {}, `${exactness}, on the scale of probabilities. They are no causes.`);
}

function row({ name, from, to, kind }: Step, low: number, span: number): HTMLTableRowElement {
  const x = ((Math.min(from, to) - low) / span) * 100;
  const width = Math.max((Math.abs(to - from) / span) * 100, 0.4);
  const bar = svg(
    'svg',
    { viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { class: kind, x, y: 0, width, height: 10 }),
  );
  const amount = kind === 'total' ? to.toFixed(4) : signed(to - from);
  return html(
    'tr',
    { class: kind },
    html('th', { scope: 'row' }, ...breakable(name)),
    html('td', { class: 'bar' }, bar),
    html('td', { class: 'amount' }, amount),
  );
}

/** Lets long names break after an underscore. */
function breakable(name: string): (string | HTMLElement)[] {
  return name.split(/(?<=_)/).flatMap((part) => [part, html('wbr')]);
}

function signed(amount: number): string {
  return `${amount < 0 ? '−' : '+'}${Math.abs(amount).toFixed(4)}`;
}

function inWords(value: Value): string {
  return value === null ? 'missing' : String(value);
}
