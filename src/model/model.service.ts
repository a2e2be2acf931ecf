import {
  Inject,
  Injectable,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { Settings } from '../config/settings.js';
import { type FeatureMatrix, rowValues } from './feature-matrix.js';
import { OnnxSession } from './inference/onnx-session.js';
import { PassScheduler } from './inference/pass-scheduler.js';
import { readModelBundle } from './model-bundle.js';
import { InvalidProbabilityError, ModelNotReadyError } from './model.errors.js';
import type { Thresholds } from './model-manifest.js';
import { orderedFeatures, proveModel } from './model-proof.js';
import { readSignature } from './model-signature.js';
import { indexOfNoProbability } from './probability.js';

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

/** Loads the model once, proves it, and runs its forward passes until the last request is answered. */
@Injectable()
export class ModelService implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  private currentStatus: ModelStatus = 'loading';
  private model: LoadedModel | undefined;
  private session: OnnxSession | undefined;
  private scheduler: PassScheduler | undefined;

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
    const { modelPath, allowUnverifiedModel, maxBatchRows } = this.settings;
    this.logger.info({ path: modelPath }, 'loading model');

    const bundle = await readModelBundle(modelPath, allowUnverifiedModel);
    const { manifest, version, sha256 } = bundle;
    const features = orderedFeatures(bundle, this.features);
    const session = await OnnxSession.create(bundle.bytes, modelPath);
    const signature = readSignature(session, features, manifest, modelPath);
    const verification = await proveModel(session, signature, bundle, features);

    this.session = session;
    this.scheduler = new PassScheduler((matrix) => session.forwardPass(matrix, signature), maxBatchRows);
    this.model = {
      version,
      sha256,
      features,
      thresholds: manifest?.thresholds,
      verified: manifest !== undefined,
    };
    this.currentStatus = 'ready';
    if (manifest === undefined) {
      this.logger.warn(
        { path: modelPath },
        'nothing was verified: the model has no manifest, and ALLOW_UNVERIFIED_MODEL is true',
      );
    }
    this.logger.info(
      {
        version,
        sha256,
        ...verification,
        execution_provider: 'cpu',
        load_ms: Math.round(performance.now() - startedAtMs),
      },
      'model loaded',
    );
  }

  /** From now on new requests are refused, and those in flight are finished. */
  onModuleDestroy(): void {
    this.currentStatus = 'draining';
    this.logger.info('draining: finishing requests in flight');
  }

  /** Runs after the listener has closed and the last answer is sent. */
  async onApplicationShutdown(): Promise<void> {
    this.currentStatus = 'released';
    await this.scheduler?.idle();
    await this.session?.release();
    this.logger.info('model released');
  }

  /**
   * Scores all rows in one forward pass, which other requests may share.
   *
   * @param matrix [rows, features] in the order of `loaded.features`, with MAX_BATCH_ROWS rows at most
   * @param isAbandoned whether nobody waits for the answer any more
   * @returns the probability of class 1 for each row, in their order
   * @throws {ModelNotReadyError} before the model is loaded and after it is released
   * @throws {RequestAbandonedError} if it was abandoned before its pass
   * @throws {InvalidProbabilityError} if an answer is no number from 0 to 1
   */
  async predict(matrix: FeatureMatrix, isAbandoned: () => boolean): Promise<Float64Array> {
    if (this.scheduler === undefined || this.currentStatus === 'released') {
      throw new ModelNotReadyError(this.currentStatus);
    }
    const probabilities = await this.scheduler.submit(matrix, isAbandoned);
    const row = indexOfNoProbability(probabilities);
    if (row !== -1) {
      const { features, version, sha256 } = this.loaded;
      this.logger.debug(
        { features, values: rowValues(matrix, row) },
        'the model gave no probability for a row',
      );
      throw new InvalidProbabilityError(probabilities[row] ?? NaN, row, matrix.rowCount, version, sha256);
    }
    return probabilities;
  }
}
