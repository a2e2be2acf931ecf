import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** Times `npm run score` on a million rows of five features, in turns with DuckDB alone, which reads and writes them. */

const ROWS = 1_000_000;
const TURNS = 7;

const folder = mkdtempSync(join(tmpdir(), 'churn-bench-score-'));
const source = join(folder, 'customers.csv');
const connection = await (await DuckDBInstance.create()).connect();
await connection.run(`COPY (
  SELECT 'C-' || lpad(i::VARCHAR, 8, '0') AS customer_id, (random() * 72)::INT AS tenure_months,
    round(15 + random() * 105, 2) AS monthly_charges, round(random() * 8000, 2) AS total_charges,
    1 + (random() * 5)::INT AS num_products, (random() < 0.3)::INT AS has_support_calls
  FROM range(${ROWS}) AS rows(i)) TO '${source}' (HEADER)`);

const contenders = {
  'score --keep customer_id': ['bundle/score.js', source, join(folder, 'a.csv'), '--keep', 'customer_id'],
  'score, all columns kept': ['bundle/score.js', source, join(folder, 'b.csv')],
  'DuckDB alone': ['bench/build/bench/score/alone.js', source, join(folder, 'c.csv')],
};

function seconds(parameters: readonly string[]): number {
  const startedAtMs = performance.now();
  const { status, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(stderr);
  }
  return (performance.now() - startedAtMs) / 1000;
}

const times = new Map(Object.keys(contenders).map((name) => [name, [] as number[]]));
for (let turn = 0; turn < TURNS; turn++) {
  for (const [name, parameters] of Object.entries(contenders)) {
    times.get(name)?.push(seconds(parameters));
  }
}
for (const [name, runs] of times) {
  const [least = NaN, median = NaN] = [0, Math.floor(TURNS / 2)].map(
    (index) => runs.sort((a, b) => a - b)[index] ?? NaN,
  );
  console.log(`${name}: median ${median.toFixed(2)} s, least ${least.toFixed(2)} s`);
}
rmSync(folder, { recursive: true });
