import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EXIT_CODES } from '../../src/score/score-error.js';
import { HIGH_RISK_CUSTOMER } from '../support/http.js';
import { score as run, sql } from '../support/score.js';
import { score } from './kustomize.js';
import { one } from './manifests.js';

describe('the nightly job', () => {
  const { podFailurePolicy, template } = one(score.manifests, 'CronJob').spec.jobTemplate.spec;
  const { spec } = template;
  const [container] = spec.containers;

  it('scores the file on its volume', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'churn-volume-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const lines = [1, 2].map((customer_id) => JSON.stringify({ customer_id, ...HIGH_RISK_CUSTOMER }));
    writeFileSync(join(folder, 'customers.ndjson'), lines.join('\n'));
    await sql(
      `COPY (FROM read_json('${folder}/customers.ndjson')) TO '${folder}/customers.parquet' (FORMAT parquet)`,
    );
    const environment = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
    const { exitCode, stderr } = await run(
      container.args.map((argument) => argument.replace('/data', folder)),
      { ...environment, TMPDIR: tmpdir() },
    );
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('2 scored')]);
    expect(await sql(`SELECT customer_id, churn_probability FROM '${folder}/scores.parquet'`)).toEqual([
      { customer_id: 1n, churn_probability: 0.8889 },
      { customer_id: 2n, churn_probability: 0.8889 },
    ]);
  });

  it('is not tried again where that would end in the same way', () => {
    const { usage, someRefused, badFile, badModel } = EXIT_CODES;
    expect(podFailurePolicy.rules[0]?.onExitCodes?.values).toEqual([usage, someRefused, badFile, badModel]);
  });

  it('keeps the restricted Pod Security Standard, and may not write to its image', () => {
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(spec.automountServiceAccountToken).toBe(false);
  });

  it('runs the image that the Dockerfile makes for it', () => {
    expect(container.image).toMatch(/^churn-model-api-score(:|$)/);
    expect(readFileSync('Dockerfile', 'utf8')).toMatch(
      / AS score\n(?:(?!\nFROM )[^])*ENTRYPOINT \["node", "bundle\/score\.js"\]/,
    );
  });
});
