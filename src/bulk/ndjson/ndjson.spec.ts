import { describe, expect, it } from 'vitest';
import { NdjsonAnswer } from './ndjson-answer.js';
import { NdjsonReader } from './ndjson-reader.js';

const SCORE = { churn_probability: 0.5, churn_prediction: false, risk_tier: 'LOW', model_version: '1.0.0' };

/** The answer to a file of one customer. */
function answerTo(json: string, keep: readonly string[]): string {
  const reader = new NdjsonReader({ keep, longestLineBytes: 4096 });
  const rows = [...reader.push(Buffer.from(`${json}\n`)), ...reader.end()];
  return new NdjsonAnswer(keep).rows(rows.map((row) => ({ row, prediction: SCORE as never })));
}

describe('what NDJSON keeps', () => {
  it.each([
    '9007199254740993',
    '-12345678901234567890',
    '0.12345678901234589',
    '1234567890.1234567891',
    '1e999',
    '{"id":9007199254740993,"of":[1,18446744073709551615]}',
    '"9007199254740993"',
    'null',
    '7',
  ])('is %s as it came', (value) => {
    const answer = answerTo(`{"customer_id":${value},"tenure_months":6}`, ['customer_id']);
    expect(answer).toMatch(/\}\n$/);
    expect(answer.startsWith(`{"customer_id":${value},"churn_probability":0.5,`)).toBe(true);
  });

  it('is null where a line with long numbers has no such field', () => {
    expect(answerTo('{"a":9007199254740993}', ['b', 'a'])).toMatch(/^\{"b":null,"a":9007199254740993,/);
  });

  it('does not change what is scored', () => {
    const reader = new NdjsonReader({ keep: ['id'], longestLineBytes: 4096 });
    const [row] = reader.push(Buffer.from('{"id":9007199254740993,"monthly_charges":0.123456789012345}\n'));
    expect(row?.customer).toEqual({ id: 9007199254740992, monthly_charges: 0.123456789012345 });
  });
});
