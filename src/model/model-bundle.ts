import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { ModelLoadError } from './model.errors.js';
import { type ModelManifest, parseManifest } from './model-manifest.js';

/** A model's files, read once, and proven to belong together. */
export interface ModelBundle {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly version: string;
  /** Absent only if an unverified model is allowed. */
  readonly manifest: ModelManifest | undefined;
}

const DEFAULT_VERSION = '1.0.0';

/**
 * Reads `<name>.onnx`, and from the same folder `<name>.manifest.json` and `model_version.txt`.
 *
 * @throws {ModelLoadError} if a file is missing or unreadable, or if the files contradict each other
 */
export async function readModelBundle(path: string, allowUnverified: boolean): Promise<ModelBundle> {
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
  const manifestText = await readIfPresent(manifestPath);
  if (manifestText === undefined && !allowUnverified) {
    throw new ModelLoadError({
      problem: 'The model has no manifest, so nothing proves that it answers as it did in training',
      where: manifestPath,
      expected: 'the manifest that models/training/export_model.py writes',
      found: 'nothing',
      remedy: 'export the bundle again, or set ALLOW_UNVERIFIED_MODEL=true to serve the model without proof',
    });
  }
  const manifest =
    manifestText === undefined ? undefined : parseManifest(manifestText.toString('utf8'), manifestPath);

  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (manifest !== undefined && manifest.sha256 !== sha256) {
    throw new ModelLoadError({
      problem: 'The model file is not the one that its manifest describes',
      where: path,
      expected: `sha256 ${manifest.sha256}`,
      found: `sha256 ${sha256} (${bytes.length} bytes)`,
      remedy: 'restore the file (it may be truncated), or export the bundle again',
    });
  }
  const versionText = await readIfPresent(versionPath);
  const version = resolveVersion(versionText?.toString('utf8').trim(), manifest, versionPath);
  return { path, bytes, sha256, version, manifest };
}

function resolveVersion(
  text: string | undefined,
  manifest: ModelManifest | undefined,
  versionPath: string,
): string {
  if (text === '' || (text !== undefined && manifest !== undefined && text !== manifest.version)) {
    throw new ModelLoadError({
      problem: text === '' ? 'The version file is empty' : 'The version file and the manifest disagree',
      where: versionPath,
      expected: manifest?.version ?? 'a version such as 1.0.0',
      found: text === '' ? 'nothing' : text,
      remedy: `correct ${versionPath}, or remove it`,
    });
  }
  return text ?? manifest?.version ?? DEFAULT_VERSION;
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
