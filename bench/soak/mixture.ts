import { askInTurn, type HttpAnswer, type HttpRequest, requestBytes } from '../http-connection.js';
import type { Exchange } from '../load.js';
import { BUNDLED, type PredictionRequest } from '../subject.js';

/** A request, and by what a right answer to it is recognised. */
interface SoakRequest extends HttpRequest {
  readonly status: number;
  /** A part of the answer's text. */
  readonly part: string;
}

type Manner = Pick<Exchange, 'onNewConnection' | 'missingBytes'>;

/** One kind of request, and how many of a hundred are of it. */
interface Kind {
  readonly percent: number;
  readonly name: string;
  readonly requests: readonly SoakRequest[];
  readonly manner: Manner;
}

const CUSTOMER = JSON.parse(BUNDLED.single.body) as Readonly<Record<string, number>>;
const TOO_LONG = { ...CUSTOMER, tenure_months: 999 };
const DEEP = `{"deep":${'['.repeat(5000)}${']'.repeat(5000)}}`;

const PREDICTIONS = BUNDLED.singles.map(prediction);
const BATCHES = Array.from({ length: 99 }, (_, index) => prediction(BUNDLED.batchOf(index + 2)));
const INVALID_CUSTOMERS = [
  invalid(TOO_LONG, '/tenure_months', 'too_large'),
  invalid({ ...CUSTOMER, num_products: '3' }, '/num_products', 'not_an_integer'),
  invalid({}, '/tenure_months', 'missing'),
  invalid(null, '', 'not_an_object'),
];
const INVALID_BATCHES = [
  invalidBatch(undefined, '/customers', 'missing'),
  invalidBatch([...Array<object>(99).fill(CUSTOMER), TOO_LONG], '/customers/99/tenure_months', 'too_large'),
  invalidBatch(Array<object>(101).fill(CUSTOMER), '/customers', 'too_many_items'),
];
const BROKEN_JSON = [
  post('/predict', BUNDLED.single.body.slice(0, -1), 400, '"code":"invalid_json"'),
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
  kind(4, 'single predictions on a new connection', PREDICTIONS, { onNewConnection: true }),
  kind(6, 'invalid customers (422)', INVALID_CUSTOMERS),
  kind(2, 'invalid batches (422)', INVALID_BATCHES),
  kind(4, 'broken or too deep JSON (400)', BROKEN_JSON),
  kind(4, 'unknown paths (404)', UNKNOWN_PATHS),
  kind(8, 'health probes', PROBES),
  kind(4, 'clients that leave in the middle of the body', BATCHES, { missingBytes: 100 }),
  kind(4, 'clients that leave before the answer', BATCHES, { missingBytes: 0 }),
];

/** What differs from answer to answer, in the form that it must have. */
const VARYING =
  /"(?:request_id":"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"|(?:latency_ms|uptime_seconds)":\d+(?:\.\d+)?(?=[,}]))/g;

/** The hundred places of the mixture, each with what takes turns in it. @throws {Error} if an answer is wrong */
export async function provenMixture(url: string): Promise<readonly (readonly Exchange[])[]> {
  const places: { at: number; exchanges: readonly Exchange[] }[] = [];
  for (const { percent, requests, manner } of KINDS) {
    const answers = await askInTurn(url, requests);
    const exchanges = requests.map((request, index) => ({
      ...exchangeOf(url, request, answers[index]),
      ...manner,
    }));
    for (let index = 0; index < percent; index++) {
      places.push({ at: (index + 0.5) / percent, exchanges });
    }
  }
  return places.toSorted((a, b) => a.at - b.at).map(({ exchanges }) => exchanges);
}

/** From now on the answer must always be as it was this time. */
function exchangeOf(
  url: string,
  request: SoakRequest,
  answer: HttpAnswer = { status: 0, body: '' },
): Exchange {
  const right = constantText(answer);
  if (answer.status !== request.status || !answer.body.includes(request.part)) {
    throw new Error(
      `${right}\n  to ${request.path} ${String(request.body ?? '')}, instead of ${request.part}`,
    );
  }
  return { bytes: requestBytes(url, request), isRight: (again) => constantText(again) === right };
}

/** Status and body, without what differs from answer to answer. */
function constantText({ status, body }: HttpAnswer): string {
  return `${status} ${body.replace(VARYING, '"…"')}`;
}

function kind(percent: number, name: string, requests: readonly SoakRequest[], manner: Manner = {}): Kind {
  return { percent, name, requests, manner };
}

function prediction(request: PredictionRequest): SoakRequest {
  return { ...request, status: 200, part: request.expected.map((row) => JSON.stringify(row)).join(',') };
}

function invalidBatch(customers: readonly object[] | undefined, pointer: string, code: string): SoakRequest {
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
