import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { useOriginForm } from './request-path.js';

describe('useOriginForm', () => {
  it.each([
    ['/predict', '/predict'],
    ['/a?b=http://c/d', '/a?b=http://c/d'],
    ['http://localhost/predict?a=1', '/predict?a=1'],
    ['HTTPS://user@localhost:8000/predict', '/predict'],
    ['http://localhost', '/'],
    ['http://localhost?a=1', '/?a=1'],
    ['*', '*'],
    ['ftp://localhost/predict', 'ftp://localhost/predict'],
    ['//localhost/predict', '//localhost/predict'],
  ])('makes of %s %s', (url, expected) => {
    const request = { url } as IncomingMessage;
    useOriginForm(request);
    expect(request.url).toBe(expected);
  });
});
