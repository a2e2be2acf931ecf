import { calibrationPicture } from './calibration.js';
import { html } from './dom.js';
import { histogramPicture } from './histogram.js';
import type { Model } from './model.js';

const METRIC_NAMES: Readonly<Record<string, string>> = {
  roc_auc: 'ROC AUC',
  log_loss: 'Log loss',
  brier_score: 'Brier score',
  expected_calibration_error: 'Expected calibration error',
  held_out_rows: 'Held-out customers',
  held_out_churn_rate: 'Churn rate of these',
};

/** Says which model is served, how good it is, and how it was proven. */
export function servedModel(model: Model): HTMLElement[] {
  const { name, version, created_at, metrics = {}, reference } = model;
  const facts: [string, string][] = [
    ['Model', `${name} ${version}`],
    ...(created_at === undefined ? [] : [['Exported', exportTime(created_at)] satisfies [string, string]]),
    ['Proof', proof(model)],
    ...Object.entries(metrics).map(([key, value]): [string, string] => [
      METRIC_NAMES[key] ?? key,
      String(Number(value.toFixed(4))),
    ]),
  ];
  const list = html(
    'dl',
    {},
    ...facts.map(([term, text]) => html('div', {}, html('dt', {}, term), html('dd', {}, text))),
  );
  const { calibration, probability_histogram: scores } = reference ?? {};
  const figures = [
    ...(calibration === undefined
      ? []
      : [figure('Calibration: predicted and observed churn', calibrationPicture(calibration))]),
    ...(scores === undefined
      ? []
      : [
          figure(
            'Scores of the reference customers',
            histogramPicture(scores, 'Score histogram'),
            html('div', { class: 'scale' }, html('span', {}, '0'), html('span', {}, '1')),
          ),
        ]),
  ];
  return [list, html('div', { class: 'figures' }, ...figures)];
}

function figure(caption: string, ...picture: readonly Element[]): HTMLElement {
  return html('figure', {}, ...picture, html('figcaption', {}, caption));
}

function exportTime(createdAt: string): string {
  return createdAt.replace('T', ' ').replace('Z', ' UTC');
}

function proof({ verification: { verified, golden_rows = 0, worst_difference = 0 } }: Model): string {
  return verified
    ? `${golden_rows} golden rows, worst difference ${worst_difference.toExponential(1)}`
    : 'not proven: the bundle has no golden rows';
}
