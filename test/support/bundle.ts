import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ModelManifest, TensorDescription } from '../../src/model/model-manifest.js';

const BUNDLED = 'models/churn_model.onnx';
/** In the order of the columns of the fixture graphs. */
export const FEATURES = [
  'tenure_months',
  'monthly_charges',
  'total_charges',
  'num_products',
  'has_support_calls',
];

/** What most graphs of test/fixtures/models compute, in double precision. */
export function fixtureProbability([
  tenure = 0,
  monthly = 0,
  total = 0,
  products = 0,
  calls = 0,
]: readonly number[]): number {
  const logit = -0.03 * tenure + 0.02 * monthly - 0.0001 * total - 0.5 * products + 1.5 * calls;
  return 1 / (1 + Math.exp(-logit));
}

export function readBundledManifest(): ModelManifest {
  return JSON.parse(readFileSync('models/churn_model.manifest.json', 'utf8')) as ModelManifest;
}

export function readBundledModel(): Buffer {
  return readFileSync(BUNDLED);
}

export function readFixture(name: string): Buffer {
  return readFileSync(`test/fixtures/models/${name}.onnx`);
}

/** A manifest that is true of a fixture graph with one float32 matrix as input, unless changed. */
export function fixtureManifest(model: Uint8Array, changes: Partial<ModelManifest> = {}): ModelManifest {
  const bundled = readBundledManifest();
  return {
    ...bundled,
    sha256: createHash('sha256').update(model).digest('hex'),
    features: FEATURES.flatMap((name) => bundled.features.filter((feature) => feature.name === name)),
    inputs: [tensor('features', 'float32', 5)],
    output: tensor('probabilities', 'float32', 2),
    golden_rows: goldenRows(),
    ...changes,
  };
}

export function tensor(name: string, type: TensorDescription['type'], columns?: number): TensorDescription {
  return { name, type, shape: columns === undefined ? [null] : [null, columns] };
}

/** Whole numbers, so that an int64 graph gives the same probabilities. */
export function goldenRows(probability = fixtureProbability): ModelManifest['golden_rows'] {
  return Array.from({ length: 64 }, (_, index) => {
    const values = [index, 5 * index, 10 * index, 1 + (index % 10), index % 2];
    const features = Object.fromEntries(FEATURES.map((name, column) => [name, values[column] ?? NaN]));
    return { features, probability: probability(values) };
  });
}

/**
 * Writes a bundle into a folder of its own, which is removed after the test.
 *
 * @returns path of the ONNX file
 */
export function writeBundle(files: { model?: Uint8Array; manifest?: unknown; version?: string }): string {
  const directory = mkdtempSync(join(tmpdir(), 'churn-bundle-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true });
  });
  const path = join(directory, 'model.onnx');
  if (files.model !== undefined) {
    writeFileSync(path, files.model);
  }
  if (files.manifest !== undefined) {
    writeFileSync(join(directory, 'model.manifest.json'), JSON.stringify(files.manifest));
  }
  if (files.version !== undefined) {
    writeFileSync(join(directory, 'model_version.txt'), files.version);
  }
  return path;
}
