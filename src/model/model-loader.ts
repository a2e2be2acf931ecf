import { availableParallelism } from 'node:os';
import type { PinoLogger } from 'nestjs-pino';
import type { Contract } from '../bundle/contract.js';
import type { ModelManifest, Thresholds } from '../bundle/manifest.js';
import type { ModelBundle } from '../bundle/model-bundle.js';
import type { Settings } from '../config/settings.js';
import { layoutOf, type TableLayout } from './feature-table.js';
import { goldenTableOf } from './golden-rows.js';
import type { ModelMetrics } from './model.metrics.js';
import type { ForwardPass, Inference } from './inference/inference.js';
import { type InferencePlan, planInference, rowsToTime } from './inference/inference-plan.js';
import { InferenceThreads } from './inference/inference-threads.js';
import { InlineInference } from './inference/inline-inference.js';
import { PassCost } from './inference/pass-cost.js';
import { EXECUTION_PROVIDER, OnnxSession } from './inference/onnx-session.js';
import { proofOf, proveModel, type Verification } from './model-proof.js';
import { readSignature } from './model-signature.js';
import { measurePassMs } from './warm-up.js';

/** The model that is served. */
export interface LoadedModel {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly contract: Contract;
  /** Of the tables that `predict` takes. */
  readonly layout: TableLayout;
  readonly thresholds: Thresholds;
  readonly manifest: ModelManifest;
  /** Absent if the manifest has no golden rows. */
  readonly verification: Verification | undefined;
  /** By onnxruntime's name. */
  readonly executionProvider: string;
  readonly plan: InferencePlan;
  /** Time in which it was loaded, proven and warmed up. */
  readonly loadMs: number;
}

/**
 * Loads the graph of a bundle, proves it, and decides by the length of a pass where to run them and how large they may be.
 *
 * @throws {ModelLoadError} if the model must not take traffic
 */
export async function loadModel(
  bundle: ModelBundle,
  settings: Settings,
  logger: PinoLogger,
  metrics: ModelMetrics,
): Promise<{ model: LoadedModel; inference: Inference; passCost: PassCost }> {
  const startedAtMs = performance.now();
  const { name, version, sha256, contract, manifest, thresholds } = bundle;
  const { path } = bundle.file;
  const bytes = bundle.file.take();
  const session = await OnnxSession.create(bytes, path);
  const signature = readSignature(session, manifest.inputs, manifest.output, path);
  const layout = layoutOf(manifest.inputs);
  const proof = proofOf(manifest, goldenTableOf(manifest, layout), path);
  const rows = proof.golden.table;
  // Replaced threads are proven too, so this closure lives as long as the process. It must not name the bytes.
  const prove = (forwardPass: ForwardPass): Promise<Verification | undefined> =>
    proveModel(forwardPass, proof);

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
    const { stallTimeoutMs } = settings;
    inference = await InferenceThreads.start(
      { bytes: sharedBytes, path, signature },
      { threadCount, stallTimeoutMs, prove, logger, metrics },
    );
  }
  if (verification === undefined) {
    logger.warn(
      { path },
      'nothing was verified: the manifest has no golden rows, and ALLOW_UNVERIFIED_MODEL is true',
    );
  }
  const loadMs = performance.now() - startedAtMs;
  logger.info(
    {
      version,
      sha256,
      name,
      features: contract.features.length,
      verified: verification !== undefined,
      ...(verification !== undefined && {
        golden_rows: verification.goldenRowCount,
        rows_alone: verification.rowsAloneCount,
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
      contract,
      layout,
      thresholds,
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
