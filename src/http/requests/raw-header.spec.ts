import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { rawHeader } from './raw-header.js';

it.each([
  [['Host', 'x', 'ORIGIN', 'https://crm.example'], 'https://crm.example'],
  [['origin', 'first', 'Origin', 'second'], 'first'],
  [['X-Name', 'origin'], undefined],
  [[], undefined],
])('finds origin in %j', (rawHeaders, expected) => {
  const request = new IncomingMessage(new Socket());
  request.rawHeaders = rawHeaders;
  expect(rawHeader(request, 'origin')).toBe(expected);
});
