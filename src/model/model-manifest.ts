import { Ajv } from 'ajv';
import type { TensorType } from './feature-matrix.js';
import { ModelLoadError } from './model.errors.js';
import schema from './model-manifest.schema.json' with { type: 'json' };

/** The training side's statement about a model. model-manifest.schema.json describes each field. */
export interface ModelManifest {
  readonly format_version: 1;
  readonly name: string;
  readonly version: string;
  readonly created_at: string;
  readonly framework: { readonly name: string; readonly versions: Readonly<Record<string, string>> };
  readonly sha256: string;
  readonly features: readonly FeatureStatistics[];
  readonly inputs: readonly TensorDescription[];
  readonly output: TensorDescription;
  readonly thresholds: Thresholds;
  readonly tolerance: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly reference: { readonly rows: number; readonly probability_histogram: Histogram };
  readonly golden_rows: readonly GoldenRow[];
}

export interface FeatureStatistics {
  readonly name: string;
  readonly type: 'integer' | 'number';
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly quantiles: Readonly<Record<string, number>>;
  readonly histogram: Histogram;
}

export interface TensorDescription {
  readonly name: string;
  readonly type: TensorType;
  /** null stands for the number of rows. */
  readonly shape: readonly (number | null)[];
}

/** Least unrounded probability for each decision. */
export interface Thresholds {
  readonly decision: number;
  readonly medium: number;
  readonly high: number;
}

/** Of a model without a manifest. */
export const DEFAULT_THRESHOLDS: Thresholds = { decision: 0.5, medium: 0.4, high: 0.7 };

export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

export interface GoldenRow {
  /** Value by the name of its feature. */
  readonly features: Readonly<Record<string, number>>;
  readonly probability: number;
}

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const isManifest = ajv.compile<ModelManifest>(schema);

/** @throws {ModelLoadError} that names each key that is missing or has a value it must not have */
export function parseManifest(text: string, path: string): ModelManifest {
  const manifest = parseJson(text, path);
  if (!isManifest(manifest)) {
    const faults = (isManifest.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath || 'the manifest'} ${message ?? 'is invalid'}`,
    );
    throw manifestFault(path, 'a manifest of format 1', faults.slice(0, 5).join('; '));
  }
  checkConsistency(manifest, path);
  return manifest;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw manifestFault(path, 'JSON', (error as Error).message, { cause: error });
  }
}

/** Checks that the parts of the manifest fit each other, which a JSON schema cannot say. */
function checkConsistency({ features, golden_rows, thresholds }: ModelManifest, path: string): void {
  const names = features.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw manifestFault(path, 'each feature once', `${repeated} twice`);
  }
  const expected = names.toSorted().join(', ');
  golden_rows.forEach((row, index) => {
    const found = Object.keys(row.features).sort().join(', ');
    if (found !== expected) {
      throw manifestFault(path, `the features ${expected} in each golden row`, `${found} in row ${index}`);
    }
  });
  if (thresholds.medium > thresholds.high) {
    throw manifestFault(
      path,
      'a medium threshold not above the high one',
      `${thresholds.medium} > ${thresholds.high}`,
    );
  }
}

function manifestFault(
  path: string,
  expected: string,
  found: string,
  options?: ErrorOptions,
): ModelLoadError {
  return new ModelLoadError(
    {
      problem: "The model's manifest is not valid",
      where: path,
      expected,
      found,
      remedy: 'export the bundle again with models/training/export_model.py',
    },
    options,
  );
}
