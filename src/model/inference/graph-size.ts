import { GRAPH_NODE, MODEL_GRAPH, NODE_OP_TYPE, textIn } from './onnx-fields.js';
import { bytesIn } from './protobuf-fields.js';

/** Bytes of an ONNX file, by what onnxruntime makes of them. */
export interface GraphSize {
  /** Of trees in the form of ai.onnx.ml 1 to 4: TreeEnsembleClassifier and TreeEnsembleRegressor. */
  readonly treeBytes: number;
  /** Of trees in the form of ai.onnx.ml 5, TreeEnsemble, which takes a third of it. */
  readonly compactTreeBytes: number;
  /** Of the largest TreeEnsemble: they are made one after the other. */
  readonly largestCompactTreeBytes: number;
  /** Of all else, most of it weights. */
  readonly otherBytes: number;
}

export function sizeOfGraph(model: Uint8Array): GraphSize {
  let treeBytes = 0;
  const compact = [0];
  for (const graph of bytesIn(model, MODEL_GRAPH)) {
    for (const node of bytesIn(graph, GRAPH_NODE)) {
      const operator = textIn(node, NODE_OP_TYPE);
      if (operator === 'TreeEnsemble') {
        compact.push(node.length);
      } else if (operator.startsWith('TreeEnsemble')) {
        treeBytes += node.length;
      }
    }
  }
  const compactTreeBytes = compact.reduce((sum, bytes) => sum + bytes);
  return {
    treeBytes,
    compactTreeBytes,
    largestCompactTreeBytes: Math.max(...compact),
    otherBytes: model.length - treeBytes - compactTreeBytes,
  };
}
