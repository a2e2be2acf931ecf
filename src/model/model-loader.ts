import { availableParallelism } from 'node:os';
import { parse } from 'node:path';
import type { PinoLogger } from 'nestjs-pino';
import type { Settings } from '../config/settings.js';
import type { ModelMetrics } from './model.metrics.js';
import type { ForwardPass, Inference } from './inference/inference.js';
import { type InferencePlan, planInference, rowsToTime } from './inference/inference-plan.js';
import { InferenceThreads } from './inference/inference-threads.js';
import { InlineInference } from './inference/inline-inference.js';
import { PassCost } from './inference/pass-cost.js';
import { EXECUTION_PROVIDER, OnnxSession } from './inference/onnx-session.js';
import { readModelBundle } from './model-bundle.js';
import { DEFAULT_THRESHOLDS, type ModelManifest, type Thresholds } from './model-manifest.js';
import { orderedFeatures, proveModel, type Verification, warmUpRows } from './model-proof.js';
import { readSignature } from './model-signature.js';
import { measurePassMs } from './warm-up.js';

/** The model that is served. */
export interface LoadedModel {
  /** The manifest's, or that of the file. */
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  /** In the order in which `predict` takes them. */
  readonly features: readonly string[];
  readonly thresholds: Thresholds;
  /** Absent, as is `verification`, if the model is unverified. */
  readonly manifest: ModelManifest | undefined;
  readonly verification: Verification | undefined;
  /** By onnxruntime's name. */
  readonly executionProvider: string;
  readonly plan: InferencePlan;
  /** Time in which it was read, proven and warmed up. */
  readonly loadMs: number;
}

/**
 * Reads the bundle, proves the model, and decides by the length of a pass where to run them and how large they may be.
 *
 * @param available the application's features
 * @throws {ModelLoadError} if the model must not take traffic
 */
export async function loadModel(
  settings: Settings,
  available: readonly string[],
  logger: PinoLogger,
  metrics: ModelMetrics,
): Promise<{ model: LoadedModel; inference: Inference; passCost: PassCost }> {
  const startedAtMs = performance.now();
  const { modelPath: path, allowUnverifiedModel, stallTimeoutMs } = settings;
  logger.info({ path }, 'loading model');

  const bundle = await readModelBundle(path, allowUnverifiedModel);
  const { bytes, manifest, version, sha256 } = bundle;
  const features = orderedFeatures(bundle, available);
  const session = await OnnxSession.create(bytes, path);
  const signature = readSignature(session, features, manifest, path);
  const rows = warmUpRows(bundle, features);
  // Replaced threads are proven too, so this closure lives as long as the process. It must not name the bundle, which has the bytes.
  const prove = (forwardPass: ForwardPass): Promise<Verification | undefined> =>
    proveModel(forwardPass, rows, { manifest, path });

  let inference: Inference = new InlineInference(session, signature);
  const verification = await prove(inference.forwardPass);
  const oneRowMs = await measurePassMs(inference.forwardPass, rows, 1);
  const passRows = rowsToTime(settings);
  const passMs = await measurePassMs(inference.forwardPass, rows, passRows);
  const plan = planInference(settings, passMs, availableParallelism());
  const { threadCount, maxBatchRows } = plan;
  if (threadCount > 0) {
    await inference.release();
    const sharedBytes = new Uint8Array(new SharedArrayBuffer(bytes.length));
    sharedBytes.set(bytes);
    inference = await InferenceThreads.start(
      { bytes: sharedBytes, path, signature },
      { threadCount, stallTimeoutMs, prove, logger, metrics },
    );
  }
  if (manifest === undefined) {
    logger.warn(
      { path },
      'nothing was verified: the model has no manifest, and ALLOW_UNVERIFIED_MODEL is true',
    );
  }
  const name = manifest?.name ?? parse(path).name;
  const loadMs = performance.now() - startedAtMs;
  logger.info(
    {
      version,
      sha256,
      name,
      verified: verification !== undefined,
      ...(verification !== undefined && {
        golden_rows: verification.goldenRowCount,
        worst_difference: verification.worstDifference,
        tolerance: verification.tolerance,
      }),
      execution_provider: EXECUTION_PROVIDER,
      pass_rows: passRows,
      pass_ms: Math.round(passMs * 1000) / 1000,
      inference_threads: threadCount,
      max_batch_rows: maxBatchRows,
      load_ms: Math.round(loadMs),
    },
    'model loaded',
  );
  return {
    model: {
      name,
      version,
      sha256,
      features,
      thresholds: manifest?.thresholds ?? DEFAULT_THRESHOLDS,
      manifest,
      verification,
      executionProvider: EXECUTION_PROVIDER,
      plan,
      loadMs,
    },
    inference,
    passCost: PassCost.fromTimes(oneRowMs, passRows, passMs),
  };
}
