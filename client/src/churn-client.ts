import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './api.js';
import { inSlices } from './in-slices.js';
import { ProblemError } from './problem-error.js';
import { type Resilience, resilientFetch, TIMEOUT_HEADER } from './resilient-fetch.js';

export { type FieldError, ProblemError } from './problem-error.js';

type Schemas = components['schemas'];
export type Customer = Schemas['Customer'];
export type Prediction = Schemas['Prediction'];
export type Explanation = Schemas['Explanation'];

export interface ChurnClientOptions extends Partial<Resilience> {
  /** Such as https://churn.example.com */
  readonly baseUrl: string;
  readonly apiKey?: string;
}

export interface CallOptions {
  /** For the answer to each request, retries included; by default that of the client. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const DEFAULT_TIMEOUT_MS = 2000;
const DEFAULT_RETRIES = 2;
const BATCH = { sliceLength: 100, atOnce: 4 };

/** Asks the churn model API. Every method rejects with a `ProblemError`, a `TimeoutError` or, without a network, a `TypeError`. */
export class ChurnClient {
  /** All operations of the service, typed, with the same timeouts and retries. */
  readonly api: Client<paths>;

  constructor({ baseUrl, apiKey, timeoutMs, retries, fetch }: ChurnClientOptions) {
    this.api = createClient<paths>({
      baseUrl,
      headers: apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` },
      fetch: resilientFetch({
        timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
        retries: retries ?? DEFAULT_RETRIES,
        fetch: fetch ?? ((request) => globalThis.fetch(request)),
      }),
    });
  }

  async predict(customer: Customer, options: CallOptions = {}): Promise<Prediction> {
    return answerOf(await this.api.POST('/predict', { body: customer, ...callOf(options) }));
  }

  /**
   * Scores any number of customers, in requests of 100.
   *
   * @returns the predictions in the order of the customers
   */
  async predictBatch(customers: readonly Customer[], options: CallOptions = {}): Promise<Prediction[]> {
    return inSlices(customers, BATCH, async (slice, first, stopped) => {
      const signal = AbortSignal.any([stopped, ...(options.signal === undefined ? [] : [options.signal])]);
      const call = callOf({ ...options, signal });
      try {
        return answerOf(await this.api.POST('/predict/batch', { body: { customers: slice }, ...call }))
          .predictions;
      } catch (error) {
        throw error instanceof ProblemError ? error.inList(first) : error;
      }
    });
  }

  /** @param options.top how many contributions are listed; the others are added up */
  async explain(
    customer: Customer,
    { top, ...options }: CallOptions & { readonly top?: number } = {},
  ): Promise<Explanation> {
    const { params, ...call } = callOf(options);
    const query = top === undefined ? {} : { top };
    return answerOf(
      await this.api.POST('/predict/explain', { body: customer, params: { ...params, query }, ...call }),
    );
  }
}

function callOf({ timeoutMs, signal }: CallOptions): {
  params: { header: { [TIMEOUT_HEADER]?: number } };
  signal?: AbortSignal;
} {
  return {
    params: { header: timeoutMs === undefined ? {} : { [TIMEOUT_HEADER]: timeoutMs } },
    ...(signal !== undefined && { signal }),
  };
}

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** @throws {ProblemError} if the answer is not a success */
function answerOf<Data>({ data, error, response }: Answer<Data>): Data {
  if (data === undefined) {
    throw ProblemError.of(response, error);
  }
  return data;
}
