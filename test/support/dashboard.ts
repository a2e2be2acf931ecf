import { readFileSync } from 'node:fs';

const DASHBOARD = 'deploy/grafana/dashboards/churn-model-api.json';

interface Target {
  readonly expr: string;
  readonly legendFormat: string;
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly Target[];
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
