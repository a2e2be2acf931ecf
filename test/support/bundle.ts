import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Customer, customerOf } from '../../src/bundle/feature.js';
import {
  DEFAULT_THRESHOLDS,
  type GoldenRows,
  type ModelManifest,
  type StatedInput,
} from '../../src/bundle/manifest.js';
import type { TensorType } from '../../src/bundle/tensor-type.js';

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
  const { features, examples, version, thresholds, reference, metrics } = readBundledManifest();
  return {
    format_version: 2,
    version: version ?? '',
    thresholds: thresholds ?? DEFAULT_THRESHOLDS,
    metrics: metrics ?? {},
    ...(reference && { reference }),
    sha256: createHash('sha256').update(model).digest('hex'),
    features: FEATURES.flatMap((name) => features.filter((feature) => feature.name === name)),
    inputs: [matrix('float32')],
    output: { name: 'probabilities' },
    examples: examples.map(({ customer }) => ({ customer })),
    golden_rows: goldenRows(),
    ...changes,
  };
}

/** As one writes it by hand for a graph from elsewhere: the contract, and nothing that is measured. */
export function handWrittenManifest(model: Uint8Array, changes: Partial<ModelManifest> = {}): ModelManifest {
  const { sha256, features, inputs, output, examples } = fixtureManifest(model, changes);
  const described = features.map((feature) => ({ ...feature, statistics: undefined }));
  return JSON.parse(
    JSON.stringify({ format_version: 2, sha256, features: described, inputs, output, examples }),
  ) as ModelManifest;
}

/** One input of all features. */
export function matrix(type: TensorType): StatedInput {
  return { name: 'features', type, features: FEATURES };
}

/** An input of one feature, which has its name. */
export function column(name: string, type: TensorType): StatedInput {
  return { name, type, features: [name] };
}

/** 64 rows of whole numbers, so that an int64 graph gives the same probabilities. */
export function goldenRows(
  probability = fixtureProbability,
  { withoutTenures = [] }: { withoutTenures?: readonly number[] } = {},
): GoldenRows {
  const tenures = Array.from({ length: 64 + withoutTenures.length }, (_, index) => index);
  const rows = tenures
    .filter((tenure) => !withoutTenures.includes(tenure))
    .map((tenure) => [tenure, 5 * tenure, 10 * tenure, 1 + (tenure % 10), tenure % 2]);
  return { features: FEATURES, rows, probabilities: rows.map(probability) };
}

/** The golden rows as customers, with their probabilities. */
export function goldenCustomers({
  golden_rows: golden,
}: ModelManifest): { customer: Customer; probability: number }[] {
  const { features = [], rows = [], probabilities = [] } = golden ?? {};
  return rows.map((row, index) => ({
    customer: customerOf(features, row),
    probability: probabilities[index] ?? NaN,
  }));
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

/** Makes the bundle of this ONNX file the one of another version. */
export function writeVersion(modelPath: string, version: string): void {
  const manifestPath = modelPath.replace(/\.onnx$/, '.manifest.json');
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as ModelManifest;
  writeFileSync(manifestPath, JSON.stringify({ ...manifest, version }));
  writeFileSync(join(dirname(modelPath), 'model_version.txt'), `${version}\n`);
}
