import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { customerOf } from '../src/bundle/feature.js';
import type { ModelManifest } from '../src/bundle/manifest.js';
import { loadCandidate } from '../src/model/candidate-model.js';
import { layoutOf, tableOf } from '../src/model/feature-table.js';
import { readBundle } from './in-process.js';

const FOLDER = 'bench/build/models';

type HeavySettings = Readonly<Record<'MODEL_PATH' | 'ALLOW_UNVERIFIED_MODEL', string>>;

/**
 * Settings that serve a graph of the test fixtures. Its bundle is made here: the contract is that of the bundled model, and
 * nothing is proven.
 */
export function heavySettings(graph: string): HeavySettings {
  return settingsOf(writeBundle(graph, readBundledManifest()));
}

/** The same, with the background rows of the bundled model. */
export async function explainedHeavySettings(graph: string): Promise<HeavySettings> {
  const bundled = readBundledManifest();
  const { explanations } = bundled;
  if (explanations === undefined) {
    throw new Error('The bundled model has no background rows.');
  }
  const { features, background, golden } = explanations;
  const row = golden[0]?.row ?? [];
  const bundle = await readBundle(writeBundle(graph, bundled));
  const customers = [...background, row].map((values) => customerOf(features, values));
  const forwardPass = await loadCandidate(bundle);
  const probabilities = [...(await forwardPass(tableOf(customers, layoutOf(bundle.manifest))))];
  const probability = probabilities.pop() ?? NaN;
  const base = probabilities.reduce((sum, value) => sum + value, 0) / probabilities.length;
  const contributions = features.map(() => (probability - base) / features.length);
  // They are not those of this graph, so they have errors that allow all.
  const unknown = { row, probability, contributions, standard_errors: features.map(() => 1) };
  return settingsOf(
    writeBundle(graph, bundled, {
      explanations: { features, background, base_probability: base, golden: [unknown] },
    }),
  );
}

function settingsOf(path: string): HeavySettings {
  return { MODEL_PATH: path, ALLOW_UNVERIFIED_MODEL: 'true' };
}

function readBundledManifest(): ModelManifest {
  return JSON.parse(readFileSync('models/churn_model.manifest.json', 'utf8')) as ModelManifest;
}

function writeBundle(
  graph: string,
  { features, examples }: ModelManifest,
  changes: Partial<ModelManifest> = {},
): string {
  const path = `${FOLDER}/${graph}`;
  mkdirSync(FOLDER, { recursive: true });
  copyFileSync(`test/fixtures/models/${graph}.onnx`, `${path}.onnx`);
  const manifest: ModelManifest = {
    format_version: 2,
    sha256: createHash('sha256')
      .update(readFileSync(`${path}.onnx`))
      .digest('hex'),
    features,
    inputs: [{ name: 'features', type: 'float32', features: features.map(({ name }) => name) }],
    output: { name: 'probabilities' },
    examples: examples.map(({ customer }) => ({ customer })),
    ...changes,
  };
  writeFileSync(`${path}.manifest.json`, JSON.stringify(manifest));
  return `${path}.onnx`;
}
