import { Ajv } from 'ajv';
import { contractOf } from './contract.js';
import type { ModelManifest } from './manifest.js';
import { contradictionIn } from './manifest-contradiction.js';
import schema from './manifest.schema.json' with { type: 'json' };
import { ModelLoadError } from './model-load-error.js';

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, discriminator: true });
const isManifest = ajv.compile<ModelManifest>(schema);

/** @throws {ModelLoadError} that names each key that is missing or has a value it must not have */
export function parseManifest(text: string, path: string): ModelManifest {
  const manifest = parseJson(text, path);
  if ((manifest as Partial<Record<string, unknown>> | null)?.['format_version'] === 1) {
    throw manifestFault(path, 'a manifest of format 2', 'format 1, which describes numbers only');
  }
  if (!isManifest(manifest)) {
    const faults = (isManifest.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath || 'the manifest'} ${message ?? 'is invalid'}`,
    );
    throw manifestFault(path, 'a manifest of format 2', faults.slice(0, 5).join('; '));
  }
  const contradiction = contradictionIn(manifest, contractOf(manifest));
  if (contradiction !== undefined) {
    throw manifestFault(path, contradiction.expected, contradiction.found);
  }
  return manifest;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw manifestFault(path, 'JSON', (error as Error).message, { cause: error });
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
      remedy: 'export the bundle again with churn-bundle, or correct the manifest if you wrote it',
    },
    options,
  );
}
