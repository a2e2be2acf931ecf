import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import type { Contract } from './contract.js';
import { DEFAULT_THRESHOLDS, type ModelManifest, type Thresholds } from './manifest.js';
import { ModelLoadError } from './model-load-error.js';
import { OnnxFile } from './onnx-file.js';
import { parseManifest } from './parse-manifest.js';

/** A model's files, read once, and proven to belong together. */
export interface ModelBundle {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly file: OnnxFile;
  readonly manifest: ModelManifest;
  readonly contract: Contract;
  readonly thresholds: Thresholds;
  /** Of all of the bundle. The manifest has the file's. */
  readonly digest: string;
}

export interface ReadOptions {
  /** Whether a manifest without golden rows is enough. */
  readonly allowUnverified: boolean;
  /** Says how to write the manifest that is missing. */
  readonly missingManifest: (file: OnnxFile, manifestPath: string) => Promise<ModelLoadError>;
}

const DEFAULT_VERSION = '1.0.0';

/**
 * Reads `<name>.onnx`, and from the same folder `<name>.manifest.json` and `model_version.txt`.
 *
 * @param modelPath of the ONNX file; errors have it absolute, since who reads them may not know the working directory
 * @throws {ModelLoadError} if a file is missing or unreadable, or if the files contradict each other
 */
export async function readModelBundle(
  modelPath: string,
  { allowUnverified, missingManifest }: ReadOptions,
): Promise<ModelBundle> {
  const path = resolve(modelPath);
  const { dir, name } = parse(path);
  const manifestPath = join(dir, `${name}.manifest.json`);
  const versionPath = join(dir, 'model_version.txt');

  const bytes = await readIfPresent(path);
  if (bytes === undefined) {
    throw new ModelLoadError({
      problem: 'There is no model file',
      where: path,
      expected: 'an ONNX file',
      found: 'nothing',
      remedy: 'set MODEL_PATH to the file, relative to the working directory or absolute',
    });
  }
  const file = new OnnxFile(path, bytes);
  const manifestText = await readIfPresent(manifestPath);
  if (manifestText === undefined) {
    throw await missingManifest(file, manifestPath);
  }
  const { manifest, contract } = parseManifest(manifestText.toString('utf8'), manifestPath);
  const { sha256 } = file;
  if (manifest.sha256 !== sha256) {
    throw new ModelLoadError({
      problem: 'The model file is not the one that its manifest describes',
      where: path,
      expected: `sha256 ${manifest.sha256}`,
      found: `sha256 ${sha256} (${bytes.length} bytes)`,
      remedy: 'restore the file (it may be truncated), or export the bundle again',
    });
  }
  if (manifest.golden_rows === undefined && !allowUnverified) {
    throw new ModelLoadError({
      problem:
        'The manifest has no golden rows, so nothing proves that the model answers as it did in training',
      where: manifestPath,
      expected: 'golden_rows, as churn-bundle writes them',
      found: 'none',
      remedy:
        'export the bundle with churn-bundle, or set ALLOW_UNVERIFIED_MODEL=true to serve it without proof',
    });
  }
  const versionText = await readIfPresent(versionPath);
  const version = resolveVersion(versionText?.toString('utf8').trim(), manifest.version, versionPath);
  return {
    name: manifest.name ?? name,
    version,
    digest: createHash('sha256').update(version).update(manifestText).digest('hex'),
    sha256,
    file,
    manifest,
    contract,
    thresholds: manifest.thresholds ?? DEFAULT_THRESHOLDS,
  };
}

/** @param text of the version file, if there is one */
function resolveVersion(text: string | undefined, stated: string | undefined, versionPath: string): string {
  if (text === '' || (text !== undefined && stated !== undefined && text !== stated)) {
    throw new ModelLoadError({
      problem: text === '' ? 'The version file is empty' : 'The version file and the manifest disagree',
      where: versionPath,
      expected: stated ?? 'a version such as 1.0.0',
      found: text === '' ? 'nothing' : text,
      remedy: `correct ${versionPath}, or remove it`,
    });
  }
  return text ?? stated ?? DEFAULT_VERSION;
}

async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code = 'an error', message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      return undefined;
    }
    throw new ModelLoadError(
      {
        problem: 'A file of the model cannot be read',
        where: path,
        expected: 'a readable file',
        found: message,
        remedy: `check that ${path} is a file that the user of this process may read`,
      },
      { cause: error },
    );
  }
}
