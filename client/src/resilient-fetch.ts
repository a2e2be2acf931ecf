import { RetryBudget } from './retry-budget.js';

export const TIMEOUT_HEADER = 'X-Request-Timeout-Ms';
const REQUEST_ID_HEADER = 'X-Request-Id';
const UNAVAILABLE = 503;
const FIRST_WAIT_MS = 100;
/** The most that the service reads. Timers of Node.js and of browsers take somewhat more, and fire at once beyond that. */
const LONGEST_MS = 999_999_999;

export interface Resilience {
  /** For an answer, retries included; `Infinity` is eleven days. A request with the header X-Request-Timeout-Ms has that long. */
  readonly timeoutMs: number;
  /** Most retries of a request. */
  readonly retries: number;
  readonly fetch: (request: Request) => Promise<Response>;
}

/**
 * Makes a `fetch` that tells the service how long it will wait for the answer, and asks again where the service had no time
 * (503) or could not be reached. Scoring changes nothing, so a request may be sent twice.
 *
 * It rejects with a `TimeoutError` if the time is over.
 */
export function resilientFetch(options: Resilience): (request: Request) => Promise<Response> {
  const budget = new RetryBudget();
  return async (request) => {
    const timeoutMs = wholeMs(Number(request.headers.get(TIMEOUT_HEADER) ?? options.timeoutMs));
    if (timeoutMs === 0) {
      throw new DOMException('No time is left for the request.', 'TimeoutError');
    }
    const endsAtMs = performance.now() + timeoutMs;
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]);
    const requestId = request.headers.get(REQUEST_ID_HEADER) ?? crypto.randomUUID();
    budget.earn();
    for (let retry = 0; ; retry++) {
      const attempt = new Request(request.clone(), { signal });
      attempt.headers.set(REQUEST_ID_HEADER, requestId);
      attempt.headers.set(TIMEOUT_HEADER, String(Math.max(1, Math.floor(endsAtMs - performance.now()))));
      const outcome = await options.fetch(attempt).catch((error: unknown) => ({ error }));
      if (signal.aborted || ('status' in outcome && outcome.status !== UNAVAILABLE)) {
        return resultOf(outcome);
      }
      const waitMs = Math.max(retryAfterMs(outcome), Math.random() * FIRST_WAIT_MS * 2 ** retry);
      const isInTime = performance.now() + waitMs < endsAtMs;
      if (retry >= options.retries || !isInTime || !budget.spend()) {
        return resultOf(outcome);
      }
      await pause(waitMs, signal);
    }
  };
}

/** Timers take nothing else, and throw a RangeError. Callers subtract what they have used, so less than nothing is nothing. */
function wholeMs(wish: number): number {
  return wish > 0 ? Math.min(Math.floor(wish), LONGEST_MS) : 0;
}

type Outcome = Response | { readonly error: unknown };

function resultOf(outcome: Outcome): Response {
  if ('error' in outcome) {
    throw outcome.error;
  }
  return outcome;
}

function retryAfterMs(outcome: Outcome): number {
  const seconds = 'headers' in outcome ? Number(outcome.headers.get('Retry-After')) : 0;
  return Number.isFinite(seconds) ? 1000 * seconds : 0;
}

async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, waitMs);
    signal.addEventListener('abort', stop, { once: true });
  });
}
