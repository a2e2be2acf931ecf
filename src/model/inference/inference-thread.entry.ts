import { parentPort, workerData } from 'node:worker_threads';
import { ModelLoadError } from '../../bundle/model-load-error.js';
import { type ModelSignature, readSignature } from '../model-signature.js';
import { freeBytes } from '../free-bytes.js';
import { OnnxSession } from './onnx-session.js';
import type { ThreadAnswer, ThreadOrder, ThreadProgram } from './thread-protocol.js';

/** Runs on an inference thread: it has its own session, and runs passes in the order in which they are asked for. */

if (parentPort === null) {
  throw new Error('This file runs on a worker thread only.');
}
const port = parentPort;

function answer(answer: ThreadAnswer): void {
  port.postMessage(answer);
}

async function load({ bytes, path, inputs, output }: ThreadProgram): Promise<void> {
  // onnxruntime takes no shared memory.
  const copy = bytes.slice();
  const session = await OnnxSession.create(copy, path);
  freeBytes(copy);
  const signature = readSignature(session, inputs, output, path);
  port.on('message', (order: ThreadOrder) => {
    void obey(order, session, signature);
  });
  answer({ kind: 'ready' });
}

async function obey(order: ThreadOrder, session: OnnxSession, signature: ModelSignature): Promise<void> {
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

try {
  await load(workerData as ThreadProgram);
} catch (error) {
  if (!(error instanceof ModelLoadError)) {
    throw error;
  }
  answer({ kind: 'refused', fault: error.fault });
  port.close();
}
