import { JSON_LENGTH_HEADER } from '../../http/requests/json-length.js';
import { bytesOfValues } from '../bytes-of-values.js';
import type { ModelMetadata } from '../served-model.js';
import type { OutputTensor } from '../tensor.js';
import type { InferRequest } from './infer-request.js';

export interface InferAnswer {
  readonly headers: Readonly<Record<string, string>>;
  /** One behind the other. To join them would copy them. */
  readonly parts: readonly Uint8Array[];
}

/** Writes outputs as the request wants each: as JSON, or as binary data behind it. */
export function inferAnswer(
  { id, outputs, hasBinaryOutputs }: InferRequest,
  tensors: readonly OutputTensor[],
  { name, versions }: ModelMetadata,
): InferAnswer {
  const binary: Uint8Array[] = [];
  const described = tensors.map((tensor, index) => {
    const { name: output, datatype, shape } = tensor;
    if (!(outputs[index]?.isBinary ?? hasBinaryOutputs)) {
      return { name: output, datatype, shape, data: jsonOf(tensor) };
    }
    const bytes = bytesOfValues(tensor);
    binary.push(bytes);
    return { name: output, datatype, shape, parameters: { binary_data_size: bytes.length } };
  });
  const json = Buffer.from(
    JSON.stringify({
      model_name: name,
      model_version: versions[0],
      ...(id !== undefined && { id }),
      outputs: described,
    }),
  );
  const parts = [json, ...binary];
  const byteCount = parts.reduce((sum, { length }) => sum + length, 0);
  return {
    headers: {
      'Content-Type': binary.length === 0 ? 'application/json' : 'application/octet-stream',
      'Content-Length': String(byteCount),
      ...(binary.length > 0 && { [JSON_LENGTH_HEADER]: String(json.length) }),
    },
    parts,
  };
}

function jsonOf(tensor: OutputTensor): readonly (number | boolean | string)[] {
  switch (tensor.datatype) {
    case 'FP64':
      return Array.from(tensor.values);
    case 'BOOL':
      return Array.from(tensor.values, (value) => value === 1);
    case 'BYTES': {
      const { names, codes } = tensor.values;
      return Array.from(codes, (code) => names[code] ?? '');
    }
  }
}
