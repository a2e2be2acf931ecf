import { parentPort, workerData } from 'node:worker_threads';
import { OnnxSession } from './onnx-session.js';
import type { ThreadAnswer, ThreadOrder, ThreadProgram } from './thread-protocol.js';

/** Runs on an inference thread: it has its own session, and runs passes in the order in which they are asked for. */

if (parentPort === null) {
  throw new Error('This file runs on a worker thread only.');
}
const port = parentPort;
const { bytes, path, signature } = workerData as ThreadProgram;
// onnxruntime takes no shared memory.
const session = await OnnxSession.create(bytes.slice(), path);

function answer(answer: ThreadAnswer): void {
  port.postMessage(answer);
}

port.on('message', (order: ThreadOrder) => {
  void obey(order);
});

async function obey(order: ThreadOrder): Promise<void> {
  if (order.kind === 'close') {
    await session.release();
    port.close();
    return;
  }
  try {
    answer({ kind: 'probabilities', probabilities: await session.forwardPass(order.table, signature) });
  } catch (error) {
    answer({ kind: 'failure', message: (error as Error).message });
  }
}

answer({ kind: 'ready' });
