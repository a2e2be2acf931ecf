import type { OpenAPIObject } from '@nestjs/swagger';
import { problemResponses } from './api-problem-responses.decorator.js';

/** How the paths of the API can be asked. */
export interface ApiAccess {
  /** With an API key only. */
  needsKey(path: string): boolean;
  /** Not more often than a rate limit allows. */
  isLimited(path: string): boolean;
}

/** Either is enough. */
const SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', description: 'An API key, as `Authorization: Bearer KEY`.' },
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'An API key, as `X-API-Key: KEY`.',
  },
} as const;

/** Documents which operations need an API key or have a rate limit, and how they answer without or beyond. */
export function withAccess(document: OpenAPIObject, access: ApiAccess): OpenAPIObject {
  let hasKeys = false;
  for (const [instance, { get, post }] of Object.entries(document.paths)) {
    for (const operation of [get, post].filter((method) => method !== undefined)) {
      if (access.needsKey(instance)) {
        hasKeys = true;
        operation.security = [{ bearer: [] }, { apiKey: [] }];
        Object.assign(operation.responses, problemResponses({ instance, codes: ['unauthorized'] }));
      }
      if (access.isLimited(instance)) {
        Object.assign(operation.responses, problemResponses({ instance, codes: ['rate_limited'] }));
      }
    }
  }
  return hasKeys
    ? { ...document, components: { ...document.components, securitySchemes: SCHEMES } }
    : document;
}
