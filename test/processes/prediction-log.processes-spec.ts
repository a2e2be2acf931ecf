import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CRM_KEY, keyEntry } from '../support/api-keys.js';
import { BulkClient, CSV_HEADER, CSV_ROW } from '../support/bulk-client.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from '../support/http.js';
import { Scrape } from '../support/metrics.js';
import { newLogFolder, recordsIn } from '../support/prediction-log.js';
import { type Environment, ServiceProcess, startService, TAKES_BURSTS } from '../support/service.js';

function logging(folder: string, environment: Environment = {}): Environment {
  return { PREDICTION_LOG: 'true', PREDICTION_LOG_PATH: folder, ...environment };
}

async function sendMany(url: string, count: number): Promise<string[]> {
  const answers = await Promise.all(
    Array.from({ length: count }, () => post(`${url}/predict`, HIGH_RISK_CUSTOMER)),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  return answers.map(({ requestId }) => requestId);
}

describe('The prediction log', () => {
  it('is off by default', async () => {
    const folder = newLogFolder();
    const service = await startService({ PREDICTION_LOG_PATH: folder });
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    expect(await service.stop()).toBe(0);
    expect(existsSync(folder)).toBe(false);
  });

  it('holds each customer that was scored, as it was sent, with its unrounded score', async () => {
    const folder = newLogFolder();
    const service = await startService(
      logging(folder, { API_KEYS: keyEntry('crm', CRM_KEY), PREDICTION_LOG_ID_FIELD: 'customer_id' }),
    );
    const key = { 'X-API-Key': CRM_KEY };
    const single = await post(
      `${service.url}/predict`,
      { ...HIGH_RISK_CUSTOMER, customer_id: 'C-7', comment: 'private' },
      key,
    );
    const batch = await post(
      `${service.url}/predict/batch`,
      { customers: [LOW_RISK_CUSTOMER, { ...HIGH_RISK_CUSTOMER, customer_id: 8 }] },
      key,
    );
    expect(await service.stop()).toBe(0);

    const records = recordsIn(folder);
    expect(records.map(({ request_id, row, id }) => [request_id, row, id])).toEqual([
      [single.requestId, 0, 'C-7'],
      [batch.requestId, 0, undefined],
      [batch.requestId, 1, 8],
    ]);
    expect(records.map(({ features }) => features)).toEqual([
      HIGH_RISK_CUSTOMER,
      LOW_RISK_CUSTOMER,
      HIGH_RISK_CUSTOMER,
    ]);
    for (const record of records) {
      expect(record).toMatchObject({ caller: 'crm', model_version: '1.0.0' });
      expect(record.model_sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(Math.abs(Date.parse(record.time) - Date.now())).toBeLessThan(60_000);
    }
    const [record] = records;
    expect(record?.probability).not.toBe(single.body['churn_probability']);
    expect(record?.probability).toBeCloseTo(single.body['churn_probability'] as number, 4);
    expect(record).toMatchObject({
      prediction: single.body['churn_prediction'],
      risk_tier: single.body['risk_tier'],
    });
    expect(JSON.stringify(records)).not.toContain('private');
  });

  it('holds texts, booleans and gaps as they were sent', async () => {
    const folder = newLogFolder();
    const service = await startService(logging(folder, { MODEL_PATH: 'models/telco/telco_model.onnx' }));
    const { body } = await request(`${service.url}/model`);
    const features = body['features'] as { name: string; example?: unknown }[];
    const example = Object.fromEntries(features.map(({ name, example: value = null }) => [name, value]));
    const customer = { ...example, total_charges: null };
    expect((await post(`${service.url}/predict`, customer)).status).toBe(200);
    await service.stop();
    expect(recordsIn(folder).map(({ features }) => features)).toEqual([customer]);
  });

  it('holds no customer that was refused, and none that was only explained', async () => {
    const folder = newLogFolder();
    const service = await startService(logging(folder));
    expect((await post(`${service.url}/predict`, {})).status).toBe(422);
    expect((await post(`${service.url}/predict/explain`, HIGH_RISK_CUSTOMER)).status).toBe(200);
    await service.stop();
    expect(existsSync(folder) ? recordsIn(folder) : []).toEqual([]);
  });

  it('holds the share of the requests that is asked for, each whole', async () => {
    const folder = newLogFolder();
    const service = await startService(logging(folder, { PREDICTION_LOG_SAMPLE: '0.5' }));
    const customers = [HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER];
    for (let sent = 0; sent < 200; sent++) {
      await post(`${service.url}/predict/batch`, { customers });
    }
    await service.stop();
    const byRequest = Map.groupBy(recordsIn(folder), ({ request_id }) => request_id);
    expect([...byRequest.values()].every((records) => records.length === 2)).toBe(true);
    // Five standard deviations of 200 throws of a coin.
    expect(byRequest.size).toBeGreaterThan(64);
    expect(byRequest.size).toBeLessThan(136);
  });

  it('loses nothing between workers, when they are replaced, and over a restart', async () => {
    const folder = newLogFolder();
    const environment = logging(folder, { ...TAKES_BURSTS, WORKERS: '2', PREDICTION_LOG_FILE_BYTES: '8192' });
    const service = await startService(environment);
    await service.process.line(({ msg }) => msg === 'all workers are ready');
    const sent = await sendMany(service.url, 60);
    service.process.signal('SIGHUP');
    while (!service.process.lines.some(({ msg }) => msg === 'all workers are replaced')) {
      sent.push(...(await sendMany(service.url, 5)));
    }
    sent.push(...(await sendMany(service.url, 60)));
    expect(await service.stop()).toBe(0);
    const ids = (): string[] => recordsIn(folder).map(({ request_id }) => request_id);
    expect(ids().toSorted()).toEqual(sent.toSorted());

    const next = await startService(environment);
    await expect
      .poll(() => readdirSync(folder).filter((name) => !name.endsWith('.gz')), { timeout: 10_000 })
      .toEqual([]);
    expect(ids().toSorted()).toEqual(sent.toSorted());
    await next.stop();
  });

  it('has only whole lines after a process was killed', async () => {
    const folder = newLogFolder();
    const environment = logging(folder, { PREDICTION_LOG_FILE_BYTES: '8192' });
    const service = await startService(environment);
    const customers = Array.from({ length: 100 }, () => HIGH_RISK_CUSTOMER);
    const sending = Array.from({ length: 8 }, async () => {
      while (
        (await post(`${service.url}/predict/batch`, { customers }).catch(() => undefined)) !== undefined
      );
    });
    await expect.poll(() => (existsSync(folder) ? readdirSync(folder).length : 0)).toBeGreaterThan(5);
    service.process.signal('SIGKILL');
    await Promise.all(sending);

    const next = await startService(environment);
    await expect
      .poll(() => readdirSync(folder).filter((name) => !name.endsWith('.gz')), { timeout: 10_000 })
      .toEqual([]);
    expect(recordsIn(folder).length).toBeGreaterThan(100);
    await next.stop();
  });

  it('holds each row of a file that has more than may wait to be written', async () => {
    const folder = newLogFolder();
    const service = await startService(logging(folder));
    const rowCount = 80_000;
    const { lines } = await new BulkClient(service.url)
      .sendAll(CSV_HEADER + CSV_ROW.repeat(rowCount))
      .answer();
    expect(lines.at(-1)).toContain(`rows=${rowCount} errors=0`);
    expect(await service.stop()).toBe(0);
    expect(recordsIn(folder)).toHaveLength(rowCount);
  });

  it('goes on in a new folder if somebody removes it, and answers meanwhile', async () => {
    const folder = newLogFolder();
    const service = await startService(logging(folder));
    await sendMany(service.url, 1);
    await expect.poll(() => existsSync(folder) && readdirSync(folder).length).toBe(1);
    rmSync(folder, { recursive: true });
    const sent = await sendMany(service.url, 3);
    await service.process.line(
      ({ level, msg }) => level === 'warn' && msg.startsWith('a file of the prediction log was removed'),
    );
    await service.stop();
    expect(
      recordsIn(folder)
        .map(({ request_id }) => request_id)
        .toSorted(),
    ).toEqual(sent.toSorted());
  });

  it('counts its rows, and tells of those that it loses', async () => {
    const folder = newLogFolder();
    const service = await startService(logging(folder));
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'in the way');
    await sendMany(service.url, 3);
    await service.process.line(
      ({ level, msg }) => level === 'error' && msg === 'the prediction log cannot be written',
    );
    const scrape = await Scrape.of(service.url);
    expect(scrape.sum('prediction_log_rows_total')).toBe(3);
    expect(scrape.sum('prediction_log_rows_lost_total')).toBe(0);
    expect(await service.stop()).toBe(0);
    expect(
      await service.process.line(({ msg }) => msg === 'rows of the prediction log were lost'),
    ).toMatchObject({
      level: 'error',
      lost_rows: 3,
    });
  });

  it('keeps its files from other users', async () => {
    const folder = newLogFolder();
    const service = await startService(logging(folder));
    await sendMany(service.url, 1);
    await service.stop();
    expect(statSync(folder).mode & 0o007).toBe(0);
    for (const name of readdirSync(folder)) {
      expect(statSync(`${folder}/${name}`).mode & 0o007).toBe(0);
    }
  });

  it.each([
    [
      { PREDICTION_LOG_PATH: '/dev/null/log' },
      'PREDICTION_LOG_PATH must be a folder that the service can write',
    ],
    [{ PREDICTION_LOG_SAMPLE: '1.5' }, 'PREDICTION_LOG_SAMPLE must be a number from 0 to 1, but is "1.5"'],
    [{ PREDICTION_LOG_SAMPLE: 'half' }, 'PREDICTION_LOG_SAMPLE must be a number from 0 to 1, but is "half"'],
    [
      { PREDICTION_LOG_TOTAL_BYTES: '100000' },
      'PREDICTION_LOG_TOTAL_BYTES must be at least twice PREDICTION_LOG_FILE_BYTES, but they are 100000 and 67108864',
    ],
  ])('refuses %j at the start, in one line', async (environment, message) => {
    for (const workers of ['1', '2']) {
      const service = ServiceProcess.spawn(
        logging(newLogFolder(), { WORKERS: workers, ...(environment as Environment) }),
      );
      expect(await service.exit()).toBe(1);
      expect(service.lines.map(({ level }) => level)).toEqual(['fatal']);
      expect(service.lines[0]?.msg).toContain(message);
    }
  });
});
