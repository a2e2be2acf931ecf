/**
 * Each night the CRM scores its customers, and starts a retention workflow for those above 0.8. It may be run again at any time:
 * a journal holds for whom a workflow was started this month, and the workflow gets a key by which it knows a repetition.
 *
 *   CHURN_API_URL=... RETENTION_URL=https://crm.example.com/workflows npx node examples/retention.ts customers.ndjson journal.txt
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { ChurnClient, type Customer } from 'churn-model-client';

const THRESHOLD = 0.8;
const [customersPath = 'customers.ndjson', journalPath = 'journal.txt'] = process.argv.slice(2);
const client = new ChurnClient({
  baseUrl: process.env['CHURN_API_URL'] ?? 'http://localhost:8000',
  timeoutMs: 10_000,
  retries: 5,
});

const month = new Date().toISOString().slice(0, 7);
const customers = linesOf(customersPath).map(
  (line) => JSON.parse(line) as Customer & { readonly customer_id: string },
);
const started = new Set(existsSync(journalPath) ? linesOf(journalPath) : []);
const predictions = await client.predictBatch(customers);

let startedCount = 0;
for (const [index, { customer_id: id }] of customers.entries()) {
  const { churn_probability: probability = 0 } = predictions[index] ?? {};
  const key = `${month} ${id}`;
  if (probability > THRESHOLD && !started.has(key)) {
    await startWorkflow(key, id, probability);
    appendFileSync(journalPath, `${key}\n`);
    startedCount++;
  }
}
console.log(`${customers.length} customers scored, ${startedCount} workflows started`);

async function startWorkflow(key: string, customerId: string, probability: number): Promise<void> {
  const response = await fetch(process.env['RETENTION_URL'] ?? 'http://localhost:9000/workflows', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify({ customer_id: customerId, churn_probability: probability }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) {
    throw new Error(`The workflow of customer ${customerId} was not started: ${response.status}`);
  }
}

function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8').split('\n').filter(Boolean);
}
