import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { fixtureManifest, readFixture, writeBundle } from '../support/bundle.js';
import { HIGH_RISK_CUSTOMER, post } from '../support/http.js';
import { Scrape } from '../support/metrics.js';
import { type Service, startService, TAKES_BURSTS } from '../support/service.js';

const CALLERS = 16;
const REQUESTS = 2000;

const customers = Array.from({ length: REQUESTS }, (_, index) => ({
  ...HIGH_RISK_CUSTOMER,
  tenure_months: index % 121,
  num_products: 1 + (index % 10),
  has_support_calls: index % 2,
}));

function candidate(graph: string): string {
  const model = readFixture(graph);
  return writeBundle({ model, manifest: fixtureManifest(model, { version: '1.1.0' }) });
}

/** All answers, in the order of the customers, without what differs from time to time. */
async function answersOf({ url }: Service): Promise<string[]> {
  const answers: string[] = [];
  let next = 0;
  const call = async (): Promise<void> => {
    for (let index = next++; index < REQUESTS; index = next++) {
      const { status, body } = await post(`${url}/predict`, customers[index]);
      answers[index] = `${status} ${JSON.stringify(body)}`;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, call));
  return answers;
}

function killCandidate({ process: { pid } }: Service): void {
  spawnSync('pkill', ['-KILL', '--parent', String(pid), '--full', 'candidate']);
}

it.each([
  ['a light candidate', 'matrix_float32'],
  ['a candidate that takes 10 ms a row', 'heavy_row'],
])('under load, answers are the same with and without %s', async (_what, graph) => {
  const path = candidate(graph);
  const [alone, beside] = await Promise.all([
    startService(TAKES_BURSTS),
    startService({ ...TAKES_BURSTS, SHADOW_MODEL_PATH: path }),
  ]);
  await beside.process.line(({ msg }) => msg.startsWith('the candidate is proven'));
  expect(await answersOf(beside)).toEqual(await answersOf(alone));
  const scrape = await Scrape.of(beside.url);
  const [compared, failed] = ['compared', 'failed'].map((outcome) =>
    scrape.sum('shadow_rows_total', { outcome }),
  );
  expect(compared).toBeGreaterThan(0);
  expect(failed).toBe(0);
  expect(await alone.stop()).toBe(0);
  expect(await beside.stop()).toBe(0);
  expect(beside.process.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

it('a candidate that is killed again and again costs no request', async () => {
  const path = candidate('matrix_float32');
  const service = await startService({ ...TAKES_BURSTS, SHADOW_MODEL_PATH: path });
  await service.process.line(({ msg }) => msg.startsWith('the candidate is proven'));
  const answers = answersOf(service);
  let isDone = false as boolean;
  void answers.finally(() => (isDone = true));
  while (!isDone) {
    killCandidate(service);
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
  }
  expect((await answers).every((answer) => answer.startsWith('200 '))).toBe(true);
  expect(await service.stop()).toBe(0);
});
