import { expect, it } from 'vitest';
import { fixtureManifest, readFixture, writeBundle } from '../support/bundle.js';
import { Caller } from '../support/caller.js';
import { HIGH_RISK_CUSTOMER, request } from '../support/http.js';
import { startService } from '../support/service.js';

it.each(['0', '1'])(
  'load alone never fails liveness, with INFERENCE_THREADS=%s',
  async (INFERENCE_THREADS) => {
    const model = readFixture('heavy_row');
    const manifest = fixtureManifest(model);
    const service = await startService({ MODEL_PATH: writeBundle({ model, manifest }), INFERENCE_THREADS });
    const callers = Array.from({ length: 64 }, () => new Caller(service.url));
    let isOver = false;
    const load = Promise.all(
      callers.map(async (caller) => {
        for (let sent = 0; sent < 4; sent++) {
          await caller.post('/predict', HIGH_RISK_CUSTOMER);
        }
      }),
    ).finally(() => {
      isOver = true;
    });
    const statuses: number[] = [];
    while (!(isOver as boolean)) {
      statuses.push((await request(`${service.url}/health/live`)).status);
    }
    await load;
    expect(statuses.length).toBeGreaterThan(1);
    expect(new Set(statuses)).toEqual(new Set([200]));
    callers.forEach((caller) => {
      caller.close();
    });
    expect(await service.stop()).toBe(0);
  },
);
