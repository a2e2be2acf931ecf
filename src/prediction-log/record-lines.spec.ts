import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RecordedCandidate, recordBeginnings, recordEnd } from './record-lines.js';

const MODEL = {
  version: '1.0.0',
  sha256: 'abc',
  thresholds: { decision: 0.5, medium: 0.4, high: 0.7 },
  features: ['plan', 'größe "x"', 'age'],
};
const REQUEST = { id: 'request-1', caller: 'crm', answeredAt: new Date('2026-11-26T15:00:00.123Z') };

function parsed(
  customer: Record<string, unknown>,
  idField = '',
  candidate?: RecordedCandidate,
): Record<string, unknown> {
  const rows = { customers: [customer as never], probabilities: Float64Array.of(0.71234567890123) };
  const [beginning = ''] = recordBeginnings(rows, REQUEST, MODEL, idField);
  return JSON.parse(beginning + recordEnd(0, candidate)) as Record<string, unknown>;
}

describe('a line of the prediction log', () => {
  it('states who asked what, when, and what which model said', () => {
    expect(parsed({ age: 3, plan: null, 'größe "x"': 'a\nb' })).toEqual({
      time: '2026-11-26T15:00:00.123Z',
      request_id: 'request-1',
      row: 0,
      caller: 'crm',
      model_version: '1.0.0',
      model_sha256: 'abc',
      features: { plan: null, 'größe "x"': 'a\nb', age: 3 },
      probability: 0.71234567890123,
      prediction: true,
      risk_tier: 'HIGH',
    });
  });

  it('states what the candidate says of the same row', () => {
    const candidate = { version: '1.1.0', sha256: 'def', probabilities: Float64Array.of(0.25) };
    expect(parsed({ age: 3 }, '', candidate)['shadow']).toEqual({
      model_version: '1.1.0',
      model_sha256: 'def',
      probability: 0.25,
    });
    const broken = { ...candidate, probabilities: Float64Array.of(NaN) };
    expect(parsed({ age: 3 }, '', broken)['shadow']).toMatchObject({ probability: null });
    expect(parsed({ age: 3 })).not.toHaveProperty('shadow');
  });

  it('records no field that neither the contract nor the settings name', () => {
    const line = parsed({ age: 3, customer_id: 'C-1', email: 'a@example.com' }, 'customer_id');
    expect(line['id']).toBe('C-1');
    expect(JSON.stringify(line)).not.toContain('example.com');
    expect(parsed({ age: 3, customer_id: 'C-1' })).not.toHaveProperty('id');
  });

  it.each([
    ['an object', { a: 1 }],
    ['a long text', 'x'.repeat(257)],
    ['nothing', undefined],
    ['a list', [1]],
  ])('records no identifier that is %s', (_what, id) => {
    expect(parsed({ customer_id: id }, 'customer_id')).not.toHaveProperty('id');
  });

  it('writes one line for each row, whatever texts they hold', () => {
    const customer = fc.record({
      plan: fc.string({ unit: 'binary' }),
      age: fc.double({ noNaN: true, noDefaultInfinity: true }),
    });
    fc.assert(
      fc.property(fc.array(customer, { minLength: 1 }), (customers) => {
        const probabilities = Float64Array.from(customers, (_, row) => row / customers.length);
        const rows = { customers, probabilities };
        const text = recordBeginnings(rows, REQUEST, MODEL, '').map((line) => line + recordEnd(0, undefined));
        const lines = text.join('').split('\n');
        expect(lines.pop()).toBe('');
        const features = lines.map((line) => (JSON.parse(line) as { features: unknown }).features);
        expect(features).toEqual(JSON.parse(JSON.stringify(customers)));
      }),
    );
  });
});
