import { SINGLE } from '../requests.js';
import type { Probe } from './exchange.js';

const customer = JSON.parse(SINGLE.body) as Readonly<Record<string, number>>;

function problem(
  path: string,
  body: string,
  status: number,
  code: string,
  errors?: readonly object[],
): Probe {
  const members = { status, code, instance: path, ...(errors !== undefined && { errors }) };
  return { method: 'POST', path, body, status, members };
}

const TENURE_TOO_LARGE = {
  code: 'too_large',
  detail: 'tenure_months must be an integer from 0 to 120, but is 999.',
};

const MISSING_CUSTOMERS = {
  pointer: '/customers',
  code: 'missing',
  detail: 'customers is required: it must be an array of 1 to 100 objects.',
};

export const INVALID_CUSTOMERS: readonly Probe[] = [
  problem('/predict', JSON.stringify({ ...customer, tenure_months: 999 }), 422, 'validation_failed', [
    { pointer: '/tenure_months', ...TENURE_TOO_LARGE },
  ]),
  problem('/predict', JSON.stringify({ ...customer, num_products: '3' }), 422, 'validation_failed', [
    {
      pointer: '/num_products',
      code: 'not_an_integer',
      detail: 'num_products must be an integer from 1 to 10, but is "3".',
    },
  ]),
  problem('/predict', '{}', 422, 'validation_failed'),
  problem('/predict', 'null', 422, 'validation_failed'),
];

export const INVALID_BATCHES: readonly Probe[] = [
  problem('/predict/batch', '{}', 422, 'validation_failed', [MISSING_CUSTOMERS]),
  problem(
    '/predict/batch',
    JSON.stringify({ customers: [...Array<object>(99).fill(customer), { ...customer, tenure_months: 999 }] }),
    422,
    'validation_failed',
    [{ pointer: '/customers/99/tenure_months', ...TENURE_TOO_LARGE }],
  ),
  problem(
    '/predict/batch',
    JSON.stringify({ customers: Array<object>(101).fill(customer) }),
    422,
    'validation_failed',
  ),
];

export const BROKEN_JSON: readonly Probe[] = [
  problem('/predict', SINGLE.body.slice(0, -1), 400, 'invalid_json'),
  problem('/predict/batch', '{"customers":[', 400, 'invalid_json'),
  problem('/predict', `{"deep":${'['.repeat(5000)}${']'.repeat(5000)}}`, 400, 'json_too_deep'),
];

export const UNKNOWN_PATHS: readonly Probe[] = ['/predictions', '/health/unknown'].map((path) => ({
  method: 'GET',
  path,
  status: 404,
  members: { status: 404, code: 'not_found', instance: path },
}));

export const HEALTH_PROBES: readonly Probe[] = [
  { path: '/health', status: 'healthy' },
  { path: '/health/live', status: 'ok' },
  { path: '/health/ready', status: 'ok' },
].map(({ path, status }) => ({ method: 'GET', path, status: 200, members: { status } }));
