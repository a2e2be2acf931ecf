import type { Contract } from '../bundle/contract.js';
import { differencesBetween, differencesInWords } from '../bundle/contract-difference.js';
import type { Thresholds } from '../bundle/manifest.js';
import { ModelLoadError } from '../bundle/model-load-error.js';
import { readModelBundle } from '../bundle/model-bundle.js';
import { layoutOf, type TableLayout } from '../model/feature-table.js';

/** The model that is tried beside the served one. */
export interface Candidate {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  /** Of its bundle. */
  readonly digest: string;
  readonly thresholds: Thresholds;
  readonly layout: TableLayout;
}

/**
 * Reads the bundle of a candidate, which has to take all customers that the served model takes.
 *
 * @param path of its ONNX file, absolute
 * @throws {ModelLoadError} if the bundle is incomplete, or its contract is narrower than the served one
 */
export async function readCandidate(
  path: string,
  allowUnverified: boolean,
  served: Contract,
): Promise<Candidate> {
  const { name, version, sha256, digest, thresholds, contract, manifest } = await readModelBundle(path, {
    allowUnverified,
    missingManifest: (_file, manifestPath) => Promise.resolve(missingManifest(manifestPath)),
  });
  const obstacles = obstaclesTo(served, contract);
  if (obstacles.length > 0) {
    throw new ModelLoadError({
      problem: 'The candidate does not take all customers that the served model takes',
      where: path,
      expected: 'features of the served contract, with the same or wider types, bounds and categories',
      found: differencesInWords(obstacles),
      remedy: 'export the candidate for the served contract, or unset SHADOW_MODEL_PATH',
    });
  }
  return { name, version, sha256, digest, thresholds, layout: layoutOf(manifest) };
}

/** Without a draft, for which this process would have to load the graph. */
function missingManifest(where: string): ModelLoadError {
  return new ModelLoadError({
    problem: 'The candidate has no manifest',
    where,
    expected: 'the manifest that churn-bundle writes',
    found: 'nothing',
    remedy: 'copy all files of its bundle, or unset SHADOW_MODEL_PATH',
  });
}

/** @returns what keeps the candidate from scoring some customers of the served contract, a sentence each */
export function obstaclesTo(served: Contract, candidate: Contract): string[] {
  const names = new Set(candidate.features.map(({ name }) => name));
  const features = served.features.filter(({ name }) => names.has(name));
  const asked = { ...served, features, isExplained: false };
  return differencesBetween(asked, candidate)
    .filter(({ isLoosening }) => !isLoosening)
    .map(({ sentence }) => sentence);
}
