import {
  ENTRY_KEY,
  ENTRY_VALUE,
  GRAPH_INITIALIZER,
  MODEL_GRAPH,
  TENSOR_DATA_LOCATION,
  TENSOR_EXTERNAL_DATA,
  textIn,
} from './onnx-fields.js';
import { bytesIn, fieldsIn } from './protobuf-fields.js';

/** Of a tensor's data_location. */
const EXTERNAL = 1;

/**
 * Names the files beside an ONNX file that hold weights of its graph.
 *
 * onnxruntime would look for them in the working directory, and the hash in the manifest does not cover them.
 *
 * @param model an ONNX file; of a damaged one, the part before the damage counts
 */
export function externalFiles(model: Uint8Array): string[] {
  const files = new Set<string>();
  for (const graph of bytesIn(model, MODEL_GRAPH)) {
    for (const tensor of bytesIn(graph, GRAPH_INITIALIZER)) {
      if (isExternal(tensor)) {
        files.add(locationOf(tensor));
      }
    }
  }
  return [...files];
}

function isExternal(tensor: Uint8Array): boolean {
  for (const { number, value } of fieldsIn(tensor)) {
    if (number === TENSOR_DATA_LOCATION && value === EXTERNAL) {
      return true;
    }
  }
  return false;
}

function locationOf(tensor: Uint8Array): string {
  for (const entry of bytesIn(tensor, TENSOR_EXTERNAL_DATA)) {
    if (textIn(entry, ENTRY_KEY) === 'location') {
      return textIn(entry, ENTRY_VALUE);
    }
  }
  return 'a file without a name';
}
