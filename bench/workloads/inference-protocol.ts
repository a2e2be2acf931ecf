import { SERVICE, TENSOR_PEERS } from '../contenders.js';
import { askInTurn, type HttpAnswer, requestBytes } from '../http-connection.js';
import { passMicroseconds } from '../in-process.js';
import { closedLoop, runClients, warmUp } from '../load.js';
import { planned, ROUNDS } from '../plan.js';
import { type Row, toRows, type Workload } from '../rows.js';
import { inTurn, type RunningContender, SERVICE_CORE } from '../running-contender.js';
import { type Form, hasGoldenProbabilities, inferRequest } from '../tensors.js';
import { BUNDLED } from '../subject.js';

const SECONDS = planned(4);
const WARM_UP_SECONDS = planned(2);
const ROW_COUNT = 10_000;
const BATCH_ROWS = 100;
const CONNECTIONS = 2;
const BATCH_CONNECTIONS = 8;
/** Of the slices in which the service scores them. */
const SLICE_ROWS = 1024;
const SLICE_MS = planned(1000, 100);

export const IN_BATCHES = 'POST /predict/batch';
export const IN_COLUMNS = 'one tensor of UINT8 or FP32 a feature, binary' satisfies Form;
const IN_JSON = 'one tensor of FP64 a feature, JSON' satisfies Form;
const FORMS: readonly Form[] = [
  'one matrix of FP64, binary',
  'one tensor of FP64 a feature, binary',
  IN_COLUMNS,
  IN_JSON,
];
export const ROWS_PER_SECOND = 'rows/s';
const ROWS_PER_CPU_SECOND = 'rows/CPU-s';
export const BEYOND_PASS = 'beyond the pass (µs/row)';

/** What rows cost that come as tensors. */
export const inferenceProtocol: Workload = {
  name: 'inference-protocol',
  title: 'Open Inference Protocol',
  text: `Closed loop: ${ROW_COUNT} rows of the bundled model in each request of the Open Inference Protocol, over
${CONNECTIONS} connections, with all three outputs; beside batches of ${BATCH_ROWS} of POST /predict/batch, over
${BATCH_CONNECTIONS} connections. The first answer to each request is compared to the golden rows, and all others to the
first. Beyond the pass is the processor time of the service for a row, less that of a row in a pass of ${SLICE_ROWS} rows
alone. MLServer has a custom
runtime with the same ONNX file, and no binary data over HTTP. Medians of ${ROUNDS} rounds of ${SECONDS} s.`,
  async *measure() {
    for await (const running of inTurn([SERVICE], SERVICE_CORE)) {
      const [pass = NaN] = await passMicroseconds(BUNDLED.modelPath, [SLICE_ROWS], SLICE_MS);
      yield* toRows('a pass alone', SERVICE.name, { 'pass (µs/row)': pass / SLICE_ROWS });
      await warmUp(running);
      const { perSecond, perCpuSecond } = await closedLoop(running, {
        request: BUNDLED.batchOf(BATCH_ROWS),
        connections: BATCH_CONNECTIONS,
        seconds: SECONDS,
      });
      yield* toRows(
        IN_BATCHES,
        SERVICE.name,
        figures(BATCH_ROWS * perSecond, BATCH_ROWS * perCpuSecond, pass),
      );
      for (const form of FORMS) {
        yield* measureForm(form, running, pass);
      }
    }
    for await (const running of inTurn(TENSOR_PEERS, SERVICE_CORE)) {
      yield* measureForm(IN_JSON, running, NaN);
    }
  },
};

async function* measureForm(form: Form, running: RunningContender, pass: number): AsyncGenerator<Row> {
  const request = inferRequest(form, ROW_COUNT);
  const [first] = await askInTurn(running.url, [request]);
  if (first === undefined || !hasGoldenProbabilities(form, ROW_COUNT, first)) {
    throw new Error(`${form}: status ${first?.status ?? 'none'} and ${first?.body.slice(0, 200) ?? ''}`);
  }
  const exchange = {
    bytes: requestBytes(running.url, request),
    isRight: ({ status, body }: HttpAnswer) => status === 200 && body === first.body,
  };
  const loop = async (
    seconds: number,
  ): Promise<{ rows: number; tookSeconds: number; cpuSeconds: number }> => {
    const cpuSecondsBefore = running.cpuSeconds;
    const startedAtMs = performance.now();
    const { count } = await runClients(running.url, CONNECTIONS, () =>
      performance.now() - startedAtMs >= seconds * 1000 ? undefined : exchange,
    );
    const tookSeconds = (performance.now() - startedAtMs) / 1000;
    return { rows: count * ROW_COUNT, tookSeconds, cpuSeconds: running.cpuSeconds - cpuSecondsBefore };
  };
  await loop(WARM_UP_SECONDS);
  const { rows, tookSeconds, cpuSeconds } = await loop(SECONDS);
  yield* toRows(form, running.contender.name, figures(rows / tookSeconds, rows / cpuSeconds, pass));
}

function figures(perSecond: number, perCpuSecond: number, pass: number): Record<string, number> {
  return {
    [ROWS_PER_SECOND]: perSecond,
    [ROWS_PER_CPU_SECOND]: perCpuSecond,
    [BEYOND_PASS]: 1e6 / perCpuSecond - pass / SLICE_ROWS,
  };
}
