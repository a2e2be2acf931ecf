import {
  Inject,
  Injectable,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { Settings } from '../config/settings.js';
import { type FeatureMatrix, matrixOfRows, rowValues } from './feature-matrix.js';
import { compareGoldenRows } from './golden-rows.js';
import { OnnxSession } from './inference/onnx-session.js';
import { type ModelBundle, readModelBundle } from './model-bundle.js';
import { InvalidProbabilityError, ModelLoadError, ModelNotReadyError } from './model.errors.js';
import type { ModelManifest, Thresholds } from './model-manifest.js';
import { type ModelSignature, readSignature } from './model-signature.js';

/** Injects the names of the features that the application can give to a model. */
export const MODEL_FEATURES = Symbol('MODEL_FEATURES');

export type ModelStatus = 'loading' | 'ready' | 'draining' | 'released';

/** The model that is served. */
export interface LoadedModel {
  readonly version: string;
  readonly sha256: string;
  /** In the order in which `predict` takes them. */
  readonly features: readonly string[];
  /** Of the manifest; absent if the model is unverified. */
  readonly thresholds: Thresholds | undefined;
  /** Whether golden rows proved that it answers as in training. */
  readonly verified: boolean;
}

const WARM_UP_PASSES = 3;

/** Loads the model once, proves it, and runs its forward passes until the last request is answered. */
@Injectable()
export class ModelService implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  private currentStatus: ModelStatus = 'loading';
  private model: LoadedModel | undefined;
  private session: OnnxSession | undefined;
  private signature: ModelSignature | undefined;

  constructor(
    private readonly settings: Settings,
    @Inject(MODEL_FEATURES) private readonly features: readonly string[],
    @InjectPinoLogger(ModelService.name) private readonly logger: PinoLogger,
  ) {}

  get status(): ModelStatus {
    return this.currentStatus;
  }

  /** @throws {ModelNotReadyError} before the model is loaded */
  get loaded(): LoadedModel {
    if (this.model === undefined) {
      throw new ModelNotReadyError(this.currentStatus);
    }
    return this.model;
  }

  /** @throws {ModelLoadError} which ends the start */
  async onModuleInit(): Promise<void> {
    const startedAtMs = performance.now();
    const { modelPath, allowUnverifiedModel } = this.settings;
    this.logger.info({ path: modelPath }, 'loading model');

    const bundle = await readModelBundle(modelPath, allowUnverifiedModel);
    const features = orderedFeatures(bundle, this.features);
    const session = await OnnxSession.create(bundle.bytes, modelPath);
    const signature = readSignature(session, features, bundle.manifest, modelPath);
    const worstDifference = await prove(session, signature, features.length, bundle);

    this.session = session;
    this.signature = signature;
    this.model = {
      version: bundle.version,
      sha256: bundle.sha256,
      features,
      thresholds: bundle.manifest?.thresholds,
      verified: bundle.manifest !== undefined,
    };
    this.currentStatus = 'ready';
    if (bundle.manifest === undefined) {
      this.logger.warn(
        { path: modelPath },
        'ALLOW_UNVERIFIED_MODEL is true and the model has no manifest: nothing proves its answers',
      );
    }
    this.logger.info(
      {
        version: bundle.version,
        sha256: bundle.sha256,
        ...verification(bundle.manifest, worstDifference),
        execution_provider: 'cpu',
        load_ms: Math.round(performance.now() - startedAtMs),
      },
      'model loaded',
    );
  }

  onModuleDestroy(): void {
    this.currentStatus = 'draining';
  }

  /** Runs after the listener has closed and the last answer is sent. */
  async onApplicationShutdown(): Promise<void> {
    const session = this.session;
    this.session = undefined;
    this.currentStatus = 'released';
    await session?.release();
    this.logger.info('model released');
  }

  /**
   * Scores all rows in one forward pass.
   *
   * @param matrix [rows, features] in the order of `loaded.features`
   * @returns the probability of class 1 for each row, in their order
   * @throws {ModelNotReadyError} before the model is loaded and after it is released
   * @throws {InvalidProbabilityError} if an answer is no number from 0 to 1
   */
  async predict(matrix: FeatureMatrix): Promise<Float64Array> {
    if (this.session === undefined || this.signature === undefined) {
      throw new ModelNotReadyError(this.currentStatus);
    }
    const probabilities = await this.session.forwardPass(matrix, this.signature);
    const row = probabilities.findIndex((probability) => !isProbability(probability));
    if (row !== -1) {
      this.logger.debug(
        { row: rowValues(matrix, row), features: this.loaded.features },
        'row without probability',
      );
      const { version, sha256 } = this.loaded;
      throw new InvalidProbabilityError(probabilities[row] ?? NaN, row, matrix.rowCount, version, sha256);
    }
    return probabilities;
  }
}

function isProbability(value: number): boolean {
  return value >= 0 && value <= 1;
}

/** The features in the manifest's order, which must be the application's features, no more and no fewer. */
function orderedFeatures({ manifest, path }: ModelBundle, available: readonly string[]): readonly string[] {
  if (manifest === undefined) {
    return available;
  }
  const names = manifest.features.map(({ name }) => name);
  if ([...names].sort().join() !== [...available].sort().join()) {
    throw new ModelLoadError({
      problem: 'The model takes other features than the API has',
      where: path,
      expected: available.join(', '),
      found: names.join(', '),
      remedy: "export a model of the API's features, or change the customer in src/prediction",
    });
  }
  return names;
}

/**
 * Warms the session up with the golden rows, and compares its answers to theirs.
 *
 * @returns the greatest difference to a golden probability
 */
async function prove(
  session: OnnxSession,
  signature: ModelSignature,
  featureCount: number,
  { manifest, path }: ModelBundle,
): Promise<number> {
  const goldenRows = manifest?.golden_rows ?? [];
  const rows =
    goldenRows.length > 0 ? goldenRows.map(({ values }) => values) : [Array<number>(featureCount).fill(1)];
  const matrix = matrixOfRows(rows, featureCount);
  const probabilities = await warmUp(session, signature, matrix, path);
  const row = probabilities.findIndex((probability) => !isProbability(probability));
  if (row !== -1) {
    throw new ModelLoadError({
      problem: 'The model gives something that is no probability',
      where: path,
      expected: 'a number from 0 to 1',
      found: `${probabilities[row] ?? NaN} for the row [${rowValues(matrix, row).join(', ')}]`,
      remedy: 'export the model again, and check that the stated output holds probabilities',
    });
  }
  return compareGoldenRows(goldenRows, probabilities, manifest?.tolerance ?? 0, path);
}

async function warmUp(
  session: OnnxSession,
  signature: ModelSignature,
  matrix: FeatureMatrix,
  path: string,
): Promise<Float64Array> {
  try {
    let probabilities = await session.forwardPass(matrix, signature);
    for (let pass = 1; pass < WARM_UP_PASSES; pass++) {
      probabilities = await session.forwardPass(matrix, signature);
    }
    return probabilities;
  } catch (error) {
    throw new ModelLoadError(
      {
        problem: 'The model fails on its warm-up rows',
        where: path,
        expected: `probabilities for ${matrix.rowCount} rows of ${matrix.columnCount} features`,
        found: (error as Error).message.replace(/\s+/g, ' '),
        remedy: 'export the model again with models/training/export_model.py',
      },
      { cause: error },
    );
  }
}

function verification(manifest: ModelManifest | undefined, worstDifference: number): Record<string, unknown> {
  return manifest === undefined
    ? { verified: false }
    : {
        name: manifest.name,
        verified: true,
        golden_rows: manifest.golden_rows.length,
        worst_difference: worstDifference,
        tolerance: manifest.tolerance,
      };
}
