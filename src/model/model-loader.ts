import type { PinoLogger } from 'nestjs-pino';
import type { Contract } from '../bundle/contract.js';
import type { ModelManifest, Thresholds } from '../bundle/manifest.js';
import type { ModelBundle } from '../bundle/model-bundle.js';
import type { Settings } from '../config/settings.js';
import { layoutOf, type TableLayout } from './feature-table.js';
import { goldenTableOf } from './golden-rows.js';
import type { ModelMetrics } from './model.metrics.js';
import type { Inference } from './inference/inference.js';
import type { InferencePlan } from './inference/inference-plan.js';
import { EXECUTION_PROVIDER } from './inference/onnx-session.js';
import type { PassCost } from './inference/pass-cost.js';
import { startInference } from './inference/start-inference.js';
import { memoryNotice } from './memory-notice.js';
import { proofOf, proveModel, type Verification } from './model-proof.js';

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
  const layout = layoutOf(manifest);
  const proof = proofOf(manifest, goldenTableOf(manifest, layout), path);
  const { inputs, output } = manifest;
  const bytes = bundle.file.take();
  const notice = memoryNotice(bytes, settings);
  logger[notice.level](notice.fields, notice.message);
  const { inference, plan, verification, passRows, passMs, passCost } = await startInference(
    { bytes, path, inputs, output },
    {
      settings,
      rows: proof.golden.table,
      // Threads that replace others are proven too, so this lives as long as the process. It must not name the bytes.
      prove: (forwardPass) => proveModel(forwardPass, proof),
      logger,
      metrics,
    },
  );
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
      inference_threads: plan.threadCount,
      max_batch_rows: plan.maxBatchRows,
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
    passCost,
  };
}
