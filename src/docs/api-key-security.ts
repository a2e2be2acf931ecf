import type { OpenAPIObject } from '@nestjs/swagger';
import { problemResponses } from './api-problem-responses.decorator.js';

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

/** Documents that the operations of some paths need an API key, and how they answer without. */
export function withKeys(document: OpenAPIObject, needsKey: (path: string) => boolean): OpenAPIObject {
  const protectedPaths = Object.entries(document.paths).filter(([path]) => needsKey(path));
  if (protectedPaths.length === 0) {
    return document;
  }
  for (const [instance, { get, post }] of protectedPaths) {
    for (const operation of [get, post].filter((method) => method !== undefined)) {
      operation.security = [{ bearer: [] }, { apiKey: [] }];
      Object.assign(operation.responses, problemResponses({ instance, codes: ['unauthorized'] }));
    }
  }
  return { ...document, components: { ...document.components, securitySchemes: SCHEMES } };
}
