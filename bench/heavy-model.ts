import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ModelManifest } from '../src/bundle/manifest.js';

const FOLDER = 'bench/build/models';

/**
 * Settings that serve a graph of the test fixtures. Its bundle is made here: the contract is that of the bundled model, and
 * nothing is proven.
 */
export function heavySettings(graph: string): Record<string, string> {
  const path = `${FOLDER}/${graph}`;
  mkdirSync(FOLDER, { recursive: true });
  copyFileSync(`test/fixtures/models/${graph}.onnx`, `${path}.onnx`);
  const { features, examples } = JSON.parse(
    readFileSync('models/churn_model.manifest.json', 'utf8'),
  ) as ModelManifest;
  const manifest: ModelManifest = {
    format_version: 2,
    sha256: createHash('sha256')
      .update(readFileSync(`${path}.onnx`))
      .digest('hex'),
    features,
    inputs: [{ name: 'features', type: 'float32', features: features.map(({ name }) => name) }],
    output: { name: 'probabilities' },
    examples: examples.map(({ customer }) => ({ customer })),
  };
  writeFileSync(`${path}.manifest.json`, JSON.stringify(manifest));
  return { MODEL_PATH: `${path}.onnx`, ALLOW_UNVERIFIED_MODEL: 'true' };
}
