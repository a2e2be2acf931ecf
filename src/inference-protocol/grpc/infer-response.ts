import { bytesOfValues } from '../bytes-of-values.js';
import type { ModelMetadata } from '../served-model.js';
import type { OutputTensor } from '../tensor.js';
import type { InferMessage } from './infer-message.js';

/** Outputs as a ModelInferResponse: raw if the request's inputs were, as Triton's clients read them, and typed otherwise. */
export function inferResponse(
  { id, rawContents }: InferMessage,
  tensors: readonly OutputTensor[],
  { name, versions }: ModelMetadata,
): object {
  const isRaw = rawContents.length > 0;
  return {
    model_name: name,
    model_version: versions[0],
    id,
    outputs: tensors.map((tensor) => ({
      name: tensor.name,
      datatype: tensor.datatype,
      shape: tensor.shape,
      ...(!isRaw && { contents: contentsOf(tensor) }),
    })),
    raw_output_contents: isRaw ? tensors.map(bytesOfValues) : [],
  };
}

function contentsOf(tensor: OutputTensor): object {
  switch (tensor.datatype) {
    case 'FP64':
      return { fp64_contents: Array.from(tensor.values) };
    case 'BOOL':
      return { bool_contents: Array.from(tensor.values, (value) => value === 1) };
    case 'BYTES': {
      const names = tensor.values.names.map((name) => Buffer.from(name));
      return { bytes_contents: Array.from(tensor.values.codes, (code) => names[code]) };
    }
  }
}
