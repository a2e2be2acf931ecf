import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DASHBOARD = join(import.meta.dirname, '../../deploy/grafana/dashboards/churn-model-api.json');

export interface Target {
  readonly expr: string;
  readonly legendFormat: string;
  readonly instant?: boolean;
}

export interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly Target[];
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition: string }[] };
}

export const dashboard = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as Dashboard;

/** Puts values in the place of Grafana's variables. @param range such as 1m, over which rates are taken */
export function substitute(expression: string, range: string): string {
  return expression
    .replaceAll('$__rate_interval', range)
    .replaceAll('$__range', range)
    .replaceAll(/"\$(job|instance)"/g, '".*"');
}
