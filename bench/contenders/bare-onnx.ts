import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelManifest } from '../../src/bundle/manifest.js';

// The least code that gives the same answers: nothing is validated, logged or handled when it fails.

const MODEL_PATH = process.argv[2] ?? '';
const { inputs, features: stated } = JSON.parse(
  readFileSync(MODEL_PATH.replace('.onnx', '.manifest.json'), 'utf8'),
) as ModelManifest;
/** The number of each category that the graph takes as one. */
const codes = new Map(
  stated.flatMap((feature) =>
    feature.type === 'category'
      ? [
          [
            feature.name,
            new Map<unknown, number>([...feature.categories, null].map((text, at) => [text, at + 1])),
          ],
        ]
      : [],
  ),
);
const MAX_PASS_ROWS = 128;

type Customer = Readonly<Record<string, unknown>>;

interface Waiting {
  readonly customers: readonly Customer[];
  readonly answer: (predictions: readonly object[]) => void;
}

const session = await InferenceSession.create(MODEL_PATH, {
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
    while (waiting[0] !== undefined && rowCount + waiting[0].customers.length <= MAX_PASS_ROWS) {
      pass.push(waiting[0]);
      rowCount += waiting[0].customers.length;
      waiting.shift();
    }
    const feeds = Object.fromEntries(inputs.map((input) => [input.name, toTensor(input, pass, rowCount)]));
    const { probabilities } = await session.run(feeds, ['probabilities']);
    const classes = probabilities?.data as Float32Array;
    let row = 0;
    for (const { customers, answer } of pass) {
      answer(customers.map(() => toPrediction(classes[2 * row++ + 1] ?? NaN)));
    }
  }
  isRunning = false;
}

function toTensor(
  { type, features, missing_text: missingText }: ModelManifest['inputs'][number],
  pass: readonly Waiting[],
  rowCount: number,
): Tensor {
  const size = rowCount * features.length;
  const texts = type === 'string' ? new Array<string>(size) : [];
  const numbers = new Float32Array(type === 'string' ? 0 : size);
  let position = 0;
  for (const { customers } of pass) {
    for (const customer of customers) {
      for (const feature of features) {
        const value = customer[feature] ?? null;
        if (type === 'string') {
          texts[position++] = (value ?? missingText) as string;
        } else {
          const known = codes.get(feature);
          numbers[position++] =
            known === undefined ? (value === null ? NaN : Number(value)) : (known.get(value) ?? 0);
        }
      }
    }
  }
  const shape = [rowCount, features.length];
  return type === 'string' ? new Tensor('string', texts, shape) : new Tensor('float32', numbers, shape);
}

function toPrediction(probability: number): object {
  return {
    churn_probability: Math.round(probability * 1e4) / 1e4,
    churn_prediction: probability >= 0.5,
    risk_tier: probability >= 0.7 ? 'HIGH' : probability >= 0.4 ? 'MEDIUM' : 'LOW',
    model_version: '1.0.0',
  };
}

function answerTo(path: string | undefined, text: string, send: (answer: unknown) => void): void {
  const startedAtMs = performance.now();
  const body: unknown = JSON.parse(text);
  if (path === '/predict') {
    waiting.push({
      customers: [body as Customer],
      answer: (predictions) => {
        send(predictions[0]);
      },
    });
  } else {
    const { customers } = body as { customers: Customer[] };
    const answer = (predictions: readonly object[]): void => {
      const latencyMs = Math.round((performance.now() - startedAtMs) * 100) / 100;
      send({ predictions, batch_size: predictions.length, latency_ms: latencyMs });
    };
    waiting.push({ customers, answer });
  }
  if (!isRunning) {
    void run();
  }
}

createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  request.on('end', () => {
    answerTo(request.url, text, (answer) => {
      const json = JSON.stringify(answer);
      const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) };
      response.writeHead(200, headers).end(json);
    });
  });
}).listen(Number(process.env['PORT']), '127.0.0.1');
