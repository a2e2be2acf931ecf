import { readFileSync } from 'node:fs';
import type { GoldenRows, ModelManifest } from '../src/bundle/manifest.js';
import type { HttpAnswer, HttpRequest } from './http-connection.js';

const JSON_LENGTH = 'Inference-Header-Content-Length';
/** Without one, some servers make up another for each answer. */
const ID = 'bench';
/** float32 makes less. */
const MOST_DIFFERENCE = 1e-5;

const { golden_rows: golden, features } = JSON.parse(
  readFileSync('models/churn_model.manifest.json', 'utf8'),
) as ModelManifest & { golden_rows: GoldenRows };

/** The forms in which clients send rows. */
export type Form =
  | 'one matrix of FP64, binary'
  | 'one tensor of FP64 a feature, binary'
  | 'one tensor of UINT8 or FP32 a feature, binary'
  | 'one tensor of FP64 a feature, JSON';

interface Tensor {
  readonly name: string;
  readonly datatype: 'FP64' | 'FP32' | 'UINT8';
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** Asks the Open Inference Protocol for the golden rows of the bundled model, repeated as needed. */
export function inferRequest(form: Form, rowCount: number): HttpRequest {
  const path = '/v2/models/churn_model/infer';
  const isSmall = form === 'one tensor of UINT8 or FP32 a feature, binary';
  const tensors = form === 'one matrix of FP64, binary' ? [matrixOf(rowCount)] : columnsOf(rowCount, isSmall);
  if (form === 'one tensor of FP64 a feature, JSON') {
    const inputs = tensors.map(({ values, ...tensor }) => ({ ...tensor, data: values }));
    return { method: 'POST', path, body: JSON.stringify({ id: ID, inputs }) };
  }
  const bytes = tensors.map(bytesOf);
  const inputs = tensors.map(({ name, datatype, shape }, index) => ({
    name,
    datatype,
    shape,
    parameters: { binary_data_size: bytes[index]?.length },
  }));
  const json = Buffer.from(JSON.stringify({ id: ID, inputs, parameters: { binary_data_output: true } }));
  return {
    method: 'POST',
    path,
    body: Buffer.concat([json, ...bytes]),
    headers: { 'Content-Type': 'application/octet-stream', [JSON_LENGTH]: String(json.length) },
  };
}

/** Whether an answer begins with the output churn_probability, as training computed it. */
export function hasGoldenProbabilities(form: Form, rowCount: number, { status, body }: HttpAnswer): boolean {
  const got =
    form === 'one tensor of FP64 a feature, JSON'
      ? (JSON.parse(body) as { outputs: [{ data: number[] }] }).outputs[0].data
      : doublesBehindJson(body, rowCount);
  return (
    status === 200 &&
    got.length === rowCount &&
    got.every((probability, row) => Math.abs(probability - probabilityOf(row)) <= MOST_DIFFERENCE)
  );
}

/** The JSON ends with the list of outputs. */
function doublesBehindJson(body: string, rowCount: number): number[] {
  const bytes = Buffer.from(body, 'latin1');
  const start = body.indexOf('}]}') + 3;
  return Array.from({ length: rowCount }, (_, row) => bytes.readDoubleLE(start + 8 * row));
}

const rows = golden.rows.flatMap((row, index) => {
  const values = features.map(({ name }) => Number(row[golden.features.indexOf(name)]));
  return isAccepted(values) ? [{ values, probability: golden.probabilities[index] ?? NaN }] : [];
});

/** Some golden rows are outside of the bounds on purpose. */
function isAccepted(values: readonly number[]): boolean {
  return features.every((feature, column) => {
    const { minimum = -Infinity, maximum = Infinity } = 'bounds' in feature ? feature.bounds : {};
    const value = values[column] ?? NaN;
    return value >= minimum && value <= maximum;
  });
}

function probabilityOf(row: number): number {
  return rows[row % rows.length]?.probability ?? NaN;
}

function matrixOf(rowCount: number): Tensor {
  const values = Array.from({ length: rowCount }, (_, row) => rows[row % rows.length]?.values ?? []).flat();
  return { name: 'input-0', datatype: 'FP64', shape: [rowCount, features.length], values };
}

/** @param isSmall whether integers, none of which is above 255, come as UINT8, and other numbers as FP32 */
function columnsOf(rowCount: number, isSmall: boolean): Tensor[] {
  return features.map(({ name, type }, column) => ({
    name,
    datatype: isSmall ? (type === 'integer' ? 'UINT8' : 'FP32') : 'FP64',
    shape: [rowCount],
    values: Array.from({ length: rowCount }, (_, row) => rows[row % rows.length]?.values[column] ?? NaN),
  }));
}

function bytesOf({ datatype, values }: Tensor): Buffer {
  const arrays = { FP64: Float64Array, FP32: Float32Array, UINT8: Uint8Array };
  return Buffer.from(arrays[datatype].from(values).buffer);
}
