import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { SERVICE, TELCO_SERVICE } from '../contenders.js';
import { CONNECTIONS, PEAK_SECONDS, predictAtHalfOfPeak, SECONDS } from '../half-of-peak.js';
import { callPatiently, quantiles, warmUp } from '../load.js';
import { ROUNDS } from '../plan.js';
import { type Row, toRows, type Workload } from '../rows.js';
import { inTurn, type RunningContender, SERVICE_CORE } from '../running-contender.js';
import { inferRequest } from '../tensors.js';
import { explain } from './explanations.js';

const ROWS_AT_ONCE = 1000;
const INFER_ROWS = 10_000;

/** Takes all that predictions leave. @returns what it got in a second */
type Saturating = (running: RunningContender, seconds: number) => Promise<number>;

/** By the names of their figures. */
const FILE_AND_EXPLANATIONS: Readonly<Record<string, Saturating>> = {
  'bulk rows/s': streamRows,
  'explanations/s': explain,
};
const ALL: Readonly<Record<string, Saturating>> = { ...FILE_AND_EXPLANATIONS, 'infer rows/s': infer };

/** What predictions and probes notice of clients that saturate the service. */
export const fairness: Workload = {
  name: 'fairness',
  title: 'Fairness',
  text: `Single predictions arrive at half of the rate that ${PEAK_SECONDS} s of a closed loop at ${CONNECTIONS} connections found to
be the most: alone; and beside a file at \`/predict/bulk\` that never ends, 8 callers of explanations, and for the bundled model a client
of the Open Inference Protocol that sends ${INFER_ROWS} rows a request. No prediction may be refused.
Medians of ${ROUNDS} rounds of ${SECONDS} s.`,
  async *measure() {
    for await (const running of inTurn([SERVICE], SERVICE_CORE)) {
      yield* measureBeside('bundled model', running, ALL);
    }
    for await (const running of inTurn([TELCO_SERVICE], SERVICE_CORE)) {
      yield* measureBeside('telco', running, FILE_AND_EXPLANATIONS);
    }
  },
};

async function* measureBeside(
  model: string,
  running: RunningContender,
  saturating: Readonly<Record<string, Saturating>>,
): AsyncGenerator<Row> {
  await warmUp(running);
  const rows = (name: string, values: Readonly<Record<string, number>>): Row[] =>
    toRows(`${model}, ${name}`, SERVICE.name, values);
  yield* rows('a file alone', { 'bulk rows/s': await streamRows(running, SECONDS) });
  const { alone, beside, probes, others } = await predictAtHalfOfPeak(running, Object.values(saturating));
  yield* rows('predictions at half of their peak', alone);
  yield* rows('predictions beside all', beside);
  for (const [index, name] of Object.keys(saturating).entries()) {
    yield* rows(`${name} beside predictions`, { [name]: others[index] ?? NaN });
  }
  yield* rows('/health/live beside all', quantiles(probes));
}

async function infer({ url }: RunningContender, seconds: number): Promise<number> {
  const request = inferRequest('one matrix of FP64, binary', INFER_ROWS);
  return INFER_ROWS * (await callPatiently(url, request, 1, seconds));
}

/** @returns how many rows of a file that never ends are answered in a second */
async function streamRows(running: RunningContender, seconds: number): Promise<number> {
  const customer = JSON.parse(running.contender.subject.single.body) as Record<
    string,
    string | number | boolean | null
  >;
  const values = Object.values(customer).map((value) => String(value ?? ''));
  const text = `${values.join(',')}\n`.repeat(ROWS_AT_ONCE);
  const upload = request(`${running.url}/predict/bulk`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/csv' },
  });
  const startedAtMs = performance.now();
  upload.write(`${Object.keys(customer).join(',')}\n`);
  const sent = (async () => {
    while (performance.now() - startedAtMs < seconds * 1000) {
      if (!upload.write(text)) {
        await once(upload, 'drain');
      }
    }
    upload.end();
  })();
  const [answer] = (await once(upload, 'response')) as [IncomingMessage];
  let last = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    last = (last + String(chunk)).slice(-500);
  }
  await sent;
  const rowCount = Number(/# complete=true rows=(\d+) errors=0 /.exec(last)?.[1]);
  if (Number.isNaN(rowCount)) {
    throw new Error(`a file was not answered: ${last}`);
  }
  return rowCount / ((performance.now() - startedAtMs) / 1000);
}
