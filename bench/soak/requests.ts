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
  readonly name: string;
  readonly percent: number;
  readonly requests: readonly SoakRequest[];
  readonly manner?: 'on a new connection' | 'leaves in the body' | 'leaves before the answer';
}

const CUSTOMER = JSON.parse(SINGLE.body) as Readonly<Record<string, number>>;
const TOO_LONG = { ...CUSTOMER, tenure_months: 999 };

const PREDICTIONS = SINGLES.map(prediction);
const BATCHES = Array.from({ length: 99 }, (_, index) => prediction(batchOf(index + 2)));

const INVALID_CUSTOMERS = [
  invalid('/predict', TOO_LONG, '/tenure_months', 'too_large'),
  invalid('/predict', { ...CUSTOMER, num_products: '3' }, '/num_products', 'not_an_integer'),
  invalid('/predict', {}, '/tenure_months', 'missing'),
  invalid('/predict', null, '', 'not_an_object'),
];
const INVALID_BATCHES = [
  invalid('/predict/batch', {}, '/customers', 'missing'),
  invalid(
    '/predict/batch',
    { customers: [...Array<object>(99).fill(CUSTOMER), TOO_LONG] },
    '/customers/99/tenure_months',
    'too_large',
  ),
  invalid('/predict/batch', { customers: Array<object>(101).fill(CUSTOMER) }, '/customers', 'too_many_items'),
];
const BROKEN_JSON = [
  broken('/predict', SINGLE.body.slice(0, -1), 'invalid_json'),
  broken('/predict/batch', '{"customers":[', 'invalid_json'),
  broken('/predict', `{"deep":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'json_too_deep'),
];
const UNKNOWN_PATHS = [
  get('/predictions', 404, '"code":"not_found"'),
  get('/health/unknown', 404, '"code":"not_found"'),
];
const PROBES = [
  get('/health', 200, '"status":"healthy"'),
  get('/health/live', 200, '"status":"ok"'),
  get('/health/ready', 200, '"status":"ok"'),
];

export const KINDS: readonly Kind[] = [
  { name: 'single predictions', percent: 50, requests: PREDICTIONS },
  { name: 'batches of 2 to 100', percent: 14, requests: BATCHES },
  {
    name: 'single predictions on a new connection',
    percent: 4,
    requests: PREDICTIONS,
    manner: 'on a new connection',
  },
  { name: 'invalid customers (422)', percent: 6, requests: INVALID_CUSTOMERS },
  { name: 'invalid batches (422)', percent: 2, requests: INVALID_BATCHES },
  { name: 'broken or too deep JSON (400)', percent: 4, requests: BROKEN_JSON },
  { name: 'unknown paths (404)', percent: 4, requests: UNKNOWN_PATHS },
  { name: 'health probes', percent: 8, requests: PROBES },
  {
    name: 'clients that leave in the middle of the body',
    percent: 4,
    requests: BATCHES,
    manner: 'leaves in the body',
  },
  {
    name: 'clients that leave before the answer',
    percent: 4,
    requests: BATCHES,
    manner: 'leaves before the answer',
  },
];

export function prediction(request: PredictionRequest): SoakRequest {
  const [first] = request.expected;
  const part = JSON.stringify(request.path === '/predict' ? first : request.expected);
  return { ...request, status: 200, part };
}

function invalid(path: string, body: unknown, pointer: string, code: string): SoakRequest {
  const part = `{"pointer":"${pointer}","code":"${code}"`;
  return { method: 'POST', path, body: JSON.stringify(body), status: 422, part };
}

function broken(path: string, body: string, code: string): SoakRequest {
  return { method: 'POST', path, body, status: 400, part: `"code":"${code}"` };
}

function get(path: string, status: number, part: string): SoakRequest {
  return { method: 'GET', path, status, part };
}
