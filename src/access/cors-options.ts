import type { Settings } from '../config/settings.js';
import type { CorsOptions } from '../http/requests/cors-headers.js';
import { REQUEST_TIMEOUT_HEADER } from '../http/requests/request-budget.js';
import { JSON_LENGTH_HEADER } from '../http/requests/json-length.js';
import { REQUEST_ID_HEADER } from '../http/requests/request-id.js';
import { API_KEY_HEADER } from './presented-keys.js';
import { RATE_LIMIT_HEADERS } from './rate-limit.js';

/** Which pages may call, and which headers they may send and read. */
export function corsOptions({ corsOrigins, apiKeysFile, apiKeys, rateLimitRequests }: Settings): CorsOptions {
  return {
    origins: corsOrigins,
    requestHeaders: [
      'Authorization',
      API_KEY_HEADER,
      'Content-Type',
      REQUEST_ID_HEADER,
      REQUEST_TIMEOUT_HEADER,
      JSON_LENGTH_HEADER,
      'traceparent',
      'tracestate',
    ],
    answerHeaders: [
      REQUEST_ID_HEADER,
      'Retry-After',
      ...(apiKeysFile === '' && apiKeys === '' ? [] : ['WWW-Authenticate']),
      ...(rateLimitRequests === 0 ? [] : RATE_LIMIT_HEADERS),
    ],
  };
}
