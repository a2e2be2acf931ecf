import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelManifest } from '../src/bundle/manifest.js';

const FOLDER = 'bench/build/models';

/**
 * Settings that serve a graph of the test fixtures. Its bundle is made here: the contract is that of the bundled model, and
 * nothing is proven.
 */
export function heavySettings(graph: string): Record<string, string> {
  return settingsOf(writeBundle(graph, readBundledManifest()));
}

/** The same, with the background rows of the bundled model. */
export async function explainedHeavySettings(graph: string): Promise<Record<string, string>> {
  const bundled = readBundledManifest();
  const { explanations } = bundled;
  if (explanations === undefined) {
    throw new Error('The bundled model has no background rows.');
  }
  const { features, background, golden } = explanations;
  const row = golden[0]?.row ?? [];
  const probabilities = await probabilitiesOf(graph, [...background, row], features);
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

function settingsOf(path: string): Record<string, string> {
  return { MODEL_PATH: path, ALLOW_UNVERIFIED_MODEL: 'true' };
}

function readBundledManifest(): ModelManifest {
  return JSON.parse(readFileSync('models/churn_model.manifest.json', 'utf8')) as ModelManifest;
}

async function probabilitiesOf(
  graph: string,
  rows: readonly (readonly unknown[])[],
  names: readonly string[],
): Promise<number[]> {
  const session = await InferenceSession.create(`test/fixtures/models/${graph}.onnx`);
  const order = readBundledManifest().features.map(({ name }) => names.indexOf(name));
  const values = Float32Array.from(rows.flatMap((row) => order.map((column) => Number(row[column]))));
  const { probabilities } = await session.run({
    features: new Tensor('float32', values, [rows.length, names.length]),
  });
  const output = probabilities?.data as Float32Array;
  const columns = output.length / rows.length;
  return rows.map((_, row) => output[(row + 1) * columns - 1] ?? NaN);
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
