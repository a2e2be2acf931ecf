import type { HttpRequest } from '../http-connection.js';
import { batchOf, type PredictionRequest, SINGLE, SINGLES } from '../requests.js';

/** A request, and by what a right answer to it is recognised. */
export interface SoakRequest extends HttpRequest {
  readonly status: number;
  /** A part of the answer's text. */
  readonly part: string;
}

/** One kind of request, and how many of a hundred are of it. */
export interface Kind {
  readonly percent: number;
  readonly name: string;
  readonly requests: readonly SoakRequest[];
  readonly manner?: Manner | undefined;
}

type Manner = 'on a new connection' | 'leaves in the body' | 'leaves before the answer';

const CUSTOMER = JSON.parse(SINGLE.body) as Readonly<Record<string, number>>;
const TOO_LONG = { ...CUSTOMER, tenure_months: 999 };
const DEEP = `{"deep":${'['.repeat(5000)}${']'.repeat(5000)}}`;

const PREDICTIONS = SINGLES.map(prediction);
const BATCHES = Array.from({ length: 99 }, (_, index) => prediction(batchOf(index + 2)));
const INVALID_CUSTOMERS = [
  invalid(TOO_LONG, '/tenure_months', 'too_large'),
  invalid({ ...CUSTOMER, num_products: '3' }, '/num_products', 'not_an_integer'),
  invalid({}, '/tenure_months', 'missing'),
  invalid(null, '', 'not_an_object'),
];
const INVALID_BATCHES = [
  invalid({}, '/customers', 'missing', '/predict/batch'),
  invalidBatch([...Array<object>(99).fill(CUSTOMER), TOO_LONG], '/customers/99/tenure_months', 'too_large'),
  invalidBatch(Array<object>(101).fill(CUSTOMER), '/customers', 'too_many_items'),
];
const BROKEN_JSON = [
  post('/predict', SINGLE.body.slice(0, -1), 400, '"code":"invalid_json"'),
  post('/predict/batch', '{"customers":[', 400, '"code":"invalid_json"'),
  post('/predict', DEEP, 400, '"code":"json_too_deep"'),
];
const UNKNOWN_PATHS = ['/predictions', '/health/unknown'].map((path) => get(path, 404, '"code":"not_found"'));
const PROBES = [
  get('/health', 200, '"status":"healthy"'),
  get('/health/live', 200, '"status":"ok"'),
  get('/health/ready', 200, '"status":"ok"'),
];

export const KINDS: readonly Kind[] = [
  kind(50, 'single predictions', PREDICTIONS),
  kind(14, 'batches of 2 to 100', BATCHES),
  kind(4, 'single predictions on a new connection', PREDICTIONS, 'on a new connection'),
  kind(6, 'invalid customers (422)', INVALID_CUSTOMERS),
  kind(2, 'invalid batches (422)', INVALID_BATCHES),
  kind(4, 'broken or too deep JSON (400)', BROKEN_JSON),
  kind(4, 'unknown paths (404)', UNKNOWN_PATHS),
  kind(8, 'health probes', PROBES),
  kind(4, 'clients that leave in the middle of the body', BATCHES, 'leaves in the body'),
  kind(4, 'clients that leave before the answer', BATCHES, 'leaves before the answer'),
];

function kind(percent: number, name: string, requests: readonly SoakRequest[], manner?: Manner): Kind {
  return { percent, name, requests, manner };
}

function prediction(request: PredictionRequest): SoakRequest {
  return { ...request, status: 200, part: request.expected.map((row) => JSON.stringify(row)).join(',') };
}

function invalidBatch(customers: readonly object[], pointer: string, code: string): SoakRequest {
  return invalid({ customers }, pointer, code, '/predict/batch');
}

function invalid(body: unknown, pointer: string, code: string, path = '/predict'): SoakRequest {
  return post(path, JSON.stringify(body), 422, `{"pointer":"${pointer}","code":"${code}"`);
}

function post(path: string, body: string, status: number, part: string): SoakRequest {
  return { method: 'POST', path, body, status, part };
}

function get(path: string, status: number, part: string): SoakRequest {
  return { method: 'GET', path, status, part };
}
