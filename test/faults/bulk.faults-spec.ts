import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BulkClient, CSV_HEADER, CSV_ROW } from '../support/bulk-client.js';
import { writeVersion } from '../support/bundle.js';
import { HIGH_RISK_CUSTOMER, post } from '../support/http.js';
import { type Service, startService } from '../support/service.js';

const MANY_ROWS = CSV_ROW.repeat(5000);

/** A client whose first row is answered. */
async function streaming(service: Service): Promise<BulkClient> {
  const client = new BulkClient(service.url);
  await client.send(CSV_HEADER + CSV_ROW + CSV_ROW);
  await client.until(/C-1/);
  return client;
}

describe('A file over HTTP', () => {
  it('is refused beyond MAX_BULK_STREAMS, until one has ended', async () => {
    const service = await startService({ MAX_BULK_STREAMS: '1' });
    const first = await streaming(service);
    const refused = await new BulkClient(service.url).sendAll(CSV_HEADER + CSV_ROW).answer();
    expect([refused.status, JSON.parse(refused.text)]).toMatchObject([503, { code: 'overloaded' }]);
    expect((await first.sendAll(CSV_ROW).answer()).isWhole).toBe(true);
    expect((await new BulkClient(service.url).sendAll(CSV_HEADER + CSV_ROW).answer()).status).toBe(200);
    expect(await service.stop()).toBe(0);
  });

  it('may take longer than RECEIVE_TIMEOUT_MS and SEND_TIMEOUT_MS', async () => {
    const service = await startService({ RECEIVE_TIMEOUT_MS: '1000', SEND_TIMEOUT_MS: '1000' });
    const client = await streaming(service);
    await client.stopReading();
    await delay(3000);
    const { lines, isWhole } = await client.sendAll(CSV_ROW).answer();
    expect(isWhole).toBe(true);
    expect(lines.at(-1)).toMatch(/^# complete=true rows=3 errors=0/);
    expect(await service.stop()).toBe(0);
  });

  it('ends when too few bytes come for a row', async () => {
    const service = await startService({ BULK_IDLE_TIMEOUT_MS: '1000' });
    const client = await streaming(service);
    const dripping = setInterval(() => void client.send('9'), 100);
    const { lines, isWhole } = await client.answer();
    clearInterval(dripping);
    expect(isWhole).toBe(false);
    expect(lines.at(-1)).toMatch(/^"# complete=false reason=no_progress rows=2 .*No row came for 1000 ms/);
    expect(await service.stop()).toBe(0);
  });

  it('of a client that never reads is not read either, ends, and costs nobody else', async () => {
    const service = await startService({ BULK_IDLE_TIMEOUT_MS: '1000' });
    const client = await streaming(service);
    await client.stopReading();
    let sentRows = 0;
    const sending = (async () => {
      for (;;) {
        await client.send(MANY_ROWS);
        sentRows += 5000;
      }
    })();
    sending.catch(() => undefined);
    const line = await service.process.line(({ outcome }) => outcome === 'no_progress');
    expect(line).toMatchObject({ reason: 'No row of the answer was read for 1000 ms.' });
    // What the operating system and both sides buffer.
    expect(sentRows).toBeLessThan(1_000_000);
    expect((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER)).status).toBe(200);
    client.leave();
    expect(await service.stop()).toBe(0);
  });

  it('gets SHUTDOWN_TIMEOUT_MS on SIGTERM, and then ends', async () => {
    const service = await startService({ SHUTDOWN_TIMEOUT_MS: '1500' });
    const client = await streaming(service);
    const exit = service.stop();
    const { lines, isWhole } = await client.answer();
    expect(isWhole).toBe(false);
    expect(lines.at(-1)).toMatch(/^"# complete=false reason=shutdown rows=1 errors=0 model_version=1.0.0/);
    expect(await exit).toBe(0);
  });

  it('is finished by the model that began it, after SIGHUP', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bulk-'));
    cpSync('models', folder, { recursive: true, filter: (path) => !path.includes('training') });
    const modelPath = join(folder, 'churn_model.onnx');
    const service = await startService({
      WORKERS: '2',
      MODEL_PATH: modelPath,
      KEEP_ALIVE_TIMEOUT_MS: '1000',
      SHUTDOWN_TIMEOUT_MS: '1000',
    });
    await service.process.line(({ msg }) => msg === 'all workers are ready');
    const client = await streaming(service);
    writeVersion(modelPath, '2.0.0');
    service.process.signal('SIGHUP');
    await service.process.line(({ msg }) => msg === 'all workers are replaced');
    // Longer than a worker without a file would wait.
    await delay(3000);
    const after = await new BulkClient(service.url).sendAll(CSV_HEADER + CSV_ROW).answer();
    expect(after.lines.at(-1)).toContain('model_version=2.0.0');
    const { lines, isWhole } = await client.sendAll(CSV_ROW).answer();
    expect(isWhole).toBe(true);
    expect(lines.at(-1)).toMatch(/^# complete=true rows=3 errors=0 model_version=1\.0\.0/);
    expect(await service.stop()).toBe(0);
    rmSync(folder, { recursive: true });
  });
});
