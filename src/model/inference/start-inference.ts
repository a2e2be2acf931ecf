import { availableParallelism } from 'node:os';
import type { PinoLogger } from 'nestjs-pino';
import type { StatedInput, StatedOutput } from '../../bundle/manifest.js';
import type { Settings } from '../../config/settings.js';
import type { FeatureTable } from '../feature-table.js';
import type { ModelMetrics } from '../model.metrics.js';
import type { Verification } from '../model-proof.js';
import { readSignature } from '../model-signature.js';
import { measurePassMs } from '../warm-up.js';
import { freeBytes } from '../free-bytes.js';
import type { ForwardPass, Inference } from './inference.js';
import { type InferencePlan, likelyThreadCount, planInference, rowsToTime } from './inference-plan.js';
import { InferenceThread } from './inference-thread.js';
import { InferenceThreads } from './inference-threads.js';
import { InlineInference } from './inline-inference.js';
import { OnnxSession } from './onnx-session.js';
import { PassCost } from './pass-cost.js';
import type { ThreadProgram } from './thread-protocol.js';

/** A graph, and how the manifest says to ask it. */
export interface GraphToRun {
  readonly bytes: Uint8Array;
  readonly path: string;
  readonly inputs: readonly StatedInput[];
  readonly output: StatedOutput;
}

export interface InferenceOptions {
  readonly settings: Settings;
  /** Of which passes are made to time them. */
  readonly rows: FeatureTable;
  /** Ends in an error if the model does not answer as in training. */
  readonly prove: (forwardPass: ForwardPass) => Promise<Verification | undefined>;
  readonly logger: PinoLogger;
  readonly metrics: ModelMetrics;
}

export interface StartedInference {
  readonly inference: Inference;
  readonly plan: InferencePlan;
  readonly verification: Verification | undefined;
  /** Rows of the pass that was timed, and its duration. */
  readonly passRows: number;
  readonly passMs: number;
  readonly passCost: PassCost;
}

/** What one session showed of the model. */
type Trial = Omit<StartedInference, 'inference'>;

/**
 * Makes a session, proves it, times its passes, and decides by them where to run passes and how large they may be.
 *
 * A session of a large model takes seconds and much memory to make. So the first one is made where it will likely stay.
 *
 * @throws {ModelLoadError} if the model must not take traffic
 */
export async function startInference(
  graph: GraphToRun,
  options: InferenceOptions,
): Promise<StartedInference> {
  const threadCount = likelyThreadCount(options.settings, graph.bytes.length, availableParallelism());
  return threadCount > 0 ? startOnThread(graph, options) : startInline(graph, options);
}

async function startInline(graph: GraphToRun, options: InferenceOptions): Promise<StartedInference> {
  const inline = await inlineInference(graph);
  const trial = await tryOut(inline.forwardPass, options);
  if (trial.plan.threadCount === 0) {
    freeBytes(graph.bytes);
    return { inference: inline, ...trial };
  }
  await inline.release();
  const inference = await startThreads(shared(graph), trial, options);
  return { inference, ...trial };
}

async function startOnThread(graph: GraphToRun, options: InferenceOptions): Promise<StartedInference> {
  const program = shared(graph);
  const thread = await InferenceThread.start(program);
  let trial: Trial;
  try {
    trial = await tryOut((table) => thread.forwardPass(table), options);
  } catch (error) {
    await thread.close();
    throw error;
  }
  if (trial.plan.threadCount > 0) {
    return { inference: await startThreads(program, trial, options, thread), ...trial };
  }
  await thread.close();
  const bytes = program.bytes.slice();
  const inline = await inlineInference({ ...graph, bytes });
  freeBytes(bytes);
  return { inference: inline, ...(await tryOut(inline.forwardPass, options)), plan: trial.plan };
}

/** @throws {ModelLoadError} if onnxruntime cannot load the graph, or it is not as the manifest says */
export async function inlineInference({ bytes, path, inputs, output }: GraphToRun): Promise<InlineInference> {
  const session = await OnnxSession.create(bytes, path);
  return new InlineInference(session, readSignature(session, inputs, output, path));
}

async function tryOut(forwardPass: ForwardPass, { settings, rows, prove }: InferenceOptions): Promise<Trial> {
  const verification = await prove(forwardPass);
  const oneRowMs = await measurePassMs(forwardPass, rows, 1);
  const passRows = rowsToTime(settings);
  const passMs = await measurePassMs(forwardPass, rows, passRows);
  return {
    plan: planInference(settings, passMs, availableParallelism()),
    verification,
    passRows,
    passMs,
    passCost: PassCost.fromTimes(oneRowMs, passRows, passMs),
  };
}

async function startThreads(
  program: ThreadProgram,
  { plan: { threadCount } }: Trial,
  { settings: { stallTimeoutMs }, prove, logger, metrics }: InferenceOptions,
  first?: InferenceThread,
): Promise<InferenceThreads> {
  return InferenceThreads.start(program, { threadCount, stallTimeoutMs, prove, logger, metrics }, first);
}

/** Moves the file into memory that all threads share. */
function shared({ bytes, ...graph }: GraphToRun): ThreadProgram {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  freeBytes(bytes);
  return { ...graph, bytes: copy };
}
