import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Customer } from '../src/bundle/feature.js';
import { goldenCustomers, readBundledManifest } from './support/bundle.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post } from './support/http.js';
import { type Service, startService } from './support/service.js';

const manifest = readBundledManifest();

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service.stop();
});

function isWithinContract({ tenure_months: tenure, monthly_charges: charges }: Customer): boolean {
  return Number(tenure) <= 120 && Number(charges) <= 500;
}

describe('POST /predict', () => {
  it('scores a customer at risk HIGH', async () => {
    const { status, headers, body } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    expect(status).toBe(200);
    expect(headers.get('Content-Type')).toBe('application/json; charset=utf-8');
    expect(body).toEqual({
      churn_probability: expect.closeTo(0.889, 2) as number,
      churn_prediction: true,
      risk_tier: 'HIGH',
      model_version: '1.0.0',
    });
  });

  it('scores a loyal customer LOW', async () => {
    const { body } = await post(`${service.url}/predict`, LOW_RISK_CUSTOMER);
    expect(body).toMatchObject({ churn_prediction: false, risk_tier: 'LOW' });
  });

  it('answers as the trained model does, for every golden row, rounded to 4 decimals', async () => {
    const rows = goldenCustomers(manifest).filter(({ customer }) => isWithinContract(customer));
    expect(rows.length).toBeGreaterThanOrEqual(64);
    for (const { customer, probability } of rows) {
      const { body } = await post(`${service.url}/predict`, customer);
      const difference = Math.abs(Number(body['churn_probability']) - probability);
      expect(difference).toBeLessThanOrEqual(0.000_05 + (manifest.tolerance ?? 0));
      expect(String(body['churn_probability'])).toMatch(/^[01](\.\d{1,4})?$/);
    }
  });

  it('ignores fields that it does not know, however they are called', async () => {
    const body =
      '{"__proto__":{"tenure_months":999},"constructor":{"prototype":{}},"customer_id":"C-1","toString":1,' +
      JSON.stringify(HIGH_RISK_CUSTOMER).slice(1);
    const answer = await post(`${service.url}/predict`, body);
    const plain = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(plain.body);
  });

  it('takes the last of two equal keys, as JSON.parse does', async () => {
    const { status } = await post(
      `${service.url}/predict`,
      `{"tenure_months":999,${JSON.stringify(HIGH_RISK_CUSTOMER).slice(1)}`,
    );
    expect(status).toBe(200);
  });

  it.each([
    undefined,
    'application/json; charset=utf-8',
    'application/json;charset=UTF8',
    'application/json; charset="utf8"; profile=crm',
    'application/vnd.crm+json',
    'APPLICATION/JSON',
  ])('takes the content type %s for JSON', async (contentType) => {
    const response = await fetch(`${service.url}/predict`, {
      method: 'POST',
      // A Blob without a type is sent without a content type.
      body: new Blob([JSON.stringify(HIGH_RISK_CUSTOMER)]),
      ...(contentType !== undefined && { headers: { 'Content-Type': contentType } }),
    });
    expect(response.status).toBe(200);
  });

  it.each([
    ['tenure_months', 0],
    ['tenure_months', 120],
    ['monthly_charges', 0],
    ['monthly_charges', 500],
    ['total_charges', 0],
    ['total_charges', 3.4028234663852886e38],
    ['total_charges', 3.4028235677973362e38],
    ['num_products', 1],
    ['num_products', 10],
    ['has_support_calls', 0],
    ['has_support_calls', 1],
  ])('accepts %s at its bound %d', async (field, value) => {
    const { status, body } = await post(`${service.url}/predict`, { ...HIGH_RISK_CUSTOMER, [field]: value });
    expect(body).toHaveProperty('churn_probability');
    expect(status).toBe(200);
  });
});

describe('POST /predict/batch', () => {
  it('scores all customers in their order', async () => {
    const customers = [LOW_RISK_CUSTOMER, HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER];
    const { status, body } = await post(`${service.url}/predict/batch`, { customers });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      batch_size: 3,
      predictions: [{ risk_tier: 'LOW' }, { risk_tier: 'HIGH' }, { risk_tier: 'LOW' }],
    });
    expect(Object.keys(body)).toEqual(['predictions', 'batch_size', 'latency_ms']);
    expect(String(body['latency_ms'])).toMatch(/^\d+(\.\d{1,2})?$/);
  });

  it('gives 100 customers the answers that each gets alone', async () => {
    const customers = Array.from({ length: 100 }, (_, index) => ({
      ...LOW_RISK_CUSTOMER,
      tenure_months: index,
      monthly_charges: 500 - index,
    }));
    const { body } = await post(`${service.url}/predict/batch`, { customers });
    const alone: unknown[] = [];
    for (const customer of customers) {
      alone.push((await post(`${service.url}/predict`, customer)).body);
    }
    expect(body['predictions']).toEqual(alone);
  });

  it('scores a batch of one', async () => {
    const { body } = await post(`${service.url}/predict/batch`, { customers: [HIGH_RISK_CUSTOMER] });
    expect(body).toMatchObject({ batch_size: 1 });
  });
});
