import type { ModelSignature } from '../model-signature.js';
import type { ForwardPass, Inference } from './inference.js';
import type { OnnxSession } from './onnx-session.js';

/**
 * Runs forward passes on the event loop's thread: for passes that are shorter than the way to another thread and back
 * is worth. A pass that stalls here stalls the event loop, so that no probe is answered either.
 */
export class InlineInference implements Inference {
  readonly passesAtOnce = 1;
  readonly status = 'available';
  readonly isStalled = false;
  readonly forwardPass: ForwardPass;

  constructor(
    private readonly session: OnnxSession,
    signature: ModelSignature,
  ) {
    this.forwardPass = (table) => session.forwardPass(table, signature);
  }

  release(): Promise<void> {
    return this.session.release();
  }
}
