import { FEATURES } from './bundle.js';
import { HIGH_RISK_CUSTOMER } from './http.js';
import { binaryRequest, bytesOf, JSON_LENGTH, outputsOf, type SentTensor } from './tensors.js';

/** What came of a request, with the bytes of each output. */
export interface InferAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly error: unknown;
  readonly modelVersion: unknown;
  readonly outputs: ReadonlyMap<string, Buffer>;
}

/** So many rows of customers. */
export function tenuresOf(rowCount: number): number[] {
  return Array.from({ length: rowCount }, (_, row) => row % 100);
}

/** Customers of high risk but for their tenure, as a matrix in JSON. */
export function matrixOf(tenures: readonly number[]): Omit<SentTensor, 'bytes'> & { data: number[] } {
  const data = tenures.flatMap((tenure) => FEATURES.map((name) => customerOf(tenure)[name] ?? NaN));
  return { name: 'x', datatype: 'FP64', shape: [tenures.length, FEATURES.length], data };
}

export function customerOf(tenure: number): Readonly<Record<string, number>> {
  return { ...HIGH_RISK_CUSTOMER, tenure_months: tenure };
}

/** A client of the Open Inference Protocol that sends and reads binary data. */
export class TensorClient {
  readonly path: string;

  constructor(
    private readonly url: string,
    modelName = 'churn_model',
  ) {
    this.path = `/v2/models/${modelName}/infer`;
  }

  /** @throws {Error} if the connection breaks before the answer is complete */
  async infer(
    tenures: readonly number[],
    headers: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Promise<InferAnswer> {
    const { data, ...matrix } = matrixOf(tenures);
    const { body, headers: described } = binaryRequest(
      [{ ...matrix, bytes: bytesOf(Float64Array.from(data)) }],
      { parameters: { binary_data_output: true } },
    );
    const response = await fetch(this.url + this.path, {
      method: 'POST',
      body,
      headers: { ...described, ...headers },
      ...(signal && { signal }),
    });
    const bytes = Buffer.from(await response.clone().arrayBuffer());
    const jsonBytes = Number(response.headers.get(JSON_LENGTH) ?? bytes.length);
    const json = JSON.parse(bytes.subarray(0, jsonBytes).toString()) as Record<string, unknown>;
    const outputs = response.ok ? [...(await outputsOf(response))] : [];
    return {
      status: response.status,
      headers: response.headers,
      error: json['error'],
      modelVersion: json['model_version'],
      outputs: new Map(outputs.map(([name, output]) => [name, output.bytes])),
    };
  }
}
