import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ROOT } from '../paths.js';

// The least code that gives the same answers: nothing is validated, logged or handled when it fails.

const FEATURES = [
  'tenure_months',
  'monthly_charges',
  'total_charges',
  'num_products',
  'has_support_calls',
] as const;
const MAX_PASS_ROWS = 128;
const MODEL_VERSION = '1.0.0';

type Customer = Record<(typeof FEATURES)[number], number>;

interface Waiting {
  readonly customers: readonly Customer[];
  readonly answer: (probabilities: Float32Array) => void;
}

const session = await InferenceSession.create(join(ROOT, 'models/churn_model.onnx'), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
});
const waiting: Waiting[] = [];
let isRunning = false;

/** Scores all that wait, up to a full pass at a time, one pass after the other. */
async function run(): Promise<void> {
  isRunning = true;
  while (waiting.length > 0) {
    const pass: Waiting[] = [];
    let rowCount = 0;
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (rowCount + next.customers.length > MAX_PASS_ROWS) {
        break;
      }
      pass.push(next);
      rowCount += next.customers.length;
      waiting.shift();
    }
    const values = new Float32Array(rowCount * FEATURES.length);
    let position = 0;
    for (const { customers } of pass) {
      for (const customer of customers) {
        for (const feature of FEATURES) {
          values[position++] = customer[feature];
        }
      }
    }
    const features = new Tensor('float32', values, [rowCount, FEATURES.length]);
    const { probabilities } = await session.run({ features });
    const classes = probabilities?.data as Float32Array;
    let row = 0;
    for (const { customers, answer } of pass) {
      answer(classes.subarray(2 * row, 2 * (row + customers.length)));
      row += customers.length;
    }
  }
  isRunning = false;
}

function toPrediction(probability: number): object {
  return {
    churn_probability: Math.round(probability * 1e4) / 1e4,
    churn_prediction: probability >= 0.5,
    risk_tier: probability >= 0.7 ? 'HIGH' : probability >= 0.4 ? 'MEDIUM' : 'LOW',
    model_version: MODEL_VERSION,
  };
}

function score(customers: readonly Customer[], answer: (predictions: object[]) => void): void {
  waiting.push({
    customers,
    answer: (classes) => {
      answer(customers.map((_, row) => toPrediction(classes[2 * row + 1] ?? NaN)));
    },
  });
  if (!isRunning) {
    void run();
  }
}

function send(response: ServerResponse, answer: unknown): void {
  const text = JSON.stringify(answer);
  response
    .writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
    .end(text);
}

function handle(request: IncomingMessage, response: ServerResponse): void {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => (text += chunk));
  request.on('end', () => {
    const body: unknown = JSON.parse(text);
    if (request.url === '/predict') {
      score([body as Customer], ([prediction]) => {
        send(response, prediction);
      });
    } else {
      const startedAtMs = performance.now();
      score((body as { customers: Customer[] }).customers, (predictions) => {
        const latencyMs = performance.now() - startedAtMs;
        send(response, {
          predictions,
          batch_size: predictions.length,
          latency_ms: Math.round(latencyMs * 100) / 100,
        });
      });
    }
  });
}

createServer(handle).listen(Number(process.env['PORT']), '127.0.0.1');
