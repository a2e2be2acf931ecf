import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import type { ModelBundle } from '../bundle/model-bundle.js';
import { Settings } from '../config/settings.js';
import { ModelMetrics } from './model.metrics.js';
import type { CallContext } from './call-context.js';
import { type FeatureTable, rowValues } from './feature-table.js';
import type { Inference, InferenceStatus } from './inference/inference.js';
import { IdlePasses } from './inference/idle-passes.js';
import type { PassCost } from './inference/pass-cost.js';
import { PassScheduler } from './inference/pass-scheduler.js';
import { InvalidProbabilityError, ModelNotReadyError } from './model.errors.js';
import { type LoadedModel, loadModel } from './model-loader.js';
import { indexOfNoProbability } from './probability.js';
import type { RowSource } from './row-source.js';

/** Nobody waits for a pass that still runs when the last request is answered. */
const LONGEST_LAST_PASS_MS = 1000;

/** Injects the bundle to serve. */
export const MODEL_BUNDLE = Symbol('MODEL_BUNDLE');

type LifeStage = 'loading' | 'ready' | 'draining' | 'released';

/** Requests should be sent to a `ready` model only. */
export type ModelStatus = LifeStage | Exclude<InferenceStatus, 'available'>;

/** Loads the model once, proves it, and runs its forward passes until the last request is answered. */
@Injectable()
export class ModelService implements OnModuleInit, OnApplicationShutdown {
  private stage: LifeStage = 'loading';
  private model: LoadedModel | undefined;
  private inference: Inference | undefined;
  private scheduler: PassScheduler | undefined;
  private idlePasses: IdlePasses | undefined;
  private passCost: PassCost | undefined;

  constructor(
    @Inject(MODEL_BUNDLE) private readonly bundle: ModelBundle,
    private readonly settings: Settings,
    @InjectPinoLogger(ModelService.name) private readonly logger: PinoLogger,
    private readonly metrics: ModelMetrics,
  ) {}

  get status(): ModelStatus {
    const inferenceStatus = this.inference?.status ?? 'available';
    return this.stage === 'ready' && inferenceStatus !== 'available' ? inferenceStatus : this.stage;
  }

  /** Whether a request would be answered: by a model that drains, too. */
  get canPredict(): boolean {
    return (this.stage === 'ready' || this.stage === 'draining') && this.inference?.status === 'available';
  }

  /** Whether a forward pass has run for longer than STALL_TIMEOUT_MS, so that only a new process helps. */
  get isStalled(): boolean {
    return this.inference?.isStalled ?? false;
  }

  /** @throws {ModelNotReadyError} before the model is loaded */
  get loaded(): LoadedModel {
    if (this.model === undefined) {
      throw new ModelNotReadyError(this.status);
    }
    return this.model;
  }

  /** @throws {ModelLoadError} which ends the start */
  async onModuleInit(): Promise<void> {
    const { model, inference, passCost } = await loadModel(
      this.bundle,
      this.settings,
      this.logger,
      this.metrics,
    );
    this.model = model;
    this.metrics.loaded(model, model.loadMs);
    this.inference = inference;
    this.passCost = passCost;
    const scheduler = new PassScheduler((table) => inference.forwardPass(table), {
      maxRows: model.plan.maxBatchRows,
      passesAtOnce: inference.passesAtOnce,
      maxQueueRows: this.settings.maxQueueRows,
      cost: passCost,
      metrics: this.metrics,
    });
    this.scheduler = scheduler;
    const idlePasses = new IdlePasses(scheduler, {
      maxRows: model.plan.maxSliceRows,
      maxQueueRows: this.settings.maxExplanationQueueRows,
      cost: passCost,
    });
    this.idlePasses = idlePasses;
    this.metrics.watch({
      isReady: () => this.status === 'ready',
      rowsWaiting: () => scheduler.rowsWaiting,
      rowsInFlight: () => scheduler.rowsInFlight,
      idleRowsWaiting: () => idlePasses.rowsWaiting,
    });
    this.stage = 'ready';
  }

  /** Readiness fails from now on, so that load balancers send requests elsewhere. Requests that still come are answered. */
  drain(): void {
    this.stage = 'draining';
  }

  /** Runs after the listener has closed and the last answer is sent. */
  async onApplicationShutdown(): Promise<void> {
    this.stage = 'released';
    const isIdle = await Promise.race([
      Promise.resolve(this.scheduler?.idle()).then(() => true),
      delay(LONGEST_LAST_PASS_MS, false),
    ]);
    if (isIdle) {
      await this.inference?.release();
      this.logger.info('model released');
    } else {
      this.logger.warn('a forward pass still runs, so that the model cannot be released');
    }
  }

  /**
   * Scores all rows in one forward pass, which other requests may share.
   *
   * @param table of `loaded.layout`, with MAX_BATCH_ROWS rows at most, or 100 if that is `auto`
   * @returns the probability of class 1 for each row, in their order
   * @throws {ModelNotReadyError} before the model is loaded and after it is released
   * @throws {ModelOverloadedError} if more rows wait than can be answered in time, or than MAX_QUEUE_ROWS
   * @throws {DeadlineExceededError} if the caller's deadline passes first
   * @throws {RequestAbandonedError} if the caller leaves before the pass
   * @throws {InvalidProbabilityError} if an answer is not a number from 0 to 1
   */
  async predict(table: FeatureTable, call: CallContext): Promise<Float64Array> {
    if (this.scheduler === undefined || this.stage === 'released') {
      throw new ModelNotReadyError(this.status);
    }
    const probabilities = await this.scheduler.submit(table, call);
    this.check(probabilities, (row) => rowValues(table, row, this.loaded.layout));
    return probabilities;
  }

  /**
   * Scores rows in slices, while no prediction is asked for.
   *
   * @returns the probability of class 1 for each row, in their order
   * @throws as `predict` does, and {ModelOverloadedError} also if predictions leave too little time
   */
  async predictWhenIdle(source: RowSource, call: CallContext): Promise<Float64Array> {
    if (this.idlePasses === undefined || this.stage === 'released') {
      throw new ModelNotReadyError(this.status);
    }
    const probabilities = await this.idlePasses.submit(source, call);
    this.check(probabilities, (row) => rowValues(source.rows(row, row + 1), 0, this.loaded.layout));
    return probabilities;
  }

  /** Waits for a turn of the event loop in which no prediction came, and none waits for a pass. */
  async idleTurn(): Promise<void> {
    await this.idlePasses?.idleTurn();
  }

  /** @returns how long a pass of this many rows takes */
  expectedPassMs(rowCount: number): number {
    return this.passCost?.expectedMs(rowCount) ?? NaN;
  }

  /** @param valuesOf gives the values of a row by name */
  private check(probabilities: Float64Array, valuesOf: (row: number) => object): void {
    const row = indexOfNoProbability(probabilities);
    if (row === -1) {
      return;
    }
    const { version, sha256 } = this.loaded;
    this.logger.debug({ features: valuesOf(row) }, 'the model gave no probability for a row');
    throw new InvalidProbabilityError(probabilities[row] ?? NaN, row, probabilities.length, version, sha256);
  }
}
