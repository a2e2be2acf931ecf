import type { ErrorObject } from 'ajv';
import { type Contract, contractOf } from './contract.js';
import type { ModelManifest } from './manifest.js';
import { contradictionIn } from './manifest-contradiction.js';
import { validate } from './manifest-validator.js';
import { ModelLoadError } from './model-load-error.js';

/**
 * Reads a manifest, and the contract that it states.
 *
 * @throws {ModelLoadError} that names each key that is missing or has a value it must not have
 */
export function parseManifest(text: string, path: string): { manifest: ModelManifest; contract: Contract } {
  const manifest = parseJson(text, path);
  if ((manifest as Partial<Record<string, unknown>> | null)?.['format_version'] === 1) {
    throw manifestFault(path, 'a manifest of format 2', 'format 1, which describes numbers only');
  }
  if (!validate(manifest)) {
    const faults = (validate.errors ?? []).map(faultInWords);
    throw manifestFault(path, 'a manifest of format 2', faults.slice(0, 5).join('; '));
  }
  const contract = contractOf(manifest);
  const contradiction = contradictionIn(manifest, contract);
  if (contradiction !== undefined) {
    throw manifestFault(path, contradiction.expected, contradiction.found);
  }
  return { manifest, contract };
}

/** Ajv leaves out which key is too many, and which values are allowed. */
function faultInWords({ instancePath, message, params }: ErrorObject): string {
  const facts = Object.entries(params)
    .filter(([name]) => SPOKEN_PARAMETERS.includes(name))
    .map(([, value]) => JSON.stringify(value));
  return [instancePath || 'the manifest', message ?? 'is invalid', ...facts].join(' ');
}

const SPOKEN_PARAMETERS = ['additionalProperty', 'allowedValues', 'allowedValue', 'tagValue'];

function parseJson(text: string, path: string): unknown {
  try {
    // Some editors begin a file with a byte order mark.
    return JSON.parse(text.replace(/^\ufeff/, ''));
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
