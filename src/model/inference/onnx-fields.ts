import { bytesIn } from './protobuf-fields.js';

/** Fields of ONNX's messages by their numbers in onnx.proto. */
export const MODEL_GRAPH = 7;
export const GRAPH_NODE = 1;
export const GRAPH_INITIALIZER = 5;
export const NODE_OP_TYPE = 4;
export const TENSOR_EXTERNAL_DATA = 13;
export const TENSOR_DATA_LOCATION = 14;
export const ENTRY_KEY = 1;
export const ENTRY_VALUE = 2;

/** @returns the text of a field, of which the last one counts; empty if there is none */
export function textIn(message: Uint8Array, field: number): string {
  return new TextDecoder().decode([...bytesIn(message, field)].at(-1));
}
