/**
 * The mobile app shows a score when a customer opens it. It waits 200 ms for it, and else shows the last score that it knows.
 *
 *   CHURN_API_URL=... npx node examples/mobile.ts c-17 '{"tenure_months": 6, ...}' scores.json
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ChurnClient, type Customer } from 'churn-model-client';

const DEADLINE_MS = 200;

interface Score {
  readonly probability: number;
  readonly at: string;
}

const [id = '', customer = '{}', storePath = 'scores.json'] = process.argv.slice(2);
const client = new ChurnClient({
  baseUrl: process.env['CHURN_API_URL'] ?? 'http://localhost:8000',
  timeoutMs: DEADLINE_MS,
});
const known = (existsSync(storePath) ? JSON.parse(readFileSync(storePath, 'utf8')) : {}) as Record<
  string,
  Score
>;

const fresh = await freshScore(JSON.parse(customer) as Customer);
if (fresh !== undefined) {
  writeFileSync(storePath, JSON.stringify({ ...known, [id]: fresh }));
}
const score = fresh ?? known[id];
console.log(
  score === undefined
    ? 'no score'
    : `${Math.round(100 * score.probability)} % ${fresh === undefined ? `as of ${score.at}` : 'now'}`,
);

/** @returns nothing if there is no answer in time; the app goes on without */
async function freshScore(values: Customer): Promise<Score | undefined> {
  try {
    const { churn_probability: probability } = await client.predict(values);
    return { probability, at: new Date().toISOString() };
  } catch (error) {
    console.error(String(error));
    return undefined;
  }
}
