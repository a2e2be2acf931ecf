import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { FeatureTable } from '../feature-table.js';
import { freeBytes } from '../free-bytes.js';
import type { GraphValue, InputColumns, ModelSignature } from '../model-signature.js';
import { tensorData } from '../tensor-data.js';
import { externalFiles } from './external-data.js';
import { externalDataError, loadError } from './load-error.js';

// Failures are thrown, and we log them in one line. onnxruntime would report them on stderr a second time.
env.logLevel = 'fatal';

/** onnxruntime's name for the hardware that computes the graph. */
export const EXECUTION_PROVIDER = 'cpu';

const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: [EXECUTION_PROVIDER],
  // By default onnxruntime takes a thread for each core of the host, whatever share of them a container may use.
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 4,
};

/** A loaded graph on the CPU, on one thread. */
export class OnnxSession {
  private constructor(private readonly session: InferenceSession) {}

  /** @throws {ModelLoadError} if onnxruntime cannot load the bytes, or they are not the whole graph */
  static async create(bytes: Uint8Array, path: string): Promise<OnnxSession> {
    const files = externalFiles(bytes);
    if (files.length > 0) {
      throw externalDataError(files, path);
    }
    try {
      return new OnnxSession(await InferenceSession.create(bytes, SESSION_OPTIONS));
    } catch (error) {
      throw loadError(error, bytes.length, path);
    }
  }

  get inputs(): readonly GraphValue[] {
    return this.session.inputMetadata;
  }

  get outputs(): readonly GraphValue[] {
    return this.session.outputMetadata;
  }

  /**
   * Runs the graph once, which blocks the event loop for the length of the pass.
   *
   * @returns the graph's probability of class 1 for each row, unchecked
   * @throws {Error} if the graph fails or gives a tensor of another shape than [N, 2], [N, 1] or [N]
   */
  async forwardPass(
    table: FeatureTable,
    { inputs, outputName, outputColumn }: ModelSignature,
  ): Promise<Float64Array> {
    const feeds = encode(table, inputs);
    const results = await this.session.run(feeds, [outputName]);
    const output = results[outputName];
    if (output === undefined) {
      throw new Error(`The graph gave no output ${outputName}.`);
    }
    const probabilities = decodeProbabilities(output, table.rowCount, outputColumn);
    freeNumbers([output, ...Object.values(feeds)], table.numbers);
    return probabilities;
  }

  /** Frees the graph. No pass may run, or be started after it. */
  async release(): Promise<void> {
    await this.session.release();
  }
}

function encode(table: FeatureTable, inputs: readonly InputColumns[]): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const input of inputs) {
    const { name, type, columnCount } = input;
    tensors[name] = new Tensor(type, tensorData(table, input), [table.rowCount, columnCount]);
  }
  return tensors;
}

/** @param kept numbers that others read too */
function freeNumbers(tensors: readonly Tensor[], kept: Float64Array): void {
  for (const { data } of tensors) {
    if (ArrayBuffer.isView(data) && data.buffer !== kept.buffer) {
      freeBytes(data);
    }
  }
}

function decodeProbabilities({ data, dims }: Tensor, rowCount: number, column: 0 | 1): Float64Array {
  const [rows, columns = 1] = dims;
  if (rows !== rowCount || dims.length > 2 || columns > 2 || columns < 1) {
    throw new Error(`The graph gave the shape [${dims.join(', ')}] for ${rowCount} rows.`);
  }
  const values = data as Float32Array | Float64Array;
  const first = columns === 2 ? column : 0;
  const probabilities = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    probabilities[row] = values[row * columns + first] ?? NaN;
  }
  return probabilities;
}
