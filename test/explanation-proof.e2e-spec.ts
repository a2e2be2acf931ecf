import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ModelManifest, StatedExplanations } from '../src/bundle/manifest.js';
import { explainerOf } from '../src/explanation/explainer.js';
import { proveExplanations } from '../src/explanation/explanation-proof.js';
import { layoutOf } from '../src/model/feature-table.js';
import { OnnxSession } from '../src/model/inference/onnx-session.js';
import { readSignature } from '../src/model/model-signature.js';

describe.each(['models/churn_model', 'models/telco/telco_model'])(
  'the golden explanations of %s',
  (bundle) => {
    it.each([4096, 1024, 256, 64])(
      'are proven on a machine that is so slow that there is time for %d rows',
      async (budgetRows) => {
        const manifest = JSON.parse(readFileSync(`${bundle}.manifest.json`, 'utf8')) as ModelManifest & {
          explanations: StatedExplanations;
        };
        const path = `${bundle}.onnx`;
        const session = await OnnxSession.create(readFileSync(path), path);
        const signature = readSignature(session, manifest.inputs, manifest.output, path);
        const explainer = await explainerOf(manifest.explanations, layoutOf(manifest), (source) =>
          session.forwardPass(source.rows(0, source.rowCount), signature),
        );
        const passMs = (rows: number): number => (rows > budgetRows ? Infinity : 0);
        const proof = await proveExplanations(explainer, manifest, passMs, path);
        expect(proof.goldenCount).toBe(manifest.explanations.golden.length);
        await session.release();
      },
    );
  },
);
