import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LOW_RISK_CUSTOMER, post } from '../support/http.js';
import { score, scoreFolder } from '../support/score.js';
import { type Environment, startService } from '../support/service.js';

/** onnxruntime keeps what it would send in a database in the home folder, network or not. */
function filesIn(home: string): string[] {
  return readdirSync(home, { recursive: true }).map(String);
}

describe('the home folder stays empty, so onnxruntime has nothing to send', () => {
  it.each<Environment>([
    { INFERENCE_THREADS: '0' },
    { INFERENCE_THREADS: '1' },
    { WORKERS: '2' },
    { SHADOW_MODEL_PATH: 'models/churn_model.onnx' },
  ])('when customers are served with %j', async (settings) => {
    const home = scoreFolder();
    const service = await startService({ HOME: home, ...settings });
    expect((await post(`${service.url}/predict`, LOW_RISK_CUSTOMER)).status).toBe(200);
    expect(await service.stop()).toBe(0);
    expect(filesIn(home)).toEqual([]);
  });

  it('when a file is scored', async () => {
    const [home, files] = [scoreFolder(), scoreFolder()];
    const input = join(files, 'customers.csv');
    writeFileSync(
      input,
      `${Object.keys(LOW_RISK_CUSTOMER).join(',')}\n${Object.values(LOW_RISK_CUSTOMER).join(',')}\n`,
    );
    const { exitCode } = await score([input, join(files, 'scores.csv')], { HOME: home });
    expect(exitCode).toBe(0);
    expect(filesIn(home)).toEqual([]);
  });
});
