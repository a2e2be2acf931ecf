/**
 * The dashboard shows how likely a customer is to churn, and the three strongest reasons.
 *
 *   echo '{"tenure_months": 6, ...}' | CHURN_API_URL=http://localhost:8000 npx node examples/dashboard.ts
 */
import { json } from 'node:stream/consumers';
import { ChurnClient, type Customer, type Explanation, ProblemError } from 'churn-model-client';

const client = new ChurnClient({ baseUrl: process.env['CHURN_API_URL'] ?? 'http://localhost:8000' });

try {
  const customer = (await json(process.stdin)) as Customer;
  console.log(inWords(await client.explain(customer, { top: 3 })));
} catch (error) {
  if (!(error instanceof ProblemError)) {
    throw error;
  }
  console.error(error.message, ...error.errors.map(({ detail }) => detail));
  process.exitCode = 1;
}

function inWords({ churn_probability: probability, risk_tier: tier, contributions }: Explanation): string {
  const reasons = contributions.map(
    ({ feature, value, contribution }) => `  ${percent(contribution, true)}  ${feature} = ${String(value)}`,
  );
  return [`Churn risk: ${percent(probability)} (${tier})`, ...reasons].join('\n');
}

function percent(share: number, isSigned = false): string {
  const points = Math.round(100 * share);
  return `${isSigned && points >= 0 ? '+' : ''}${points} %`;
}
